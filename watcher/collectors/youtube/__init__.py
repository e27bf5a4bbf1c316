"""YouTube, with a key: our channel and others, the comments under their videos, and searches.

    api (refusals) → videos, comments (memory: from where we stood) → wire → posts → page

Searches have a bucket of their own, a hundred a day; everything else costs one call a page: see docs of November 2026
named in `api`. Discussions are read first, so that a spent search never silences the people who speak to us.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from watcher.budget import Cost
from watcher.collectors.youtube import comments, history, videos
from watcher.collectors.youtube.api import ADDRESS, Api
from watcher.collectors.youtube.channels import figures_of, id_of
from watcher.collectors.youtube.comments import Discussion, of_channel, of_video
from watcher.collectors.youtube.memory import Memory, Reach, Search, oldest_first
from watcher.collectors.youtube.posts import Read
from watcher.collectors.youtube.presence import gone_among
from watcher.collectors.youtube.refusals import COMMENTS_CLOSED, reasons, told
from watcher.collectors.youtube.settings import YouTubeSettings
from watcher.errors import AuthRefused, SourceGone
from watcher.model import AccountFigures, Cursor, Lease, Page, Unheard
from watcher.ports import Fetch, Response

_NEVER = datetime(2005, 1, 1, tzinfo=UTC)


class Collector:
    """Reads what one key may read. `address` is where the API answers."""

    name: ClassVar[str] = "youtube"
    Settings: ClassVar[type[YouTubeSettings]] = YouTubeSettings
    lease: ClassVar[Lease] = Lease(timedelta(days=30))
    """Developer policies III.E.4.d: what is not refreshed goes after 30 days."""

    def __init__(self, address: str = ADDRESS) -> None:
        self._address = address

    async def pages(
        self, fetch: Fetch, settings: YouTubeSettings, cursor: Cursor | None, now: datetime
    ) -> AsyncIterator[Page]:
        """Yield the last videos of each channel, the comments since `cursor`, then what searches that are due find.

        Raises what `Fetch` raises, `RateLimited` until midnight in California for a spent quota, `AuthRefused` for a
        key that YouTube does not take, `SourceGone` for channels and videos that it does not know (once the others are
        read), and `Malformed`.
        """
        api, memory = Api(fetch, settings.key, self._address), Memory.recall(cursor)
        with told(settings.key.variable, now):
            channels, own, unknown = await _channels(api, settings)
            for channel in channels:
                read, _ = await videos.uploads(api, channel, None, own)
                if read != Read():
                    yield _page(read, memory)
            for discussion in _discussions(channels, settings):
                reach = memory.discussions.get(discussion.id, Reach())
                try:
                    async for heard in comments.heard(api, discussion, reach, own, now):
                        memory = memory.reached(discussion.id, heard.reach)
                        yield _page(heard.read, memory, heard.unheard)
                except (AuthRefused, SourceGone) as error:
                    unknown += _unknown(discussion, error)
            for words in oldest_first(settings.searches, memory, _NEVER):
                search = memory.searches.get(words, Search())
                if not videos.is_due(search, len(settings.searches), now):
                    continue
                async for found in videos.found(api, words, search, own, now):
                    memory = memory.searched(words, found.search)
                    yield _page(found.read, memory, found.unheard)
        if unknown:
            raise SourceGone(f"YouTube ne connaît pas, ou plus : {', '.join(unknown)}.")

    async def backfill(
        self, fetch: Fetch, settings: YouTubeSettings, since: datetime, until: datetime, cursor: Cursor | None
    ) -> AsyncIterator[Page]:
        """Yield the videos, the threads and what is found of [`since`, `until`). A search gives 500 videos at most.

        A late reply to a thread that was opened before `since` is not found. Raises as `pages`.
        """
        api = Api(fetch, settings.key, self._address)
        with told(settings.key.variable, None):
            channels, own, _ = await _channels(api, settings)
            branches = [
                *(history.uploads(api, channel, own) for channel in channels),
                *(history.discussion(api, each, own, until) for each in _discussions(channels, settings)),
                *(history.search(api, words, own, since, until) for words in settings.searches),
            ]
            async for page in history.gone_through(branches, since, until, cursor):
                yield page

    async def still_there(self, fetch: Fetch, settings: YouTubeSettings, ids: Collection[str]) -> frozenset[str]:
        """Return those of `ids` that are gone, as `presence` says. What cannot be asked counts as there."""
        return await gone_among(Api(fetch, settings.key, self._address), ids)

    async def figures(self, fetch: Fetch, settings: YouTubeSettings, now: datetime) -> Sequence[AccountFigures]:
        """Return the figures of our channel, since it began."""
        if settings.own_channel is None:
            return ()
        with told(settings.key.variable, now):
            return (await figures_of(Api(fetch, settings.key, self._address), settings.own_channel),)

    def price(self, settings: YouTubeSettings, url: str, params: Mapping[str, str]) -> Cost:
        """Return one search for a search, one call for anything else, whatever it brings."""
        return Cost(searches=1) if url.endswith("/search") else Cost(calls=1)

    def paid(self, settings: YouTubeSettings, url: str, params: Mapping[str, str], answer: Response) -> Cost:
        """Return the price: an empty answer costs as much."""
        return self.price(settings, url, params)


async def _channels(api: Api, settings: YouTubeSettings) -> tuple[list[str], str | None, list[str]]:
    """Return the ids of the channels to read, that of our own, and the names that YouTube does not know."""
    names = dict.fromkeys([*([settings.own_channel] if settings.own_channel else []), *settings.channels])
    ids = {name: await id_of(api, name) for name in names}
    own = ids.get(settings.own_channel or "")
    return [found for found in ids.values() if found], own, [name for name, found in ids.items() if not found]


def _discussions(channels: Sequence[str], settings: YouTubeSettings) -> list[Discussion]:
    return [*map(of_channel, channels), *map(of_video, settings.videos)]


def _unknown(discussion: Discussion, error: AuthRefused | SourceGone) -> list[str]:
    """Return the name of a discussion that is no more; comments that are closed are no fault. Else `error` goes on."""
    if COMMENTS_CLOSED in reasons(error):
        return []
    if isinstance(error, SourceGone):
        return [discussion.id]
    raise error


def _page(read: Read, memory: Memory, unheard: tuple[Unheard, ...] = ()) -> Page:
    return Page(read.posts, memory.cursor(), broken=read.broken, unheard=unheard)
