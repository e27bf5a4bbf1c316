"""What came out at the other end of the line: asked of Elasticsearch, and told by the turns of the play."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.app import House
from watcher.demo.check import Observed
from watcher.demo.play import Turn
from watcher.model import Outcome, RunReport
from watcher.stores.queries import HashtagCount, PlacedPost, Queries, Selection, Totals

_PERIOD = timedelta(days=30)  # all that is written, and more
_TAGS = 10
_POSTS = 5_000


@dataclass(frozen=True, slots=True)
class Findings:
    """A whole play: its turns, and what Elasticsearch holds after it, posts off subject apart."""

    turns: Sequence[Turn]
    totals: Totals
    hashtags: Sequence[HashtagCount]
    posts: Sequence[PlacedPost]
    set_aside: Sequence[PlacedPost]

    @property
    def waiting(self) -> list[PlacedPost]:
        """The posts to answer."""
        return [placed for placed in self.posts if placed.post.reading and placed.post.reading.to_answer]


async def findings(house: House, turns: Sequence[Turn]) -> Findings:
    """Return what `turns` brought. Raises `Unreachable`, and `Permanent` when Elasticsearch refuses."""
    await house.elastic.refresh()
    queries, now = Queries(house.elastic.client, house.elastic.prefix), house.line.clock.now()
    return Findings(
        turns=turns,
        totals=await queries.totals(now - _PERIOD, now),
        hashtags=await queries.top_hashtags(now - _PERIOD, now, _TAGS),
        posts=await queries.latest(_POSTS, now),
        set_aside=await queries.latest(_POSTS, now, Selection(set_aside=True)),
    )


def observed(found: Findings) -> Observed:
    """Return `found` in the shape that `check.missing` compares."""
    return Observed(
        links=Counter(placed.post.url or "" for placed in (*found.posts, *found.set_aside)),
        ill={report.source: report.outcome for report in summed(found.turns) if not report.outcome.is_healthy},
        topics=frozenset(found.totals.by_topic),
        departements=frozenset(found.totals.by_departement),
        to_answer=frozenset(placed.post.url or "" for placed in found.waiting),
        alerts=_first_alerts(found.turns),
        hashtags=frozenset(
            tag for placed in found.posts if placed.post.reading for tag in placed.post.reading.hashtags
        ),
    )


def summed(turns: Sequence[Turn]) -> list[RunReport]:
    """Return one report a source for all its runs: their counts, and the last that was not healthy if there is one."""
    reports: dict[str, RunReport] = {}
    for run in (run for turn in turns for run in turn.runs):
        before = reports.get(run.source, RunReport(run.source, Outcome.UNCHANGED))
        told = before if run.outcome is Outcome.UNCHANGED or not before.outcome.is_healthy else run
        reports[run.source] = replace(
            told if run.outcome.is_healthy else run,
            seen=before.seen + run.seen,
            new=before.new + run.new,
            edited=before.edited + run.edited,
            repeated=before.repeated + run.repeated,
            dead=before.dead + run.dead,
        )
    return list(reports.values())


def _first_alerts(turns: Sequence[Turn]) -> Mapping[str, datetime]:
    alerts = [alert for turn in turns for alert in turn.alerts if alert.trend.kind == "hashtag"]
    return {alert.trend.term: alert.at for alert in reversed(alerts)}
