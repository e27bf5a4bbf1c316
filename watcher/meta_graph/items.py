"""Items of a page, read one by one: one that cannot be read never costs the others. Pure."""

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from watcher.model import BrokenItem, RawPost
from watcher.wire import mapping_of

Mapped = tuple[tuple[RawPost, ...], tuple[BrokenItem, ...]]
"""The posts of a page, and its items that cannot be one."""


def mapped(
    items: Iterable[object], read: Callable[[Mapping[str, Any]], RawPost | None], names_nobody: Collection[str]
) -> Mapped:
    """Return what `read` makes of each of `items`, without what has no words; what raises `ValueError` is broken.

    Of a broken item the values of the fields `names_nobody` are kept, of the others what kind they are.
    """
    posts: list[RawPost] = []
    broken: list[BrokenItem] = []
    for item in items:
        try:
            post = read(mapping_of(item))
        except ValueError as error:
            kept = {k: v if k in names_nobody else type(v).__name__ for k, v in mapping_of(item).items()}
            broken.append(BrokenItem(json.dumps(kept), str(error)))
        else:
            posts += [post] if post and (post.text.strip() or post.title.strip()) else []
    return tuple(posts), tuple(broken)


def address_of(value: object) -> str | None:
    """Return an address of the web, None for anything else."""
    return value if isinstance(value, str) and re.match(r"https?://", value) else None


def metrics_of(counts: Mapping[str, int | None]) -> dict[str, int]:
    """Return the counters that are told."""
    return {name: count for name, count in counts.items() if count is not None}
