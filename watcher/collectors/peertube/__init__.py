"""PeerTube: videos of all its instances by words (SepiaSearch), and their comments, read where each video is at home.

    search → videos (wire) → their comments, where there are more than last time (memory) → page

Free and without a key. Instances allow some fifty requests in ten seconds; we make one a second.
"""

from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from pydantic import AwareDatetime

from watcher.collectors.peertube.settings import PeerTubeSettings
from watcher.collectors.peertube.wire import Home, Read, Video, comments_of, home_of, videos_of
from watcher.errors import BudgetSpent, Malformed, Permanent, SourceGone, Transient
from watcher.model import Cursor, GapCause, Page, Unheard
from watcher.past import past_pages
from watcher.ports import Fetch
from watcher.remembered import Remembered
from watcher.wire import json_object

FIRST_LOOK = timedelta(days=7)

FOLLOWED = timedelta(days=14)
"""A video is found again for as long, with how many comments it has. The index lags behind by hours besides."""

PAGE_SIZE = 100

MOST_PAGES = 10

MOST_PAST_PAGES = 100
"""Ten thousand videos: no search of PeerTube's goes further down."""

_NO_PEERTUBE = "Ce serveur ne répond pas comme PeerTube : vérifiez son adresse."


class _Memory(Remembered):
    """Until when each search was made, and how many comments were read under each video."""

    until: Mapping[str, AwareDatetime] = {}
    comments: Mapping[str, int] = {}


class Collector:
    """Searches one server a source."""

    name: ClassVar[str] = "peertube"
    Settings: ClassVar[type[PeerTubeSettings]] = PeerTubeSettings

    async def pages(
        self, fetch: Fetch, settings: PeerTubeSettings, cursor: Cursor | None, now: datetime
    ) -> AsyncIterator[Page]:
        """Yield what each search finds of a fortnight, and the comments of videos that have more than last time.

        An instance that does not answer costs its own comments, which are asked for again next time. Raises what
        `Fetch` raises of the server that is searched, and `Malformed`.
        """
        memory = _Memory.recall(cursor)
        until, comments = dict(memory.until), dict(memory.comments)
        met = dict[str, int]()
        for words in settings.searches:
            since = now - (FOLLOWED if words in until else FIRST_LOOK)
            async for read, videos, unheard in _found(fetch, settings, words, since, now):
                met |= {video.url: video.comments or 0 for video in videos}
                if read != Read():
                    yield _page(read, until, comments, unheard)
            until[words] = now
        comments = {video: count for video, count in comments.items() if video in met}
        for video, count in met.items():
            if count == comments.get(video, 0) or (home := home_of(video)) is None:
                continue
            try:
                async for read in _under(fetch, home, video):
                    yield _page(read, until, comments)
            except BudgetSpent:
                raise
            except (Transient, Permanent):
                continue
            comments[video] = count
        yield _page(Read(), until, comments)

    async def backfill(
        self, fetch: Fetch, settings: PeerTubeSettings, since: datetime, until: datetime, cursor: Cursor | None
    ) -> AsyncIterator[Page]:
        """Yield the videos of [`since`, `until`) that each search finds, and what was said then under a fortnight's.

        An instance that does not answer costs its own comments. Raises as `pages`.
        """
        parts = {words: partial(_past, fetch, settings, words, since, until) for words in settings.searches}
        async for page in past_pages(parts, since, until, cursor):
            yield page

    async def still_there(self, fetch: Fetch, settings: PeerTubeSettings, ids: Collection[str]) -> frozenset[str]:
        """Return those of `ids` whose video its own instance no longer knows. Deleted comments are told by `pages`.

        What cannot be asked counts as there.
        """
        by_home: dict[Home, list[str]] = {}
        for address in ids:
            if home := home_of(address):
                by_home.setdefault(home, []).append(address)
        gone: set[str] = set()
        for home, addresses in by_home.items():
            try:
                await fetch.get(f"{home.instance}/api/v1/videos/{home.video}")
            except SourceGone:
                gone |= set(addresses)
            except BudgetSpent:
                raise
            except (Transient, Permanent):
                continue
        return frozenset(gone)


async def _past(
    fetch: Fetch, settings: PeerTubeSettings, words: str, since: datetime, until: datetime
) -> AsyncIterator[Page]:
    async for read, videos, unheard in _found(fetch, settings, words, since - FOLLOWED, until, most=MOST_PAST_PAGES):
        yield _page(read, {}, {}, unheard)
        for video in videos:
            if (home := home_of(video.url)) is None or not video.comments:
                continue
            try:
                async for said in _under(fetch, home, video.url):
                    yield _page(said, {}, {})
            except BudgetSpent:
                raise
            except (Transient, Permanent):
                continue


async def _found(
    fetch: Fetch, settings: PeerTubeSettings, words: str, since: datetime, until: datetime, *, most: int = MOST_PAGES
) -> AsyncIterator[tuple[Read, Sequence[Video], tuple[Unheard, ...]]]:
    """Yield the pages of a search in [`since`, `until`), the newest first, with their videos and what is left below."""
    period = {"startDate": since.isoformat(), "endDate": until.isoformat()}
    asked = {"search": words, "sort": "-publishedAt", "count": str(PAGE_SIZE), **period}
    for number in range(most):
        params = {**asked, "start": str(number * PAGE_SIZE)}
        document = await _asked(fetch, f"{settings.server}/api/v1/search/videos", params)
        items, total = document.get("data"), document.get("total")
        if not isinstance(items, list):
            raise Malformed(_NO_PEERTUBE)
        has_more = bool(items) and isinstance(total, int) and number * PAGE_SIZE + len(items) < total
        read, videos = videos_of(items)
        oldest = videos[-1].published_at if videos and has_more and number == most - 1 else None
        lost = oldest is not None and since < oldest <= until
        yield read, videos, (Unheard(oldest, GapCause.CLIPPED, since=since),) if lost and oldest else ()
        if not has_more:
            return


async def _under(fetch: Fetch, home: Home, video: str) -> AsyncIterator[Read]:
    """Yield the comments of a video: its threads, then what was answered in each."""
    address = f"{home.instance}/api/v1/videos/{home.video}/comment-threads"
    for number in range(MOST_PAGES):
        params = {"start": str(number * PAGE_SIZE), "count": str(PAGE_SIZE), "sort": "-createdAt"}
        items = (await _asked(fetch, address, params)).get("data")
        listed = items if isinstance(items, list) else []
        read, threads = comments_of(listed, video)
        yield read
        for thread in threads:
            if thread.total_replies:
                tree = await _asked(fetch, f"{address}/{thread.id}", {})
                whole, _ = comments_of(list(_flat(tree)), video)
                yield replace(whole, posts=tuple(post for post in whole.posts if post.native_id != thread.url))
        if len(listed) < PAGE_SIZE:
            return


def _flat(tree: object) -> Iterator[object]:
    """Yield the comments of a tree, each before those that answer it."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node.get("comment")
            children = node.get("children")
            waiting += children if isinstance(children, list) else []


async def _asked(fetch: Fetch, address: str, params: Mapping[str, str]) -> Mapping[str, Any]:
    answer = await fetch.get(address, params=params)
    return json_object(answer.body, _NO_PEERTUBE, _NO_PEERTUBE)


def _page(
    read: Read, until: Mapping[str, datetime], comments: Mapping[str, int], unheard: tuple[Unheard, ...] = ()
) -> Page:
    cursor = _Memory(until=until, comments=comments).cursor()
    return Page(read.posts, cursor, deletions=read.deletions, broken=read.broken, unheard=unheard)
