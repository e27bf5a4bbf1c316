"""What was not heard, beneath a chart: where it is hatched, and how it is said."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.clock import NOON
from watcher.gaps import Fate, Gap
from watcher.model import GapCause
from watcher.web.axis import Axis
from watcher.web.unheard import Listening, unheard

DAY = Axis.of_slots(NOON - timedelta(hours=9), timedelta(hours=1), 10)
"""Ten hours, the last of which begins at noon UTC, at 13 in Paris."""


NOW = NOON + timedelta(minutes=20)


def gap(begins_h: float, ends_h: float | None, source: str = "gazette", fate: Fate = Fate.LOST) -> Gap:
    """Return a gap given in hours from noon."""
    until = None if ends_h is None else NOON + timedelta(hours=ends_h)
    return Gap(source, "rss", GapCause.OUTAGE, NOON + timedelta(hours=begins_h), until, fate)


def said(*gaps: Gap) -> str:
    return (
        unheard(Listening(2, gaps), DAY, NOW)
        .sentence.replace("\u00a0", " ")
        .removeprefix("Hachuré, ce qui n'a pas été entendu : ")
    )


def hatched(*gaps: Gap) -> list[tuple[float, float]]:
    return [(hatch.x, hatch.width) for hatch in unheard(Listening(2, gaps), DAY, NOW).hatches]


@pytest.mark.parametrize(
    ("gaps", "stretches"),
    [
        ([gap(-5, -3)], [(40, 20)]),
        ([gap(-4.5, -4.2)], [(40, 10)]),
        ([gap(-30, -8)], [(0, 10)]),
        ([gap(-0.5, None, fate=Fate.LASTING)], [(80, 20)]),
        ([gap(-5, -3), gap(-4, -2, "radio")], [(40, 30)]),
        ([gap(-5, -4), gap(-4, -3)], [(40, 20)]),
        ([gap(-8, -1), gap(-7, -6, "radio"), gap(-3, -2, "mairie")], [(10, 70)]),
        ([gap(-8, -7), gap(-3, -2)], [(10, 10), (60, 10)]),
        ([gap(-9, -8), gap(-4, -3, fate=Fate.OPEN)], [(0, 10), (50, 10)]),
    ],
    ids=[
        "whole hours",
        "part of an hour",
        "from before",
        "that lasts",
        "two that cross",
        "two that touch",
        "in another",
        "two",
        "two fates",
    ],
)
def test_an_hour_in_which_a_source_was_not_heard_is_hatched_once(
    gaps: list[Gap], stretches: list[tuple[float, float]]
) -> None:
    assert hatched(*gaps) == stretches


@pytest.mark.parametrize(
    "missed",
    [gap(-5, -3, fate=Fate.HEARD), gap(-40, None, fate=Fate.LASTING), gap(-40, 1), gap(-20, -9), gap(1, 2)],
    ids=["heard late", "standing", "all along", "before", "after"],
)
def test_what_bends_no_curve_is_not_told(missed: Gap) -> None:
    assert (hatched(missed), said(missed)) == ([], "")


@pytest.mark.parametrize(
    ("gaps", "sentence"),
    [
        ([gap(-5, -3)], "gazette, aujourd'hui entre 8 h et 10 h."),
        ([gap(-1, None, fate=Fate.LASTING)], "gazette, depuis aujourd'hui à 12 h."),
        ([gap(-5, -3), gap(-5, -3, "radio")], "gazette et radio, aujourd'hui entre 8 h et 10 h."),
        ([gap(-5, -3, name) for name in "abcd"], "a et 3 autres sources, aujourd'hui entre 8 h et 10 h."),
        ([gap(-5, -4.5), gap(-4.4, -4.1)], "gazette, aujourd'hui entre 8 h et 9 h."),
        (
            [gap(-9, -8), gap(-5, -4, "radio")],
            "gazette, aujourd'hui entre 4 h et 5 h ; radio, aujourd'hui entre 8 h et 9 h.",
        ),
    ],
    ids=["one", "that lasts", "two sources", "many sources", "twice in an hour", "twice"],
)
def test_who_was_not_heard_and_when_is_said(gaps: list[Gap], sentence: str) -> None:
    assert said(*gaps) == sentence


def test_more_than_three_times_are_counted() -> None:
    sentence = said(*[gap(-begins, -begins + 1, f"source {begins}") for begins in (9, 7, 5, 3, 1)])
    assert sentence.count(" ; ") == 3
    assert sentence.endswith("; et 2 autres fois.")
    assert said(*[gap(-begins, -begins + 1) for begins in (9, 7, 5, 3)]).endswith("; et 1 autre fois.")


def test_a_night_is_said_with_both_its_days_and_ten_minutes_with_theirs() -> None:
    night = Axis.of_slots(NOON - timedelta(days=1), timedelta(minutes=10), 144)
    missed = gap(-13.5, -12.4)
    sentence = unheard(Listening(2, [missed]), night, NOW).sentence.replace("\u00a0", " ")
    assert "gazette, entre hier à 23 h 30 et aujourd'hui à 0 h 40." in sentence


@pytest.mark.parametrize(
    ("missed", "stretch", "when"),
    [
        (gap(-60, -55), (20, 10), "dimanche 22 novembre."),
        (gap(-60, -30), (20, 20), "entre dimanche 22 novembre et hier."),
        (gap(-30, None), (30, 20), "depuis hier."),
        (gap(-13.1, -12.9), (30, 20), "entre hier et aujourd'hui."),
    ],
    ids=["a day", "two days", "that lasts", "over midnight"],
)
def test_days_are_hatched_whole_and_named(missed: Gap, stretch: tuple[float, float], when: str) -> None:
    days = Axis.of_days(date(2026, 11, 20), date(2026, 11, 29))
    found = unheard(Listening(2, [missed]), days, NOW)
    assert [(hatch.x, hatch.width) for hatch in found.hatches] == [stretch]
    assert found.sentence.endswith(f": gazette, {when}")


def test_the_day_on_which_clocks_go_back_is_an_hour_longer() -> None:
    days = Axis.of_days(date(2026, 10, 24), date(2026, 10, 26))
    lengths = [end - begin for begin, end in pairwise(days.edges)]
    assert lengths == [timedelta(hours=24), timedelta(hours=25), timedelta(hours=24)]
    assert (days.is_daily, DAY.is_daily) == (True, False)


def test_a_hatch_tells_all_that_it_covers() -> None:
    (hatch,) = unheard(Listening(2, [gap(-5, -3), gap(-4, -2, "radio")]), DAY, NOW).hatches
    assert hatch.title.startswith("Pas entendu : gazette, ")
    assert " ; radio, " in hatch.title


def test_a_hatch_is_faint_where_most_sources_were_heard() -> None:
    listening = Listening(4, [gap(-6, -1), gap(-4, -2, "radio")])
    hatches = unheard(listening, DAY, NOW).hatches
    assert [(hatch.x, hatch.width, hatch.is_faint) for hatch in hatches] == [
        (30, 20, True),
        (50, 20, False),
        (70, 10, True),
    ]
    assert [hatch.title.count("radio") for hatch in hatches] == [0, 1, 0]


@given(st.lists(st.tuples(st.floats(-20, 5), st.floats(0.01, 20)), max_size=12))
def test_nothing_is_hatched_outside_nor_twice(missed: list[tuple[float, float]]) -> None:
    hatches = hatched(*[gap(begins, begins + lasts, f"source {n}") for n, (begins, lasts) in enumerate(missed)])
    ends = [0.0, *(x + width for x, width in hatches)]
    assert all(x >= before for (x, _), before in zip(hatches, ends, strict=False))
    assert ends[-1] <= 100.001
