"""What kind of day a day is, in the region: back to school, school holidays (zone C), public holiday. Pure.

The académies of Toulouse and Montpellier are zone C: https://www.education.gouv.fr/calendrier-scolaire. School holidays
are known as far as the ministry has published them; past that, a day is like any other.
"""

from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from jours_feries_france import JoursFeries
from vacances_scolaires_france import SchoolHolidayDates, UnsupportedYearException

ZONE = "C"

_DAY = timedelta(days=1)
_SATURDAY = 5
_LONG = 5
"""Days off in a row from which what follows is a return: a long weekend is none."""

_SUMMER = 62

_DATES = SchoolHolidayDates()


class DayKind(StrEnum):
    """What sets a day apart; the words are those of `calendrier.yml`."""

    BACK_TO_SCHOOL = "rentree"
    SCHOOL_HOLIDAY = "vacances"
    PUBLIC_HOLIDAY = "jour_ferie"


@cache
def kinds(day: date) -> frozenset[DayKind]:
    """Return what sets `day` apart, nothing for a day like others."""
    found = {
        DayKind.BACK_TO_SCHOOL: _is_back_to_school(day),
        DayKind.SCHOOL_HOLIDAY: _is_school_holiday(day),
        DayKind.PUBLIC_HOLIDAY: _is_public_holiday(day),
    }
    return frozenset(kind for kind, is_so in found.items() if is_so)


def _is_back_to_school(day: date) -> bool:
    """Tell whether `day` is the first of school after a holiday of more than a long weekend."""
    if not _is_of_school(day):
        return False
    before = day - _DAY
    while not _is_of_school(before) and day - before < timedelta(days=_SUMMER + _LONG):
        before -= _DAY
    off = [before + n * _DAY for n in range(1, (day - before).days)]
    return sum(map(_is_school_holiday, off)) >= _LONG


def _is_of_school(day: date) -> bool:
    return day.weekday() < _SATURDAY and not _is_school_holiday(day) and not _is_public_holiday(day)


def _is_school_holiday(day: date) -> bool:
    try:
        return bool(_DATES.is_holiday_for_zone(day, ZONE))
    except UnsupportedYearException:
        return False


def _is_public_holiday(day: date) -> bool:
    return bool(JoursFeries.is_bank_holiday(day, zone="Métropole"))
