"""What was said in an interval of the past: the lists and searches of then, and the replies to what was followed."""

from collections.abc import AsyncIterator, Iterable
from datetime import datetime, timedelta
from functools import partial

from watcher.collectors.threads.account import LISTS, OwnAccount
from watcher.collectors.threads.posts import posts_of, with_replies
from watcher.collectors.threads.searches import Wanted, found, wanted
from watcher.collectors.threads.settings import ThreadsSettings
from watcher.errors import SourceGone
from watcher.model import Cursor, Page, Unheard
from watcher.past import Part


async def parts_of(own: OwnAccount, settings: ThreadsSettings, since: datetime, until: datetime) -> dict[str, Part]:
    """Return what there is to read of [`since`, `until`), by the name that a cursor gives it. Raises as `Graph`."""
    parts: dict[str, Part] = {}
    if settings.listens_to_own:
        parts |= {name: partial(_listed, own, name, since, until) for name in (*LISTS, "threads")}
        async for page in own.listed("threads", since - timedelta(days=settings.days), until):
            parts |= {post: partial(_conversation, own, post) for post in with_replies(page.items, until)}
    return parts | {each.name: partial(_searched, own, each, since, until) for each in wanted(settings)}


async def _listed(own: OwnAccount, name: str, since: datetime, until: datetime) -> AsyncIterator[Page]:
    async for page in own.listed(name, since, until):
        yield _page(own, page.items)


async def _conversation(own: OwnAccount, post: str) -> AsyncIterator[Page]:
    try:
        async for page in own.conversation(post):
            yield _page(own, page.items)
    except SourceGone:
        return  # deleted since it was listed


async def _searched(own: OwnAccount, search: Wanted, since: datetime, until: datetime) -> AsyncIterator[Page]:
    async for items, gaps in found(own.graph, search, since, until):
        yield _page(own, items, gaps)


def _page(own: OwnAccount, items: Iterable[object], unheard: tuple[Unheard, ...] = ()) -> Page:
    posts, broken = posts_of(items, own.name)
    return Page(posts, Cursor("{}"), broken=broken, unheard=unheard)
