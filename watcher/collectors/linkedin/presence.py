"""What became of posts and comments: LinkedIn tells nothing of it. Posts are asked together, comments by thread."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping

from watcher.collectors.linkedin.api import BATCH, Api, escaped
from watcher.errors import AuthRefused, BudgetSpent, Permanent, SourceGone, Transient

_FORBIDDEN = 403
"""What a member no longer shows to all is there all the same."""

_COMMENT = re.compile(r"urn:li:comment:\((urn:li:\w+:[^,()]+),(\d+)\)")


async def gone_among(api: Api, names: Collection[str]) -> frozenset[str]:
    """Return those of `names` that LinkedIn does not know: missing among the others, then 404 on their own.

    Raises `BudgetSpent` alone: who cannot be asked says nothing.
    """
    gone: set[str] = set()
    try:
        for path, name_of in _lists(names).items():
            ids = list(name_of)
            for start in range(0, len(ids), BATCH):
                batch = ids[start : start + BATCH]
                shown = await _shown(api, path, batch) if len(batch) > 1 else frozenset()
                gone |= {name_of[one] for one in batch if one not in shown and await _is_gone(api, path, one)}
    except BudgetSpent:
        raise
    except (Transient, Permanent):
        return frozenset(gone)
    return frozenset(gone)


def _lists(names: Collection[str]) -> Mapping[str, Mapping[str, str]]:
    """Return the lists to ask, and in each the names by what they are called there."""
    lists: dict[str, dict[str, str]] = defaultdict(dict)
    for name in names:
        if comment := _COMMENT.fullmatch(name):
            lists[f"socialActions/{escaped(comment[1])}/comments"][comment[2]] = name
        elif name.startswith("urn:li:"):
            lists["posts"][name] = name
    return lists


async def _shown(api: Api, path: str, ids: list[str]) -> frozenset[str]:
    try:
        return frozenset((await api.several(path, ids)).results)
    except SourceGone:
        return frozenset()


async def _is_gone(api: Api, path: str, one: str) -> bool:
    try:
        await api.one(f"{path}/{escaped(one)}")
    except SourceGone:
        return True
    except AuthRefused as error:
        if error.status != _FORBIDDEN:
            raise
    return False
