"""Who is told, when and in which thread: the team's rules, one by one."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.fakes.clock import NOON
from watcher.alerts.routing import STORM, Routed, Told, after, routed, rule_for
from watcher.config import AlertRule, AlertsConfig, Quiet
from watcher.trend import Alert, Hearing, Key, Trend, Why

PARIS = ZoneInfo("Europe/Paris")
HEARD = Hearing(NOON, 4.5, 12, 1)
EVERYTHING = AlertRule("tout")
CRUE = Trend("hashtag", "crue", NOON, HEARD, HEARD, why=Why(departements=("30", "34")), parts=(("theme", "crises"),))


def alert(trend: Trend = CRUE) -> Alert:
    return Alert(trend, NOON, "#crue : 12 voix")


def config(*rules: AlertRule, quiet: Quiet | None = None, per_hour: int = 6) -> AlertsConfig:
    return AlertsConfig("#veille", quiet, per_hour, rules or (EVERYTHING,))


# ---- which rule


@pytest.mark.parametrize(
    ("rule", "takes"),
    [
        (AlertRule("r"), True),
        (AlertRule("r", hashtags=("Crue",)), True),
        (AlertRule("r", hashtags=("#crue",)), True),
        (AlertRule("r", hashtags=("autre",)), False),
        (AlertRule("r", themes=("crises",)), True),
        (AlertRule("r", themes=("lycees",)), False),
        (AlertRule("r", departements=("34",)), True),
        (AlertRule("r", departements=("48",)), False),
        (AlertRule("r", themes=("lycees",), departements=("30",)), True),
        (AlertRule("r", is_to_answer=True), False),
        (AlertRule("r", platforms=("bluesky",)), False),
        (AlertRule("r", threshold=4.5, min_voices=12), True),
        (AlertRule("r", threshold=4.6), False),
        (AlertRule("r", min_voices=13), False),
    ],
    ids=repr,
)
def test_a_rule_takes_what_it_names_from_its_threshold_on(rule: AlertRule, *, takes: bool) -> None:
    assert (rule_for(CRUE, [rule]) is rule) is takes


@pytest.mark.parametrize("key", [("a_repondre", "oui"), ("plateforme", "bluesky"), ("mot", "pont fermé")])
def test_a_rule_names_volumes_and_words_too(key: Key) -> None:
    rule = AlertRule("r", words=("pont fermé",), platforms=("bluesky",), is_to_answer=True)
    assert rule_for(replace(CRUE, kind=key[0], term=key[1], parts=(), why=Why()), [rule]) is rule


def test_the_first_rule_that_takes_it_decides() -> None:
    first, second = AlertRule("un", channel="#un"), AlertRule("deux", channel="#deux")
    assert routed(alert(), config(first, second), [], NOON) == Routed(first, "#un", NOON, alert().id)


def test_what_no_rule_takes_is_told_nowhere() -> None:
    assert routed(alert(), config(AlertRule("r", themes=("lycees",))), [], NOON) is None


# ---- when


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-24T20:59", "2026-11-24T20:59"),
        ("2026-11-24T21:00", "2026-11-25T07:00"),
        ("2026-11-25T03:00", "2026-11-25T07:00"),
        ("2026-11-25T07:00", "2026-11-25T07:00"),
        ("2026-10-24T23:00", "2026-10-25T07:00"),
        ("2026-03-28T23:00", "2026-03-29T07:00"),
    ],
    ids=["before", "evening", "night", "morning", "the night that has 25 hours", "the night that has 23"],
)
def test_at_night_alerts_wait_for_the_morning_on_the_clocks_of_the_region(now: str, due: str) -> None:
    local = datetime.fromisoformat(now).replace(tzinfo=PARIS)
    assert after(Quiet(), local.astimezone(NOON.tzinfo)) == datetime.fromisoformat(due).replace(tzinfo=PARIS)


def test_a_crisis_passes_the_night() -> None:
    night = NOON + timedelta(hours=12)
    calls = AlertRule("crises", passes_the_night=True)
    way = routed(alert(), config(calls, quiet=Quiet()), [], night)
    assert way is not None
    assert way.due_at == night


# ---- in which thread


def test_what_follows_within_a_rules_rest_joins_its_last_thread() -> None:
    rule = AlertRule("r", rest=timedelta(hours=2))
    told = [
        Told("ancien", "r", "#veille", NOON - timedelta(hours=1.5)),
        Told("dernier", "r", "#veille", NOON - timedelta(hours=1)),
        Told("d'une autre", "s", "#veille", NOON),
    ]
    way = routed(alert(), config(rule), told, NOON)
    assert way is not None
    assert (way.thread, way.opens_storm) == ("dernier", False)


def test_past_so_many_threads_an_hour_all_that_comes_joins_one() -> None:
    told = [Told(str(n), "tout", "#veille", NOON - timedelta(minutes=n)) for n in range(6)]
    first = routed(alert(), config(), told, NOON)
    assert first is not None
    assert first.opens_storm
    storm = Told(first.thread, STORM, "#veille", NOON)
    second = routed(alert(), config(), [*told, storm], NOON + timedelta(minutes=1))
    assert second is not None
    assert (second.thread, second.opens_storm) == (first.thread, False)


def test_a_storm_in_one_channel_leaves_another_free() -> None:
    told = [Told(str(n), "tout", "#ailleurs", NOON) for n in range(50)]
    way = routed(alert(), config(), told, NOON)
    assert way is not None
    assert way.thread == alert().id


def test_alerts_that_wait_for_the_same_morning_make_one_storm_too() -> None:
    night, told, threads = NOON + timedelta(hours=12), list[Told](), list[str]()
    for n in range(10):
        way = routed(alert(replace(CRUE, term=f"t{n}")), config(quiet=Quiet()), told, night)
        assert way is not None
        threads.append(way.thread)
        if way.opens_storm or way.thread not in {each.event for each in told}:
            told.append(Told(way.thread, STORM if way.opens_storm else "tout", way.channel, way.due_at))
    assert len(set(threads)) == 7
