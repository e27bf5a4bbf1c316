"""The comments that are due, post after post, each time behind the cursor that says so."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime

from watcher.collectors.facebook.followed import Followed, Thread
from watcher.collectors.facebook.page import MOST_COMMENT_PAGES, OwnPage
from watcher.collectors.facebook.posts import comments_of, times_of
from watcher.errors import SourceGone
from watcher.meta_graph import RightMissing
from watcher.model import GapCause, Page, Unheard

_TRIES = 3
"""Posts whose comments are refused before the right is held to be missing altogether: one may be somebody's own."""


async def due_comments(
    page: OwnPage, followed: Followed, now: datetime, is_enough: Callable[[], bool]
) -> AsyncIterator[Page]:
    """Yield the comments of each post that is due until `is_enough`; what is left is due again in the next run.

    Raises as `OwnPage`, and `RightMissing` only where the comments of no post can be read.
    """
    refused: dict[str, RightMissing] = {}
    is_heard = False
    for post_id in followed.due(now):
        if is_enough():
            break
        try:
            async for given in _of_post(page, followed, post_id, now):
                yield given
            is_heard = True
        except RightMissing as error:
            refused[post_id] = error
            if len(refused) >= _TRIES and not is_heard:
                raise
            continue
        except SourceGone:
            pass  # deleted since it was listed: the daily sweep will say so
        followed = followed.read(post_id, now)
    if refused:
        if not (is_heard or followed.has_read):
            raise next(iter(refused.values()))
        for post_id in refused:
            followed = followed.read(post_id, now)
        yield Page((), followed.cursor(), is_unchanged=True)


async def _of_post(page: OwnPage, followed: Followed, post_id: str, now: datetime) -> AsyncIterator[Page]:
    """Yield the comments of one post; the last page's cursor is the one behind them."""
    thread = followed.threads[post_id]
    seen, number, oldest, has_more = 0, 0, now, False
    async for part in page.comments(post_id, thread.counted, thread.since(now)):
        number, seen, has_more = number + 1, seen + len(part.items), part.has_more
        oldest = min([oldest, *times_of(part.items)])
        posts, broken = comments_of(part.items, post_id, page.id)
        if part.items:
            yield Page(posts, followed.cursor(), broken=broken)
    is_clipped = has_more and number == MOST_COMMENT_PAGES
    unheard = (_clipped(thread, seen, oldest),) if is_clipped else ()
    yield Page((), followed.read(post_id, now).cursor(), is_unchanged=True, unheard=unheard)


def _clipped(thread: Thread, seen: int, oldest: datetime) -> Unheard:
    return Unheard(oldest, GapCause.CLIPPED, min(thread.made_at, oldest), max(thread.counted - seen, 0) or None)
