"""What the view of who waits asks, answered from a list of posts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.fakes.clock import NOON
from watcher.errors import WatcherError
from watcher.model import Post
from watcher.stores.queries import PlacedPost
from watcher.stores.queries.waiting import Waiting


@dataclass
class FakeDesk:
    """Lets `posts` wait, but the last, which was answered; `asked` keeps what narrowed it, `reach` how far back."""

    posts: Sequence[Post] = ()
    found: int | None = None
    trouble: WatcherError | None = None
    reach: timedelta | None = None
    asked: list[tuple[str | None, str | None]] = field(default_factory=list)

    async def waiting(
        self, since: datetime, until: datetime, topic: str | None = None, departement: str | None = None
    ) -> Waiting:
        self.reach = until - since
        self.asked.append((topic, departement))
        if self.trouble is not None:
            raise self.trouble
        placed = [PlacedPost(post.published_at or NOON, post) for post in self.posts]
        answered = [PlacedPost(each.at, each.post, answered_at=until - timedelta(minutes=5)) for each in placed[-1:]]
        return Waiting(tuple(placed[:-1]), tuple(answered), len(placed) if self.found is None else self.found)
