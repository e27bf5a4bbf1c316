"""Budgets: what may be spent now, what is kept for later, and where it leads."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.budget import Budget, Cost, Prices
from watcher.spending import NEARLY, Spent, Thing, accounts, day_of, refusal

MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
MONTH = datetime(2026, 11, 1, tzinfo=UTC)
SEARCHES = Budget(searches_per_day=100)
EUROS = Budget(euros_per_month=Decimal(30), prices=Prices(post=Decimal("0.005"), author=Decimal("0.01")))


def searched(count: int) -> Spent:
    return Spent(day=Cost(searches=count), month=Cost(searches=count))


@pytest.mark.parametrize(
    ("hour", "spent", "wait_h"),
    [
        (0, 24, None),  # the head start: a quarter of the day's searches
        (0, 25, 0.3168),
        (12, 61, None),
        (12, 80, 5.7408),
        (23.9, 99, None),
    ],
)
def test_a_day_is_not_spent_in_its_first_hours(hour: float, spent: int, wait_h: float | None) -> None:
    found = refusal(SEARCHES, searched(spent), Cost(searches=1), MIDNIGHT + timedelta(hours=hour))
    if wait_h is None:
        assert found is None
    else:
        assert found is not None
        assert not found.is_rest
        assert found.wait_s == pytest.approx(wait_h * 3600, abs=1)


def test_what_is_spent_rests_until_the_day_of_its_platform_ends() -> None:
    pacific = Budget(searches_per_day=100, timezone="America/Los_Angeles")
    now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # 4 o'clock in California: the day began four hours ago
    found = refusal(pacific, searched(100), Cost(searches=1), now)
    assert found is not None
    assert found.is_rest
    assert found.wait_s == 20 * 3600
    assert day_of(pacific, datetime(2026, 11, 24, 7, 59, tzinfo=UTC)).day == 23


def test_a_call_that_asks_nothing_of_a_limit_is_not_held_by_it() -> None:
    assert refusal(SEARCHES, searched(100), Cost(calls=1), MIDNIGHT) is None


def test_euros_are_counted_by_the_prices_of_each_thing() -> None:
    spent = Spent(month=Cost(posts=1_000, authors=500))
    [account] = accounts(EUROS, spent, MIDNIGHT)
    assert (account.thing, account.spent, account.limit) == (Thing.EUROS, Decimal(10), Decimal(30))


def test_a_budget_that_holds_but_few_calls_is_spent_a_call_at_a_time() -> None:
    small = Budget(calls_per_day=2)
    assert refusal(small, Spent(), Cost(calls=1), MIDNIGHT) is None
    second = refusal(small, Spent(day=Cost(calls=1)), Cost(calls=1), MIDNIGHT)
    assert second is not None
    assert second.wait_s == 12 * 3600


@pytest.mark.parametrize(("spent", "is_nearly", "is_spent"), [(79, False, False), (80, True, False), (100, True, True)])
def test_the_team_is_told_at_four_fifths(spent: int, *, is_nearly: bool, is_spent: bool) -> None:
    [account] = accounts(SEARCHES, searched(spent), MIDNIGHT)
    assert Decimal("0.8") == NEARLY
    assert (account.is_nearly_spent, account.is_spent) == (is_nearly, is_spent)


def test_the_forecast_goes_on_as_it_went_and_never_above_the_limit() -> None:
    spent = Spent(month=Cost(posts=1_000))  # 5 euros
    [account] = accounts(EUROS, spent, MONTH + timedelta(days=10))
    assert account.forecast(MONTH + timedelta(days=10)) == pytest.approx(Decimal(15))
    assert account.forecast(MONTH + timedelta(days=1)) == Decimal(30)


def test_the_two_days_when_clocks_change_have_their_own_length() -> None:
    paris = Budget(calls_per_day=100, timezone="Europe/Paris")
    [long_day] = accounts(paris, Spent(), datetime(2026, 10, 25, 12, 0, tzinfo=UTC))
    [short_day] = accounts(paris, Spent(), datetime(2026, 3, 29, 12, 0, tzinfo=UTC))
    lengths = [day.period.end - day.period.start for day in (long_day, short_day)]
    assert lengths == [timedelta(hours=25), timedelta(hours=23)]


@given(
    asks=st.lists(st.tuples(st.integers(0, 3 * 86_400), st.integers(1, 30)), max_size=80),
    limit=st.integers(1, 60),
)
def test_no_order_of_calls_passes_a_limit_and_a_wait_that_is_obeyed_ends(
    asks: list[tuple[int, int]], limit: int
) -> None:
    budget = Budget(calls_per_day=limit)
    used: dict[int, int] = {}
    for at_s, asked in sorted(asks):
        now = MIDNIGHT + timedelta(seconds=at_s)
        spent = Spent(day=Cost(calls=used.get(now.day, 0)))
        found = refusal(budget, spent, Cost(calls=asked), now)
        if found is None:
            used[now.day] = used.get(now.day, 0) + asked
        elif not found.is_rest:
            later = now + timedelta(seconds=found.wait_s + 1)
            assert later.day != now.day or refusal(budget, spent, Cost(calls=asked), later) is None
    assert all(count <= limit for count in used.values())
