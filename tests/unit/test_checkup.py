"""The look at the sources beside their runs: silences, ends of keys, and what is told, once."""

from dataclasses import replace
from datetime import datetime, timedelta

from tests.fakes.clock import NOON
from tests.fakes.line import SOURCE
from watcher.budget import Budget, Cost
from watcher.model import GapCause, Outcome, RunReport
from watcher.stores.elastic import ALERTS, TEMPLATES
from watcher.stores.journal import Journal
from watcher.upkeep.checkup import listen, rest, standings, tell

HOUR = timedelta(hours=1)
MEASURED = replace(SOURCE, budget=Budget(calls_per_day=100))


def ran(journal: Journal, at: datetime, *, new: int = 0, outcome: Outcome = Outcome.OK) -> None:
    journal.record_run(RunReport(SOURCE.name, outcome, new=new), at)


def test_a_source_that_speaks_less_than_it_used_to_is_found_and_found_again(journal: Journal) -> None:
    for back in range(6 * 168, 3, -1):
        ran(journal, NOON - back * HOUR, new=6)
    for back in (3, 2, 1):
        ran(journal, NOON - back * HOUR)
    listen(journal, [SOURCE], NOON)
    [standing] = standings(journal, [SOURCE], (), NOON)
    assert standing.silence is not None
    assert (standing.silence.heard, standing.silence.usual) == (0, 18)
    for later in range(4):
        ran(journal, NOON + later * HOUR, new=6)
    listen(journal, [SOURCE], NOON + 4 * HOUR)
    assert standings(journal, [SOURCE], (), NOON)[0].silence is None


def test_what_was_told_is_not_told_again_and_leaves_for_the_index_of_alerts(journal: Journal) -> None:
    ran(journal, NOON)
    journal.purses.take(MEASURED.purse, MEASURED.budget, Cost(calls=60), NOON)
    journal.purses.take(MEASURED.purse, MEASURED.budget, Cost(calls=20), NOON + 9 * HOUR)
    now = NOON + 9 * HOUR
    [notice] = tell(journal, [MEASURED], now)
    assert "80 appels sur 100" in notice.sentence
    assert tell(journal, [MEASURED], now + HOUR) == []
    [row] = [row for row in journal.outbox_batch(9, 10**6, now) if row.index == ALERTS]
    assert row.body is not None
    assert row.body["sentence"] == notice.sentence
    assert set(row.body) <= set(TEMPLATES[ALERTS]["template"]["mappings"]["properties"])


def test_two_sources_of_one_key_are_one_message(journal: Journal) -> None:
    sources = [replace(MEASURED, name=name, key="WATCHER_CLE") for name in ("a", "b")]
    journal.purses.take(sources[0].purse, MEASURED.budget, Cost(calls=60), NOON)
    journal.purses.take(sources[0].purse, MEASURED.budget, Cost(calls=20), NOON + 9 * HOUR)
    assert len(tell(journal, sources, NOON + 9 * HOUR)) == 1


def test_a_source_put_to_rest_is_one_line_of_the_ledger_until_it_is_heard_again(journal: Journal) -> None:
    ran(journal, NOON, new=1)
    for hour in (1, 2):
        rest(journal, [SOURCE], NOON + hour * HOUR)
    [gap] = journal.gaps.between(NOON, NOON + 3 * HOUR)
    assert (gap.cause, gap.since, gap.until) == (GapCause.REST, NOON, None)


def test_a_source_at_rest_is_shown_so_and_one_that_never_ran_is_not_shown(journal: Journal) -> None:
    ran(journal, NOON)
    [standing] = standings(journal, [], [SOURCE, replace(SOURCE, name="jamais")], NOON)
    assert (standing.state.name, standing.is_paused) == (SOURCE.name, True)
