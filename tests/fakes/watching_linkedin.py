"""A source of LinkedIn, run after run before the fake server, its cursor kept."""

from datetime import datetime
from typing import Any

from tests.fakes.linkedin import PAGE, TOKEN, FakeLinkedIn
from watcher.collectors.linkedin import Collector, LinkedInSettings
from watcher.fetch import HttpFetch
from watcher.model import Cursor, Page, RawPost
from watcher.secrets import NamedSecret, Secret


class Watcher:
    """`linkedin` is the platform; `pages` holds what the last run yielded, before an error too."""

    def __init__(self, linkedin: FakeLinkedIn, address: str, fetch: HttpFetch) -> None:
        self.linkedin = linkedin
        self.collector = Collector(f"{address}/rest")
        self.fetch = fetch
        self.cursor: Cursor | None = None
        self.pages: list[Page] = []

    @property
    def posts(self) -> list[RawPost]:
        return [post for page in self.pages for post in page.posts]

    def settings(self, **given: Any) -> LinkedInSettings:
        token = NamedSecret("WATCHER_LINKEDIN_JETON", Secret(TOKEN))
        return LinkedInSettings(**({"page": PAGE, "token": token} | given))

    async def run(self, now: datetime, **given: Any) -> list[RawPost]:
        self.linkedin.asked.clear()
        self.pages = []
        async for page in self.collector.pages(self.fetch, self.settings(**given), self.cursor, now):
            self.pages.append(page)
            self.cursor = page.cursor
        return self.posts
