"""Days of posts told in advance, collected as they come, and the trend job's turns over a real journal and node."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tests.fakes.clock import FakeClock
from tests.fakes.posts import READING, a_post
from watcher.drain import drain
from watcher.model import AuthorHash, Cursor, Post
from watcher.stores.elastic import Elastic
from watcher.stores.journal import Journal
from watcher.stores.trends import PAGE
from watcher.trends.spoken import NOTHING
from watcher.trends.watch import Stand, Watched, watch

if TYPE_CHECKING:
    from watcher.trend import Alert

TURN = timedelta(minutes=5)


def says(author: str, tag: str, at: datetime, text: str = "", **reading: object) -> Post:
    """Return a post of `author` at `at`, collected at once, that bears `tag`."""
    return a_post(
        f"{author}-{tag}-{at.isoformat()}",
        platform="mastodon",
        author=AuthorHash(author),
        author_kind="person",
        text=text or f"{author} parle de {tag} à {at.isoformat()}",
        published_at=at,
        collected_at=at,
        reading=replace(READING, hashtags=(tag,), hashtags_raw=(tag,), **reading),
    )


def called(kind: str, term: str) -> str:
    """Return a name for a term, whatever the team calls it."""
    return f"#{term}" if kind == "hashtag" else term


class Days:
    """A journal, a node, and the time that passes: posts are collected when their time comes, and the job turns."""

    def __init__(self, journal: Journal, elastic: Elastic, clock: FakeClock) -> None:
        self.journal, self.elastic, self.clock = journal, elastic, clock
        self.alerts: list[Alert] = []
        self.watchlist = NOTHING

    async def live(self, posts: Sequence[Post], until: datetime) -> None:
        """Let time pass until `until`, a turn of the job every five minutes."""
        coming = sorted(posts, key=lambda post: post.collected_at)
        while self.clock.now() < until:
            self.clock.advance(TURN.total_seconds())
            due = [post for post in coming if post.collected_at <= self.clock.now()]
            coming = coming[len(due) :]
            await self.collect(due)
            await self.turn()

    async def collect(self, posts: Sequence[Post]) -> None:
        """Commit `posts` and have them searched."""
        if posts:
            now = self.clock.now()
            self.journal.commit_page(
                "gazette", "mastodon", posts, deletions=(), dead=(), cursor=Cursor(now.isoformat()), now=now
            )
        await drain(self.journal, self.elastic, self.clock, random.Random(1))
        await self.elastic.refresh()

    async def turn(self, page: int = PAGE) -> Watched:
        """Let the job turn once, reading `page` posts at a time."""
        stand = Stand(self.journal, self.elastic, called, self.watchlist, page=page)
        watched = await watch(stand, self.clock.now())
        self.alerts += watched.alerts
        return watched
