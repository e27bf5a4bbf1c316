"""Back in time on one instance: each timeline from its newest page down, as far as the interval reaches.

An instance forgets nothing that it holds, but gives its pages by id alone: one walks down from the present. What is
older than the timeline of an account, or came to this instance never, cannot be had.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from watcher.collectors.mastodon.instance import Instance, Timeline
from watcher.collectors.mastodon.place import ids_of, is_later
from watcher.collectors.mastodon.statuses import posts_of
from watcher.model import Cursor, Page
from watcher.remembered import Remembered


class Depth(Remembered):
    """How far down a backfill has come: in the `timeline` of that number, to the id `below`."""

    timeline: int = 0
    below: str | None = None


async def walk_down(
    instance: Instance, timelines: Sequence[Timeline], *, since: datetime, until: datetime, cursor: Cursor | None
) -> AsyncIterator[Page]:
    """Yield the posts of [`since`, `until`) in each of `timelines`, the newest first. Raises what `Instance` raises."""
    depth = Depth.recall(cursor)
    while depth.timeline < len(timelines):
        below = {"max_id": depth.below} if depth.below else {}
        statuses = await instance.page(timelines[depth.timeline], **below)
        reached = ids_of(statuses)[:1]
        # A server that does not know `max_id` gives its newest page for ever.
        is_lower = bool(reached) and (depth.below is None or is_later(depth.below, reached[0]))
        posts, broken = posts_of(statuses, instance.host) if is_lower else ((), ())
        dates = [post.published_at for post in posts if post.published_at]
        is_over = not is_lower or (bool(dates) and max(dates) < since)
        depth = Depth(timeline=depth.timeline + 1) if is_over else Depth(timeline=depth.timeline, below=reached[0])
        inside = tuple(post for post in posts if post.published_at and since <= post.published_at < until)
        yield Page(inside, depth.cursor(), broken=broken)
