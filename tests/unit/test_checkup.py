"""The look at the sources beside their runs: silences, ends of keys, and what is told, once."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.line import SOURCE
from watcher.alerts.delivery import deliver
from watcher.alerts.slack import Slack
from watcher.budget import Budget, Cost
from watcher.clock import SystemClock
from watcher.config import AlertsConfig, Quiet
from watcher.demo.slack import TOKEN, FakeSlack
from watcher.fetch import HttpFetch
from watcher.model import GapCause, Outcome, RunReport, Source
from watcher.secrets import Secret
from watcher.stores.elastic import ALERTS, TEMPLATES
from watcher.stores.journal import Journal
from watcher.upkeep.checkup import listen, rest, standings, tell
from watcher.web.server import serving

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


IN_SLACK = AlertsConfig("#veille")


def feeds(count: int) -> list[Source]:
    return [replace(SOURCE, name=f"flux {number}") for number in range(count)]


def all_ran(journal: Journal, sources: list[Source], at: datetime, outcome: Outcome) -> None:
    for source in sources:
        journal.record_run(RunReport(source.name, outcome, new=1 if outcome is Outcome.OK else 0), at)


async def said_in_slack(journal: Journal, now: datetime) -> list[str]:
    """Deliver what waits to a strict Slack, and return what it was told."""
    fake = FakeSlack(SystemClock().monotonic_s, apart_s=0.0)
    async with (
        serving(fake.app) as url,
        HttpFetch(user_agent="essai/1", clock=SystemClock(), allow_loopback=True) as fetch,
    ):
        done = await deliver(journal, Slack(Secret(TOKEN), api=f"{url}/api"), fetch, FakeClock(now))
    assert (done.refused, done.message) == (0, "")
    return [said["text"] for said in fake.said.values()]


async def test_fifty_feeds_that_fail_are_one_message_and_so_is_their_return_whatever_restarts(tmp_path: Path) -> None:
    sources, night = feeds(50), NOON + 7 * HOUR
    journal = Journal(tmp_path / "journal.sqlite")
    all_ran(journal, sources, NOON, Outcome.OK)
    all_ran(journal, sources, night, Outcome.UNREACHABLE)
    assert len(tell(journal, sources, night, IN_SLACK)) == 50
    [text] = await said_in_slack(journal, night)
    assert text.startswith("50 × en panne : flux 0, flux 1, ")
    journal.close()

    journal = Journal(tmp_path / "journal.sqlite")
    assert tell(journal, sources, night + HOUR, IN_SLACK) == []
    all_ran(journal, sources, night + 3 * HOUR, Outcome.OK)
    assert len(tell(journal, sources, night + 3 * HOUR, IN_SLACK)) == 50
    assert tell(journal, sources, night + 4 * HOUR, IN_SLACK) == []
    [text] = await said_in_slack(journal, night + 4 * HOUR)
    assert text.startswith("50 × de nouveau en marche : ")
    journal.close()


async def test_a_source_that_fails_again_is_told_again(journal: Journal) -> None:
    def failing(since: datetime) -> list[str]:
        ran(journal, since, new=1)
        ran(journal, since + 7 * HOUR, outcome=Outcome.UNREACHABLE)
        return [notice.matter for notice in tell(journal, [SOURCE], since + 7 * HOUR, IN_SLACK)]

    assert failing(NOON) == ["en panne"]
    ran(journal, NOON + 10 * HOUR, new=1)
    assert [notice.matter for notice in tell(journal, [SOURCE], NOON + 10 * HOUR)] == ["de nouveau en marche"]
    assert failing(NOON + 11 * HOUR) == ["en panne"]
    rows = [row for row in journal.outbox_batch(9, 10**6, NOON) if row.index == ALERTS]
    assert len({row.doc_id for row in rows}) == 3


async def test_what_is_found_in_the_quiet_hours_waits_for_their_end(journal: Journal) -> None:
    night = NOON + 10 * HOUR
    ran(journal, NOON, new=1)
    ran(journal, night, outcome=Outcome.UNREACHABLE)
    tell(journal, [SOURCE], night, replace(IN_SLACK, quiet=Quiet(time(21), time(7))))
    assert await said_in_slack(journal, night) == []
    [text] = await said_in_slack(journal, night + 10 * HOUR)
    assert text.startswith(f"{SOURCE.name} : en panne.")


async def test_without_slack_nothing_waits_for_it(journal: Journal) -> None:
    ran(journal, NOON, new=1)
    ran(journal, NOON + 7 * HOUR, outcome=Outcome.UNREACHABLE)
    assert len(tell(journal, [SOURCE], NOON + 7 * HOUR)) == 1
    assert journal.messages.count() == 0
