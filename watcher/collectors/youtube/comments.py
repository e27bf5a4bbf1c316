"""Comments of one channel or one video, newest threads first: what is new, and once a day what changed in a month.

A reply does not bring its thread back to the top, and an edit moves nothing: the daily look finds both. A thread comes
with five replies at the most; the others are asked for when their number has changed.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.collectors.youtube.api import Api
from watcher.collectors.youtube.memory import Reach
from watcher.collectors.youtube.posts import Read, Thread, comments_of, threads_of
from watcher.errors import SourceGone
from watcher.model import GapCause, Unheard

LOOK_BACK = timedelta(days=30)
LOOK_BACK_EVERY = timedelta(days=1)

OVERLAP = timedelta(hours=1)
"""A comment may be held back for a while before it is shown."""

MOST_PAGES = 50
"""5,000 threads: what is asked in a minute."""

MOST_REPLY_PAGES = 10


@dataclass(frozen=True, slots=True)
class Heard:
    """A page of comments, and how far the discussion is read behind it."""

    read: Read
    reach: Reach
    unheard: tuple[Unheard, ...] = ()


@dataclass(frozen=True, slots=True)
class Discussion:
    """The comments under everything of a channel, or under one video: `parameter` says which, `id` whose."""

    parameter: str
    id: str

    async def page(self, api: Api, page: str | None, own: str | None) -> tuple[Read, tuple[Thread, ...], str | None]:
        """Return the comments of one page, its threads, and the token of the next page."""
        listing = await api.page(
            "commentThreads",
            part="snippet,replies",
            maxResults="100",
            order="time",
            **{self.parameter: self.id},
            page=page,
        )
        return *threads_of(listing.items, own), listing.next_page


def of_channel(channel: str) -> Discussion:
    """Return what is said under the videos of a channel, and of the channel itself."""
    return Discussion("allThreadsRelatedToChannelId", channel)


def of_video(video: str) -> Discussion:
    """Return what is said under one video."""
    return Discussion("videoId", video)


async def heard(api: Api, discussion: Discussion, reach: Reach, own: str | None, now: datetime) -> AsyncIterator[Heard]:
    """Yield what was said in `discussion` since `reach`, and once a day what was said in the last month.

    Raises what `api` raises.
    """
    is_deep = reach.deep_at is None or now - reach.deep_at >= LOOK_BACK_EVERY
    known_until = reach.until - OVERLAP if reach.until else now - LOOK_BACK
    back_to = now - LOOK_BACK if is_deep else known_until
    page, met = None, set[str]()
    for number in range(1, MOST_PAGES + 1):
        read, threads, page = await discussion.page(api, page, own)
        met |= {thread.id for thread in threads}
        for thread in threads:
            if thread.total > thread.given and reach.replies.get(thread.id) != thread.total:
                reach = reach.model_copy(update={"replies": {**reach.replies, thread.id: thread.total}})
                more, unheard = await replies_of(api, thread, own, now)
                yield Heard(more, reach, unheard)
        oldest = threads[-1].opened_at if threads else None
        is_over = page is None or (oldest is not None and oldest < back_to)
        if is_over or number == MOST_PAGES:
            reach = _read_until(reach, now, met, is_deep=is_deep)
        lost = () if is_over or number < MOST_PAGES else _clipped(known_until, oldest)
        yield Heard(read, reach, lost)
        if is_over:
            return


async def replies_of(api: Api, thread: Thread, own: str | None, now: datetime) -> tuple[Read, tuple[Unheard, ...]]:
    """Return the replies of `thread`, and how many were left when there are more than can be asked for."""
    gathered, page = Read(), None
    for _ in range(MOST_REPLY_PAGES):
        try:
            listing = await api.page("comments", part="snippet", maxResults="100", parentId=thread.id, page=page)
        except SourceGone:
            return gathered, ()  # deleted since it was listed
        gathered += comments_of(listing.items, own, thread.video)
        page = listing.next_page
        if page is None:
            return gathered, ()
    left = thread.total - len(gathered.posts)
    return gathered, (Unheard(now, GapCause.CLIPPED, posts=left),) if left > 0 else ()


def _read_until(reach: Reach, now: datetime, met: set[str], *, is_deep: bool) -> Reach:
    if not is_deep:
        return reach.model_copy(update={"until": now})
    replies = {thread: count for thread, count in reach.replies.items() if thread in met}
    return Reach(until=now, deep_at=now, replies=replies)


def _clipped(known_until: datetime, oldest: datetime | None) -> tuple[Unheard, ...]:
    if oldest is None or oldest <= known_until:
        return ()
    return (Unheard(oldest, GapCause.CLIPPED, since=known_until),)
