"""Threads: everything public by word or by topic, and our own account with its replies and mentions.

    lists (account) and searches, each from where it stands (place) → items → posts, in the order of `listening`

Below lies Meta's Graph API (`watcher/meta_graph`). See deploy/decisions/018-threads.md.
"""

import json
from collections.abc import AsyncIterator, Collection, Mapping
from datetime import datetime
from typing import ClassVar

from watcher.budget import Cost
from watcher.collectors.threads.account import OwnAccount
from watcher.collectors.threads.listening import Listening
from watcher.collectors.threads.past import parts_of
from watcher.collectors.threads.place import Place
from watcher.collectors.threads.searches import is_shown, stranger
from watcher.collectors.threads.settings import ThreadsSettings
from watcher.errors import BudgetSpent, Permanent, Refused, SourceGone, Transient
from watcher.meta_graph.graph import Graph, expires_at
from watcher.meta_graph.refusals import RightMissing
from watcher.model import AccountFigures, Cursor, Page
from watcher.past import past_pages
from watcher.ports import Fetch, Response

GRAPH = "https://graph.threads.net"

CALLS_A_RUN = 150
"""At one call a second, well inside a run's deadline."""


class Collector:
    """Reads one account of ours a source. `address` is where Threads answers, without the version."""

    name: ClassVar[str] = "threads"
    Settings: ClassVar[type[ThreadsSettings]] = ThreadsSettings

    def __init__(self, address: str = GRAPH, calls_a_run: int = CALLS_A_RUN) -> None:
        self._address = address
        self._calls_a_run = calls_a_run

    async def pages(
        self, fetch: Fetch, settings: ThreadsSettings, cursor: Cursor | None, now: datetime
    ) -> AsyncIterator[Page]:
        """Yield what is new since `cursor`, a day's worth at first. Raises what `Graph` raises.

        `RightMissing` too, once the rest is read, where Threads searches our own posts alone for want of the right.
        """
        own = await self._own(fetch, settings)
        async for page in Listening(own, settings, Place.recall(cursor), now, self._calls_a_run).pages():
            yield page

    async def backfill(
        self, fetch: Fetch, settings: ThreadsSettings, since: datetime, until: datetime, cursor: Cursor | None
    ) -> AsyncIterator[Page]:
        """Yield what was published in [`since`, `until`), July 2023 at the earliest. Raises what `Graph` raises."""
        own = await self._own(fetch, settings)
        async for page in past_pages(await parts_of(own, settings, since, until), since, until, cursor):
            yield page

    async def still_there(self, fetch: Fetch, settings: ThreadsSettings, ids: Collection[str]) -> frozenset[str]:
        """Return those of `ids` that are gone.

        Threads may show by its number only what is ours: what is not shown is believed to be gone once a post of
        somebody else's, just found, is.
        """
        try:
            own = await self._own(fetch, settings)
            hidden = [one for one in ids if not await is_shown(own.graph, one)]
            witness = await stranger(own.graph, own.name) if hidden else None
            return frozenset(hidden if witness and await is_shown(own.graph, witness) else ())
        except BudgetSpent:
            raise
        except (Transient, Permanent):
            return frozenset()

    async def figures(self, fetch: Fetch, settings: ThreadsSettings, now: datetime) -> tuple[AccountFigures, ...]:
        """Return how many follow us, and what was done with our posts in a day. Raises what `Graph` raises."""
        return (await (await self._own(fetch, settings)).counted(now),)

    async def expires_at(self, fetch: Fetch, settings: ThreadsSettings, now: datetime) -> datetime | None:
        """Return when the token ends: Threads tells it to testers of the application alone, else nobody knows.

        Raises what `Graph` raises.
        """
        try:
            return await expires_at(self._graph(fetch, settings), settings.token)
        except (RightMissing, Refused, SourceGone):
            return None

    def price(self, settings: ThreadsSettings, url: str, params: Mapping[str, str]) -> Cost:
        """Return what a call costs: a search has a quota of its own."""
        return Cost(searches=1) if url.endswith("/keyword_search") else Cost(calls=1)

    def paid(self, settings: ThreadsSettings, url: str, params: Mapping[str, str], answer: Response) -> Cost:
        """Return what a call did cost: a search that finds nothing is not counted."""
        price = self.price(settings, url, params)
        return Cost() if price.searches and _is_empty(answer.body) else price

    async def _own(self, fetch: Fetch, settings: ThreadsSettings) -> OwnAccount:
        return await OwnAccount.open(self._graph(fetch, settings))

    def _graph(self, fetch: Fetch, settings: ThreadsSettings) -> Graph:
        return Graph(fetch, f"{self._address}/v1.0", settings.token)


def _is_empty(body: bytes) -> bool:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(answer, dict) and answer.get("data") == []
