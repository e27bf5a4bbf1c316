"""Searches in the name of an account (`app.bsky.feed.searchPosts`): what was said of a word since the last run."""

import json
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import AwareDatetime

from watcher.collectors.bluesky.author import posts_of_views
from watcher.collectors.bluesky.session import Session
from watcher.errors import Malformed
from watcher.model import Cursor, Page
from watcher.ports import Fetch
from watcher.remembered import Remembered

FIRST_LOOK = timedelta(days=1)

OVERLAP = timedelta(minutes=10)
"""A post may be found some minutes after it was said: the end of the last run is searched again."""

_PAGE_SIZE = 100
_MOST_PAGES = 100
"""The platform shows no more than 10,000 results of one search."""


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
        asked = {"q": word, "sort": "latest", "limit": str(_PAGE_SIZE), "since": since.isoformat()}
        following: dict[str, str] = {}
        for number in range(1, _MOST_PAGES + 1):
            url = f"{session.service}/xrpc/app.bsky.feed.searchPosts"
            answer = await fetch.get(url, params=asked | following, secret_headers=session.headers)
            views, next_page = _read(answer.body)
            is_last = next_page is None or number == _MOST_PAGES
            searched = searched.after(word, now) if is_last else searched
            posts, broken = posts_of_views(views)
            yield Page(posts, searched.cursor(), broken=broken)
            if next_page is None:
                break
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
