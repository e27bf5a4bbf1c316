"""Our own account: what it says and answers, who mentions it, the replies to its posts, its figures.

Facts: Threads API, "Retrieve and Discover Posts", "Retrieve Media Replies and Conversations", "Threads Insights API"
(2025 and 2026). Lists give cursors and no address of a next page.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from watcher.collectors.threads.posts import FIELDS
from watcher.collectors.threads.searches import BEGAN, PAGE_SIZE
from watcher.errors import Malformed
from watcher.meta_graph.graph import Graph, GraphPage
from watcher.meta_graph.values import count_of, id_of
from watcher.model import AccountFigures
from watcher.wire import mapping_of

LISTS = ("mentions", "replies")
"""Who mentions us, and what we answer; what we publish (`threads`) is read apart, for its replies."""

MOST_PAGES = 50

_COUNTERS = ("views", "likes", "replies", "reposts", "quotes")


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """The account that the token of `graph` speaks for. Raises as `Graph` does."""

    graph: Graph
    id: str
    name: str

    @classmethod
    async def open(cls, graph: Graph) -> "OwnAccount":
        """Return the account of the token."""
        told = await graph.node("me", {"fields": "id,username"})
        number, name = id_of(told.get("id")), id_of(told.get("username"))
        if number is None or name is None:
            raise Malformed("Threads répond autre chose que notre compte.")
        return cls(graph, number, name)

    async def listed(self, name: str, since: datetime, until: datetime) -> AsyncIterator[GraphPage]:
        """Yield what one of the account's lists holds of [`since`, `until`)."""
        window = {"since": str(int(max(since, BEGAN).timestamp())), "until": str(int(until.timestamp()))}
        params = {"fields": FIELDS, **window}
        async for page in self.graph.pages(
            f"{self.id}/{name}", params, size=PAGE_SIZE, most=MOST_PAGES, by_cursor=True
        ):
            yield page

    async def conversation(self, post: str) -> AsyncIterator[GraphPage]:
        """Yield all replies to one of our posts, however deep, newest first."""
        params = {"fields": FIELDS, "reverse": "true"}
        async for page in self.graph.pages(
            f"{post}/conversation", params, size=PAGE_SIZE, most=MOST_PAGES, by_cursor=True
        ):
            yield page

    async def counted(self, now: datetime) -> AccountFigures:
        """Return how many follow us, and what was done with our posts in the last day."""
        path, day = f"{self.id}/threads_insights", timedelta(days=1)
        window = {"since": str(int((now - day).timestamp())), "until": str(int(now.timestamp()))}
        followers = _counts(await self.graph.node(path, {"metric": "followers_count"}))
        counts = _counts(await self.graph.node(path, {"metric": ",".join(_COUNTERS), **window}))
        engagement = {name: counts[name] for name in _COUNTERS if name in counts}
        return AccountFigures(self.name, followers=followers.get("followers_count"), engagement=engagement)


def _counts(told: Mapping[str, Any]) -> dict[str, int]:
    """Return the counts of an answer: Threads gives some as a total, some by the day."""
    counts: dict[str, int] = {}
    items = told.get("data")
    for metric in map(mapping_of, items if isinstance(items, list) else ()):
        values = metric.get("values")
        parts = [metric.get("total_value"), *(values if isinstance(values, list) else ())]
        numbers = [number for part in parts if (number := count_of(mapping_of(part).get("value"))) is not None]
        if numbers:
            counts[str(metric.get("name"))] = sum(numbers)
    return counts
