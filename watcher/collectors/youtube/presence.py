"""What became of videos and comments: YouTube tells of no deletion, and wants what is kept checked within 30 days."""

from collections.abc import Collection, Iterator

from watcher.collectors.youtube.api import Api
from watcher.collectors.youtube.settings import VIDEO_ID
from watcher.errors import BudgetSpent, Permanent, SourceGone, Transient

BATCH = 50
"""As many ids cost as much as one."""


async def gone_among(api: Api, ids: Collection[str]) -> frozenset[str]:
    """Return those of `ids` that YouTube does not give: missing among the others, then on their own too.

    A private video counts as gone. Raises `BudgetSpent` alone: who cannot be asked says nothing.
    """
    gone: set[str] = set()
    videos = [one for one in ids if VIDEO_ID.fullmatch(one)]
    comments = [one for one in ids if not VIDEO_ID.fullmatch(one)]
    try:
        for resource, batch in [*_batches("videos", videos), *_batches("comments", comments)]:
            shown = await _shown(api, resource, batch) if len(batch) > 1 else frozenset()
            gone |= {one for one in batch if one not in shown and not await _shown(api, resource, [one])}
    except BudgetSpent:
        raise
    except (Transient, Permanent):
        return frozenset(gone)
    return frozenset(gone)


async def _shown(api: Api, resource: str, ids: list[str]) -> frozenset[str]:
    try:
        listing = await api.page(resource, part="id", id=",".join(ids))
    except SourceGone:
        return frozenset()  # one unknown id may cost the whole answer
    return frozenset(str(item.get("id")) for item in listing.items if isinstance(item, dict))


def _batches(resource: str, ids: list[str]) -> Iterator[tuple[str, list[str]]]:
    for start in range(0, len(ids), BATCH):
        yield resource, ids[start : start + BATCH]
