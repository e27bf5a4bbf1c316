"""Which digests there are, of which days they tell, and when each is due, on the clocks of the region. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Self

from watcher.french import PARIS, date_of

LATE = timedelta(hours=6)
"""A digest that comes later than this after its hour is written and shown on the page, but no longer sent."""

_DAY = timedelta(days=1)
_MONDAY = 1


@dataclass(frozen=True, slots=True)
class Morning:
    """The digest of the morning of `day`, at the time `at`: of what came since the same time the day before."""

    day: date
    at: time

    @property
    def name(self) -> str:
        """The name of its file; those of later mornings sort after it."""
        return self.day.isoformat()

    @property
    def due_at(self) -> datetime:
        """When it is due."""
        return _utc(self.day, self.at)

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From when on, and until when, it tells."""
        return _utc(self.day - _DAY, self.at), self.due_at


@dataclass(frozen=True, slots=True)
class Week:
    """A week from Monday to Sunday, numbered as ISO 8601 does. Raises `ValueError` where a year has no such week."""

    year: int
    number: int

    def __post_init__(self) -> None:
        date.fromisocalendar(self.year, self.number, _MONDAY)

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the week in which `day` lies."""
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @property
    def name(self) -> str:
        """The name of its digest's file; those of later weeks sort after it."""
        return f"{self.year}-semaine-{self.number:02}"

    @property
    def monday(self) -> date:
        """Its first day."""
        return date.fromisocalendar(self.year, self.number, _MONDAY)

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + 6 * _DAY

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From when on, and until when: 168 hours, one more or less where the clocks change."""
        return _utc(self.monday, time()), _utc(self.monday + 7 * _DAY, time())

    @property
    def days(self) -> tuple[tuple[datetime, datetime], ...]:
        """The spans of its seven days."""
        starts = [_utc(self.monday + number * _DAY, time()) for number in range(8)]
        return tuple(pairwise(starts))

    @property
    def before(self) -> Self:
        """The week before."""
        return self.of(self.monday - _DAY)

    @property
    def year_before(self) -> Self | None:
        """The week of the same number of the year before; None where that year had no week 53."""
        try:
            return type(self)(self.year - 1, self.number)
        except ValueError:
            return None

    def due_at(self, at: time) -> datetime:
        """Return when its digest is due: at the time `at` of the Monday that follows it."""
        return _utc(self.monday + 7 * _DAY, at)

    @property
    def days_in_words(self) -> str:
        """« du lundi 16 novembre 2026 au dimanche 22 novembre 2026 »."""
        return f"du {date_of(self.monday)} au {date_of(self.sunday)}"


@dataclass(frozen=True, slots=True)
class Due:
    """A digest to make. `is_late`: too late to be sent."""

    edition: Morning | Week
    is_late: bool


def due(now: datetime, morning: time | None, monday: time | None) -> Iterator[Due]:
    """Yield the last digest of each kind whose hour has come at `now`; none of a kind whose time is None."""
    if morning is not None:
        today = Morning(now.astimezone(PARIS).date(), morning)
        latest = today if today.due_at <= now else Morning(today.day - _DAY, morning)
        yield Due(latest, now - latest.due_at > LATE)
    if monday is not None:
        ended = Week.of(now.astimezone(PARIS).date()).before
        week = ended if ended.due_at(monday) <= now else ended.before
        yield Due(week, now - week.due_at(monday) > LATE)


def _utc(day: date, at: time) -> datetime:
    return datetime.combine(day, at, PARIS).astimezone(UTC)
