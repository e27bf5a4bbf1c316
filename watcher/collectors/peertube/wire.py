"""Videos and comments as PeerTube writes them → raw posts. Pure.

Ids are those of an instance; addresses (`url`) are the same everywhere, and tell where a video is at home.
Facts: types of PeerTube 8.1.3 (@peertube/peertube-types).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from watcher.model import BrokenItem, Deletion, RawPost
from watcher.wire import Count, Time, Words, kept_of, mapping_of, read, words_of

_NAMES_NOBODY = frozenset("id uuid url name description text publishedAt createdAt updatedAt isDeleted".split())
"""What is kept of an item that cannot be read."""

_PUBLIC = 1

_HOME = re.compile(r"(https?://[^/?#\s]+)/(?:videos/watch|w)/([\w-]+)(?:/comments/\d+)?")


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)


class _Account(_Wire):
    name: Words = ""
    host: Words = ""

    @property
    def handle(self) -> str | None:
        return f"{self.name}@{self.host}" if self.name and self.host else None


class _Constant(_Wire):
    id: object = None


class Video(_Wire):
    """An item of a search. `url` is its address for ever, where it is at home."""

    url: str = Field(min_length=1)
    name: Words = ""
    description: Words = ""
    truncated_description: Words = ""
    published_at: Time = None
    language: Annotated[_Constant, BeforeValidator(mapping_of)] = _Constant()
    privacy: Annotated[_Constant, BeforeValidator(mapping_of)] = _Constant()
    account: Annotated[_Account, BeforeValidator(mapping_of)] = _Account()
    tags: Annotated[tuple[Any, ...], BeforeValidator(lambda given: given if isinstance(given, list) else ())] = ()
    views: Count = None
    likes: Count = None
    dislikes: Count = None
    comments: Count = None


class Comment(_Wire):
    """A comment; one that was deleted stays, without text or account."""

    id: int
    url: str = Field(min_length=1)
    text: Words = ""
    thread_id: Count = None
    in_reply_to_comment_id: Count = None
    created_at: Time = None
    is_deleted: object = None
    held_for_review: object = None
    total_replies: Count = None
    account: Annotated[_Account, BeforeValidator(mapping_of)] = _Account()


@dataclass(frozen=True, slots=True)
class Home:
    """Where a video is at home: its instance's address, and its id there."""

    instance: str
    video: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a page gave."""

    posts: tuple[RawPost, ...] = ()
    broken: tuple[BrokenItem, ...] = ()
    deletions: tuple[Deletion, ...] = ()


def home_of(address: str) -> Home | None:
    """Return the home of the video, or of the video under the comment, at `address`; None where it cannot be told."""
    found = _HOME.fullmatch(address)
    return Home(found[1], found[2]) if found else None


def videos_of(items: Sequence[object]) -> tuple[Read, tuple[Video, ...]]:
    """Return the public videos of a page, as posts and as they came."""
    found = [read(Video, item, _nameless) for item in items]
    videos = tuple(video for video in found if isinstance(video, Video) and video.privacy.id in (None, _PUBLIC))
    posts = tuple(_video(video) for video in videos if video.name.strip() or video.description.strip())
    return Read(posts, _broken(found)), videos


def comments_of(items: Sequence[object], video: str) -> tuple[Read, tuple[Comment, ...]]:
    """Return the comments of a thread or of a page of threads under `video`, as posts and as they came."""
    found = [read(Comment, item, _nameless) for item in items]
    comments = tuple(comment for comment in found if isinstance(comment, Comment))
    addresses = {comment.id: comment.url for comment in comments}
    shown = (each for each in comments if not each.is_deleted and not each.held_for_review and each.text.strip())
    return (
        Read(
            tuple(_comment(each, addresses.get(each.in_reply_to_comment_id or 0, video), video) for each in shown),
            _broken(found),
            tuple(Deletion(native_id=each.url) for each in comments if each.is_deleted),
        ),
        comments,
    )


def _video(video: Video) -> RawPost:
    counts = {"views": video.views, "likes": video.likes, "dislikes": video.dislikes, "comments": video.comments}
    tags = tuple(tag for tag in video.tags if isinstance(tag, str) and tag)
    return RawPost(
        native_id=video.url,
        title=video.name,
        text=video.description or video.truncated_description,
        url=video.url,
        published_at=video.published_at,
        author=video.account.handle,
        lang=words_of(video.language.id) or None,
        hashtags=tags or None,
        metrics={name: count for name, count in counts.items() if count is not None},
    )


def _comment(comment: Comment, above: str, video: str) -> RawPost:
    replies = {} if comment.total_replies is None else {"replies": comment.total_replies}
    return RawPost(
        native_id=comment.url,
        text=comment.text,
        markup="html",
        url=comment.url,
        published_at=comment.created_at,
        author=comment.account.handle,
        reply_to=above,
        conversation=video,
        metrics=replies,
    )


def _nameless(item: object) -> str:
    return kept_of(mapping_of(item), _NAMES_NOBODY)


def _broken(found: Sequence[object]) -> tuple[BrokenItem, ...]:
    return tuple(item for item in found if isinstance(item, BrokenItem))
