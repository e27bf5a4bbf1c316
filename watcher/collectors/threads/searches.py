"""Searches of everything public, by word or by topic, and whether they are open to us.

Facts: Threads API, "Keyword and Topic Tag Search" (January 2026). No order is promised and no paging documented, so a
window that is full is cut in two until it is not.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from watcher.collectors.threads.posts import FIELDS, author_of
from watcher.collectors.threads.settings import ThreadsSettings
from watcher.errors import Refused, SourceGone
from watcher.meta_graph.graph import Graph
from watcher.meta_graph.values import id_of
from watcher.model import GapCause, Unheard
from watcher.wire import mapping_of

BEGAN = datetime(2023, 7, 5, 7, 0, tzinfo=UTC)
"""Threads refuses to look further back (`since` >= 1688540400)."""

PAGE_SIZE = 100
_MOST_PAGES = 20
_SHORTEST = timedelta(minutes=1)

_COMMON_WORD = "bonjour"
"""Somebody always said it a moment ago."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one search looks for: a word of the text, or a topic."""

    words: str
    is_topic: bool = False

    @property
    def name(self) -> str:
        """What the cursor calls it."""
        return f"{'#' if self.is_topic else '?'}{self.words}"


def wanted(settings: ThreadsSettings) -> list[Wanted]:
    """Return all that `settings` ask to search."""
    return [*map(Wanted, settings.searches), *(Wanted(topic, is_topic=True) for topic in settings.topics)]


async def found(
    graph: Graph, sought: Wanted, since: datetime, until: datetime
) -> AsyncIterator[tuple[Sequence[object], tuple[Unheard, ...]]]:
    """Yield what was published in [`since`, `until`), some of it more than once, and what could not be had of it.

    Raises as `Graph`.
    """
    windows = [(max(since, BEGAN), until)] if until > BEGAN else []
    while windows:
        start, end = windows.pop()
        params = {
            "q": sought.words,
            "search_mode": "TAG" if sought.is_topic else "KEYWORD",
            "search_type": "RECENT",
            "since": str(int(start.timestamp())),
            "until": str(int(end.timestamp())),
            "fields": FIELDS,
        }
        is_first, is_clipped = True, False
        async for page in graph.pages("keyword_search", params, size=PAGE_SIZE, most=_MOST_PAGES, by_cursor=True):
            yield page.items, ()
            is_clipped = page.is_clipped or (is_first and len(page.items) >= PAGE_SIZE)
            is_first = False
        if is_clipped and end - start > _SHORTEST:
            middle = start + (end - start) / 2
            windows += [(start, middle), (middle, end)]
        elif is_clipped:
            yield (), (Unheard(end, GapCause.CLIPPED, start),)


async def stranger(graph: Graph, own_name: str) -> str | None:
    """Return the id of a post that somebody else wrote, None where searches show us our own alone. One search.

    Raises as `Graph`.
    """
    params = {"q": _COMMON_WORD, "search_type": "RECENT", "fields": "id,username"}
    items = (await graph.node("keyword_search", params)).get("data")
    others = (item for item in (items if isinstance(items, list) else ()) if author_of(item) not in {None, own_name})
    return next((native_id for item in others if (native_id := id_of(mapping_of(item).get("id")))), None)


async def is_shown(graph: Graph, native_id: str) -> bool:
    """Tell whether a post is there, and shown to us; what Threads would not be asked counts as shown.

    Raises as `Graph`.
    """
    try:
        await graph.node(native_id, {"fields": "id"})
    except SourceGone:
        return False
    except Refused:
        return True
    return True
