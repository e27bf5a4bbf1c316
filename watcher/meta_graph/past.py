"""What was said in an interval of the past: the posts of then, and the comments of then under whatever was followed."""

from collections.abc import AsyncIterator, Iterable
from datetime import datetime, timedelta

from watcher.errors import SourceGone
from watcher.meta_graph.account import Account, list_pages
from watcher.meta_graph.followed import Listed
from watcher.model import BrokenItem, Cursor, Page, RawPost
from watcher.remembered import Remembered

SLICE = timedelta(days=150)
"""Meta advises windows of six months at most."""


class Heard(Remembered):
    """The posts whose comments were read: the cursor of a backfill."""

    ids: frozenset[str] = frozenset()


async def past_pages(
    account: Account, since: datetime, until: datetime, days: int, cursor: Cursor | None
) -> AsyncIterator[Page]:
    """Yield what was published on `account` in [`since`, `until`): posts, then comments, of posts `days` older too.

    Raises as `Account`; that another list than the first is closed, each run tells.
    """
    heard, found = Heard.recall(cursor), dict[str, Listed]()
    start, told = since - timedelta(days=days), set[str]()
    while start < until:
        end = min(start + SLICE, until)
        async for edge, part in list_pages(account, start, end, closed=[]):
            if edge == account.lists[0]:
                found |= {post.id: post for post in account.listed(part.items)}
            posts, broken = account.posts_of(part.items, edge)
            fresh = [post for post in posts if post.native_id not in told]
            told |= {post.native_id for post in fresh}
            yield _page(fresh, broken, since, until, heard.cursor())
        start = end
    for post in found.values():
        if post.id in heard.ids:
            continue
        try:
            async for part in account.comments(post.id, post.counted, since):
                yield _page(*account.comments_of(part.items, post.id), since, until, heard.cursor())
        except SourceGone:
            pass  # deleted since it was listed
        heard = Heard(ids=heard.ids | {post.id})
        yield Page((), heard.cursor(), is_unchanged=True)


def _page(
    posts: Iterable[RawPost], broken: tuple[BrokenItem, ...], since: datetime, until: datetime, cursor: Cursor
) -> Page:
    within = (post for post in posts if post.published_at is None or since <= post.published_at < until)
    return Page(tuple(within), cursor, broken=broken)
