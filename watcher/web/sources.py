"""The view of who looks after sources: how each goes and what to do, what was not heard, budgets, ends of keys."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

from starlette.requests import Request

from watcher.gaps import Gap
from watcher.health import Condition, Standing, by_urgency, spending
from watcher.model import Source
from watcher.spending import Account
from watcher.stores.queries.clauses import PlacedPost
from watcher.web.view import Sheet, View, or_trouble

PATH = "/sources"
REACH = timedelta(days=28)
"""How far back the view tells what was not heard; `watcher gaps` goes further."""

_GAPS = 60


class LastPosts(Protocol):
    """What the view asks of Elasticsearch: see `stores.queries.lately.Lately`."""

    async def by_source(self, until: datetime) -> Mapping[str, PlacedPost]:
        """Return the last post of each source."""
        ...


@dataclass(frozen=True, slots=True)
class Spending:
    """How one limit of a key stands: the sources that share it, what is said of it, and two parts of it in per cent.

    `expected` is what will be spent at the end of the period if it goes on so.
    """

    sources: tuple[str, ...]
    account: Account
    sentence: str
    spent: float
    expected: float


@dataclass(frozen=True, slots=True)
class Ending:
    """When the key of a source ends."""

    source: str
    at: datetime
    left: timedelta


def spendings(standings: Iterable[Standing], sources: Iterable[Source], now: datetime) -> list[Spending]:
    """Return how each limit of each key stands, once for all the sources that spend from it; the tightest first."""
    purses = {source.name: source.purse for source in sources}
    shared: dict[tuple[str, str, bool], tuple[Account, list[str]]] = {}
    for standing in standings:
        for account in standing.accounts:
            name = standing.state.name
            key = (purses.get(name, name), account.thing, account.period.is_month)
            shared.setdefault(key, (account, []))[1].append(name)
    found = [_spending(account, names, now) for account, names in shared.values()]
    return sorted(found, key=lambda each: (-each.spent, each.sources))


def _spending(account: Account, names: Sequence[str], now: datetime) -> Spending:
    return Spending(
        tuple(sorted(names)),
        account,
        spending(account, now),
        _percent(account.spent, account.limit),
        _percent(account.forecast(now), account.limit),
    )


def _percent(part: Decimal, whole: Decimal) -> float:
    return min(100.0, round(float(100 * part / whole), 1)) if whole else 100.0


def endings(standings: Iterable[Standing], now: datetime) -> Iterator[Ending]:
    """Yield when each key ends whose end is known, the first to end first."""
    known = [(each.expires_at, each.state.name) for each in standings if each.expires_at]
    for at, name in sorted(known):
        yield Ending(name, at, at - now)


def sources_view(
    queries: LastPosts,
    standings: Callable[[], Sequence[Standing]],
    sources: Sequence[Source],
    gaps: Callable[[datetime, datetime], Sequence[Gap]],
    now: Callable[[], datetime],
) -> View:
    """Return the view; `gaps` gives those of an interval. Without Elasticsearch it tells all but the last posts."""

    async def show(_: Request) -> Sheet:
        opened = now()
        standing = standings()
        healths = by_urgency(standing, opened)
        unheard = sorted(gaps(opened - REACH, opened), key=lambda gap: gap.since, reverse=True)
        last, trouble = await or_trouble(queries.by_source(opened), {})
        values = {
            "healths": healths,
            "running": sum(health.condition is Condition.RUNNING for health in healths),
            "spendings": spendings(standing, sources, opened),
            "endings": list(endings(standing, opened)),
            "gaps": unheard[:_GAPS],
            "more_gaps": len(unheard) - _GAPS,
            "days": REACH.days,
            "last": last,
            "trouble": trouble,
        }
        return Sheet("sources_view.html", values)

    return View(PATH, "Sources", show)
