"""Searches in the name of an account (`app.bsky.feed.searchPosts`): what was said of a word since the last run."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import AwareDatetime

from watcher.collectors.bluesky.author import posts_of_views
from watcher.collectors.bluesky.session import Session
from watcher.errors import Malformed
from watcher.model import BrokenItem, Cursor, GapCause, Page, RawPost, Unheard
from watcher.ports import Fetch
from watcher.remembered import Remembered

FIRST_LOOK = timedelta(days=1)

OVERLAP = timedelta(minutes=10)
"""A post may be found some minutes after it was said: the end of the last run is searched again."""

_PAGE_SIZE = 100
_MOST_PAGES = 100
"""The platform shows no more than 10,000 results of one search."""

_JUST_ABOVE = timedelta(milliseconds=1)
_NOWHERE = Cursor("{}")


class Searched(Remembered):
    """Until when each word was searched: the cursor."""

    until: Mapping[str, AwareDatetime] = {}

    def after(self, word: str, now: datetime) -> "Searched":
        """Return this once `word` is searched until `now`."""
        return Searched(until={**self.until, word: now})


async def search(
    fetch: Fetch, session: Session, words: tuple[str, ...], cursor: Cursor | None, now: datetime
) -> AsyncIterator[Page]:
    """Yield what was said of each of `words` since `cursor`, the newest first; the cursor moves once a word is done.

    Raises what `fetch` raises, and `Malformed`.
    """
    searched = Searched.recall(cursor)
    for word in words:
        since = searched.until.get(word, now - FIRST_LOOK + OVERLAP) - OVERLAP
        async for page in found(fetch, session, word, since, None):
            yield replace(page, cursor=searched.cursor())
        searched = searched.after(word, now)
        yield Page((), searched.cursor(), is_unchanged=True)


async def found(
    fetch: Fetch, session: Session, word: str, since: datetime, until: datetime | None, *, searches: int = 1
) -> AsyncIterator[Page]:
    """Yield what was said of `word` in [`since`, `until`), the newest first; its pages bear no cursor of worth.

    Where a search shows no more, another goes on below it; after so many `searches`, what is left is told. Raises what
    `fetch` raises, and `Malformed`.
    """
    for _ in range(searches):
        times = list[datetime]()
        async for posts, broken, has_more in _pages(fetch, session, word, since, until):
            times += [post.published_at for post in posts if post.published_at]
            yield Page(posts, _NOWHERE, broken=broken)
            if not has_more:
                return
        until = min(times, default=since) + _JUST_ABOVE
    if until and since < until:
        yield Page((), _NOWHERE, unheard=(Unheard(until, GapCause.CLIPPED, since=since),))


async def _pages(
    fetch: Fetch, session: Session, word: str, since: datetime, until: datetime | None
) -> AsyncIterator[tuple[tuple[RawPost, ...], tuple[BrokenItem, ...], bool]]:
    """Yield the posts of one search, and the items that cannot be one; each time with whether there may be more."""
    period = {"since": since.isoformat()} | ({"until": until.isoformat()} if until else {})
    asked = {"q": word, "sort": "latest", "limit": str(_PAGE_SIZE), **period}
    following: dict[str, str] = {}
    for number in range(1, _MOST_PAGES + 1):
        url = f"{session.service}/xrpc/app.bsky.feed.searchPosts"
        answer = await fetch.get(url, params=asked | following, secret_headers=session.headers)
        views, next_page = _read(answer.body)
        yield *posts_of_views(views), next_page is not None or number == _MOST_PAGES
        if next_page is None:
            return
        following = {"cursor": next_page}


def _read(body: bytes) -> tuple[list[Any], str | None]:
    try:
        found = json.loads(body)
        views, following = found["posts"], found.get("cursor")
    except (ValueError, KeyError, TypeError) as cause:
        raise Malformed("Bluesky répond autre chose que des messages.") from cause
    if not isinstance(views, list):
        raise Malformed("Bluesky répond autre chose que des messages.")
    return views, following if isinstance(following, str) and following else None
