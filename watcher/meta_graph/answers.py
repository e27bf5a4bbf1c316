"""The comments that are due, post after post, each time behind the cursor that says so."""

from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime
from typing import Protocol

from watcher.errors import SourceGone
from watcher.meta_graph.followed import Followed, Thread
from watcher.meta_graph.graph import GraphPage
from watcher.meta_graph.items import Mapped
from watcher.meta_graph.refusals import RightMissing
from watcher.model import GapCause, Page, Unheard

_TRIES = 3
"""Posts whose comments are refused before the right is held to be missing altogether: one may be somebody's own."""


class Commented(Protocol):
    """Where people comment. Raises as `Graph` does."""

    def comments(self, post_id: str, counted: int, since: datetime | None) -> AsyncIterator[GraphPage]:
        """Yield the comments of a post with their answers, all or, at least, those from `since` on.

        Raises `RightMissing` too where some are `counted` and none is shown: a token without the right gets no refusal.
        """
        ...

    def comments_of(self, items: Iterable[object], post_id: str) -> Mapped:
        """Return the comments among `items` under the post `post_id`."""
        ...


async def due_comments(
    account: Commented, followed: Followed, now: datetime, is_enough: Callable[[], bool]
) -> AsyncIterator[Page]:
    """Yield the comments of each post that is due until `is_enough`; what is left is due again in the next run.

    Raises as `Commented`, and `RightMissing` only where the comments of no post can be read.
    """
    refused: dict[str, RightMissing] = {}
    is_heard = False
    for post_id in followed.due(now):
        if is_enough():
            break
        try:
            async for given in _of_post(account, followed, post_id, now):
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


async def _of_post(account: Commented, followed: Followed, post_id: str, now: datetime) -> AsyncIterator[Page]:
    """Yield the comments of one post; the last page's cursor is the one behind them."""
    thread = followed.threads[post_id]
    seen, oldest, is_clipped = 0, now, False
    async for part in account.comments(post_id, thread.counted, thread.since(now)):
        posts, broken = account.comments_of(part.items, post_id)
        seen, is_clipped = seen + len(part.items), part.is_clipped
        oldest = min([oldest, *(post.published_at for post in posts if post.published_at)])
        if part.items:
            yield Page(posts, followed.cursor(), broken=broken)
    unheard = (_clipped(thread, seen, oldest),) if is_clipped else ()
    yield Page((), followed.read(post_id, now).cursor(), is_unchanged=True, unheard=unheard)


def _clipped(thread: Thread, seen: int, oldest: datetime) -> Unheard:
    return Unheard(oldest, GapCause.CLIPPED, min(thread.made_at, oldest), max(thread.counted - seen, 0) or None)
