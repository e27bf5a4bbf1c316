"""One Lemmy instance as it answers: which version it speaks, its lists page by page, and what of them is left."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from watcher.collectors.lemmy.wire import Read, languages_of, views_of
from watcher.errors import Malformed, RateLimited, Refused, SourceGone
from watcher.model import GapCause, Unheard
from watcher.ports import Fetch
from watcher.wire import json_object

PAGE_SIZE = 50
"""The most that a list gives at once."""

MOST_PAGES = 10

MOST_PAST_PAGES = 200
"""Ten thousand posts and as many comments of one list."""

_NO_LEMMY = "Cette adresse ne répond pas comme une instance Lemmy : vérifiez son nom."


@dataclass(frozen=True, slots=True)
class Feed:
    """Something to listen to: a search for words, or what is said in a community."""

    name: str
    path: str
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one version of the API calls things."""

    version: str
    query: str
    everything: str
    newest: str

    def search(self, words: str) -> Feed:
        """Return the search for `words`, in posts and comments."""
        params = {self.query: words, "type_": self.everything, "listing_type": self.everything}
        return Feed(f"?{words}", "search", params)

    def community(self, name: str) -> tuple[Feed, Feed]:
        """Return what is posted in a community, and what is said under it."""
        params = {"community_name": name, "type_": self.everything}
        return Feed(f"!{name}", "post/list", params), Feed(f"!{name}/", "comment/list", params)


BEFORE_1 = Dialect("v3", "q", "All", "New")
SINCE_1 = Dialect("v4", "search_term", "all", "new")


class Instance:
    """Asks one instance through `fetch`. Raises what it raises, `RateLimited` in Lemmy's own words, and `Malformed`."""

    def __init__(self, fetch: Fetch, address: str, dialect: Dialect, languages: Mapping[int, str]) -> None:
        self._fetch = fetch
        self._address = address
        self._languages = languages
        self.dialect = dialect

    @classmethod
    async def open(cls, fetch: Fetch, address: str) -> Self:
        """Return the instance at `address`, once it said which version it speaks."""
        try:
            dialect, site = BEFORE_1, await _asked(fetch, f"{address}/api/v3/site", {})
        except SourceGone:
            dialect, site = SINCE_1, await _asked(fetch, f"{address}/api/v4/site", {})
        return cls(fetch, address, dialect, languages_of(site))

    async def since(
        self, feed: Feed, since: datetime, most: int = MOST_PAGES
    ) -> AsyncIterator[tuple[Read, tuple[Unheard, ...]]]:
        """Yield the pages of `feed`, `most` of them, the newest first, until one holds nothing said since `since`."""
        place: dict[str, str] = {}
        for number in range(1, most + 1):
            params = {**feed.params, "sort": self.dialect.newest, "limit": str(PAGE_SIZE), **place}
            document = await _asked(self._fetch, f"{self._address}/api/{self.dialect.version}/{feed.path}", params)
            lists = [document[key] for key in ("posts", "comments", "items") if isinstance(document.get(key), list)]
            if not lists:
                raise Malformed(f"{self._address} ne répond pas comme une instance Lemmy : vérifiez son nom.")
            read = views_of([item for each in lists for item in each], self._languages)
            place = self._next(document, lists, number)
            is_over = not place or read.newest_at is None or read.newest_at < since
            is_cut = number == most and not is_over and read.oldest_at is not None and read.oldest_at > since
            yield read, (Unheard(read.oldest_at, GapCause.CLIPPED, since=since),) if is_cut and read.oldest_at else ()
            if is_over:
                return

    def _next(self, document: Mapping[str, Any], lists: Sequence[Sequence[object]], number: int) -> dict[str, str]:
        """Return where the next page is: behind a token, or by its number where there is none and this one is full."""
        token = document.get("next_page")
        if isinstance(token, str) and token:
            return {"page_cursor": token}
        is_full = any(len(each) >= PAGE_SIZE for each in lists)
        return {"page": str(number + 1)} if is_full and self.dialect is BEFORE_1 and "next_page" not in document else {}


async def _asked(fetch: Fetch, address: str, params: Mapping[str, str]) -> Mapping[str, Any]:
    try:
        answer = await fetch.get(address, params=params)
    except Refused as error:
        if error.answer and b"rate_limit_error" in error.answer.body:
            raise RateLimited("Cette instance de Lemmy demande de ralentir.") from error
        raise
    return json_object(answer.body, _NO_LEMMY, _NO_LEMMY)
