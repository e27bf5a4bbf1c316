"""What the team says of an alert and who sees to it: kept in the journal, and told by the documents."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.clock import NOON, FakeClock
from watcher.alerts.judging import NO_RULE, Judging
from watcher.config import AlertRule
from watcher.drain import drain
from watcher.feedback import Verdict
from watcher.handling import Care, Deed, Handling, care_of, morning, told
from watcher.model import PostId
from watcher.stores.elastic import ALERTS, TEMPLATES, TRENDS, Elastic
from watcher.stores.journal import Journal
from watcher.stores.journal.words import JUDGEABLE
from watcher.stores.trends import alert_write, trend_write
from watcher.trend import Alert, Hearing, Trend

HEARD = Hearing(NOON, 8.0, 30.0, 2.0)
TREND = Trend("theme", "crises", NOON, HEARD, HEARD)
ALERT = Alert(TREND, NOON, "Crises : 30 voix")
NEXT_TICK = replace(TREND, latest=replace(HEARD, at=NOON + timedelta(minutes=10), voices=50.0))
LATER = NOON + timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def judging(journal: Journal) -> Judging:
    journal.commit_fold("essai", "", b"", [trend_write(TREND), alert_write(ALERT)])
    return Judging(journal, [AlertRule("crises", themes=("crises",))])


def waiting(journal: Journal) -> dict[str, Any]:
    """Return what waits for Elasticsearch, by family."""
    return {row.index: row.body for row in journal.outbox_batch(10, 1_000_000, NOON + HOUR)}


def feedback(journal: Journal) -> list[Any]:
    return [(waiting(journal)[family] or {}).get("feedback") for family in (TRENDS, ALERTS)]


def test_the_last_word_of_a_person_is_kept_and_told_by_both_documents(judging: Judging) -> None:
    assert judging.judge(ALERT.id, "Anne", Verdict.NOISE, LATER) == ALERT.sentence
    judging.judge(ALERT.id, "Anne", Verdict.USEFUL, LATER + HOUR)
    judging.judge(ALERT.id, "Bea", Verdict.NOISE, LATER)
    kept = judging.journal.judgements.all()
    assert [(each.person, each.verdict, each.rule) for each in kept] == [
        ("Bea", Verdict.NOISE, "crises"),
        ("Anne", Verdict.USEFUL, "crises"),
    ]
    assert feedback(judging.journal) == [["bruit", "utile"]] * 2


def test_a_word_taken_back_leaves_both_documents(judging: Judging) -> None:
    judging.judge(ALERT.id, "Anne", Verdict.NOISE, LATER)
    judging.unjudge(ALERT.id, "Anne")
    assert judging.journal.judgements.all() == []
    assert feedback(judging.journal) == [None, None]


def test_the_next_tick_of_a_judged_trend_still_tells_what_is_said_of_it(judging: Judging) -> None:
    judging.judge(ALERT.id, "Anne", Verdict.USEFUL, LATER)
    judging.journal.commit_fold("essai", "", b"", [trend_write(NEXT_TICK)])
    found = waiting(judging.journal)[TRENDS]
    assert (found["voices"], found["feedback"]) == (50.0, ["utile"])


def test_a_tick_of_before_a_word_does_not_take_its_place(judging: Judging) -> None:
    """A tick that ended at noon is told ten minutes later: somebody may judge what it follows in between."""
    before = {row.index: row.version for row in judging.journal.outbox_batch(10, 1_000_000, LATER)}
    judging.judge(ALERT.id, "Anne", Verdict.USEFUL, LATER)
    judging.judge(ALERT.id, "Bea", Verdict.USEFUL, LATER)
    judging.journal.commit_fold("essai", "", b"", [trend_write(NEXT_TICK)])
    after = {row.index: row.version for row in judging.journal.outbox_batch(10, 1_000_000, LATER)}
    assert (after[ALERTS], after[TRENDS]) == (before[ALERTS] + 2, before[TRENDS] + 10 * 60_000 + 2)


def test_a_trend_that_gave_no_alert_is_judged_under_no_rule(journal: Journal) -> None:
    journal.commit_fold("essai", "", b"", [trend_write(TREND)])
    assert Judging(journal, [AlertRule("tout")]).judge(TREND.id, "Anne", Verdict.USEFUL, LATER) == ""
    (kept,) = journal.judgements.all()
    assert (kept.rule, kept.alerted_at) == (NO_RULE, TREND.latest.at)


@pytest.mark.parametrize(
    "say",
    [
        lambda judging, alert: judging.judge(alert, "Anne", Verdict.NOISE, LATER),
        lambda judging, alert: judging.unjudge(alert, "Anne"),
        lambda judging, alert: judging.take(alert, "Anne", LATER),
        lambda judging, alert: judging.snooze(alert, "Anne", LATER + HOUR, LATER),
        lambda judging, alert: judging.acknowledge(alert, "Anne", LATER),
        lambda judging, alert: judging.undo(alert, "Anne", Deed.TAKEN),
    ],
)
def test_nothing_is_kept_of_an_alert_that_nobody_knows(
    judging: Judging, say: Callable[[Judging, PostId], str | None]
) -> None:
    assert say(judging, PostId("inconnue")) is None
    assert judging.journal.judgements.all() == []
    assert judging.journal.handlings.of([PostId("inconnue")]) == {}
    assert say(judging, ALERT.id) == ALERT.sentence


def test_who_takes_rests_and_sees_is_told_by_the_alert_alone(judging: Judging) -> None:
    judging.take(ALERT.id, "Anne", LATER)
    judging.snooze(ALERT.id, "Bea", LATER + HOUR, LATER)
    judging.acknowledge(ALERT.id, "Cleo", LATER)
    found = waiting(judging.journal)
    assert found[ALERTS]["taken_by"] == ["Anne"]
    assert found[ALERTS]["taken_at"].startswith(f"{LATER:%Y-%m-%dT%H:%M}")
    assert found[ALERTS]["snoozed_until"].startswith(f"{LATER + HOUR:%Y-%m-%dT%H:%M}")
    assert found[ALERTS]["seen_by"] == ["Cleo"]
    assert not {"taken_by", "seen_by"} & set(found[TRENDS])
    judging.undo(ALERT.id, "Anne", Deed.TAKEN)
    assert "taken_by" not in waiting(judging.journal)[ALERTS]


def test_every_field_that_is_written_is_in_the_templates(judging: Judging) -> None:
    judging.judge(ALERT.id, "Anne", Verdict.NOISE, LATER)
    judging.take(ALERT.id, "Anne", LATER)
    judging.snooze(ALERT.id, "Anne", LATER + HOUR, LATER)
    judging.acknowledge(ALERT.id, "Anne", LATER)
    for family, body in waiting(judging.journal).items():
        assert set(body) <= set(TEMPLATES[family]["template"]["mappings"]["properties"])


def test_what_is_said_survives_a_restart(judging: Judging, tmp_path: Path) -> None:
    judging.judge(ALERT.id, "Anne", Verdict.NOISE, LATER)
    judging.take(ALERT.id, "Anne", LATER)
    judging.journal.close()
    again = Journal(tmp_path / "journal.db")
    assert [each.verdict for each in again.judgements.of([ALERT.id])[ALERT.id]] == [Verdict.NOISE]
    assert again.handlings.of([ALERT.id]) == {ALERT.id: [Handling(ALERT.id, "Anne", Deed.TAKEN, LATER)]}
    again.close()


def test_only_what_is_seen_to_is_to_be_told_anew_and_until_it_is(judging: Judging) -> None:
    subjects = judging.journal.subjects
    judging.judge(ALERT.id, "Anne", Verdict.NOISE, LATER)
    assert subjects.untold() == []
    judging.take(ALERT.id, "Anne", LATER)
    (untold,) = subjects.untold()
    judging.take(ALERT.id, "Bea", LATER)
    judging.journal.words.tell_again(untold, [])
    assert [each.id for each in subjects.untold()] == [ALERT.id], "Bea came while the message was written"
    judging.journal.words.tell_again(subjects.untold()[0], [])
    assert subjects.untold() == []


def test_a_trend_can_be_judged_for_three_months(judging: Judging) -> None:
    judging.journal.prune(NOON, NOON + JUDGEABLE)
    assert judging.judge(ALERT.id, "Anne", Verdict.NOISE, LATER) == ALERT.sentence
    judging.journal.prune(NOON, NOON + JUDGEABLE + timedelta(seconds=1))
    assert judging.judge(ALERT.id, "Anne", Verdict.NOISE, LATER) is None


def test_who_saw_to_an_alert_is_forgotten_with_it(judging: Judging) -> None:
    judging.take(ALERT.id, "Anne", LATER)
    judging.journal.prune(NOON, NOON + JUDGEABLE)
    assert list(judging.journal.handlings.of([ALERT.id])) == [ALERT.id]
    judging.journal.prune(NOON, NOON + JUDGEABLE + timedelta(seconds=1))
    assert judging.journal.handlings.of([ALERT.id]) == {}


async def test_it_reaches_elasticsearch(judging: Judging, es_url: str, es_prefix: str) -> None:
    elastic, clock = Elastic(es_url, prefix=es_prefix), FakeClock(LATER)
    await drain(judging.journal, elastic, clock, random.Random(1))
    judging.judge(ALERT.id, "Anne", Verdict.NOISE, LATER)
    judging.take(ALERT.id, "Anne", LATER)
    await drain(judging.journal, elastic, clock, random.Random(1))
    alert = (await elastic.client.get(index=f"{es_prefix}{ALERTS}", id=ALERT.id))["_source"]
    trend = (await elastic.client.get(index=f"{es_prefix}{TRENDS}", id=ALERT.id))["_source"]
    assert (alert["feedback"], alert["taken_by"], trend["feedback"]) == (["bruit"], ["Anne"], ["bruit"])
    assert judging.journal.dead_letters.count() == 0
    await elastic.close()


def by(person: str, deed: Deed, minutes: int = 0, until: timedelta | None = None) -> Handling:
    at = NOON + timedelta(minutes=minutes)
    return Handling(ALERT.id, person, deed, at, at + until if until else None)


@pytest.mark.parametrize(
    ("handlings", "line"),
    [
        ([], ""),
        ([by("Bea", Deed.TAKEN, 5), by("Anne", Deed.TAKEN)], "✅ Prise en charge par Anne et Bea"),
        ([by("slack:0f3c", Deed.TAKEN), by("slack:77aa", Deed.TAKEN)], "✅ Prise en charge par quelqu'un"),
        ([by("Anne", Deed.SNOOZED, 0, HOUR)], "💤 En pause jusqu'à 14\u00a0h\u00a000, par Anne"),
        ([by("Anne", Deed.SNOOZED, 0, 24 * HOUR)], "💤 En pause jusqu'à demain à 13\u00a0h\u00a000, par Anne"),
        ([by("Anne", Deed.SNOOZED, -90, HOUR)], ""),
        ([by("Anne", Deed.SEEN), by("Bea", Deed.TAKEN)], "✅ Prise en charge par Bea  ·  👀 Vue par Anne"),
    ],
)
def test_who_sees_to_an_alert_is_told_in_one_line(handlings: list[Handling], line: str) -> None:
    assert told(care_of(handlings), NOON) == line


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-11-24T12:00+00:00", "2026-11-25T07:00+00:00"),
        ("2026-11-24T03:00+00:00", "2026-11-24T07:00+00:00"),
        ("2026-11-24T07:00+00:00", "2026-11-25T07:00+00:00"),
        ("2026-03-28T12:00+00:00", "2026-03-29T06:00+00:00"),
    ],
    ids=["in the day", "at night", "at eight", "the night when clocks change"],
)
def test_the_morning_is_at_eight_in_the_region(now: str, end: str) -> None:
    assert morning(datetime.fromisoformat(now)) == datetime.fromisoformat(end)


def test_of_several_who_rest_an_alert_the_last_decides() -> None:
    care = care_of([by("Anne", Deed.SNOOZED, 0, 5 * HOUR), by("Bea", Deed.SNOOZED, 1, HOUR)])
    assert care == Care(snoozed_by="Bea", snoozed_until=NOON + HOUR + timedelta(minutes=1))
    assert care.rests_at(NOON + HOUR) == care.snoozed_until
    assert care.rests_at(NOON + 2 * HOUR) is None
