"""The last posts of one account, as the public API shows them to whoever asks (`app.bsky.feed.getAuthorFeed`)."""

import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from watcher.collectors.bluesky.record import post_of, written_at
from watcher.errors import Malformed
from watcher.model import BrokenItem, Cursor, Page, RawPost
from watcher.ports import Fetch
from watcher.wire import words_of

PUBLIC_API = "https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed"

_WINDOW = 50
"""Posts asked for each time: the journal knows which are new or edited."""

_PAGE_SIZE, _MOST_PAGES = 100, 200

_NOT_FOR_STRANGERS = "!no-unauthenticated"
"""The label by which an author asks that who has no account should not be shown their posts."""

_NAMES_NOBODY = ("uri", "cid", "record", "indexedAt")
"""Parts of a view that bear no handle in plain letters; what names somebody by a DID or an @ is hidden later."""

_COUNTERS = {"likeCount": "likes", "repostCount": "reposts", "replyCount": "replies"}


async def read_author(fetch: Fetch, account: str) -> Page:
    """Return the window of the last posts of `account`, without what it only repeats of others.

    Raises what `fetch` raises, and `Malformed`.
    """
    page, _ = await _page(fetch, {"actor": account, "limit": str(_WINDOW)})
    return page


async def past_of_author(fetch: Fetch, account: str, since: datetime) -> AsyncIterator[Page]:
    """Yield the posts of `account`, the newest first, until a page holds nothing since `since`. Raises as above."""
    place: dict[str, str] = {}
    for _ in range(_MOST_PAGES):
        page, following = await _page(fetch, {"actor": account, "limit": str(_PAGE_SIZE), **place})
        yield page
        times = [post.published_at for post in page.posts if post.published_at]
        if not following or following == place.get("cursor") or (times and max(times) < since):
            return
        place = {"cursor": following}


async def _page(fetch: Fetch, asked: Mapping[str, str]) -> tuple[Page, str]:
    """Return a page of posts, and what leads to the next one, "" on the last."""
    answer = await fetch.get(PUBLIC_API, params=asked)
    try:
        found = json.loads(answer.body)
        views = [item.get("post") for item in found["feed"] if "reason" not in item]
    except (ValueError, KeyError, TypeError, AttributeError) as cause:
        raise Malformed("Bluesky répond autre chose que les messages d'un compte.") from cause
    posts, broken = posts_of_views(views)
    return Page(posts, Cursor("{}"), broken=broken), words_of(found.get("cursor"))


def posts_of_views(views: Iterable[Any]) -> tuple[tuple[RawPost, ...], tuple[BrokenItem, ...]]:
    """Return the posts that the API shows as `views`, and those that cannot be read."""
    posts: list[RawPost] = []
    broken: list[BrokenItem] = []
    for view in views:
        try:
            posts += _shown(view)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            broken.append(BrokenItem(_nameless(view), f"{type(error).__name__}: {error}"))
    return tuple(posts), tuple(broken)


def _nameless(view: object) -> str:
    """Return what the dead letters may keep of `view`: no handle or name of its author, or of whom it quotes."""
    kept = {key: view[key] for key in _NAMES_NOBODY if key in view} if isinstance(view, dict) else view
    return json.dumps(kept, ensure_ascii=False)


def _shown(view: Mapping[str, Any]) -> Iterator[RawPost]:
    """Yield the post, unless its author does not want strangers to see it, or it is an image without a word."""
    author, record = view["author"], view["record"]
    if any(label.get("val") == _NOT_FOR_STRANGERS for label in author.get("labels") or ()):
        return
    seen_at = written_at(view["indexedAt"])
    if seen_at is None:
        raise ValueError("sans date")
    post = post_of(str(author["did"]), str(view["uri"]), record, seen_at, is_edit=False)
    counted = {name: view.get(key) for key, name in _COUNTERS.items()}
    if post.text:
        yield replace(post, metrics={name: count for name, count in counted.items() if isinstance(count, int)})
