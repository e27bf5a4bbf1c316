"""What the calendar says is to be expected: a first day of school is, its like on another day is not."""

from datetime import date, datetime, timedelta
from math import inf
from zoneinfo import ZoneInfo

import pytest

from watcher.config import CalendarConfig, Expectation
from watcher.gaps import Fate, Gap
from watcher.model import GapCause, Source
from watcher.trend import Key
from watcher.trends.expectations import LATE, Expectations, expectations

PARIS = ZoneInfo("Europe/Paris")
BACK = Expectation("rentree", themes=("lycees",), times=5, day="rentree")
FAIR = Expectation(
    "Salon",
    hashtags=("#SIA2027",),
    departements=("34",),
    times=3,
    begins=date(2027, 2, 27),
    ends=date(2027, 3, 7),
)
TEAM_S = Expectations(CalendarConfig((BACK, FAIR)))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("key", "when", "times"),
    [
        (("theme", "lycees"), "2026-11-02T09:00", 5),
        (("theme", "lycees"), "2026-11-03T09:00", 1),
        (("theme", "sport"), "2026-11-02T09:00", 1),
        (("hashtag", "sia2027"), "2027-02-27T00:30", 3),
        (("hashtag", "sia2027"), "2027-03-07T23:30", 3),
        (("hashtag", "sia2027"), "2027-03-08T00:30", 1),
        (("departement", "34"), "2027-03-01T12:00", 3),
        (("departement", "30"), "2027-03-01T12:00", 1),
    ],
    ids=str,
)
def test_a_term_is_expected_on_its_day_by_the_clocks_of_the_region(key: Key, when: str, times: float) -> None:
    assert TEAM_S(key, at(when)) == times


def test_where_two_expect_the_same_the_larger_holds() -> None:
    more = Expectation("plus", themes=("lycees",), times=8, day="rentree")
    assert Expectations(CalendarConfig((BACK, more)))(("theme", "lycees"), at("2026-11-02T09:00")) == 8


def source(name: str, platform: str) -> Source:
    return Source(name, platform, None, 60)


def gap(name: str, since: datetime, until: datetime | None, platform: str = "mastodon") -> Gap:
    return Gap(name, platform, GapCause.OUTAGE, since, until, Fate.LASTING if until is None else Fate.HEARD)


NOON = at("2026-11-24T12:00")
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("since", "until", "times"),
    [
        (NOON - 3 * HOUR, None, inf),
        (NOON - 3 * HOUR, NOON - HOUR / 2, inf),
        (NOON - 3 * HOUR, NOON - HOUR, 1),
        (NOON, None, 1),
    ],
    ids=["lasting", "over within the hour", "over an hour ago", "to come"],
)
def test_across_a_gap_nothing_of_its_platform_is_a_surprise(
    since: datetime, until: datetime | None, times: float
) -> None:
    calendar = expectations(CalendarConfig(), [gap("mamot", since, until)], [source("mamot", "mastodon")])
    assert calendar(("plateforme", "mastodon"), NOON) == times
    assert calendar(("plateforme", "bluesky"), NOON) == 1
    assert calendar(("hashtag", "crue"), NOON) == 1


def test_one_feed_of_many_that_is_down_deafens_nobody() -> None:
    sources = [source(f"flux-{n}", "rss") for n in range(10)]
    down = [gap(f"flux-{n}", NOON - HOUR, None, "rss") for n in range(5)]
    assert expectations(CalendarConfig(), down[:4], sources)(("plateforme", "rss"), NOON) == 1
    assert expectations(CalendarConfig(), down, sources)(("plateforme", "rss"), NOON) == inf


@pytest.mark.parametrize(
    ("gaps", "part"),
    [
        ([], 1),
        ([(NOON - 3 * HOUR, None)], 0),
        ([(NOON - HOUR / 2, NOON - HOUR / 4 + LATE)], 0.75),
        ([(NOON - HOUR / 2, NOON - HOUR / 2 + LATE)], 1),
        ([(NOON - 3 * HOUR, NOON - HOUR)], 1),
        ([(NOON - HOUR, NOON - HOUR / 2 + LATE), (NOON - HOUR / 4, None)], 0.25),
    ],
    ids=["no gap", "lasting", "within the hour", "made good before its tick closed", "before it", "two"],
)
def test_a_source_is_expected_for_the_part_of_the_hour_in_which_it_was_heard(
    gaps: list[tuple[datetime, datetime | None]], part: float
) -> None:
    calendar = expectations(CalendarConfig(), [gap("mamot", *each) for each in gaps], [])
    assert calendar(("source", "mamot"), NOON) == part
    assert calendar(("source", "piaille"), NOON) == 1
