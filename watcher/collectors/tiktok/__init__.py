"""TikTok: our own account's videos and figures (Display API); searches for a research body alone (Research API).

    session (renewed) → api: pages of videos → wire → posts

TikTok shows nobody the comments under their own videos, and opens its searches to research bodies only.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar, Self

from pydantic import AwareDatetime

from watcher.collectors.tiktok.api import OWN_PAGE, Api
from watcher.collectors.tiktok.session import Session, opened
from watcher.collectors.tiktok.settings import TikTokSettings
from watcher.collectors.tiktok.wire import Read
from watcher.errors import AuthRefused, BudgetSpent, Permanent, Transient
from watcher.model import AccountFigures, Cursor, GapCause, Lease, Page, Unheard
from watcher.past import past_pages
from watcher.ports import Fetch, Keep
from watcher.remembered import Remembered

ADDRESS = "https://open.tiktokapis.com"

FOLLOWED = timedelta(days=30)
"""Our own videos are read again for as long: what was corrected, and how often they are seen."""

INDEXED = timedelta(days=2)
"""A video may take as long to be found (Research API, frequently asked questions)."""

MOST_PAGES = 50


class _Heard(Remembered):
    """Until when our account was read, and each search made."""

    own: AwareDatetime | None = None
    searches: Mapping[str, AwareDatetime] = {}

    def page(self, read: Read, unheard: tuple[Unheard, ...] = ()) -> Page:
        return Page(read.posts, self.cursor(), broken=read.broken, unheard=unheard)


class Collector:
    """Reads one account, or searches. `address` is where TikTok answers."""

    name: ClassVar[str] = "tiktok"
    Settings: ClassVar[type[TikTokSettings]] = TikTokSettings
    lease: ClassVar[Lease] = Lease(timedelta(days=15), spares_own=True)
    """Research terms: what is not refreshed within 15 days goes."""

    def __init__(self, address: str = ADDRESS, keep: Keep = lambda *_: None) -> None:
        self._address = address
        self._keep = keep
        self._sessions: dict[str, Session] = {}

    def keeping(self, keep: Keep) -> Self:
        """Return the collector that keeps the renewals that TikTok gives, as `ports.Renewing` says."""
        return type(self)(self._address, keep)

    async def pages(
        self, fetch: Fetch, settings: TikTokSettings, cursor: Cursor | None, now: datetime
    ) -> AsyncIterator[Page]:
        """Yield our videos of the last month, all since `cursor` after an outage; or what searches find since then.

        Raises what `Fetch` raises, `RateLimited` until midnight UTC for a spent quota, `AuthRefused` in French, and
        `Malformed`.
        """
        heard = _Heard.recall(cursor)
        api = await self._api(fetch, settings, now)
        pages = _searched(api, heard) if settings.searches else _own(api, heard)
        try:
            async for page in pages:
                yield page
        except AuthRefused:
            # The next reading opens another session, by the renewal that TikTok gave last.
            self._sessions[settings.key.variable] = replace(api.session, ends_at=now)
            raise

    async def backfill(
        self, fetch: Fetch, settings: TikTokSettings, since: datetime, until: datetime, cursor: Cursor | None
    ) -> AsyncIterator[Page]:
        """Yield our videos of [`since`, `until`), or what searches find of then. Raises as `pages`."""
        api = await self._api(fetch, settings, until)  # of a past end, the session seems to last less long
        searches = {words: partial(_past_of_search, api, words, since) for words in settings.searches}
        async for page in past_pages(searches or {"own": partial(_past_of_own, api, since)}, since, until, cursor):
            yield page

    async def still_there(self, fetch: Fetch, settings: TikTokSettings, ids: Collection[str]) -> frozenset[str]:
        """Return those of `ids` that our account no longer shows, asked in the session of the last reading.

        What a search found cannot be asked for one by one, and counts as there. Raises `BudgetSpent` alone.
        """
        session = self._sessions.get(settings.key.variable)
        if settings.searches or session is None:
            return frozenset()
        api, gone = Api(fetch, self._address, settings, session, session.ends_at), set[str]()
        numbers = [number for number in ids if number.isascii() and number.isdigit()]
        try:
            for start in range(0, len(numbers), OWN_PAGE):
                some = numbers[start : start + OWN_PAGE]
                gone |= set(some) - await api.shown(some)
        except BudgetSpent:
            raise
        except (Transient, Permanent):
            pass  # the rest is asked for tomorrow
        return frozenset(gone)

    async def figures(self, fetch: Fetch, settings: TikTokSettings, now: datetime) -> Sequence[AccountFigures]:
        """Return the figures of our account, none for a research body. Raises as `pages`."""
        if settings.searches:
            return ()
        return (await (await self._api(fetch, settings, now)).figures(),)

    async def expires_at(self, fetch: Fetch, settings: TikTokSettings, now: datetime) -> datetime | None:
        """Return when our account's authorisation ends, a year after it was given; research keys do not end."""
        return (await self._api(fetch, settings, now)).session.renewal_ends_at

    async def _api(self, fetch: Fetch, settings: TikTokSettings, now: datetime) -> Api:
        session = kept = self._sessions.get(settings.key.variable)
        if session is None or not session.lasts(now):
            session = await opened(fetch, self._address, settings, kept, now)
            self._sessions[settings.key.variable] = session
            before = (kept and kept.renewal) or (settings.renewal and settings.renewal.value)
            if settings.renewal and before and session.renewal and session.renewal != before:
                self._keep(settings.renewal.variable, before, session.renewal)
        return Api(fetch, self._address, settings, session, now)


async def _own(api: Api, heard: _Heard) -> AsyncIterator[Page]:
    """Yield our videos, the newest first, back to a month ago or to the last reading before that."""
    since = min(heard.own or api.now, api.now - FOLLOWED)
    number = 0
    async for read, has_more in api.own():
        number += 1
        is_over = not has_more or (read.oldest_at is not None and read.oldest_at < since)
        is_cut = number == MOST_PAGES and not is_over
        unheard = (Unheard(read.oldest_at, GapCause.CLIPPED, since=since),) if is_cut and read.oldest_at else ()
        if is_over or is_cut:
            yield heard.model_copy(update={"own": api.now}).page(read, unheard)
            return
        yield heard.page(read)


async def _past_of_own(api: Api, since: datetime) -> AsyncIterator[Page]:
    async for read, _ in api.own():
        yield _Heard().page(read)
        if read.oldest_at and read.oldest_at < since:
            return


async def _past_of_search(api: Api, words: str, since: datetime) -> AsyncIterator[Page]:
    async for read in api.found(words, since):
        yield _Heard().page(read)


async def _searched(api: Api, heard: _Heard) -> AsyncIterator[Page]:
    """Yield what each search finds since it was made, with what may have been indexed late."""
    searches = {words: at for words, at in heard.searches.items() if words in api.settings.searches}
    for words in api.settings.searches:
        async for read in api.found(words, searches.get(words, api.now) - INDEXED):
            if read != Read():
                yield heard.page(read)
        searches[words] = api.now
        heard = heard.model_copy(update={"searches": dict(searches)})
    yield heard.page(Read())
