"""The metered way out: paid before, settled after, never past the budget, whatever becomes of a call."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.fetch import Answer, FakeFetch, Stream, answer, refused
from tests.fakes.line import ScriptedCollector
from watcher.budget import Budget, Cost
from watcher.errors import BudgetPaced, BudgetSpent, RateLimited, Refused, Unreachable, WatcherError
from watcher.meter import metered
from watcher.model import Source
from watcher.ports import Fetch, Response
from watcher.stores.journal import Journal

URL = "https://api.example.org/posts"
SOURCE = Source("essai", "fake", None, 900.0, budget=Budget(posts_per_month=1_000), key="WATCHER_CLE")


class Shop(ScriptedCollector):
    """Sells posts: a call may bring as many as its parameter says, and has brought as many as its answer's length."""

    def price(self, settings: Any, url: str, params: Mapping[str, str]) -> Cost:
        return Cost(calls=1, posts=int(params["max"]))

    def paid(self, settings: Any, url: str, params: Mapping[str, str], answer: Response) -> Cost:
        return Cost(calls=1, posts=len(answer.body))


def a_fetch(journal: Journal, *answers: Answer, source: Source = SOURCE, clock: FakeClock | None = None) -> Fetch:
    return metered(FakeFetch({URL: answers}), source, Shop(), journal.purses, clock or FakeClock())


def spent(journal: Journal) -> Cost:
    return journal.purses.spent(SOURCE.purse, SOURCE.budget, NOON).month


async def test_what_a_call_might_have_cost_and_did_not_is_given_back(journal: Journal) -> None:
    await a_fetch(journal, answer(URL, b"xxx")).get(URL, params={"max": "50"})
    assert spent(journal) == Cost(calls=1, posts=3)


@pytest.mark.parametrize(
    ("error", "cost"),
    [
        (refused(RateLimited("attendez", 60.0), 429, b"{}"), Cost(calls=1)),
        (refused(Refused("non", 400), 400, b"{}"), Cost(calls=1)),
        (Unreachable("coupé"), Cost(calls=1, posts=50)),
    ],
    ids=["asked to wait", "refused", "nobody knows"],
)
async def test_a_call_that_fails_costs_what_it_may_have_cost(journal: Journal, error: WatcherError, cost: Cost) -> None:
    with pytest.raises(type(error)):
        await a_fetch(journal, error).get(URL, params={"max": "50"})
    assert spent(journal) == cost


async def test_a_call_that_would_pass_the_budget_is_not_made(journal: Journal) -> None:
    journal.purses.take(SOURCE.purse, SOURCE.budget, Cost(posts=800), NOON)
    inner = FakeFetch({URL: answer(URL)})
    fetch = metered(inner, SOURCE, Shop(), journal.purses, FakeClock())
    with pytest.raises(BudgetSpent, match=r"budget du mois est dépensé \(800 posts sur 1000\)") as heard:
        await fetch.get(URL, params={"max": "201"})
    assert inner.calls == []
    assert heard.value.retry_after_s == pytest.approx(6.5 * 86_400)


async def test_what_is_left_is_kept_for_later_in_the_month(journal: Journal) -> None:
    source = replace(SOURCE, budget=Budget(calls_per_day=100))
    journal.purses.take(SOURCE.purse, source.budget, Cost(calls=25), NOON)
    journal.purses.take(SOURCE.purse, source.budget, Cost(calls=50), NOON)
    with pytest.raises(BudgetPaced, match="réparti sur la journée"):
        await a_fetch(journal, answer(URL), source=source).get(URL, params={"max": "1"})


async def test_sources_of_one_key_spend_from_one_purse(journal: Journal) -> None:
    await a_fetch(journal, answer(URL, b"x" * 30)).get(URL, params={"max": "50"})
    await a_fetch(journal, answer(URL, b"x" * 30), source=replace(SOURCE, name="autre")).get(URL, params={"max": "50"})
    assert spent(journal).posts == 60


async def test_opening_a_stream_is_one_call(journal: Journal) -> None:
    source = replace(SOURCE, budget=Budget(calls_per_day=10))
    stream = Stream((("a",), ("b",)))
    fetch = metered(FakeFetch({URL: stream}), source, ScriptedCollector(), journal.purses, FakeClock())
    assert [batch async for batch in fetch.stream(URL)] == [("a",), ("b",)]
    assert spent(journal) == Cost(calls=1)


async def test_a_source_without_a_budget_is_not_counted(journal: Journal) -> None:
    inner = FakeFetch()
    assert metered(inner, replace(SOURCE, budget=Budget()), Shop(), journal.purses, FakeClock()) is inner


async def test_a_crash_between_a_call_and_its_answer_leaves_it_paid(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.db")
    journal.purses.take(SOURCE.purse, SOURCE.budget, Cost(posts=500), NOON)
    again = Journal(tmp_path / "j.db")  # no settling, no closing: what another process finds
    assert again.purses.spent(SOURCE.purse, SOURCE.budget, NOON).month.posts == 500
    assert again.purses.spent(SOURCE.purse, SOURCE.budget, NOON + timedelta(days=7)).month == Cost()
    again.close()
    journal.close()
