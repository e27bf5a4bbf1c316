"""What became of posts, asked where they were written: other instances may keep copies of what was deleted.

Deletions are pushed to open streams only, so what was collected is asked for again. Public, and without a token.
Posts of servers that write their ids otherwise than Mastodon cannot be asked for, and count as there.
"""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Sequence

from watcher.errors import Permanent, SourceGone, Transient
from watcher.ports import Fetch

BATCH = 20
"""A page's usual size; instances older than 4.3 know no batches and are asked one by one."""

_STATUS = re.compile(r"(https?://[^/?#\s]+)/(?:users/[^/?#\s]+|ap/users/\d+)/statuses/(\d+)")


async def gone_among(fetch: Fetch, uris: Collection[str]) -> frozenset[str]:
    """Return those of `uris` that their instances say are gone: missing from a batch, then 404 or 410 on their own.

    An instance that does not answer, or not to us, says nothing; the others are asked all the same. Raises nothing.
    """
    by_instance: dict[str, dict[str, str]] = defaultdict(dict)
    for uri in uris:
        if found := _STATUS.fullmatch(uri):
            by_instance[found[1]][found[2]] = uri
    gone: set[str] = set()
    for instance, uri_of in by_instance.items():
        ids = list(uri_of)
        try:
            for start in range(0, len(ids), BATCH):
                gone |= {uri_of[gone_id] for gone_id in await _gone_of(fetch, instance, ids[start : start + BATCH])}
        except (Transient, Permanent):
            continue
    return frozenset(gone)


async def _gone_of(fetch: Fetch, instance: str, ids: Sequence[str]) -> list[str]:
    shown = await _shown(fetch, instance, ids) if len(ids) > 1 else set()
    return [one for one in ids if one not in shown and await _is_gone(fetch, instance, one)]


async def _shown(fetch: Fetch, instance: str, ids: Sequence[str]) -> set[str]:
    try:
        answer = await fetch.get(f"{instance}/api/v1/statuses?" + "&".join(f"id[]={one}" for one in ids))
        statuses = json.loads(answer.body)
    except (SourceGone, ValueError, RecursionError):
        return set()
    items = statuses if isinstance(statuses, list) else []
    return {item["id"] for item in items if isinstance(item, dict) and isinstance(item.get("id"), str)}


async def _is_gone(fetch: Fetch, instance: str, one: str) -> bool:
    try:
        await fetch.get(f"{instance}/api/v1/statuses/{one}")
    except SourceGone:
        return True
    return False
