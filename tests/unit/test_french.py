"""How the page words things: dates, numbers, hosts, places, the state of a source."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.clock import NOON
from tests.fakes.page import LABELS
from tests.fakes.posts import READING
from watcher import french
from watcher.health import Condition, Standing, by_urgency, source_health
from watcher.model import Outcome, SourceState


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (NOON, "aujourd'hui à 13 h 00"),
        (datetime(2026, 11, 23, 23, 5, tzinfo=UTC), "aujourd'hui à 0 h 05"),
        (datetime(2026, 11, 23, 22, 59, tzinfo=UTC), "hier à 23 h 59"),
        (datetime(2026, 11, 1, 8, 0, tzinfo=UTC), "dimanche 1er novembre à 9 h 00"),
        (datetime(2026, 8, 3, 8, 0, tzinfo=UTC), "lundi 3 août à 10 h 00"),
        (datetime(2025, 12, 31, 12, 0, tzinfo=UTC), "mercredi 31 décembre 2025 à 13 h 00"),
    ],
)
def test_times_are_said_as_one_says_them_in_the_region(value: datetime, expected: str) -> None:
    assert french.moment(value, NOON).replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    ("count", "expected"), [(0, "0 voix seule"), (1, "1 voix seule"), (2, "2 voix"), (12_345, "12 345 voix")]
)
def test_nought_and_one_are_singular(count: int, expected: str) -> None:
    assert french.plural(count, "voix seule", "voix").replace("\u00a0", " ").replace("\u202f", " ") == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.exemple.fr/a", "exemple.fr"),
        ("http://exemple.fr:8080", "exemple.fr"),
        ("https://éxemple.fr/", "xn--xemple-9ua.fr"),
        ("ftp://exemple.fr", None),
        ("exemple.fr", None),
    ],
)
def test_a_host_is_told_from_an_address(url: str, expected: str | None) -> None:
    assert french.host(url) == expected


@given(st.text())
def test_no_address_whatever_breaks_the_page(url: str) -> None:
    host = french.host(f"https://{url}")
    assert host is None or host.isascii()


@given(st.text())
def test_an_excerpt_is_short_and_can_be_sent(text: str) -> None:
    cut = french.excerpt(text * 20)
    assert len(cut) <= 421
    cut.encode()
    assert not set(cut) & set("\u202e\u2066\u200b\x00\x1b")


@pytest.mark.parametrize(
    ("communes", "departements", "expected"),
    [
        ((), (), []),
        (("34145",), ("34",), ["Lunel (34)"]),
        (("34145",), ("30", "34"), ["Lunel (34)", "Gard"]),
        (("99999",), ("30",), ["Gard"]),
        ((), ("09", "11", "12", "30", "34"), ["09", "11", "12", "2 autres lieux"]),
    ],
)
def test_places_are_named_once(communes: tuple[str, ...], departements: tuple[str, ...], expected: list[str]) -> None:
    assert LABELS.places(replace(READING, communes=communes, departements=departements)) == expected


LATER = NOON + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (SourceState("s"), Condition.WAITING),
        (SourceState("s", outcome=Outcome.OK, posts=3), Condition.RUNNING),
        (SourceState("s", outcome=Outcome.UNCHANGED, posts=3), Condition.RUNNING),
        (SourceState("s", outcome=Outcome.OK), Condition.SILENT),
        (SourceState("s", outcome=Outcome.RATE_LIMITED, not_before=LATER), Condition.SLOWED),
        (SourceState("s", outcome=Outcome.BUDGET_PACED, not_before=LATER), Condition.SLOWED),
        (SourceState("s", outcome=Outcome.BUDGET_SPENT, not_before=LATER), Condition.RESTING),
        (SourceState("s", outcome=Outcome.UNREACHABLE, failures=1), Condition.BROKEN),
        (SourceState("s", outcome=Outcome.GONE, not_before=LATER), Condition.BROKEN),
        (SourceState("s", outcome=Outcome.AUTH_REFUSED, posts=9), Condition.TO_AUTHORISE),
    ],
)
def test_a_source_goes_as_its_last_run_ended(state: SourceState, expected: Condition) -> None:
    assert source_health(Standing(state), NOON).condition is expected


@pytest.mark.parametrize("outcome", set(Outcome) - {Outcome.OK, Outcome.UNCHANGED})
def test_whatever_went_wrong_is_explained_with_what_to_do(outcome: Outcome) -> None:
    health = source_health(Standing(SourceState("s", outcome=outcome, failures=1)), NOON)
    assert health.condition not in {Condition.RUNNING, Condition.WAITING}
    assert health.why
    assert health.advice


def test_what_the_run_said_itself_is_what_the_team_reads() -> None:
    state = SourceState("s", outcome=Outcome.GONE, message="Le site répond 404 à cette adresse.")
    assert source_health(Standing(state), NOON).why == "Le site répond 404 à cette adresse."


def test_trouble_comes_first() -> None:
    states = [
        SourceState("a", outcome=Outcome.OK, posts=1),
        SourceState("b"),
        SourceState("d", outcome=Outcome.GONE),
        SourceState("c", outcome=Outcome.MALFORMED),
    ]
    assert [health.state.name for health in by_urgency([*map(Standing, states)], NOON)] == ["c", "d", "b", "a"]
