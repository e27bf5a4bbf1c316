"""Videos as TikTok writes them, for our own account or for research → raw posts. Pure.

Ids are 64 bits and written as numbers or as texts; research calls them `id` or `video_id`. Facts: documentation of the
Display API (video object) and of the Research API (query videos).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from watcher.model import BrokenItem, RawPost

_NAMES_NOBODY = ("id", "video_id", "create_time", "title", "video_description", "region_code")
"""What is kept of an item that cannot be read."""

_METRICS = {
    "view_count": "views",
    "like_count": "likes",
    "comment_count": "comments",
    "share_count": "shares",
    "favorites_count": "saves",
}


@dataclass(frozen=True, slots=True)
class Read:
    """What a page gave. `oldest_at` is when the oldest of its videos was published, None where none says so."""

    posts: tuple[RawPost, ...] = ()
    broken: tuple[BrokenItem, ...] = ()
    oldest_at: datetime | None = None


def videos_of(items: Sequence[object], *, is_own: bool) -> Read:
    """Return the videos of a page that have words, and its items that cannot be one."""
    posts, broken, times = list[RawPost](), list[BrokenItem](), list[datetime]()
    for item in items:
        number = id_of(item)
        if number is None or not isinstance(item, dict):
            broken.append(_broken(item))
            continue
        post = _post(item, number, is_own=is_own)
        if post.published_at:
            times.append(post.published_at)
        if post.text:
            posts.append(post)
    return Read(tuple(posts), tuple(broken), min(times, default=None))


def id_of(item: object) -> str | None:
    """Return the id of a video, None where it bears none."""
    if not isinstance(item, dict):
        return None
    number = count_of(item.get("id")) or count_of(item.get("video_id"))
    return str(number) if number else None


def count_of(value: object) -> int | None:
    """Return a count or a number, written as such or in digits; None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _post(item: Mapping[str, Any], number: str, *, is_own: bool) -> RawPost:
    author = _text(item.get("username")) or None
    tags = item.get("hashtag_names")
    counts = {name: count_of(item.get(key)) for key, name in _METRICS.items()}
    return RawPost(
        native_id=number,
        text=_words(item),
        url=_address(item) or (f"https://www.tiktok.com/@{author}/video/{number}" if author else None),
        published_at=_time(item.get("create_time")),
        author=author,
        is_own=is_own,
        hashtags=tuple(filter(None, map(_text, tags))) if isinstance(tags, list) else None,
        metrics={name: count for name, count in counts.items() if count is not None},
    )


def _words(item: Mapping[str, Any]) -> str:
    """Return the description, under the title where that says something else: TikTok cuts it from the description."""
    title, description = _text(item.get("title")), _text(item.get("video_description"))
    return description if description.startswith(title) else f"{title}\n\n{description}".strip()


def _address(item: Mapping[str, Any]) -> str:
    """Return where a video is seen, without what tells who shared it."""
    address = _text(item.get("share_url")).partition("?")[0]
    return address if address.startswith("https://") else ""


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _time(value: object) -> datetime | None:
    seconds = count_of(value)
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (ValueError, OverflowError, OSError):
        return None


def _broken(item: object) -> BrokenItem:
    kept = {key: item[key] for key in _NAMES_NOBODY if key in item} if isinstance(item, dict) else {}
    return BrokenItem(json.dumps(kept, ensure_ascii=False), "illisible : sans identifiant")
