"""The forms of what the API writes, read with goodwill: a part that is missing, null or odd is empty. Pure.

Facts: discovery document youtube.v3 (revision 20261104). Counts are numbers in comments, strings in statistics.
"""

import json
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from watcher import wire
from watcher.model import BrokenItem
from watcher.wire import Count, Time, Words, kept_of, mapping_of

_NAMES_NOBODY = frozenset("id publishedAt updatedAt videoId parentId title description textDisplay".split())
"""What is kept of an item that cannot be read: nothing that says who wrote it."""


def _items(value: object) -> object:
    return value if isinstance(value, list) else ()


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
    statistics: Annotated[Statistics, BeforeValidator(mapping_of)] = Statistics()
    status: Annotated[Status, BeforeValidator(mapping_of)] = Status()


class Author(Wire):
    """The id of the channel of who wrote a comment."""

    value: Words = ""


class CommentSnippet(Wire):
    """A comment: `text_original` is plain and not always given, `text_display` is HTML."""

    text_display: Words = ""
    text_original: Words = ""
    author_display_name: Words = ""
    author_channel_id: Annotated[Author, BeforeValidator(mapping_of)] = Author()
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
    replies: Annotated[Replies, BeforeValidator(mapping_of)] = Replies()


class ChannelSnippet(Wire):
    """The name of a channel: `custom_url` is its handle."""

    title: Words = ""
    custom_url: Words = ""


class Channel(Wire):
    """An item of `channels`."""

    id: str = Field(min_length=1)
    snippet: Annotated[ChannelSnippet, BeforeValidator(mapping_of)] = ChannelSnippet()
    statistics: Annotated[Statistics, BeforeValidator(mapping_of)] = Statistics()


class ResourceId(Wire):
    """What an item of a search or of a playlist leads to."""

    video_id: Words = ""


class _FoundSnippet(Wire):
    published_at: Time = None
    resource_id: Annotated[ResourceId, BeforeValidator(mapping_of)] = ResourceId()


class Found(Wire):
    """An item of `search` or of `playlistItems`: the id of a video, in the one's `id`, in the other's snippet."""

    id: Annotated[ResourceId, BeforeValidator(mapping_of)] = ResourceId()
    snippet: Annotated[_FoundSnippet, BeforeValidator(mapping_of)] = _FoundSnippet()

    @property
    def video(self) -> str:
        """The id of the video, "" where it is something else."""
        return self.id.video_id or self.snippet.resource_id.video_id


Form = TypeVar("Form", bound=Wire)


def read(form: type[Form], item: object) -> Form | BrokenItem:
    """Return `item` in its `form`, or what the dead letters may keep of it."""
    return wire.read(form, item, _nameless)


def _nameless(item: object) -> str:
    if not isinstance(item, dict):
        return json.dumps(item)[:200]
    return kept_of({**mapping_of(item.get("snippet")), **item}, _NAMES_NOBODY)
