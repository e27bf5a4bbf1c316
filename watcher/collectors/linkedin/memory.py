"""What of our posts has been read, and until when we know who mentioned us: the collector's cursor. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict

from watcher.model import Cursor
from watcher.remembered import Remembered

FOLLOWED = timedelta(days=30)
"""How long the comments of a post are looked for."""

LIVELY = timedelta(days=3)
READ_AGAIN_EVERY = timedelta(days=1)
"""A young post is read again though its number of comments stands: one may be edited, or take another's place."""


@dataclass(frozen=True, slots=True)
class FollowedPost:
    """One of our posts, and how many comments it has, replies included; None where LinkedIn does not tell."""

    name: str
    published_at: datetime
    comments: int | None = None


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Thread(_Kept):
    """What was under a post when it was read: how many comments, and how many replies under each that had some.

    `is_whole` is False where a run was cut in the middle of it.
    """

    read_at: AwareDatetime
    count: int | None = None
    replies: Mapping[str, int] = {}
    is_whole: bool = True


class Memory(Remembered):
    """The whole of it: threads by the name of their post."""

    threads: Mapping[str, Thread] = {}
    mentions_until: AwareDatetime | None = None

    def is_due(self, post: FollowedPost, now: datetime) -> bool:
        """Tell whether the comments of `post` are to be read."""
        known = self.threads.get(post.name)
        if known is None:
            return post.comments != 0
        is_old = now - known.read_at >= READ_AGAIN_EVERY and now - post.published_at < LIVELY
        return is_old or not known.is_whole or (post.comments is not None and post.comments != known.count)

    def heard(self, post: str, thread: Thread) -> Self:
        """Return this once the comments of `post` were read."""
        return self.model_copy(update={"threads": {**self.threads, post: thread}})

    def following(self, posts: Collection[FollowedPost]) -> Self:
        """Return this without the posts that are followed no more."""
        names = {post.name for post in posts}
        kept = {name: thread for name, thread in self.threads.items() if name in names}
        return self.model_copy(update={"threads": kept})

    def cursor(self) -> Cursor:
        """Return this as the journal keeps it."""
        return Cursor(self.model_dump_json(exclude_defaults=True))
