"""Which objects are gone, asked many at a time."""

from collections.abc import Collection, Mapping, Sequence

from watcher.errors import Refused, SourceGone
from watcher.meta_graph.graph import Graph
from watcher.meta_graph.refusals import RightMissing
from watcher.meta_graph.values import id_of
from watcher.wire import mapping_of

IDS_A_CALL = 50
"""The most that one call may name; Meta counts each of them as a call all the same."""

MOST_PAGES = 60


async def gone_among(graph: Graph, ids: Collection[str], tags: str, *, by_cursor: bool = False) -> frozenset[str]:
    """Return those of `ids` that Meta does not find, and that the edge `tags` does not list. Raises as `Graph` does.

    Somebody else's post that tags us may look as if it were gone when it is asked for by its id. Nothing is gone where
    there are more tags than can be asked for.
    """
    asked, gone = sorted(ids), set[str]()
    for start in range(0, len(asked), IDS_A_CALL):
        gone |= await _hidden(graph, asked[start : start + IDS_A_CALL])
    if not gone:
        return frozenset()
    async for page in graph.pages(tags, {"fields": "id"}, size=50, most=MOST_PAGES, by_cursor=by_cursor):
        gone -= {id_of(mapping_of(item).get("id")) for item in page.items}
        if page.is_clipped or not gone:
            return frozenset()
    return frozenset(gone)


async def _hidden(graph: Graph, ids: Sequence[str]) -> set[str]:
    """Return those of `ids` that are not found: asked at once, then by halves, as one makes Meta refuse them all."""
    try:
        answer = await graph.node("", {"ids": ",".join(ids), "fields": "id"})
    except (SourceGone, Refused, RightMissing) as error:
        if len(ids) == 1:
            return set(ids) if isinstance(error, SourceGone) else set()
        answer = {}
    left = [one for one in ids if one not in answer]
    if len(ids) == 1 or not left:
        return set()
    middle = (len(left) + 1) // 2
    halves = (left[:middle], left[middle:])
    return set().union(*[await _hidden(graph, half) for half in halves if half])


def calls_of(params: Mapping[str, str]) -> int:
    """Return how many calls Meta counts for one with these parameters."""
    return len(params["ids"].split(",")) if params.get("ids") else 1
