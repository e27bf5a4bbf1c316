"""X: searches, what mentions the region's account, what that account says; paid by the post.

    timelines (api) from where each stands (place) → items → posts, under the id of their first version

See deploy/decisions/015-x.md.
"""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from watcher.budget import Cost
from watcher.collectors.x import bill
from watcher.collectors.x.api import ADDRESS, PAGE_SIZE, Api, Found, Timeline, of_account, of_search
from watcher.collectors.x.place import Place, Stand
from watcher.collectors.x.posts import id_of, posts_of
from watcher.collectors.x.settings import XSettings
from watcher.collectors.x.snowflake import FIRST, id_at
from watcher.errors import BudgetSpent, Permanent, Refused, SourceGone, Transient
from watcher.model import AccountFigures, Cursor, Page
from watcher.ports import Fetch, Response
from watcher.wire import count_of, mapping_of


class Collector:
    """Reads X at `address`, which is another one in tests alone."""

    name: ClassVar[str] = "x"
    Settings: ClassVar[type[XSettings]] = XSettings
    sweep_days: ClassVar[Collection[int]] = (1, 7, 28)

    def __init__(self, address: str = ADDRESS) -> None:
        self._address = address

    async def pages(
        self, fetch: Fetch, settings: XSettings, cursor: Cursor | None, now: datetime
    ) -> AsyncIterator[Page]:
        """Yield what is new since `cursor`, a day's worth at first: mentions, our own posts, then each search.

        Raises what `Fetch` raises, `AuthRefused` for a key, a right or credits that are missing, and `Malformed`; once
        the rest is read, `SourceGone` for an account that X does not know, `Refused` for a search that it cannot read.
        """
        api, place, faults = Api(fetch, settings, self._address), Place.recall(cursor), list[Permanent]()
        timelines = [of_search(query) for query in settings.searches]
        try:
            place, own = await _own(api, settings, place)
            timelines = [*own, *timelines]
        except SourceGone as error:
            faults.append(error)
        place = kept = place.only([timeline.name for timeline in timelines])
        for timeline in timelines:
            stand, gaps = place.stand(timeline.name, now).within(now, timeline.reach)
            try:
                async for found, reached in _news(api, timeline, stand, now):
                    place = place.with_stand(timeline.name, reached)
                    if found.items or gaps:
                        yield replace(_page(found, place, settings), unheard=gaps)
                        kept, gaps = place, ()
            except Refused as error:
                faults.append(error)
        if place != kept:
            yield Page((), place.cursor(), is_unchanged=True)
        for fault in faults:
            raise fault

    async def still_there(self, fetch: Fetch, settings: XSettings, ids: Collection[str]) -> frozenset[str]:
        """Return those of `ids` that X says are deleted, or no longer for all to read."""
        asked, gone = [one for one in ids if settings.sweeps and one.isdecimal()], set[str]()
        api = Api(fetch, settings, self._address)
        try:
            for start in range(0, len(asked), PAGE_SIZE):
                gone |= await api.gone(asked[start : start + PAGE_SIZE])
        except BudgetSpent:
            raise
        except (Transient, Permanent):
            pass  # who does not answer deletes nothing
        return frozenset(gone)

    async def backfill(
        self, fetch: Fetch, settings: XSettings, since: datetime, until: datetime, cursor: Cursor | None
    ) -> AsyncIterator[Page]:
        """Yield what was written in [`since`, `until`), searches by the whole archive. Raises as `pages`.

        Of an account, X gives the last 800 mentions and 3,200 posts, and does not say that there were more.
        """
        api = Api(fetch, settings, self._address)
        place, own = await _own(api, settings, Place.recall(cursor))
        top = id_at(until)
        whole = Stand(last=id_at(max(since, FIRST)) - 1, heard_at=since, top=top, bottom=top)
        for timeline in (*own, *(of_search(query, is_archive=True) for query in settings.searches)):
            stand = place.stands.get(timeline.name, whole)
            async for found, reached in _walk(api, timeline, stand):
                place = place.with_stand(timeline.name, reached)
                page = _page(found, place, settings)
                inside = (post for post in page.posts if post.published_at and since <= post.published_at < until)
                yield replace(page, posts=tuple(inside))

    async def figures(self, fetch: Fetch, settings: XSettings, now: datetime) -> Sequence[AccountFigures]:
        """Return the followers and posts of our account. Raises as `pages`."""
        if settings.account is None:
            return ()
        profile = await Api(fetch, settings, self._address).account(settings.account)
        counts = mapping_of(profile.get("public_metrics"))
        posts = counts.get("post_count", counts.get("tweet_count"))
        followers = count_of(counts.get("followers_count"))
        return (AccountFigures(settings.account, followers=followers, posts=count_of(posts)),)

    def price(self, settings: XSettings, url: str, params: Mapping[str, str]) -> Cost:
        """Return the most that a call may cost."""
        return bill.price(url, params)

    def paid(self, settings: XSettings, url: str, params: Mapping[str, str], answer: Response) -> Cost:
        """Return what a call did cost."""
        return bill.paid(url, params, answer)


async def _own(api: Api, settings: XSettings, place: Place) -> tuple[Place, tuple[Timeline, ...]]:
    """Return the timelines of our account, none without one, and the place that knows its number."""
    if settings.account is None:
        return place, ()
    number = place.number_of(settings.account) or str((await api.account(settings.account))["id"])
    return place.with_number(settings.account, number), of_account(number)


async def _news(api: Api, timeline: Timeline, stand: Stand, now: datetime) -> AsyncIterator[tuple[Found, Stand]]:
    """Yield what a run that was cut left, then what is new; a small page first, for most looks find little."""
    async for found, stand in _walk(api, timeline, stand):  # noqa: B020, PLR1704 - it goes on from there
        yield found, stand
    found = await api.page(timeline, since=stand.last, until=None, size=timeline.smallest)
    stand = stand.looked(_ids(found.items), now, has_more=found.following is not None)
    yield found, stand
    async for rest, reached in _walk(api, timeline, stand):
        yield rest, reached


async def _walk(api: Api, timeline: Timeline, stand: Stand) -> AsyncIterator[tuple[Found, Stand]]:
    """Yield the pages of the walk that is under way, none where there is none, with the stand after each."""
    until, following = stand.bottom, None
    while stand.bottom is not None:
        found = await api.page(timeline, since=stand.last, until=until, size=PAGE_SIZE, following=following)
        below = [item for item in found.items if int(id_of(item) or 0) < stand.bottom]
        has_more = found.following not in {None, following}
        stand, following = stand.walked(_ids(below), has_more=has_more), found.following
        yield replace(found, items=below), stand


def _ids(items: Iterable[object]) -> list[int]:
    return [int(number) for item in items if (number := id_of(item))]


def _page(found: Found, place: Place, settings: XSettings) -> Page:
    posts, broken = posts_of(found, place.number_of(settings.account))
    return Page(posts, place.cursor(), broken=broken)
