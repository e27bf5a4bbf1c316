"""What came out at the other end of the line: asked of Elasticsearch and of the runs' reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from watcher.app import House
from watcher.demo.check import Observed
from watcher.model import RunReport
from watcher.stores.queries import HashtagCount, PlacedPost, Queries, Selection, Totals

_PERIOD = timedelta(days=30)  # all that is written, and more
_TAGS = 10
_WAITING = 500


@dataclass(frozen=True, slots=True)
class Findings:
    """One pass over the world: the runs, and what Elasticsearch holds after it."""

    runs: Sequence[RunReport]
    totals: Totals
    hashtags: Sequence[HashtagCount]
    waiting: Sequence[PlacedPost]


async def findings(house: House, runs: Sequence[RunReport]) -> Findings:
    """Return what `runs` brought. Raises `Unreachable`, and `Permanent` when Elasticsearch refuses."""
    await house.elastic.refresh()
    queries, now = Queries(house.elastic.client, house.elastic.prefix), house.line.clock.now()
    return Findings(
        runs=runs,
        totals=await queries.totals(now - _PERIOD, now),
        hashtags=await queries.top_hashtags(now - _PERIOD, now, _TAGS),
        waiting=await queries.latest(_WAITING, now, Selection(to_answer=True)),
    )


def observed(found: Findings) -> Observed:
    """Return `found` in the shape that `check.missing` compares."""
    return Observed(
        posts=found.totals.by_source,
        outcomes={run.source: run.outcome for run in found.runs},
        hashtags=tuple(count.tag for count in found.hashtags),
        topics=frozenset(found.totals.by_topic),
        to_answer=frozenset(placed.post.url or "" for placed in found.waiting),
    )
