"""Who mentions our Page or shares what it wrote: LinkedIn tells it for 60 days, by the names of posts to ask for."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.collectors.linkedin.api import BATCH, Api, escaped
from watcher.collectors.linkedin.posts import Read, posts_of
from watcher.collectors.linkedin.wire import Notification, read
from watcher.model import BrokenItem, GapCause, Unheard

KEPT = timedelta(days=60)

FIRST_LOOK = timedelta(days=7)

OVERLAP = timedelta(hours=1)

MOST_PAGES = 10

_ACTIONS = "SHARE_MENTION,SHARE"


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Posts that name us, and what of them was not shown."""

    read: Read
    unheard: tuple[Unheard, ...] = ()


async def mentioned(api: Api, own: str, until: datetime | None, now: datetime) -> AsyncIterator[Mentioned]:
    """Yield the posts that mentioned `own` since `until`, the last time that we asked.

    A mention inside a comment is told to nobody. Raises what `api` raises: `AuthRefused` where the right is missing.
    """
    since = max((until or now - FIRST_LOOK) - OVERLAP, now - KEPT)
    if until and until < since:
        yield Mentioned(Read(), (Unheard(since, GapCause.FORGOTTEN, since=until),))
    start, told = 0, set[str]()
    for number in range(1, MOST_PAGES + 1):
        listing = await api.page(_path(own, since, now), start)
        start += len(listing.elements)
        names = [name for name in dict.fromkeys(map(_name, listing.elements)) if name and name not in told]
        told |= set(names)
        yield await _posts(api, own, names, now)
        if not listing.has_more:
            return
        if number == MOST_PAGES:
            yield Mentioned(Read(), (Unheard(now, GapCause.CLIPPED, since=since),))


async def _posts(api: Api, own: str, names: list[str], now: datetime) -> Mentioned:
    """Return the posts of those `names`. Some are gone already, some are not for us to see."""
    found, hidden = list[object](), 0
    for start in range(0, len(names), BATCH):
        batch = await api.several("posts", names[start : start + BATCH])
        found += batch.results.values()
        hidden += batch.hidden
    unheard = (Unheard(now, GapCause.CLOSED, posts=hidden),) if hidden else ()
    return Mentioned(posts_of(found, own), unheard)


def _path(own: str, since: datetime, now: datetime) -> str:
    interval = f"(start:{int(since.timestamp() * 1000)},end:{int(now.timestamp() * 1000)})"
    return (
        f"organizationalEntityNotifications?q=criteria&organizationalEntity={escaped(own)}"
        f"&actions=List({_ACTIONS})&timeRange={interval}"
    )


def _name(element: object) -> str:
    """Return the name of the post that a notification is about."""
    notification = read(Notification, element)
    if isinstance(notification, BrokenItem):
        return ""
    return notification.generated_activity or notification.source_post
