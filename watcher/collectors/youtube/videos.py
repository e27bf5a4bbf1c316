"""Videos: those of a channel, those of a search, each asked for again by its id to have its words and counts whole.

A search gives escaped titles, cut descriptions and no counts; fifty ids cost as much as one.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.collectors.youtube.api import Api, Listing
from watcher.collectors.youtube.memory import Search, Walk
from watcher.collectors.youtube.posts import Read, videos_of
from watcher.collectors.youtube.refusals import LOST_PAGE, reasons
from watcher.collectors.youtube.wire import Found, read
from watcher.errors import Refused, SourceGone
from watcher.model import BrokenItem, GapCause, Unheard

FIRST_LOOK = timedelta(days=7)

OVERLAP = timedelta(hours=6)
"""Dates are not strictly in order, and a video may be found hours after it came out."""

SEARCHES_A_DAY = 100

MOST_PAGES = 10
"""A search gives about 500 videos, whatever it says that there are."""

_PAGE_SIZE = "50"


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched: words, in what was published from `since` on, and before `until`."""

    words: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Searched:
    """A page of what was found, and where the search stands behind it."""

    read: Read
    search: Search
    unheard: tuple[Unheard, ...] = ()


async def uploads(api: Api, channel: str, page: str | None, own: str | None) -> tuple[Read, Listing]:
    """Return a page of the videos that a channel published, the newest first, and the page as it came.

    A channel's own list bears its id, with another beginning; one that never published has none.
    """
    playlist = f"UU{channel.removeprefix('UC')}"
    try:
        listing = await api.page("playlistItems", part="snippet", maxResults=_PAGE_SIZE, playlistId=playlist, page=page)
    except SourceGone:
        return Read(), Listing((), None)
    return await _whole(api, listing.items, own), listing


async def search_page(api: Api, query: Query, page: str | None, own: str | None) -> tuple[Read, Listing]:
    """Return a page of the videos that `query` finds, and the page as it came."""
    before = {"publishedBefore": written(query.until)} if query.until else {}
    listing = await api.page(
        "search",
        part="snippet",
        type="video",
        order="date",
        maxResults=_PAGE_SIZE,
        q=query.words,
        regionCode="FR",
        relevanceLanguage="fr",
        publishedAfter=written(query.since),
        **before,
        page=page,
    )
    return await _whole(api, listing.items, own), listing


def is_due(search: Search, count: int, now: datetime) -> bool:
    """Tell whether one of `count` searches is for now: a day's allowance is spread over them."""
    if search.walk or search.until is None:
        return True
    return now - search.until >= timedelta(days=1) * count / SEARCHES_A_DAY


async def found(api: Api, words: str, search: Search, own: str | None, now: datetime) -> AsyncIterator[Searched]:
    """Yield what was published since `search` about `words`, from the page on where a walk was cut.

    Raises what `api` raises.
    """
    query = Query(words, search.until - OVERLAP if search.until else now - FIRST_LOOK)
    walk, seen = search.walk or Walk(at=now), set[str]()
    while True:
        try:
            videos, listing = await search_page(api, query, walk.page, own)
        except Refused as error:
            if walk.page is None or LOST_PAGE not in reasons(error):
                raise
            walk = Walk(at=now)  # tokens end after a while
            continue
        ids = set(video_ids(listing.items))
        is_over = listing.next_page is None or ids <= seen
        seen |= ids
        walk = Walk(at=walk.at, page=listing.next_page, count=walk.count + 1)
        lost = () if is_over or walk.count < MOST_PAGES else _clipped(query.since, listing.items)
        is_last = is_over or walk.count >= MOST_PAGES
        search = Search(until=walk.at) if is_last else Search(until=search.until, walk=walk)
        yield Searched(videos, search, lost)
        if is_last:
            return


def video_ids(items: Sequence[object]) -> list[str]:
    """Return the ids of the videos that a page of a search or of a list leads to."""
    return [item.video for item in map(_found, items) if isinstance(item, Found) and item.video]


def last_published(items: Sequence[object]) -> datetime | None:
    """Return when the last item of a page came out."""
    times = [item.snippet.published_at for item in map(_found, items) if isinstance(item, Found)]
    return times[-1] if times else None


def written(at: datetime) -> str:
    """Return `at` as the API takes times (RFC 3339)."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


async def _whole(api: Api, items: Sequence[object], own: str | None) -> Read:
    ids = list(dict.fromkeys(video_ids(items)))
    broken = Read(broken=tuple(item for item in map(_found, items) if isinstance(item, BrokenItem)))
    if not ids:
        return broken
    listing = await api.page("videos", part="snippet,statistics,status", id=",".join(ids))
    return videos_of(listing.items, own) + broken


def _found(item: object) -> Found | BrokenItem:
    return read(Found, item)


def _clipped(since: datetime, items: Sequence[object]) -> tuple[Unheard, ...]:
    oldest = last_published(items)
    return (Unheard(oldest, GapCause.CLIPPED, since=since),) if oldest and oldest > since else ()
