"""A source of YouTube, run after run before the fake server, its cursor kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tests.fakes.youtube import KEY, FakeYouTube
from watcher.collectors.youtube import Collector, YouTubeSettings
from watcher.fetch import HttpFetch
from watcher.model import Cursor, Page, RawPost
from watcher.secrets import NamedSecret, Secret

OWN = "UCregionregionregionregi"


class Watcher:
    """`youtube` is the platform; `settings` may be changed between two runs."""

    def __init__(self, youtube: FakeYouTube, address: str, fetch: HttpFetch) -> None:
        self.youtube = youtube
        self.collector = Collector(address)
        self.fetch = fetch
        self.cursor: Cursor | None = None
        self.pages: list[Page] = []

    def settings(self, **given: Any) -> YouTubeSettings:
        return YouTubeSettings(key=NamedSecret("WATCHER_YOUTUBE_CLE", Secret(KEY)), **given)

    async def run(self, now: datetime, **given: Any) -> list[RawPost]:
        """Run once, and return the posts; what was yielded before an error is kept in `pages`."""
        self.youtube.asked.clear()
        self.pages = []
        async for page in self.collector.pages(self.fetch, self.settings(**given), self.cursor, now):
            self.pages.append(page)
            self.cursor = page.cursor
        return posts_of(self.pages)


def posts_of(pages: Sequence[Page]) -> list[RawPost]:
    return [post for page in pages for post in page.posts]


def ids(posts: Sequence[RawPost]) -> list[str]:
    return [post.native_id for post in posts]
