"""Going back: what was published in an interval, list by list, as far as YouTube still gives it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.collectors.youtube import comments, videos
from watcher.collectors.youtube.api import Api
from watcher.collectors.youtube.posts import Read
from watcher.model import Cursor, GapCause, Page, Unheard
from watcher.remembered import Remembered

MOST_PAGES = 200
"""10,000 videos or 20,000 threads of one list."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of a list: its last item is of `last_at`, and what follows is older."""

    read: Read
    last_at: datetime | None
    next_page: str | None


@dataclass(frozen=True, slots=True)
class Branch:
    """One list to go back in, under a name that does not change; `leaf` reads the page that a token names."""

    name: str
    leaf: Callable[[str | None], Awaitable[Leaf]]
    most_pages: int = MOST_PAGES


class Progress(Remembered):
    """What a backfill has done: whole lists, and in the one under way the page to read next."""

    done: tuple[str, ...] = ()
    page: str | None = None


async def gone_through(
    branches: Sequence[Branch], since: datetime, until: datetime, cursor: Cursor | None
) -> AsyncIterator[Page]:
    """Yield what each branch holds of [`since`, `until`), each post once. What it no longer gives is `unheard`."""
    progress, given = Progress.recall(cursor), set[str]()
    for branch in branches:
        if branch.name in progress.done:
            continue
        for number in range(1, branch.most_pages + 1):
            leaf = await branch.leaf(progress.page)
            is_over = leaf.next_page is None or (leaf.last_at is not None and leaf.last_at < since)
            is_cut = number == branch.most_pages and not is_over
            if is_over or is_cut:
                progress = Progress(done=(*progress.done, branch.name))
            else:
                progress = Progress(done=progress.done, page=leaf.next_page)
            wanted = [post for post in leaf.read.posts if post.published_at and since <= post.published_at < until]
            posts = tuple(post for post in wanted if post.native_id not in given)
            given |= {post.native_id for post in posts}
            lost_until = leaf.last_at if is_cut and leaf.last_at and since < leaf.last_at < until else None
            lost = (Unheard(lost_until, GapCause.CLIPPED, since=since),) if lost_until else ()
            yield Page(posts, progress.cursor(), broken=leaf.read.broken, unheard=lost)
            if is_over:
                break


def uploads(api: Api, channel: str, own: str | None) -> Branch:
    """Return the videos of a channel."""

    async def leaf(page: str | None) -> Leaf:
        read, listing = await videos.uploads(api, channel, page, own)
        return Leaf(read, videos.last_published(listing.items), listing.next_page)

    return Branch(f"uploads:{channel}", leaf)


def discussion(api: Api, of: comments.Discussion, own: str | None, now: datetime) -> Branch:
    """Return a discussion, with all the replies of its threads."""

    async def leaf(page: str | None) -> Leaf:
        read, threads, following = await of.page(api, page, own)
        for thread in threads:
            if thread.total > thread.given:
                more, _ = await comments.replies_of(api, thread, own, now)
                read += more
        return Leaf(read, threads[-1].opened_at if threads else None, following)

    return Branch(f"comments:{of.id}", leaf)


def search(api: Api, words: str, own: str | None, since: datetime, until: datetime) -> Branch:
    """Return what a search finds in the interval."""
    query = videos.Query(words, since, until)

    async def leaf(page: str | None) -> Leaf:
        read, listing = await videos.search_page(api, query, page, own)
        return Leaf(read, videos.last_published(listing.items), listing.next_page)

    return Branch(f"search:{words}", leaf, videos.MOST_PAGES)
