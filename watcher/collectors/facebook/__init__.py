"""Facebook: our own Pages, what visitors write there, who names them, and every comment with its replies.

    lists of posts (page) → posts → those whose comments are due (meta_graph/followed) → comments → posts

Nothing else of Facebook can be read: no search, no profiles, no groups. See deploy/decisions/014-meta.md.
"""

from collections.abc import AsyncIterator, Collection, Mapping
from datetime import datetime
from typing import ClassVar

from watcher.budget import Cost
from watcher.collectors.facebook.page import OwnPage
from watcher.collectors.facebook.settings import PageSettings
from watcher.errors import BudgetSpent, Permanent, Transient
from watcher.meta_graph.account import CALLS_A_RUN, present_pages
from watcher.meta_graph.gone import calls_of, gone_among
from watcher.meta_graph.graph import ADDRESS, Graph, expires_at
from watcher.meta_graph.past import past_pages
from watcher.model import AccountFigures, Cursor, Page
from watcher.ports import Fetch, Response


class Collector:
    """Reads one Page a source. `address` is where Meta answers, without the version."""

    name: ClassVar[str] = "facebook"
    Settings: ClassVar[type[PageSettings]] = PageSettings

    def __init__(self, address: str = ADDRESS, calls_a_run: int = CALLS_A_RUN) -> None:
        self._address = address
        self._calls_a_run = calls_a_run

    async def pages(
        self, fetch: Fetch, settings: PageSettings, cursor: Cursor | None, now: datetime
    ) -> AsyncIterator[Page]:
        """Yield the posts of the followed days, then the comments that are due, those of other posts in the next run.

        Raises what `Graph` raises.
        """
        graph = self._graph(fetch, settings)
        page = await OwnPage.open(graph, settings)
        async for given in present_pages(
            page, cursor, settings.days, now, is_enough=lambda: graph.asked >= self._calls_a_run
        ):
            yield given

    async def backfill(
        self, fetch: Fetch, settings: PageSettings, since: datetime, until: datetime, cursor: Cursor | None
    ) -> AsyncIterator[Page]:
        """Yield the posts and comments of [`since`, `until`). Raises what `Graph` raises."""
        page = await OwnPage.open(self._graph(fetch, settings), settings)
        async for given in past_pages(page, since, until, settings.days, cursor):
            yield given

    async def still_there(self, fetch: Fetch, settings: PageSettings, ids: Collection[str]) -> frozenset[str]:
        """Return those of `ids` that are gone. Meta says the same of what a token may not see: nothing is, then."""
        try:
            graph = self._graph(fetch, settings)
            page = await OwnPage.open(graph, settings)
            if not ids or not await page.shows_all():
                return frozenset()
            return await gone_among(graph, ids, f"{page.id}/tagged")
        except BudgetSpent:
            raise
        except (Transient, Permanent):
            return frozenset()

    async def figures(self, fetch: Fetch, settings: PageSettings, now: datetime) -> tuple[AccountFigures, ...]:
        """Return how many follow the Page. Raises what `Graph` raises."""
        page = await OwnPage.open(self._graph(fetch, settings), settings)
        return (await page.counted(),)

    async def expires_at(self, fetch: Fetch, settings: PageSettings, now: datetime) -> datetime | None:
        """Return when the token, or its right to read, ends. Raises what `Graph` raises."""
        return await expires_at(self._graph(fetch, settings), settings.token)

    def price(self, settings: PageSettings, url: str, params: Mapping[str, str]) -> Cost:
        """Return the calls that Meta counts for one of ours."""
        return Cost(calls=calls_of(params))

    def paid(self, settings: PageSettings, url: str, params: Mapping[str, str], answer: Response) -> Cost:
        """Return what was said before: Meta counts calls, whatever they bring."""
        return self.price(settings, url, params)

    def _graph(self, fetch: Fetch, settings: PageSettings) -> Graph:
        return Graph(fetch, f"{self._address}/{settings.version}", settings.token)
