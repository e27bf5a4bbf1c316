"""Which objects are gone, asked many at a time."""

from collections.abc import Collection, Mapping, Sequence

from watcher.errors import Refused, SourceGone
from watcher.meta_graph.graph import Graph

IDS_A_CALL = 50
"""The most that one call may name; Meta counts each of them as a call all the same."""


async def gone_among(graph: Graph, ids: Collection[str]) -> frozenset[str]:
    """Return those of `ids` that Meta does not find, or does not show to this token. Raises as `Graph` does."""
    asked, gone = sorted(ids), set[str]()
    for start in range(0, len(asked), IDS_A_CALL):
        gone |= await _gone_of(graph, asked[start : start + IDS_A_CALL])
    return frozenset(gone)


async def _gone_of(graph: Graph, ids: Sequence[str]) -> set[str]:
    """Ask for `ids` at once, then for each half of those not shown: one that is gone makes Meta refuse them all."""
    try:
        answer = await graph.node("", {"ids": ",".join(ids), "fields": "id"})
    except (SourceGone, Refused) as error:
        if len(ids) == 1:
            return set(ids) if isinstance(error, SourceGone) else set()
        answer = {}
    hidden = [one for one in ids if one not in answer]
    if len(ids) == 1 or not hidden:
        return set()
    middle = (len(hidden) + 1) // 2
    halves = (hidden[:middle], hidden[middle:])
    return set().union(*[await _gone_of(graph, half) for half in halves if half])


def calls_of(params: Mapping[str, str]) -> int:
    """Return how many calls Meta counts for one with these parameters."""
    return len(params["ids"].split(",")) if params.get("ids") else 1
