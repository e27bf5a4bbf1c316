"""The back-test on a real node: it tells what the live job told, by the rules, and neither writes nor sends."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.watching import Days, called, says
from watcher.backtest import Backtest, Rehearsal, backtest, by_day
from watcher.cli import main
from watcher.config import AlertRule, AlertsConfig, Quiet
from watcher.model import Post
from watcher.stores.elastic import Elastic
from watcher.stores.journal import Journal
from watcher.trend import no_calendar
from watcher.trends.spoken import NOTHING

BEGIN = NOON - timedelta(days=2)
MINUTE = timedelta(minutes=1)
AUTHORS = [f"auteur{n}" for n in range(24)]
START = NOON - timedelta(minutes=55)
EVERYTHING = AlertsConfig("#veille", rules=(AlertRule("tout"),))


def everyday() -> list[Post]:
    return [
        says(author, f"sujet{n}", BEGIN + timedelta(hours=hour, minutes=n))
        for hour in range(0, 46, 6)
        for n, author in enumerate(AUTHORS)
    ]


def taken_up(tag: str, authors: list[str], after: timedelta = timedelta()) -> list[Post]:
    """Twelve people speak of `tag` within a quarter of an hour."""
    return [
        says(author, tag, START + after + n * 1.25 * MINUTE, text=f"{tag} : on en parle ({n})")
        for n, author in enumerate(authors)
    ]


@pytest.fixture
async def days(journal: Journal, es_url: str, es_prefix: str) -> AsyncIterator[Days]:
    """Two quiet days are stored, then an hour is lived through in which two hashtags are born."""
    elastic = Elastic(es_url, prefix=es_prefix)
    days = Days(journal, elastic, FakeClock(BEGIN))
    await days.turn()
    days.clock.set_wall(NOON - timedelta(hours=2))
    await days.collect(everyday())
    await days.turn()
    await days.live(
        [*taken_up("cruevidourle", AUTHORS[:12]), *taken_up("marchelodeve", AUTHORS[12:], 12 * MINUTE)],
        NOON + 30 * MINUTE,
    )
    yield days
    await elastic.close()


async def played(days: Days, rules: AlertsConfig = EVERYTHING) -> Backtest:
    rehearsal = Rehearsal(days.elastic, rules, called, NOTHING, no_calendar)
    now = days.clock.now()
    return await backtest(rehearsal, since=now - timedelta(days=1), until=now)


async def test_it_tells_what_the_live_job_told(days: Days) -> None:
    found = await played(days)
    assert [(each.alert.id, each.alert.sentence) for each in found.sent] == [
        (alert.id, alert.sentence) for alert in days.alerts
    ]
    assert {alert.trend.term for alert in days.alerts} == {"cruevidourle", "marchelodeve"}


async def test_it_is_told_when_the_tick_closes_as_live(days: Days) -> None:
    found = await played(days)
    for sent, alert in zip(found.sent, days.alerts, strict=True):
        assert timedelta() <= alert.at - sent.alert.at <= 5 * MINUTE  # the fake job turns every five minutes


async def test_what_rests_and_what_storms_join_a_thread(days: Days) -> None:
    resting = AlertsConfig("#veille", rules=(AlertRule("tout", rest=timedelta(hours=3)),))
    storm = replace(EVERYTHING, per_hour=1)
    for rules in (resting, storm):
        assert [each.opens_a_thread for each in (await played(days, rules)).sent] == [True, False]


async def test_quiet_hours_wait_for_their_end(days: Days) -> None:
    asleep = replace(EVERYTHING, quiet=Quiet(begins=NOON.time(), ends=(NOON + timedelta(hours=6)).time()))
    found = await played(days, asleep)
    assert all(each.way.due_at > each.alert.at for each in found.sent)
    assert sum(by_day(found.sent).values()) == len(days.alerts)


async def test_the_first_rule_that_takes_a_trend_has_it(days: Days) -> None:
    rules = AlertsConfig("#veille", rules=(AlertRule("crue", hashtags=("cruevidourle",)), AlertRule("tout")))
    found = await played(days, rules)
    assert [each.alert.trend.term for each in found.of("crue")] == ["cruevidourle"]
    assert [each.alert.trend.term for each in found.of("tout")] == ["marchelodeve"]
    assert found.of("autre") == ()


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("alertes.yml#crise", "vouliez-vous dire « crises » ?"),
        ("absent.yml#crises", "« absent.yml » n'existe ni ici, ni dans"),
    ],
)
def test_what_does_not_exist_is_told(tmp_path: Path, rule: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    config = str(Path(__file__).parents[2] / "config")
    assert main(["backtest", "--rule", rule, "--config", config, "--donnees", str(tmp_path)]) == 2
    assert says in " ".join(capsys.readouterr().err.split())


def test_a_rule_that_would_have_told_nothing_says_so(
    tmp_path: Path, es_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WATCHER_ELASTICSEARCH_URL", es_url)
    draft = tmp_path / "brouillon.yml"
    draft.write_text('canal: "#essai"\nregles: [{nom: crue, hashtags: [jamaisdit]}]', encoding="utf-8")
    config = str(Path(__file__).parents[2] / "config")
    words = ["--rule", f"{draft}#crue", "--days", "1", "--config", config, "--donnees", str(tmp_path)]
    assert main(["backtest", *words]) == 0
    assert "la règle « crue » n'aurait rien alerté" in capsys.readouterr().out
