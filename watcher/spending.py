"""Whether a call may be made now, and where the spending leads: decisions on budgets. Pure; `now` is aware.

What a period allows is spread over it: a head start, and the rest in step with the time that has passed. So a busy
morning does not make the evening deaf; what was left unspent stays for later in the period.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from watcher.budget import Budget, Cost

DAY_HEAD_START = Decimal("0.25")
"""A round over all the searches of a source passes at once, and three quarters of the day stay for later."""

MONTH_HEAD_START = Decimal("0.1")
"""Three days' worth: an event of a weekend is heard whole."""

NEARLY = Decimal("0.8")
"""What is spent when the team is told."""


class Thing(StrEnum):
    """What a budget limits, in the team's words."""

    CALLS = "appels"
    SEARCHES = "recherches"
    POSTS = "posts"
    EUROS = "euros"


@dataclass(frozen=True, slots=True)
class Spent:
    """What a key has spent in the day and in the month under way."""

    day: Cost = field(default_factory=Cost)
    month: Cost = field(default_factory=Cost)


@dataclass(frozen=True, slots=True)
class Period:
    """The day or the month that a limit is for: [`start`, `end`), aware."""

    start: datetime
    end: datetime
    is_month: bool

    def passed(self, now: datetime) -> Decimal:
        """Return which part of it has passed at `now`, from 0 to 1."""
        return Decimal((now - self.start) / (self.end - self.start))


@dataclass(frozen=True, slots=True)
class Account:
    """How one limit of a budget stands: `spent` of `limit`, in things or in euros."""

    thing: Thing
    period: Period
    limit: Decimal
    spent: Decimal

    @property
    def is_nearly_spent(self) -> bool:
        """Tell whether four fifths are gone."""
        return self.spent >= self.limit * NEARLY

    @property
    def is_spent(self) -> bool:
        """Tell whether nothing is left."""
        return self.spent >= self.limit

    def forecast(self, now: datetime) -> Decimal:
        """Return what will be spent at the end of the period if it goes on as it went so far; the limit at the most."""
        passed = max(self.period.passed(now), Decimal("0.01"))
        return min(self.limit, self.spent / passed)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a call may not be made now, and in how many seconds it may be asked again.

    `is_rest` when the whole period allows it no more, not only this hour of it.
    """

    account: Account
    wait_s: float
    is_rest: bool


def day_of(budget: Budget, now: datetime) -> date:
    """Return the day in which `now` is spent."""
    return now.astimezone(ZoneInfo(budget.timezone)).date()


def accounts(budget: Budget, spent: Spent, now: datetime) -> tuple[Account, ...]:
    """Return how each limit of `budget` stands."""
    return tuple(account for account, _ in _accounts(budget, spent, Cost(), now))


def refusal(budget: Budget, spent: Spent, price: Cost, now: datetime) -> Refusal | None:
    """Return why a call that may cost `price` must not be made at `now`, None when it may."""
    refusals = [_refused(account, asked, now) for account, asked in _accounts(budget, spent, price, now)]
    return max((found for found in refusals if found), key=lambda found: found.wait_s, default=None)


def _refused(account: Account, asked: Decimal, now: datetime) -> Refusal | None:
    period, after = account.period, account.spent + asked
    if not asked:
        return None
    if after > account.limit:
        return Refusal(account, (period.end - now).total_seconds(), is_rest=True)
    due = _due(after / account.limit, asked / account.limit, MONTH_HEAD_START if period.is_month else DAY_HEAD_START)
    if due <= period.passed(now):
        return None
    wait_s = float(due - period.passed(now)) * (period.end - period.start).total_seconds()
    return Refusal(account, max(wait_s, 1.0), is_rest=False)


def _due(after: Decimal, asked: Decimal, head_start: Decimal) -> Decimal:
    """Return which part of the period must have passed before `asked` may bring what is spent to `after`.

    All are parts of the limit. The last call is due just before the end, not at it; where the head start does not hold
    one call, the limit is spent a call at a time.
    """
    head = max(head_start, asked)
    return (after - head) / (1 - head) * (1 - asked) if head < 1 else Decimal(0)


def _accounts(budget: Budget, spent: Spent, price: Cost, now: datetime) -> Iterator[tuple[Account, Decimal]]:
    """Yield how each limit stands, and what `price` asks of it."""
    day, month = _periods(budget, now)
    counted = (
        (Thing.CALLS, day, budget.calls_per_day, spent.day.calls, price.calls),
        (Thing.SEARCHES, day, budget.searches_per_day, spent.day.searches, price.searches),
        (Thing.POSTS, month, budget.posts_per_month, posts_in(spent.month), posts_in(price)),
    )
    for thing, period, limit, used, asked in counted:
        if limit is not None:
            yield Account(thing, period, Decimal(limit), Decimal(used)), Decimal(asked)
    if budget.euros_per_month is not None:
        used_euros = budget.prices.euros(spent.month)
        yield Account(Thing.EUROS, month, budget.euros_per_month, used_euros), budget.prices.euros(price)


def posts_in(cost: Cost) -> int:
    """Return the posts of `cost`, our own included."""
    return cost.posts + cost.own_posts


def _periods(budget: Budget, now: datetime) -> tuple[Period, Period]:
    zone = ZoneInfo(budget.timezone)
    today = day_of(budget, now)
    first = today.replace(day=1)
    next_month = (first + timedelta(days=32)).replace(day=1)
    return (
        Period(_midnight(today, zone), _midnight(today + timedelta(days=1), zone), is_month=False),
        Period(_midnight(first, zone), _midnight(next_month, zone), is_month=True),
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    # In UTC, so that differences are elapsed time on the two days when clocks change.
    return datetime.combine(day, time(), zone).astimezone(ZoneInfo("UTC"))
