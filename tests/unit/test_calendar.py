"""The days of the region, against the ministry's calendar and the civil one."""

from datetime import date, timedelta

import pytest

from pipelines.calendar import DayKind, kinds

BACK, OFF, PUBLIC = DayKind.BACK_TO_SCHOOL, DayKind.SCHOOL_HOLIDAY, DayKind.PUBLIC_HOLIDAY


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-09-01", {BACK}),
        ("2026-09-02", set()),
        ("2026-11-02", {BACK}),
        ("2026-10-17", {OFF}),
        ("2026-11-01", {OFF, PUBLIC}),
        ("2026-11-11", {PUBLIC}),
        ("2026-11-12", set()),
        ("2026-11-14", set()),
        ("2026-07-14", {OFF, PUBLIC}),
        ("2027-01-04", {BACK}),
        ("2027-02-22", {BACK}),
        ("2027-05-07", {OFF}),
        ("2027-05-10", set()),
        ("2040-09-01", set()),
    ],
    ids=str,
)
def test_a_day_is_what_the_calendar_says(day: str, expected: set[DayKind]) -> None:
    assert kinds(date.fromisoformat(day)) == expected


def test_five_times_a_year_one_goes_back_to_school() -> None:
    days = [date(2026, 9, 1) + n * timedelta(days=1) for n in range(365)]
    assert [day.isoformat() for day in days if BACK in kinds(day)] == [
        "2026-09-01",
        "2026-11-02",
        "2027-01-04",
        "2027-02-22",
        "2027-04-19",
    ]
