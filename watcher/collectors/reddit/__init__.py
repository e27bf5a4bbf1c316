"""Reddit, for who has its written approval: new posts and comments of forums, and searches.

    session (api) → listings since the last run → things (wire) → page

What Reddit deleted must go within 48 hours: the daily sweep asks for everything by name.
"""

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar

from pydantic import AwareDatetime

from watcher.collectors.reddit.api import PAGE_SIZE, Api, Session, opened, reason_of, told
from watcher.collectors.reddit.settings import RedditSettings
from watcher.collectors.reddit.wire import Read, is_gone, name_of, things_of
from watcher.errors import AuthRefused, BudgetSpent, Permanent, SourceGone, Transient
from watcher.model import Cursor, GapCause, Page, Unheard
from watcher.past import past_pages
from watcher.ports import Fetch
from watcher.remembered import Remembered

SITE, API = "https://www.reddit.com", "https://oauth.reddit.com"

FIRST_LOOK = timedelta(days=2)

OVERLAP = timedelta(hours=2)
"""Searches lag behind by minutes; and what is edited soon is seen again."""

MOST_PAGES = 10
"""A listing ends after a thousand things."""

_MARGIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Feed:
    name: str
    path: str
    params: Mapping[str, str]


class _Heard(Remembered):
    """Until when each feed was heard."""

    until: Mapping[str, AwareDatetime] = {}


class Collector:
    """Reads forums and searches. `site` gives sessions, `address` answers the rest."""

    name: ClassVar[str] = "reddit"
    Settings: ClassVar[type[RedditSettings]] = RedditSettings

    def __init__(self, site: str = SITE, address: str = API) -> None:
        self._site = site
        self._address = address
        self._sessions: dict[str, Session] = {}

    async def pages(
        self, fetch: Fetch, settings: RedditSettings, cursor: Cursor | None, now: datetime
    ) -> AsyncIterator[Page]:
        """Yield what each forum and each search gives since `cursor`; its place moves once it is read.

        Raises what `Fetch` raises, `AuthRefused` where Reddit gave no approval, `SourceGone` for forums that are closed
        or unknown (once the others are read), and `Malformed`.
        """
        until, closed = dict(_Heard.recall(cursor).until), list[str]()
        api = await self._api(fetch, settings, now)
        for feed in _feeds(settings):
            since = until[feed.name] - OVERLAP if feed.name in until else now - FIRST_LOOK
            try:
                async for read, unheard in _since(api, feed, since):
                    if read.posts or read.broken or read.deletions:
                        yield Page(read.posts, _cursor(until), read.deletions, read.broken, unheard=unheard)
            except SourceGone:
                closed.append(feed.name)
                continue
            except AuthRefused as error:
                if not reason_of(error):
                    del self._sessions[settings.key.variable]
                    raise told(error) from error
                closed.append(feed.name)
                continue
            until[feed.name] = now
        yield Page((), _cursor(until), is_unchanged=True)
        if closed:
            raise SourceGone(f"Ces forums sont fermés, ou inconnus de Reddit : {', '.join(closed)}")

    async def backfill(
        self, fetch: Fetch, settings: RedditSettings, since: datetime, until: datetime, cursor: Cursor | None
    ) -> AsyncIterator[Page]:
        """Yield what the last thousand things of each forum and each search hold of [`since`, `until`).

        Closed forums hold nothing. Raises as `pages` else.
        """
        api = await self._api(fetch, settings, until)  # of a past end, the session seems to last less long
        parts = {feed.name: partial(_past, api, feed, since) for feed in _feeds(settings)}
        async for page in past_pages(parts, since, until, cursor):
            yield page

    async def still_there(self, fetch: Fetch, settings: RedditSettings, ids: Collection[str]) -> frozenset[str]:
        """Return those of `ids` that Reddit shows as deleted or removed, asked in the session of the last reading.

        What it does not show at all counts as there. Raises `BudgetSpent` alone.
        """
        session, names, gone = self._sessions.get(settings.key.variable), list(ids), set[str]()
        if session is None:
            return frozenset()
        api = Api(fetch, self._address, session)
        try:
            for start in range(0, len(names), PAGE_SIZE):
                things = await api.shown(names[start : start + PAGE_SIZE])
                gone |= {name_of(thing) for thing in things if is_gone(thing)} & set(names)
        except BudgetSpent:
            raise
        except (Transient, Permanent):
            pass  # the rest is asked for tomorrow
        return frozenset(gone)

    async def _api(self, fetch: Fetch, settings: RedditSettings, now: datetime) -> Api:
        session = self._sessions.get(settings.key.variable)
        if session is None or now >= session.ends_at - _MARGIN:
            session = await opened(fetch, self._site, settings, now)
            self._sessions[settings.key.variable] = session
        session.rest_s = 0.0  # what the last run was asked to wait has passed
        return Api(fetch, self._address, session)


def _feeds(settings: RedditSettings) -> list[_Feed]:
    forums = [
        feed
        for name in settings.subreddits
        for feed in (_Feed(f"r/{name}", f"r/{name}/new", {}), _Feed(f"r/{name}/comments", f"r/{name}/comments", {}))
    ]
    asked = {"sort": "new", "type": "link"}
    return [*forums, *(_Feed(f"?{words}", "search", {"q": words, **asked}) for words in settings.searches)]


async def _since(api: Api, feed: _Feed, since: datetime) -> AsyncIterator[tuple[Read, tuple[Unheard, ...]]]:
    """Yield the pages of `feed`, the newest first, until one holds nothing written since `since`."""
    place: dict[str, str] = {}
    for number in range(1, MOST_PAGES + 1):
        listing = await api.page(feed.path, **feed.params, **place)
        read = things_of(listing.things)
        is_read = read.newest_at is None or read.newest_at < since
        is_cut = number == MOST_PAGES and not is_read and read.oldest_at is not None and read.oldest_at > since
        yield read, (Unheard(read.oldest_at, GapCause.CLIPPED, since=since),) if is_cut and read.oldest_at else ()
        if is_read or listing.after is None:
            return
        place = {"after": listing.after}


async def _past(api: Api, feed: _Feed, since: datetime) -> AsyncIterator[Page]:
    try:
        async for read, unheard in _since(api, feed, since):
            yield Page(read.posts, _cursor({}), read.deletions, read.broken, unheard=unheard)
    except SourceGone:
        return
    except AuthRefused as error:
        if not reason_of(error):
            raise told(error) from error


def _cursor(until: Mapping[str, datetime]) -> Cursor:
    return _Heard(until=until).cursor()
