"""What was said in an interval of the past: the lists and searches of then, and the replies to what was followed."""

from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

from watcher.collectors.threads.account import LISTS, OwnAccount
from watcher.collectors.threads.posts import posts_of, with_replies
from watcher.collectors.threads.searches import found, wanted
from watcher.collectors.threads.settings import ThreadsSettings
from watcher.errors import SourceGone
from watcher.model import Cursor, Page, Unheard
from watcher.remembered import Remembered

Part = AsyncIterator[tuple[Iterable[object], tuple[Unheard, ...]]]


class Done(Remembered):
    """The lists, searches and conversations that are read: the cursor of a backfill."""

    names: frozenset[str] = frozenset()


async def past_pages(
    own: OwnAccount, settings: ThreadsSettings, since: datetime, until: datetime, cursor: Cursor | None
) -> AsyncIterator[Page]:
    """Yield what was published in [`since`, `until`). Raises as `Graph`."""
    done, told = Done.recall(cursor), set[str]()
    for name, read in (await _parts(own, settings, since, until)).items():
        if name in done.names:
            continue
        async for items, gaps in read():
            posts, broken = posts_of(items, own.name)
            within = [post for post in posts if post.published_at is None or since <= post.published_at < until]
            fresh = [post for post in within if post.native_id not in told]
            told |= {post.native_id for post in fresh}
            yield Page(tuple(fresh), done.cursor(), broken=broken, unheard=gaps)
        done = Done(names=done.names | {name})
        yield Page((), done.cursor(), is_unchanged=True)


async def _parts(
    own: OwnAccount, settings: ThreadsSettings, since: datetime, until: datetime
) -> dict[str, Callable[[], Part]]:
    """Return what there is to read, by the name that the cursor gives it."""
    parts: dict[str, Callable[[], Part]] = {}
    if settings.listens_to_own:
        parts |= {name: partial(_listed, own, name, since, until) for name in (*LISTS, "threads")}
        async for page in own.listed("threads", since - timedelta(days=settings.days), until):
            parts |= {post: partial(_conversation, own, post) for post in with_replies(page.items, until)}
    return parts | {each.name: partial(found, own.graph, each, since, until) for each in wanted(settings)}


async def _listed(own: OwnAccount, name: str, since: datetime, until: datetime) -> Part:
    async for page in own.listed(name, since, until):
        yield page.items, ()


async def _conversation(own: OwnAccount, post: str) -> Part:
    try:
        async for page in own.conversation(post):
            yield page.items, ()
    except SourceGone:
        return  # deleted since it was listed
