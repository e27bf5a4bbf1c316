"""The trend job, third after collecting and draining: walks what was stored, folds it, keeps what changed.

It reads Elasticsearch, whoever collected, in order of (stored_at, id) up to half a minute ago, so that a write still
under way is not passed. Position, fold, changed trends and alerts are one journal transaction: a crash repeats a walk,
never an alert.
"""

import asyncio
import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

import structlog

from watcher.alerts.rules import Name, alerts
from watcher.alerts.telling import Posts, Telling, kept, recalled
from watcher.model import PostId
from watcher.stores.elastic import Elastic
from watcher.stores.journal import TOLD, Journal, Said
from watcher.stores.journal.file import milliseconds
from watcher.stores.journal.folds import packed, unpacked
from watcher.stores.trends import PAGE, Position, Sample, Walked, alert_write, beginning, sample, trend_write, walk
from watcher.trend import PHRASE, Alert, Calendar, Trend, no_calendar
from watcher.trends.explain import spelled, why
from watcher.trends.spoken import NOTHING, Watchlist
from watcher.trends.ticks import Closed, Ticks, restored

log = structlog.get_logger()

LAG = timedelta(seconds=30)
HISTORY = timedelta(days=28)
"""What is read again when there is no fold to go on from; what is usual rests on less."""

PAGES_A_COMMIT = 10
"""Pages of history after which what was folded is kept: a turn that is cut loses seconds."""

_JOB = "watch"


@dataclass(frozen=True, slots=True)
class Stand:
    """What the job stands on, and what it listens for.

    `name` gives terms their French names; `calendar` gives what is to be expected, at the time of a turn; `page` is
    how many posts are read at a time; `telling` is how the team is told elsewhere than on the page, None if it is not.
    """

    journal: Journal
    elastic: Elastic
    name: Name
    watchlist: Watchlist = NOTHING
    calendar: Callable[[datetime], Calendar] = lambda _: no_calendar
    page: int = PAGE
    telling: Telling | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """What one turn of the job did: posts walked, ticks closed, and the alerts raised."""

    posts: int = 0
    ticks: int = 0
    alerts: tuple[Alert, ...] = ()


async def watch(stand: Stand, now: datetime) -> Watched:
    """Fold what was stored since the last turn.

    Raises what the journal and Elasticsearch raise; what was committed stays, and the next turn goes on from there.
    """
    if not _is_due(stand.journal, now - LAG):
        return Watched()
    position, fold = await _resume(stand, now)
    posts, ticks, closed, raised = 0, 0, list[Closed](), list[Alert]()
    async for page in walk(stand.elastic, position, now - LAG, stand.page):
        closed += await asyncio.to_thread(take, fold, page)
        position, posts = page[-1].position, posts + len(page)
        if not posts % (PAGES_A_COMMIT * stand.page):
            raised += await _keep(stand, fold, position, closed, now)
            ticks, closed = ticks + len(closed), []
    closed += await asyncio.to_thread(fold.advance, now - LAG)
    raised += await _keep(stand, fold, position, closed, now)
    ticks += len(closed)
    if ticks:
        log.info("trends_folded", posts=posts, ticks=ticks, alerts=len(raised))
    return Watched(posts, ticks, tuple(raised))


def take(fold: Ticks, page: Sequence[Walked]) -> list[Closed]:
    """Fold one page, and return the ticks that it closed."""
    closed: list[Closed] = []
    for walked in page:
        closed += fold.advance(walked.stored_at)
        fold.take(walked.post)
    return closed


def _is_due(journal: Journal, until: datetime) -> bool:
    """Tell whether a tick may close: between two, nothing need be read."""
    state = journal.state(_JOB)
    return not state or milliseconds(until) >= json.loads(state)["due_at_ms"]


async def _resume(stand: Stand, now: datetime) -> tuple[Position, Ticks]:
    """Return where the last turn stood, and its fold; the beginning of what is remembered when either is missing."""
    state, kept = stand.journal.state(_JOB), stand.journal.fold(_JOB)
    calendar = stand.calendar(now)
    fold = await asyncio.to_thread(_unpacked, kept, stand.watchlist, calendar) if state and kept else None
    if state and fold:
        return Position(**json.loads(state)["position"]), fold
    log.info("trends_begin_with_history", days=HISTORY.days)
    return Position(milliseconds(now - HISTORY)), Ticks(stand.watchlist, calendar)


async def _keep(
    stand: Stand, fold: Ticks, position: Position, closed: Sequence[Closed], now: datetime
) -> Sequence[Alert]:
    """Commit what stands at `position`, with what `closed` changed, and return the alerts raised."""
    changed = {trend.id: trend for tick in closed for trend in tick.changed}
    found = {trend.id: await explained(stand.elastic, trend) for trend in changed.values()}
    told = {name: trend for name, (trend, _) in found.items()}
    fold.explain(told.values())
    raised = alerts([(tick.at, told[trend.id]) for tick in closed for trend in tick.news], now, stand.name)
    posts = {name: sampled.posts for name, (_, sampled) in found.items()}
    said = _told(stand, raised, told.values(), posts, now)
    stand.journal.commit_fold(
        _JOB,
        json.dumps({"position": asdict(position), "due_at_ms": fold.due_at_ms}),
        await asyncio.to_thread(_packed, fold),
        [*map(trend_write, told.values()), *map(alert_write, raised)],
        said,
    )
    for alert in raised:
        log.warning("alert_raised", sentence=alert.sentence, kind=alert.trend.kind, term=alert.trend.term)
    return raised


def _packed(fold: Ticks) -> bytes:
    return packed(fold.snapshot())


def _unpacked(blob: bytes, watchlist: Watchlist, calendar: Calendar) -> Ticks | None:
    return restored(unpacked(blob), watchlist, calendar)


def _told(
    stand: Stand, raised: Sequence[Alert], changed: Collection[Trend], posts: Posts, now: datetime
) -> Said | None:
    if stand.telling is None:
        return None
    told = recalled(stand.journal.state(TOLD))
    cares = stand.journal.handlings.cares([PostId(each.event) for each in told])
    drafts, told = stand.telling.drafts(raised, changed, posts, told, now, cares=cares)
    return Said(drafts, kept(told))


async def explained(elastic: Elastic, trend: Trend) -> tuple[Trend, Sample]:
    """Return `trend` with what explains it, and the posts that do. Raises what Elasticsearch raises."""
    if trend.kind == PHRASE and not trend.why.called:
        trend = replace(trend, why=replace(trend.why, called=spelled(trend, await beginning(elastic, trend))))
    found = await sample(elastic, trend)
    return replace(trend, why=why(trend, found.posts, found.stems, found.curve)), found
