"""What may be compared across what was not heard, and how it is said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.fakes.digests import GAP, TUESDAY, WEEK, group
from watcher.digest.comparison import (
    FAIR,
    WITHHELD,
    Fairness,
    Hearing,
    against,
    cautions,
    change,
    fairness,
    hearing,
    when,
)
from watcher.gaps import Fate, Gap

HOUR = timedelta(hours=1)
SPAN, BEFORE = WEEK.span, WEEK.before.span
SILENT = Hearing(BEFORE, {})


def deaf(*gaps: Gap, span: tuple[datetime, datetime] = SPAN) -> Hearing:
    return hearing(span, gaps, {}, ())


@pytest.mark.parametrize(
    ("value", "before", "said"),
    [
        (120, 100, "+20\u00a0%"),
        (80, 100, "−20\u00a0%"),
        (100, 100, "stable"),
        (20, 20, "stable"),
        (21, 20, "+5\u00a0%"),
        (3, 19, "−16"),
        (12, 0, "+12"),
        (0, 0, "stable"),
    ],
)
def test_a_change_is_told_in_per_cent_only_where_that_says_something(value: int, before: int, said: str) -> None:
    assert change(value, before) == said


@pytest.mark.parametrize(
    ("fair", "said"),
    [
        (FAIR, "100 (+20\u00a0%)"),
        (Fairness(("bluesky",), 0.02), "≈ 100 (+20\u00a0%)"),
        (Fairness(("bluesky",), WITHHELD), "≈ 100 (+20\u00a0%)"),
        (Fairness(("bluesky",), 0.101), "non comparé"),
        (Fairness(("bluesky",), 0.0, 0.5), "non comparé"),
    ],
)
def test_what_lacks_more_than_a_tenth_of_either_week_is_not_compared(fair: Fairness, said: str) -> None:
    assert against(120, 100, fair) == said


def test_gaps_are_cut_to_the_week_and_those_that_touch_are_one() -> None:
    first = replace(GAP, since=SPAN[0] - 9 * HOUR, until=SPAN[0] + HOUR)
    touching = replace(GAP, since=SPAN[0] + HOUR, until=SPAN[0] + 2 * HOUR)
    lasting = replace(GAP, since=SPAN[1] - HOUR, until=None, fate=Fate.LASTING)
    outside = replace(GAP, since=SPAN[1], until=SPAN[1] + HOUR)
    heard = deaf(lasting, touching, outside, first)
    assert heard.deaf == {"bluesky": [(SPAN[0], SPAN[0] + 2 * HOUR), (SPAN[1] - HOUR, SPAN[1])]}
    assert heard.share("bluesky") == 3 / 168


def test_a_source_was_deaf_before_its_first_post() -> None:
    firsts = {"new": SPAN[0] + 84 * HOUR, "old": SPAN[0] - HOUR, "import-csv": SPAN[0] + HOUR}
    heard = hearing(SPAN, [], firsts, {"new", "old", "never"})
    assert heard.deaf == {"new": [(SPAN[0], SPAN[0] + 84 * HOUR)]}
    assert heard.share("new") == 0.5


def test_without_a_deaf_source_a_comparison_is_fair() -> None:
    assert fairness(group(9, 9, blog=9), group(7, 7, blog=7), Hearing(SPAN, {}), SILENT, ["blog"]) == FAIR


def test_what_is_missing_counts_by_what_each_source_gives() -> None:
    heard = deaf(replace(GAP, source="blog", since=SPAN[0], until=SPAN[0] + 84 * HOUR))
    fair = fairness(group(100, 9, blog=10, gazette=90), group(100, 9, blog=10, gazette=90), heard, SILENT, ())
    assert fair == Fairness(("blog",), share=0.05, share_before=0.0)
    assert not fair.is_withheld
    mostly = fairness(group(100, 9, blog=60, gazette=40), group(100, 9, blog=60, gazette=40), heard, SILENT, ())
    assert mostly.is_withheld


def test_a_source_that_was_deaf_all_week_weighs_what_it_gave_the_week_before() -> None:
    heard = deaf(replace(GAP, source="blog", since=SPAN[0], until=SPAN[1]))
    fair = fairness(group(90, 9, gazette=90), group(180, 9, blog=90, gazette=90), heard, SILENT, ())
    assert fair.share == 0.5


def test_a_source_that_was_deaf_through_both_weeks_changes_nothing() -> None:
    forever = replace(GAP, source="closed", since=BEFORE[0] - HOUR, until=None, fate=Fate.LASTING)
    fair = fairness(group(9, 9, blog=9), group(9, 9, blog=9), deaf(forever), deaf(forever, span=BEFORE), ["closed"])
    assert fair == FAIR


def test_a_deaf_source_that_gave_nothing_is_told_all_the_same() -> None:
    assert fairness(group(9, 9, blog=9), group(9, 9, blog=9), deaf(GAP), SILENT, ["blog", "bluesky"]).deaf == (
        "bluesky",
    )
    assert fairness(group(0, 0), group(0, 0), deaf(GAP), SILENT, ["bluesky"]) == Fairness(("bluesky",))


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        (TUESDAY, TUESDAY + 4 * HOUR, "mardi 17 de 14\u00a0h à 18\u00a0h"),
        (TUESDAY, TUESDAY + 10 * HOUR, "mardi 17 de 14\u00a0h à minuit"),
        (TUESDAY, TUESDAY + 42 * HOUR, "de mardi 17 à 14\u00a0h à jeudi 19 à 8\u00a0h"),
        (*SPAN, "tout du long"),
        (SPAN[0], TUESDAY, "du début à mardi 17 à 14\u00a0h"),
        (TUESDAY, SPAN[1], "de mardi 17 à 14\u00a0h à la fin"),
    ],
)
def test_when_a_source_was_deaf_is_told_as_one_says_it(since: datetime, until: datetime, said: str) -> None:
    assert when((since, until), SPAN) == said


def test_times_are_those_of_the_clocks_in_paris_in_summer_too() -> None:
    july = datetime(2026, 7, 14, 12, tzinfo=UTC)
    assert when((july, july + HOUR), (july - 99 * HOUR, july + 99 * HOUR)) == "mardi 14 de 14\u00a0h à 15\u00a0h"


def test_why_is_told_once_for_all_that_it_touches() -> None:
    fair = Fairness(("bluesky",), 0.02)
    judged = {"Bluesky": fair, "Crises": fair, "Presse": FAIR, "X": Fairness(("x",), 0.0, 0.5)}
    x = deaf(replace(GAP, source="x", since=BEFORE[0], until=BEFORE[1]), span=BEFORE)
    assert cautions(judged, deaf(GAP), x) == [
        "Bluesky, Crises, comparaison prudente : bluesky non écouté mardi 17 de 14\u00a0h à 18\u00a0h.",
        "X, non comparé : x non écouté la semaine d'avant, tout du long.",
    ]


def test_a_crowd_of_deaf_sources_is_counted() -> None:
    fair = Fairness(tuple("abcdefgh"), 0.02)
    (said,) = cautions({"Presse": fair}, deaf(*(replace(GAP, source=name) for name in "abcdefgh")), SILENT)
    assert said.endswith(" ; et 5\u00a0autres sources.")
