"""What makes two items the same post: see deploy/decisions/004-feed-identity.md. Pure."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit, urlunsplit

from watcher.collectors.rss.feed import Item

_TRACKING = re.compile(
    r"(utm|mtm|pk|at)_\w+|xtor|fbclid|gclid|dclid|msclkid|twclid|mc_[ce]id|ns_(campaign|mchannel|source|linkname|fee)",
    re.IGNORECASE,
)
"""Parameters that say where a reader came from: Google, Matomo, Piano (AT Internet: most of the French press)."""


def is_address(text: str) -> bool:
    """Return whether `text` is a whole web address."""
    return text.lower().startswith(("http://", "https://"))


def without_tracking(address: str) -> str:
    """Return `address` without the parameters that only count visits, in its query or its fragment."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return address.strip()
    return urlunsplit(parts._replace(query=_kept(parts.query), fragment=_kept(parts.fragment)))


def same_address(address: str) -> str:
    """Return one spelling for the addresses of one article: https, host in lower case, no default port, no tracking."""
    try:
        parts = urlsplit(without_tracking(address))
        port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    except ValueError:
        return address.strip()
    return urlunsplit(("https", f"{parts.hostname or ''}{port}", parts.path or "/", parts.query, parts.fragment))


def native_ids(items: Sequence[Item], feed_address: str, home: str) -> list[str]:
    """Return the identity of each item, "" for one that says nothing at all.

    The first that identifies among: its guid (alone when it is a web address, else within its feed), its link, a
    hash of its words. What items of one document share under different titles identifies none of them, nor does the
    address of the site. A date never takes part.
    """
    feed = hashlib.sha256(same_address(feed_address).encode("utf-8", "replace")).hexdigest()[:16]
    keys = [_keys(item, feed) for item in items]
    titles: dict[str, set[str]] = defaultdict(set)
    for item, candidates in zip(items, keys, strict=True):
        for key in candidates:
            titles[key].add(item.title)
    shared = {key for key, known in titles.items() if len(known) > 1} | {same_address(home)}
    return [next((key for key in candidates if key not in shared), "") for candidates in keys]


def recognised(items: Sequence[Item], ids: Sequence[str], known: Mapping[str, str]) -> list[str]:
    """Return `ids`, but the one that an item bore in the window before where only its guid is another now.

    Some feeds invent new guids at every reading: the same link under the same title is then the same post. `known` is
    what `remembered` gave of that window.
    """
    marks = [_mark(item) for item in items]
    counts = Counter(marks)
    return [
        known[mark] if mark in known and counts[mark] == 1 else native_id
        for mark, native_id in zip(marks, ids, strict=True)
    ]


def remembered(items: Sequence[Item], ids: Sequence[str]) -> dict[str, str]:
    """Return what tells the items of this window again, should their guids be renewed: mark to id."""
    return {
        mark: native_id
        for item, native_id in zip(items, ids, strict=True)
        if (mark := _mark(item)) and native_id != same_address(item.link)
    }


def _mark(item: Item) -> str:
    if not (is_address(item.link) and item.title):
        return ""
    return hashlib.sha256(f"{same_address(item.link)}\x1f{item.title}".encode("utf-8", "replace")).hexdigest()[:16]


def _keys(item: Item, feed: str) -> list[str]:
    keys = []
    if item.guid:
        keys.append(same_address(item.guid) if is_address(item.guid) else f"{feed}:{item.guid}")
    if is_address(item.link):
        keys.append(same_address(item.link))
    if item.title or item.summary:
        words = f"{item.title}\x1f{item.summary}".encode("utf-8", "replace")
        keys.append(f"{feed}:sha256:{hashlib.sha256(words).hexdigest()}")
    return keys


def _kept(pairs: str) -> str:
    return "&".join(pair for pair in pairs.split("&") if not _TRACKING.fullmatch(pair.partition("=")[0]))
