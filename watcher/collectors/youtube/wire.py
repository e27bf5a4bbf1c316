"""The forms of what the API writes, read with goodwill: a part that is missing, null or odd is empty. Pure.

Facts: discovery document youtube.v3 (revision 20261104). Counts are numbers in comments, strings in statistics.
"""

import json
from datetime import datetime
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from watcher.model import BrokenItem

_NAMES_NOBODY = frozenset("id publishedAt updatedAt videoId parentId title description textDisplay".split())
"""What is kept of an item that cannot be read: nothing that says who wrote it."""


def _count(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else None


def _words(value: object) -> str:
    return value if isinstance(value, str) else ""


def _time(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return at if at and at.tzinfo else None


def _part(value: object) -> object:
    return value if isinstance(value, dict) else {}


def _items(value: object) -> object:
    return value if isinstance(value, list) else ()


Count = Annotated[int | None, BeforeValidator(_count)]
Words = Annotated[str, BeforeValidator(_words)]
Time = Annotated[datetime | None, BeforeValidator(_time)]


class Wire(BaseModel):
    """Keys are in camel case on the wire; those that nobody needs are left out."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)


class VideoSnippet(Wire):
    """What a video says of itself."""

    title: Words = ""
    description: Words = ""
    published_at: Time = None
    channel_id: Words = ""
    default_language: Words = ""
    default_audio_language: Words = ""


class Statistics(Wire):
    """The counts of a video or of a channel, absent where they are hidden."""

    view_count: Count = None
    like_count: Count = None
    comment_count: Count = None
    subscriber_count: Count = None
    video_count: Count = None
    hidden_subscriber_count: object = None


class Status(Wire):
    """Who may see a video."""

    made_for_kids: object = None
    privacy_status: object = None


class Video(Wire):
    """An item of `videos`."""

    id: str = Field(min_length=1)
    snippet: VideoSnippet
    statistics: Annotated[Statistics, BeforeValidator(_part)] = Statistics()
    status: Annotated[Status, BeforeValidator(_part)] = Status()


class Author(Wire):
    """The id of the channel of who wrote a comment."""

    value: Words = ""


class CommentSnippet(Wire):
    """A comment: `text_original` is plain and not always given, `text_display` is HTML."""

    text_display: Words = ""
    text_original: Words = ""
    author_display_name: Words = ""
    author_channel_id: Annotated[Author, BeforeValidator(_part)] = Author()
    published_at: Time = None
    updated_at: Time = None
    like_count: Count = None
    parent_id: Words = ""
    video_id: Words = ""


class Comment(Wire):
    """An item of `comments`, and the two kinds of comment in a thread."""

    id: str = Field(min_length=1)
    snippet: CommentSnippet


class ThreadSnippet(Wire):
    """A thread: `video_id` is empty where it is about the channel itself."""

    top_level_comment: object
    total_reply_count: Count = None
    video_id: Words = ""
    is_public: object = None


class Replies(Wire):
    """The replies that come with a thread."""

    comments: Annotated[tuple[object, ...], BeforeValidator(_items)] = ()


class CommentThread(Wire):
    """An item of `commentThreads`."""

    snippet: ThreadSnippet
    replies: Annotated[Replies, BeforeValidator(_part)] = Replies()


class ChannelSnippet(Wire):
    """The name of a channel: `custom_url` is its handle."""

    title: Words = ""
    custom_url: Words = ""


class Channel(Wire):
    """An item of `channels`."""

    id: str = Field(min_length=1)
    snippet: Annotated[ChannelSnippet, BeforeValidator(_part)] = ChannelSnippet()
    statistics: Annotated[Statistics, BeforeValidator(_part)] = Statistics()


class ResourceId(Wire):
    """What an item of a search or of a playlist leads to."""

    video_id: Words = ""


class _FoundSnippet(Wire):
    published_at: Time = None
    resource_id: Annotated[ResourceId, BeforeValidator(_part)] = ResourceId()


class Found(Wire):
    """An item of `search` or of `playlistItems`: the id of a video, in the one's `id`, in the other's snippet."""

    id: Annotated[ResourceId, BeforeValidator(_part)] = ResourceId()
    snippet: Annotated[_FoundSnippet, BeforeValidator(_part)] = _FoundSnippet()

    @property
    def video(self) -> str:
        """The id of the video, "" where it is something else."""
        return self.id.video_id or self.snippet.resource_id.video_id


Form = TypeVar("Form", bound=Wire)


def read(form: type[Form], item: object) -> Form | BrokenItem:
    """Return `item` in its `form`, or what the dead letters may keep of it."""
    try:
        return form.model_validate(item)
    except ValidationError as error:
        places = {".".join(map(str, slip["loc"])) or "élément" for slip in error.errors(include_input=False)}
        return BrokenItem(_nameless(item), "illisible : " + ", ".join(sorted(places)))


def _nameless(item: object) -> str:
    if not isinstance(item, dict):
        return json.dumps(item)[:200]
    snippet: Any = item.get("snippet")
    inside = snippet if isinstance(snippet, dict) else {}
    return json.dumps({key: value for key, value in {**inside, **item}.items() if key in _NAMES_NOBODY})
