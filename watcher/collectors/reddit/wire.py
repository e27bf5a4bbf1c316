"""Links (t3) and comments (t1) as Reddit writes them → raw posts. Pure.

Reddit writes texts in Markdown and their twin in HTML: the twin is read, as Reddit renders it, and Markdown as it
stands where there is none. What was deleted stays in listings, with words in brackets in its place.
"""

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from watcher.model import BrokenItem, Deletion, RawPost

_NAMES_NOBODY = ("name", "title", "selftext", "body", "created_utc", "edited", "subreddit")
"""What is kept of an item that cannot be read."""

_KINDS = ("t1", "t3")
_GONE = frozenset({"[deleted]", "[removed]"})


@dataclass(frozen=True, slots=True)
class Read:
    """What a page gave; and when the newest and the oldest of its things were written."""

    posts: tuple[RawPost, ...] = ()
    broken: tuple[BrokenItem, ...] = ()
    deletions: tuple[Deletion, ...] = ()
    newest_at: datetime | None = None
    oldest_at: datetime | None = None


def things_of(things: Sequence[object]) -> Read:
    """Return the posts of a page, what of it is gone, and its items that cannot be one; other kinds are left aside."""
    posts, broken, gone, times = list[RawPost](), list[BrokenItem](), list[Deletion](), list[datetime]()
    for thing in things:
        if isinstance(thing, dict) and thing.get("kind") not in (*_KINDS, None):
            continue
        data = _data(thing)
        if not (name := name_of(thing)):
            broken.append(_broken(data))
        elif is_gone(thing):
            gone.append(Deletion(native_id=name))
        else:
            post = _post(data, name)
            if post.title or post.text:
                posts.append(post)
        if at := _time(data.get("created_utc")):
            times.append(at)
    return Read(tuple(posts), tuple(broken), tuple(gone), max(times, default=None), min(times, default=None))


def name_of(thing: object) -> str:
    """Return the full name of a thing, as `t3_1abc`; empty where it bears none."""
    name = _text(_data(thing).get("name"))
    return name if name.startswith(("t1_", "t3_")) else ""


def is_gone(thing: object) -> bool:
    """Tell whether its author, the moderators or Reddit took a thing away."""
    data = _data(thing)
    words = _text(data.get("body")) or _text(data.get("selftext"))
    return words in _GONE or bool(data.get("removed_by_category")) or data.get("author") == "[deleted]"


def _post(data: Mapping[str, Any], name: str) -> RawPost:
    is_comment = name.startswith("t1_")
    twin = _text(data.get("body_html" if is_comment else "selftext_html"))
    text = _markup(twin) or _text(data.get("body" if is_comment else "selftext"))
    markup: Literal["html", "text"] = "html" if twin else "text"
    title = html.unescape(_text(data.get("title")))
    target = "" if is_comment or data.get("is_self") is True else _text(data.get("url"))
    counts = {"likes": data.get("ups", data.get("score")), "comments": data.get("num_comments")}
    path = _text(data.get("permalink"))
    return RawPost(
        native_id=name,
        title=html.escape(title, quote=False) if twin else title,
        text=text or target,
        url=f"https://www.reddit.com{path}" if path.startswith("/") else None,
        markup=markup,
        published_at=_time(data.get("created_utc")),
        edited_at=_time(data.get("edited")),
        author=_text(data.get("author")) or None,
        reply_to=_text(data.get("parent_id")) or None,
        conversation=_text(data.get("link_id")) or None,
        metrics={key: count for key, count in counts.items() if isinstance(count, int) and count >= 0},
    )


def _markup(twin: str) -> str:
    """Return HTML as such: Reddit escapes it once more unless it is asked not to."""
    return html.unescape(twin) if twin.startswith("&lt;") else twin


def _data(thing: object) -> Mapping[str, Any]:
    data = thing.get("data") if isinstance(thing, dict) else None
    return data if isinstance(data, dict) else {}


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _time(value: object) -> datetime | None:
    """Return a time in seconds; `edited` is false where nothing was edited, and was true long ago."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return datetime.fromtimestamp(float(value), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _broken(data: Mapping[str, Any]) -> BrokenItem:
    return BrokenItem(json.dumps({key: data[key] for key in _NAMES_NOBODY if key in data}), "illisible : sans nom")
