"""Which digest is of which days, and when it is due, on the clocks of the region."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.digest.edition import LATE, Due, Morning, Week, due
from watcher.french import PARIS

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
DATES = st.dates(date(2000, 1, 1), date(2060, 12, 31))
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
MOMENTS = st.datetimes(datetime(2000, 1, 3), datetime(2060, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)


@pytest.mark.parametrize(
    ("year", "number", "name", "monday", "hours"),
    [
        (2026, 47, "2026-semaine-47", date(2026, 11, 16), 168),
        (2026, 43, "2026-semaine-43", date(2026, 10, 19), 169),  # the clocks go back on Sunday the 25th
        (2026, 13, "2026-semaine-13", date(2026, 3, 23), 167),  # and forward on Sunday the 29th
        (2026, 53, "2026-semaine-53", date(2026, 12, 28), 168),  # four days of 2026, three of 2027
        (2027, 1, "2027-semaine-01", date(2027, 1, 4), 168),
        (2025, 1, "2025-semaine-01", date(2024, 12, 30), 168),
    ],
)
def test_a_week_goes_from_monday_to_sunday_in_paris(
    year: int, number: int, name: str, monday: date, hours: int
) -> None:
    week = Week(year, number)
    assert (week.name, week.monday) == (name, monday)
    since, until = week.span
    assert until - since == hours * HOUR
    assert [moment.astimezone(PARIS).hour for moment in week.span] == [0, 0]


def test_a_year_has_no_week_that_it_has_not() -> None:
    assert Week(2027, 1).before == Week(2026, 53)
    assert Week(2027, 1).year_before == Week(2026, 1)
    assert Week(2026, 53).year_before is None
    with pytest.raises(ValueError, match="week"):
        Week(2025, 53)


@given(DATES)
def test_weeks_follow_each_other_without_a_hole(day: date) -> None:
    week = Week.of(day)
    assert week.monday <= day <= week.sunday
    assert week.before.span[1] == week.span[0]
    assert week.before.name < week.name
    assert (week.days[0][0], week.days[-1][1]) == week.span
    assert sum((until - since for since, until in week.days), timedelta()) == week.span[1] - week.span[0]


@given(DATES, TIMES)
def test_mornings_follow_each_other_without_a_hole(day: date, hour: time) -> None:
    morning, before = Morning(day, hour), Morning(day - DAY, hour)
    assert before.span[1] == morning.span[0] < morning.span[1]
    assert before.name < morning.name


@given(MOMENTS, TIMES, TIMES)
def test_what_is_due_is_the_last_that_is_over(now: datetime, morning: time, monday: time) -> None:
    daily, weekly = (each.edition for each in due(now, morning, monday))
    assert isinstance(daily, Morning)
    assert isinstance(weekly, Week)
    assert daily.due_at <= now < Morning(daily.day + DAY, morning).due_at
    assert weekly.due_at(monday) <= now < Week.of(weekly.sunday + DAY).due_at(monday)


@pytest.mark.parametrize(
    ("now", "edition", "is_late"),
    [
        ("2026-11-24 08:29", "2026-11-23", True),
        ("2026-11-24 08:30", "2026-11-24", False),
        ("2026-11-24 14:30", "2026-11-24", False),
        ("2026-11-24 14:31", "2026-11-24", True),
        ("2026-10-25 08:30", "2026-10-25", False),  # the night of 25 hours
    ],
)
def test_a_morning_is_late_after_six_hours(*, now: str, edition: str, is_late: bool) -> None:
    (found,) = due(at(now), time(8, 30), None)
    assert (found.edition.name, found.is_late) == (edition, is_late)
    assert LATE == 6 * HOUR


@pytest.mark.parametrize(
    ("now", "edition", "is_late"),
    [
        ("2026-11-23 08:59", "2026-semaine-46", True),
        ("2026-11-23 09:00", "2026-semaine-47", False),
        ("2026-11-29 23:59", "2026-semaine-47", True),
        ("2027-01-04 09:00", "2026-semaine-53", False),
    ],
)
def test_a_week_is_told_on_the_monday_that_follows(*, now: str, edition: str, is_late: bool) -> None:
    assert list(due(at(now), None, time(9))) == [Due(_week(edition), is_late)]


def _week(name: str) -> Week:
    year, _, number = name.partition("-semaine-")
    return Week(int(year), int(number))
