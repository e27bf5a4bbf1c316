"""What the team is told of its sources: once, in time, and in French."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from tests.fakes.clock import NOON
from watcher.alerts.notices import Notice, notices, recoveries, summed_up
from watcher.budget import Budget, Cost, Prices
from watcher.habit import Silence
from watcher.health import Standing, source_health
from watcher.model import Outcome, SourceState
from watcher.spending import Spent, accounts

DAY = timedelta(days=1)
HEALTHY = SourceState("x", last_run_at=NOON, last_ok_at=NOON, last_new_at=NOON, outcome=Outcome.OK, posts=9)
EUROS = Budget(euros_per_month=Decimal(50), prices=Prices(post=Decimal("0.005")))


def told(standing: Standing, now: datetime = NOON) -> list[Notice]:
    return notices(source_health(standing, now), "x:WATCHER_X", now)


def spending(posts: int) -> Standing:
    return Standing(HEALTHY, accounts=accounts(EUROS, Spent(month=Cost(posts=posts)), NOON))


def test_a_source_that_goes_well_needs_no_word() -> None:
    assert told(Standing(HEALTHY, expires_at=NOON + 30 * DAY)) == []
    assert told(spending(7_999)) == []


def test_four_fifths_of_a_budget_and_its_end_are_two_messages_each_said_once_a_month() -> None:
    [nearly], [nearly_again], [spent] = told(spending(8_000)), told(spending(9_000)), told(spending(10_000))
    assert nearly.sentence == (
        "x : budget bientôt dépensé, 40 euros sur 50 ce mois-ci (à ce rythme : 50) ; "
        "pour entendre plus, relevez « budget » dans sources.yml."
    )
    assert nearly.key == nearly_again.key != spent.key
    assert spent.sentence == (
        "x : budget dépensé, 50 euros sur 50 ce mois-ci ; au repos jusqu'à la prochaine période (mardi 1er décembre)."
    )


@pytest.mark.parametrize(
    ("days", "keys"),
    [
        (15, []),
        (14, ["14"]),
        (8, ["14"]),
        (7, ["7"]),
        (2, ["7"]),
        (1, ["1"]),
        (0, ["1"]),
        (-3, ["1"]),
    ],
)
def test_the_end_of_a_key_is_told_fourteen_seven_and_one_days_before(days: int, keys: Sequence[str]) -> None:
    found = told(Standing(HEALTHY, expires_at=NOON + days * DAY))
    assert [notice.key.rsplit("|", 1)[1] for notice in found] == keys
    assert all("clé d'accès" in notice.sentence for notice in found)


def test_a_silence_is_one_message_until_the_source_speaks_again() -> None:
    silent = Standing(HEALTHY, silence=Silence(hours=3, heard=0, usual=18))
    [first], [later] = told(silent), told(silent, NOON + DAY)
    assert first.key == later.key
    assert first.sentence.startswith("x : muette. 0\u00a0publication en 3 h ; d'habitude, à ces heures : 18.")


def test_a_refused_key_is_told_at_once_and_an_outage_after_some_hours() -> None:
    state = SourceState("x", last_ok_at=NOON, outcome=Outcome.AUTH_REFUSED, failures=1, message="Jeton expiré.")
    assert "à autoriser. Jeton expiré." in told(Standing(state))[0].sentence
    down = SourceState("x", last_ok_at=NOON, outcome=Outcome.UNREACHABLE, failures=9)
    assert told(Standing(down), NOON + timedelta(hours=5)) == []
    assert "en panne" in told(Standing(down), NOON + timedelta(hours=6))[0].sentence


def test_what_was_told_as_broken_is_told_as_mended_and_nothing_else_is() -> None:
    goes_well = [source_health(Standing(HEALTHY), NOON)]
    others = dict.fromkeys(("x|key|2026-12-01|7", "xy|broken", "x:WATCHER_X|euros|2026-11-01|spent"), NOON - DAY)
    [back] = recoveries(goes_well, {**others, "x|broken": NOON - DAY}, NOON)
    assert (back.sentence, back.ends) == ("x : de nouveau en marche.", ("x|broken",))
    assert recoveries(goes_well, others, NOON) == []


def test_what_fails_and_mends_by_turns_is_not_told_at_each_turn() -> None:
    goes_well = [source_health(Standing(HEALTHY), NOON)]
    assert recoveries(goes_well, {"x|silent": NOON - timedelta(hours=2)}, NOON) == []
    assert len(recoveries(goes_well, {"x|silent": NOON - timedelta(hours=3)}, NOON)) == 1


def test_a_silent_source_that_says_a_word_is_still_the_same_silence() -> None:
    silence, spoke = Silence(hours=3, heard=1, usual=18), replace(HEALTHY, last_new_at=NOON + timedelta(hours=1))
    [before], [after] = told(Standing(HEALTHY, silence=silence)), told(Standing(spoke, silence=silence))
    assert before.key == after.key


@pytest.mark.parametrize("outcome", [Outcome.UNREACHABLE, Outcome.AUTH_REFUSED, Outcome.RATE_LIMITED])
def test_a_source_that_still_fails_is_not_told_as_mended(outcome: Outcome) -> None:
    fails = source_health(Standing(SourceState("x", last_ok_at=NOON, outcome=outcome)), NOON)
    assert recoveries([fails], {"x|broken": NOON - DAY}, NOON) == []


def broken(count: int) -> list[Notice]:
    return [Notice(f"flux {n}", f"flux {n}|broken|", f"flux {n} : en panne.", "en panne") for n in range(count)]


def test_a_few_notices_are_told_one_a_line() -> None:
    assert summed_up(broken(3), sources=50) == "flux 0 : en panne.\nflux 1 : en panne.\nflux 2 : en panne."


def test_many_notices_are_counted_by_what_they_are_about_and_the_first_are_named() -> None:
    mended = [Notice("relevé", "", "", "de nouveau en marche")]
    first, second, last = summed_up([*broken(12), *mended], sources=50).split("\n")
    assert first == f"12 × en panne : {', '.join(f'flux {number}' for number in range(10))} et 2\u00a0autres."
    assert second == "1 × de nouveau en marche : relevé."
    assert "watcher status" in last


def test_half_of_the_sources_that_fail_at_once_point_at_this_machine() -> None:
    assert "Internet" in summed_up(broken(25), sources=50)
    assert "Internet" not in summed_up(broken(24), sources=50)
