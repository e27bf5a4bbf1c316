"""Which comments are to be read now: what was listed of each post, and when its comments were last read. Pure.

A post's comments are read when Meta counts others than it did or says that the post moved; and from the first to the
last after a tenth of the post's age, at least an hour: a count that went up and down, a late answer or an edit shows
nowhere else. This is the cursor of a collector.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Self

from watcher.remembered import Remembered

NEAR = timedelta(days=7)
"""Posts of these days are listed in each run, older ones once a day."""

OVERLAP_S = 3_600
"""Comments from an hour before the last reading are read again: Meta may show one some minutes late."""

_HOUR_S, _DAY_S = 3_600, 86_400


@dataclass(frozen=True, slots=True)
class Listed:
    """One post of a list, as far as the reading of its comments goes. `counted` is -1 where Meta counts none."""

    id: str
    made_at: datetime | None
    counted: int
    updated_at: datetime | None = None


class Thread(NamedTuple):
    """One post. Times are Unix seconds, 0 for never; `has_moved` since its comments were last read."""

    made: int
    counted: int
    updated: int
    has_moved: bool = True
    read: int = 0
    whole: int = 0

    def is_due_whole(self, now: int) -> bool:
        """Tell whether all of its comments are to be read, whatever Meta counts."""
        return now - self.whole >= max(_HOUR_S, (now - self.made) // 10)

    def since(self, now: datetime) -> datetime | None:
        """Return from when on its comments are to be read, None for all of them."""
        is_whole = self.is_due_whole(int(now.timestamp()))
        return None if is_whole else datetime.fromtimestamp(self.read - OVERLAP_S, UTC)

    @property
    def made_at(self) -> datetime:
        """When the post was published, aware."""
        return datetime.fromtimestamp(self.made, UTC)


class Followed(Remembered):
    """The posts of the last days, by their ids; `walked` is when all of them were last listed, in Unix seconds."""

    account: str
    walked: int = 0
    threads: Mapping[str, Thread] = {}

    def begin(self, days: int, now: datetime) -> datetime:
        """Return from when on posts are to be listed: a week, and once a day all the `days` that are followed.

        After a longer silence, all that was published since it began.
        """
        if now.timestamp() - self.walked < _DAY_S:
            return now - NEAR
        far = now - timedelta(days=days)
        return min(far, datetime.fromtimestamp(self.walked, UTC)) if self.walked else far

    def listed(self, posts: Iterable[Listed], now: datetime) -> Self:
        """Return this once `posts` were listed."""
        threads = dict(self.threads)
        for post in posts:
            made = int((post.made_at or now).timestamp())
            updated = int(post.updated_at.timestamp()) if post.updated_at else 0
            known = threads.get(post.id, Thread(made, post.counted, updated))
            moved = known.has_moved or (known.counted, known.updated) != (post.counted, updated)
            threads[post.id] = known._replace(counted=post.counted, updated=updated, has_moved=moved)
        return self.model_copy(update={"threads": threads})

    def ended(self, start: datetime, days: int, now: datetime) -> Self:
        """Return this once everything from `start` on was listed, without the posts that are followed no more.

        A post is followed for its `days`, and then until all its comments were read a last time.
        """
        threads = {
            key: one for key, one in self.threads.items() if one.has_moved or one.whole < one.made + days * _DAY_S
        }
        walked = int(now.timestamp()) if start <= now - timedelta(days=days) else self.walked
        return self.model_copy(update={"threads": threads, "walked": walked})

    def due(self, now: datetime) -> list[str]:
        """Return the posts whose comments are to be read: those that moved first, the newest before the others."""
        at = int(now.timestamp())
        due = [key for key, one in self.threads.items() if one.has_moved or one.is_due_whole(at)]
        return sorted(due, key=lambda key: (not self.threads[key].has_moved, -self.threads[key].made))

    def read(self, post_id: str, now: datetime) -> Self:
        """Return this once the comments of a post were read, as its thread says from when on."""
        at, thread = int(now.timestamp()), self.threads[post_id]
        whole = at if thread.is_due_whole(at) else thread.whole
        read = thread._replace(has_moved=False, read=at, whole=whole)
        return self.model_copy(update={"threads": {**self.threads, post_id: read}})

    @property
    def has_read(self) -> bool:
        """Tell whether the comments of any post were ever read."""
        return any(thread.whole for thread in self.threads.values())
