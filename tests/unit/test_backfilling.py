"""Back in time: what a gap left out is heard, once, within the budget, and on from where it was cut."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.fetch import FakeFetch, answer
from tests.fakes.line import SOURCE, ScriptedCollector, a_line
from watcher.budget import Budget, Cost
from watcher.errors import Fatal, Unreachable
from watcher.flow import Line
from watcher.gaps import Fate, Gap
from watcher.model import Cursor, GapCause, Outcome, Page, RawPost, Unheard
from watcher.ports import Fetch
from watcher.stores.journal import Journal
from watcher.upkeep.backfilling import backfill, fillable

HOUR = timedelta(hours=1)
URL = "https://api.example.org/past"
SINCE = NOON - 10 * HOUR
GAP = Gap(SOURCE.name, SOURCE.platform, GapCause.CLIPPED, SINCE, NOON - 2 * HOUR, Fate.OPEN, posts=30)


class Past(ScriptedCollector):
    """Remembers one post an hour, back to `remembered`; a page is a call and an hour."""

    def __init__(self, remembered: datetime = SINCE) -> None:
        super().__init__()
        self.remembered = remembered
        self.asked: list[datetime] = []

    async def backfill(
        self, fetch: Fetch, settings: Any, since: datetime, until: datetime, cursor: Cursor | None
    ) -> AsyncIterator[Page]:
        at = datetime.fromisoformat(cursor) if cursor else until
        while at > since:
            at -= HOUR
            if at < self.remembered:
                lost = Unheard(until=at + HOUR, cause=GapCause.FORGOTTEN, since=since)
                yield Page((), Cursor(since.isoformat()), unheard=(lost,))
                return
            await fetch.get(URL)
            self.asked.append(at)
            yield Page((RawPost(at.isoformat(), "texte", published_at=at),), Cursor(at.isoformat()))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def stand(tmp_path: Path, clock: FakeClock) -> Iterator[tuple[Line, Journal]]:
    line, journal = a_line(tmp_path, clock=clock, fetch=FakeFetch(otherwise=answer(URL)))
    journal.keep_gaps([GAP], NOON)
    yield line, journal
    journal.close()


def fates(journal: Journal) -> list[tuple[datetime, Fate]]:
    return [(gap.since, gap.fate) for gap in journal.gaps.between(SINCE - HOUR, NOON)]


async def test_what_the_platform_still_gives_closes_the_gap_and_moves_no_cursor(stand: tuple[Line, Journal]) -> None:
    line, journal = stand
    assert fillable(journal, SOURCE) == [(SINCE, NOON - 2 * HOUR)]
    report = await backfill(SOURCE, Past(), line, journal, since=SINCE)
    assert (report.outcome, report.new) == (Outcome.OK, 10)
    assert fates(journal) == [(SINCE, Fate.HEARD)]
    assert journal.cursor(SOURCE.name) is None
    assert fillable(journal, SOURCE) == []


async def test_what_it_gives_no_more_is_marked_as_lost(stand: tuple[Line, Journal]) -> None:
    line, journal = stand
    await backfill(SOURCE, Past(remembered=NOON - 5 * HOUR), line, journal, since=SINCE)
    assert fates(journal) == [(SINCE, Fate.LOST), (NOON - 5 * HOUR, Fate.HEARD)]


async def test_one_that_is_cut_goes_on_from_its_last_page(stand: tuple[Line, Journal], clock: FakeClock) -> None:
    line, journal = stand
    cut = FakeFetch({URL: [answer(URL)] * 4 + [Unreachable("coupé")]})
    report = await backfill(SOURCE, Past(), replace(line, fetch=cut), journal, since=SINCE)
    assert (report.outcome, report.new) == (Outcome.UNREACHABLE, 4)
    assert fates(journal) == [(SINCE, Fate.OPEN)]
    clock.advance(3600)
    rest = Past()
    report = await backfill(SOURCE, rest, line, journal, since=SINCE)
    assert (report.outcome, report.new, report.repeated) == (Outcome.OK, 6, 0)
    assert max(rest.asked) == NOON - 5 * HOUR
    assert fates(journal) == [(SINCE, Fate.HEARD)]


async def test_a_new_interval_begins_anew(stand: tuple[Line, Journal]) -> None:
    line, journal = stand
    cut = FakeFetch({URL: [answer(URL)] * 4 + [Unreachable("coupé")]})
    await backfill(SOURCE, Past(), replace(line, fetch=cut), journal, since=SINCE)
    other = Past()
    await backfill(SOURCE, other, line, journal, since=NOON - 3 * HOUR)
    assert max(other.asked) == NOON - HOUR


async def test_it_stays_within_the_budget_and_goes_on_when_there_is_more(
    stand: tuple[Line, Journal], clock: FakeClock
) -> None:
    line, journal = stand
    source = replace(SOURCE, budget=Budget(calls_per_day=8))
    report = await backfill(source, Past(), line, journal, since=SINCE)
    assert report.outcome is Outcome.BUDGET_PACED
    spent = journal.purses.spent(source.purse, source.budget, clock.now()).day
    assert spent == Cost(calls=5)  # two at midnight, and half of the six others
    clock.advance(24 * 3600)
    report = await backfill(source, Past(), line, journal, since=SINCE)
    assert (report.outcome, report.new) == (Outcome.OK, 5)


async def test_a_platform_that_cannot_go_back_says_so(stand: tuple[Line, Journal]) -> None:
    line, journal = stand
    with pytest.raises(Fatal, match="ne permet pas de revenir en arrière"):
        await backfill(SOURCE, ScriptedCollector(), line, journal, since=SINCE)
