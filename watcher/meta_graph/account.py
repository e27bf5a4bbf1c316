"""One account of ours on a platform of Meta's, read since the last time: its lists, then the comments that are due."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from watcher.meta_graph.answers import Commented, due_comments
from watcher.meta_graph.followed import Followed, Listed
from watcher.meta_graph.graph import GraphPage
from watcher.meta_graph.items import Mapped
from watcher.meta_graph.refusals import RightMissing
from watcher.model import Cursor, GapCause, Page, Unheard

CALLS_A_RUN = 200
"""After as many, the comments of no other post are begun: at one call a second, well inside a run's deadline."""


class Account(Commented, Protocol):
    """What a platform says of its accounts. Raises as `Graph` does."""

    @property
    def lists(self) -> Sequence[str]:
        """The edges where posts stand; comments are followed under those of the first."""
        ...

    @property
    def id(self) -> str:
        """The number of the account."""
        ...

    def posts(self, edge: str, since: datetime, until: datetime | None = None) -> AsyncIterator[GraphPage]:
        """Yield the posts of a list published from `since` on, in any order; some others may be among them."""
        ...

    def posts_of(self, items: Iterable[object], edge: str) -> Mapped:
        """Return the posts among the items of a list."""
        ...

    def listed(self, items: Iterable[object]) -> Iterable[Listed]:
        """Return what the items of the first list say of their comments."""
        ...


async def present_pages(
    account: Account,
    cursor: Cursor | None,
    days: int,
    now: datetime,
    *,
    is_enough: Callable[[], bool],
    never: tuple[Unheard, ...] = (),
) -> AsyncIterator[Page]:
    """Yield the posts of the followed `days`, then the comments that are due until `is_enough`, as `followed` says.

    `never` is what the platform gives at no time: told in each run. Raises as `Account`; a right that is missing for
    another list than the first is raised in the end.
    """
    known = followed = Followed.recall(cursor, account=account.id)
    start, told, closed = followed.begin(days, now), set[str](), list[RightMissing]()
    async for edge, part in list_pages(account, start, None, closed):
        posts, broken = account.posts_of(part.items, edge)
        fresh = tuple(post for post in posts if post.native_id not in told)
        told |= {post.native_id for post in fresh}
        followed = followed.listed(account.listed(part.items), now) if edge == account.lists[0] else followed
        unheard = (Unheard(now, GapCause.CLIPPED, start),) if part.is_clipped else ()
        if part.items or unheard:
            yield Page(fresh, followed.cursor(), broken=broken, unheard=unheard)
    followed = followed.ended(start, days, now)
    if followed != known or never:
        yield Page((), followed.cursor(), is_unchanged=True, unheard=never)
    async for given in due_comments(account, followed, now, is_enough):
        yield given
    if closed:
        raise closed[0]


async def list_pages(
    account: Account, since: datetime, until: datetime | None, closed: list[RightMissing]
) -> AsyncIterator[tuple[str, GraphPage]]:
    """Yield the pages of all lists of `account`, each with its edge.

    A right that is missing for another list than the first is put into `closed`: the comments of our own posts do not
    wait for what others publish.
    """
    for edge in account.lists:
        try:
            async for part in account.posts(edge, since, until):
                yield edge, part
        except RightMissing as error:
            if edge == account.lists[0]:
                raise
            closed.append(error)
