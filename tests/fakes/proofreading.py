"""What the view that corrects topics stands on: posts by id, and what was said of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from watcher.errors import WatcherError
from watcher.model import Post, PostId


@dataclass
class FakeProofreading:
    """Knows `posts`, or fails as `trouble` says; `said` keeps what was corrected, and by whom."""

    posts: Sequence[Post] = ()
    trouble: WatcherError | None = None
    said: list[tuple[PostId, tuple[str, ...], str]] = field(default_factory=list)

    async def post(self, post_id: PostId) -> Post | None:
        return next((post for post in self.posts if post.id == post_id), None)

    async def correct(self, post_id: PostId, topics: tuple[str, ...], person: str) -> str:
        if self.trouble is not None:
            raise self.trouble
        self.said.append((post_id, topics, person))
        return "Thème corrigé."
