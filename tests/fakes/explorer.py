"""What the view that searches asks, answered from a list of posts, whatever is looked for."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from tests.fakes.clock import NOON
from watcher.errors import WatcherError
from watcher.french import paris
from watcher.model import Post
from watcher.stores.queries import PlacedPost
from watcher.stores.queries.explorer import DayCount, Found, Search
from watcher.stores.queries.paging import Bookmark


@dataclass
class FakeExplorer:
    """Answers with `posts`, all of one day, or raises `trouble`; `asked` keeps what was looked for, behind what."""

    posts: Sequence[Post] = ()
    trouble: WatcherError | None = None
    end: Bookmark | None = None
    asked: list[tuple[Search, Bookmark | None]] = field(default_factory=list)

    async def page(self, search: Search, limit: int, after: Bookmark | None = None) -> Found:
        self.asked.append((search, after))
        if self.trouble is not None:
            raise self.trouble
        return Found(tuple(PlacedPost(post.published_at or NOON, post) for post in self.posts[:limit]), self.end)

    async def days(self, search: Search) -> list[DayCount]:
        first, last = paris(search.since).date(), paris(search.until).date()
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        return [DayCount(day, len(self.posts) if day == days[-1] else 0) for day in days]

    async def walk(self, search: Search, limit: int) -> AsyncIterator[PlacedPost]:
        self.asked.append((search, None))
        for post in self.posts[:limit]:
            yield PlacedPost(post.published_at or NOON, post)
        if self.trouble is not None:
            raise self.trouble
