"""What became of posts and comments, asked where they were written: others may keep copies of what was deleted."""

import json
import re
from collections.abc import Collection
from typing import Any

from watcher.errors import BudgetSpent, Permanent, Refused, SourceGone, Transient
from watcher.ports import Fetch

_HERE = re.compile(r"(https?://[^/?#\s]+)/(post|comment)/(\d+)")


async def gone_among(fetch: Fetch, addresses: Collection[str]) -> frozenset[str]:
    """Return those of `addresses` that their instance does not know, or shows as deleted or removed.

    Other software has addresses of the same form: a 404 that is not in Lemmy's words says nothing. Raises `BudgetSpent`
    alone.
    """
    gone: set[str] = set()
    for address in addresses:
        if found := _HERE.fullmatch(address):
            try:
                if await _is_gone(fetch, found[1], found[2], found[3]):
                    gone.add(address)
            except BudgetSpent:
                raise
            except (Transient, Permanent):
                continue
    return frozenset(gone)


async def _is_gone(fetch: Fetch, instance: str, kind: str, number: str) -> bool:
    for version in ("v3", "v4"):
        try:
            answer = await fetch.get(f"{instance}/api/{version}/{kind}", params={"id": number})
        except (SourceGone, Refused) as error:
            if error.answer is None or _is_lemmys(error.answer.body):
                return True
            continue
        return _shows_gone(answer.body, kind)
    return False


def _is_lemmys(body: bytes) -> bool:
    try:
        said = str(json.loads(body)["error"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
    return said.startswith("couldnt_find_") or said == "not_found"


def _shows_gone(body: bytes, kind: str) -> bool:
    try:
        said: Any = json.loads(body)[f"{kind}_view"][kind]
        return said.get("deleted") is True or said.get("removed") is True
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
