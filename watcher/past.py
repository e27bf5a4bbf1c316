"""Back in time list by list, on platforms that give what they have from the newest down: what `backfill` yields."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from datetime import datetime

from watcher.model import Cursor, Page, Unheard
from watcher.remembered import Remembered

Part = Callable[[], AsyncIterator[Page]]
"""Reads one list, the newest first, as far down as the interval reaches; its pages bear no cursor of worth."""


class Done(Remembered):
    """The lists that are read whole: the cursor of a backfill. One that is cut reads its list again, ids know how."""

    names: frozenset[str] = frozenset()


async def past_pages(
    parts: Mapping[str, Part], since: datetime, until: datetime, cursor: Cursor | None
) -> AsyncIterator[Page]:
    """Yield what each of `parts`, by its name in `cursor`, holds of [`since`, `until`), each post once.

    What a part tells as unheard is kept as far as it lies in the interval. Raises what the parts raise.
    """
    done, told = Done.recall(cursor), set[str]()
    for name, read in parts.items():
        if name in done.names:
            continue
        async for page in read():
            inside = (post for post in page.posts if post.published_at and since <= post.published_at < until)
            fresh = tuple(post for post in inside if post.native_id not in told)
            told |= {post.native_id for post in fresh}
            lost = tuple(piece for gap in page.unheard if (piece := _within(gap, since, until)))
            yield replace(page, posts=fresh, cursor=done.cursor(), unheard=lost)
        done = Done(names=done.names | {name})
        yield Page((), done.cursor(), is_unchanged=True)


def _within(gap: Unheard, since: datetime, until: datetime) -> Unheard | None:
    begins, ends = max(gap.since or since, since), min(gap.until, until)
    return replace(gap, since=begins, until=ends) if begins < ends else None
