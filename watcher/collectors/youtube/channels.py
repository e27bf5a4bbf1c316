"""Channels: whose a handle is, and the figures of our own."""

from watcher.collectors.youtube.api import Api
from watcher.collectors.youtube.settings import CHANNEL_ID
from watcher.collectors.youtube.wire import Channel, read
from watcher.errors import Malformed, SourceGone
from watcher.model import AccountFigures, BrokenItem


async def id_of(api: Api, name: str) -> str | None:
    """Return the id of the channel `name`, a handle or an id already; None where YouTube does not know it."""
    if CHANNEL_ID.fullmatch(name):
        return name
    found = await _asked(api, name, "id")
    return found.id if found else None


async def figures_of(api: Api, name: str) -> AccountFigures:
    """Return what the channel shows of itself. YouTube rounds followers to three digits, and a channel may hide them.

    Raises `SourceGone` where YouTube does not know `name`, and what `api` raises.
    """
    channel = await _asked(api, name, "snippet,statistics")
    if channel is None:
        raise SourceGone(f"YouTube ne connaît pas la chaîne {name}.")
    counted = channel.statistics
    counts = {"views": counted.view_count, "comments": counted.comment_count}
    return AccountFigures(
        account=channel.snippet.custom_url or channel.snippet.title or channel.id,
        followers=None if counted.hidden_subscriber_count is True else counted.subscriber_count,
        posts=counted.video_count,
        engagement={kind: count for kind, count in counts.items() if count is not None},
    )


async def _asked(api: Api, name: str, part: str) -> Channel | None:
    by = {"id": name} if CHANNEL_ID.fullmatch(name) else {"forHandle": name}
    listing = await api.page("channels", part=part, **by)
    if not listing.items:
        return None
    channel = read(Channel, listing.items[0])
    if isinstance(channel, BrokenItem):
        raise Malformed("YouTube répond autre chose qu'une chaîne.")
    return channel
