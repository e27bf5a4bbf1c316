"""What the rules would have told of the posts that are stored, as the trend job folds them. Nothing is written."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from watcher.alerts.routing import Routed, Told, routed
from watcher.alerts.rules import Name, alerts
from watcher.alerts.telling import REMEMBERED
from watcher.config import AlertsConfig
from watcher.french import PARIS
from watcher.stores.documents import written
from watcher.stores.elastic import Elastic
from watcher.stores.journal.file import milliseconds
from watcher.stores.trends import PAGE, Position, walk
from watcher.trend import Alert, Calendar
from watcher.trends.spoken import Watchlist
from watcher.trends.ticks import GRACE_S, Closed, Ticks
from watcher.trends.watch import HISTORY, LAG, explained, take

CLOSING = timedelta(seconds=GRACE_S) + LAG
"""How long after the end of a tick the live job tells what was news in it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One alert that would have been told, and which way."""

    alert: Alert
    way: Routed

    @property
    def opens_a_thread(self) -> bool:
        """Whether it would have had a thread of its own; what rest or a storm holds back joins another's."""
        return self.way.thread == self.alert.id


@dataclass(frozen=True, slots=True)
class Backtest:
    """What would have been told from `since` to `until`, in order, of so many `posts`, the past before included."""

    since: datetime
    until: datetime
    posts: int
    sent: tuple[Sent, ...]

    def of(self, rule: str) -> tuple[Sent, ...]:
        """Return what the rule of that name would have told."""
        return tuple(each for each in self.sent if each.way.rule.name == rule)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a back-test stands on: as `watch.Stand`, but with rules in the place of a journal."""

    elastic: Elastic
    rules: AlertsConfig
    name: Name
    watchlist: Watchlist
    calendar: Calendar

    async def count(self, since: datetime, until: datetime) -> int:
        """Return about how many posts a back-test from `since` to `until` folds. Raises what Elasticsearch raises."""
        stored = {"gte": written(since - HISTORY), "lte": written(until)}
        return await self.elastic.count({"range": {"stored_at": stored}})


async def backtest(
    rehearsal: Rehearsal, *, since: datetime, until: datetime, done: Callable[[int], None] = lambda _: None
) -> Backtest:
    """Fold again what was stored from `HISTORY` before `since` up to `until`, and return what would have been told.

    `done` is told of each page of posts. Raises what Elasticsearch raises.
    """
    fold, posts = Ticks(rehearsal.watchlist, rehearsal.calendar), 0
    sent, told = list[Sent](), list[Told]()
    async for page in walk(rehearsal.elastic, Position(milliseconds(since - HISTORY)), until, PAGE):
        closed = await asyncio.to_thread(take, fold, page)
        await _tell(rehearsal, [tick for tick in closed if tick.at >= since], sent, told)
        posts += len(page)
        done(len(page))
    closed = await asyncio.to_thread(fold.advance, until)
    await _tell(rehearsal, [tick for tick in closed if tick.at >= since], sent, told)
    return Backtest(since, until, posts, tuple(sent))


def by_day(sent: tuple[Sent, ...]) -> Mapping[date, int]:
    """Return how many alerts each day would have seen, as the region's calendars count days."""
    return Counter(each.way.due_at.astimezone(PARIS).date() for each in sent)


async def _tell(rehearsal: Rehearsal, closed: list[Closed], sent: list[Sent], told: list[Told]) -> None:
    """Add to `sent` what is told of each tick, and to `told` the threads that this opens."""
    for tick in closed:
        now = tick.at + CLOSING
        news = [(tick.at, (await explained(rehearsal.elastic, trend))[0]) for trend in tick.news]
        for alert in alerts(news, now, rehearsal.name):
            recent = [each for each in told if now - each.at < REMEMBERED]
            if way := routed(alert, rehearsal.rules, recent, now):
                sent.append(Sent(alert, way))
                told += filter(None, [way.opening(alert.id)])
