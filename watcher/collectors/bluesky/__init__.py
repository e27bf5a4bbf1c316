"""Bluesky: by Jetstream, the stream of everything that is said there; one account (`author`); or searches (`search`).

    fetch.stream → events (frames) → first_filter → pages (record) → page

A run of the stream is a sitting: it takes up where the last one left, and ends once it has heard what was said when it
began: see deploy/decisions/011-bluesky.md.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from typing import ClassVar, Self
from urllib.parse import urlsplit

from watcher.collectors.bluesky.author import past_of_author, read_author
from watcher.collectors.bluesky.events import POSTS
from watcher.collectors.bluesky.first_filter import FirstFilter
from watcher.collectors.bluesky.pages import page_of, read_batch
from watcher.collectors.bluesky.position import Position, microseconds
from watcher.collectors.bluesky.search import found, search
from watcher.collectors.bluesky.session import Session, current
from watcher.collectors.bluesky.settings import BlueskySettings
from watcher.errors import AuthRefused, Malformed, Refused
from watcher.model import Cursor, GapCause, Page, Unheard
from watcher.past import past_pages
from watcher.ports import Fetch, TerritoryWords

SITTING_FRAMES = 200_000
"""A sitting ends after as many, well inside a run's deadline, so that catching up after an outage is no failure."""

_PAST_SEARCHES = 20
"""Two hundred thousand posts of one word."""

_V2_METHOD = "network.bsky.jetstream.subscribeEvents"
_V2_SUBPROTOCOL = "xrpc.v1.json"

_NOTHING = TerritoryWords()


class Collector:
    """Listens to one server a source, reads one account, or searches with a session that lasts from run to run.

    Without `listening_for`, only the source's own words pass. `sitting_frames` is how many frames end a sitting.
    """

    name: ClassVar[str] = "bluesky"
    Settings: ClassVar[type[BlueskySettings]] = BlueskySettings

    def __init__(self, territory: TerritoryWords = _NOTHING, sitting_frames: int = SITTING_FRAMES) -> None:
        self._listening = cache(partial(FirstFilter, territory))  # a quarter of a second, and it never changes
        self._sitting_frames = sitting_frames
        self._sessions: dict[tuple[str, str | None], Session] = {}

    def listening_for(self, words: TerritoryWords) -> Self:
        """Return the collector that lets through what may concern `words`, as `ports.Firehose` says."""
        return type(self)(words, self._sitting_frames)

    async def pages(
        self, fetch: Fetch, settings: BlueskySettings, cursor: Cursor | None, now: datetime
    ) -> AsyncIterator[Page]:
        """Yield the account's last posts, what is found since `cursor`, or the stream, a page a batch, until `now`.

        A server that has spoken and has nothing more to say ends the sitting too. Raises what `Fetch` raises, and
        `Malformed` when what comes is nothing of Bluesky's.
        """
        if settings.account:
            yield await read_author(fetch, settings.account)
        elif settings.searches:
            async for page in self._found(fetch, settings, cursor, now):
                yield page
        elif settings.stream:
            async for page in self._heard(fetch, settings, cursor, now):
                yield page

    async def backfill(
        self, fetch: Fetch, settings: BlueskySettings, since: datetime, until: datetime, cursor: Cursor | None
    ) -> AsyncIterator[Page]:
        """Yield what searches find of [`since`, `until`), or what the account said then. Raises as `pages`.

        The stream tells all as forgotten: what it still knows, the next sitting takes up by itself.
        """
        if settings.stream:
            yield Page((), Cursor("{}"), unheard=(Unheard(until, GapCause.FORGOTTEN, since=since),))
        elif settings.account:
            parts = {settings.account: partial(past_of_author, fetch, settings.account, since)}
            async for page in past_pages(parts, since, until, cursor):
                yield page
        else:
            async with self._session(fetch, settings, until) as session:
                parts = {
                    word: partial(found, fetch, session, word, since, until, searches=_PAST_SEARCHES)
                    for word in settings.searches
                }
                async for page in past_pages(parts, since, until, cursor):
                    yield page

    async def _found(
        self, fetch: Fetch, settings: BlueskySettings, cursor: Cursor | None, now: datetime
    ) -> AsyncIterator[Page]:
        async with self._session(fetch, settings, now) as session:
            async for page in search(fetch, session, settings.searches, cursor, now):
                yield page

    @asynccontextmanager
    async def _session(self, fetch: Fetch, settings: BlueskySettings, now: datetime) -> AsyncIterator[Session]:
        """Give the session of `settings`. One that is refused is forgotten: the next run opens another."""
        key = (settings.server, settings.identifier)
        session = self._sessions[key] = await current(fetch, settings, self._sessions.get(key), now)
        try:
            yield session
        except (AuthRefused, Refused):
            del self._sessions[key]
            raise

    async def _heard(
        self, fetch: Fetch, settings: BlueskySettings, cursor: Cursor | None, now: datetime
    ) -> AsyncIterator[Page]:
        """Yield the stream from a little before `cursor` until `now`."""
        position, listening = Position.recall(cursor), self._listening(settings.words)
        unheard, count = position.forgotten(now), 0
        async with aclosing(_opened(fetch, str(settings.stream), position.start_us(now))) as batches:
            async for batch in batches:
                if not batch and count:
                    return
                events, broken = read_batch(batch, listening)
                if batch and not (events or count):
                    raise Malformed("Le flux ne parle pas le langage de Jetstream : vérifiez l'adresse.")
                count += len(batch)
                position = position.after((event.at_us for event in events), now)
                if batch:
                    yield replace(page_of(events, broken, position.cursor(), listening), unheard=unheard)
                    unheard = ()
                if position.seen_us >= microseconds(now) or count >= self._sitting_frames:
                    return


def _opened(fetch: Fetch, address: str, start_us: int | None) -> AsyncGenerator[tuple[str, ...], None]:
    """Return the stream of posts and accounts at `address`, whose path says which wire format it speaks."""
    cursor = {} if start_us is None else {"cursor": str(start_us)}
    if urlsplit(address).path.endswith(_V2_METHOD):
        return fetch.stream(address, params={"collections": POSTS, **cursor}, subprotocol=_V2_SUBPROTOCOL)
    return fetch.stream(address, params={"wantedCollections": POSTS, **cursor})
