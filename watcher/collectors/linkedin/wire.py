"""The forms of what LinkedIn writes, read with goodwill: a part that is missing, null or odd is empty. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from watcher import wire
from watcher.model import BrokenItem
from watcher.wire import Count, Words, count_of, kept_of, mapping_of

_NAMES_NOBODY = frozenset("id $URN commentUrn object parentComment createdAt publishedAt lifecycleState".split())
"""What is kept of an item that cannot be read: texts hold names of members here, which may not be kept."""

_LATEST_MS = 4_000_000_000_000


def _time(value: object) -> datetime | None:
    """Times are milliseconds of the Unix epoch."""
    at_ms = count_of(value)
    return datetime.fromtimestamp(at_ms / 1000, UTC) if at_ms and at_ms < _LATEST_MS else None


def _list(value: object) -> object:
    return value if isinstance(value, list) else ()


Time = Annotated[datetime | None, BeforeValidator(_time)]
Part = Annotated[Mapping[str, Any], BeforeValidator(mapping_of)]
Parts = Annotated[tuple[Part, ...], BeforeValidator(_list)]


class Wire(BaseModel):
    """Keys are in camel case on the wire; those that nobody needs are left out."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)


class WrittenPost(Wire):
    """An element of `posts`. `commentary` is little text."""

    id: str = Field(min_length=1)
    author: Words = ""
    commentary: Words = ""
    visibility: Words = ""
    lifecycle_state: Words = ""
    created_at: Time = None
    published_at: Time = None
    last_modified_at: Time = None
    lifecycle_state_info: Part = {}
    content: Part = {}
    reshare_context: Part = {}


class Message(Wire):
    """The text of a comment; `attributes` lie over the names of who is mentioned."""

    text: Words = ""
    attributes: Parts = ()


class Moment(Wire):
    """When something was done."""

    time: Time = None


class Tally(Wire):
    """How many, under the name that each kind of summary gives it."""

    count: Count = None
    total_likes: Count = None
    total_first_level_comments: Count = None
    aggregated_total_comments: Count = None


class WrittenComment(Wire):
    """An element of `socialActions/…/comments`."""

    comment_urn: Words = ""
    urn: Words = Field("", alias="$URN")
    id: Annotated[str, BeforeValidator(str)] = ""
    actor: Words = ""
    object: Words = ""
    parent_comment: Words = ""
    message: Annotated[Message, BeforeValidator(mapping_of)] = Message()
    created: Annotated[Moment, BeforeValidator(mapping_of)] = Moment()
    last_modified: Annotated[Moment, BeforeValidator(mapping_of)] = Moment()
    likes_summary: Annotated[Tally, BeforeValidator(mapping_of)] = Tally()
    comments_summary: Annotated[Tally, BeforeValidator(mapping_of)] = Tally()

    @property
    def name(self) -> str:
        """Its URN, which is plain ASCII; "" where there is neither one nor what makes one."""
        made = f"urn:li:comment:({self.object},{self.id})" if self.object and self.id else ""
        name = self.comment_urn or self.urn or made
        return name if name.isascii() else ""

    @property
    def replies(self) -> int:
        """How many comments answer it."""
        tally = self.comments_summary
        return tally.aggregated_total_comments or tally.total_first_level_comments or tally.count or 0


class Metadata(Wire):
    """An answer of `socialMetadata`: reactions by kind."""

    comment_summary: Annotated[Tally, BeforeValidator(mapping_of)] = Tally()
    reaction_summaries: Part = {}

    @property
    def reactions(self) -> int:
        """How many reacted, in whichever way."""
        return sum(count_of(mapping_of(kind).get("count")) or 0 for kind in self.reaction_summaries.values())


class Notification(Wire):
    """An element of `organizationalEntityNotifications`."""

    action: Words = ""
    source_post: Words = ""
    generated_activity: Words = ""


Form = TypeVar("Form", bound=Wire)


def read(form: type[Form], item: object) -> Form | BrokenItem:
    """Return `item` in its `form`, or what the dead letters may keep of it."""
    return wire.read(form, item, nameless)


def nameless(item: object) -> str:
    """Return what may be kept of an item that was not understood."""
    return kept_of(mapping_of(item), _NAMES_NOBODY)
