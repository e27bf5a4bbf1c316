"""What a source gives at which hour of the week, and whether it is quieter than that. Pure.

Hours are those of the region: what is usual on Tuesdays at nine is so in summer time and in winter time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import fmean, median
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)

WEEKS = 8
"""How far back a habit goes: long enough for one odd week not to matter, short enough to follow a change."""

LEAST_WEEKS = 3
"""Before that, nobody knows what is usual."""

WINDOWS_H = (3, 6, 12, 24, 72, 168, 336)
"""A busy source is known to be silent within hours, a feed of an article a day within two weeks."""

USUAL = 8
"""A window that usually holds fewer posts is empty by chance once in some thousand times, or more."""

QUIET = 0.2
"""What is left of a source that is silent: an account of many may go on where the others are cut."""

_HEARD = 0.8
"""A window counts where so much of it was listened to."""

Hours = Mapping[datetime, int]
"""New posts by hour (its start, aware UTC) in which a source was read; an hour that is not there was not heard."""


@dataclass(frozen=True, slots=True)
class Silence:
    """A source gave `heard` posts in the last `hours`, where it usually gives about `usual`."""

    hours: int
    heard: int
    usual: int


def start_of_hour(at: datetime) -> datetime:
    """Return the start of the hour in which `at` lies."""
    return at.replace(minute=0, second=0, microsecond=0)


def expected(hours: Hours, since: datetime, until: datetime) -> int | None:
    """Return about how many posts come between two times; None where no week before tells."""
    total, known = 0.0, 0
    at = start_of_hour(since)
    while at < until:
        part = (min(until, at + HOUR) - max(since, at)) / HOUR
        before = [hours[hour] for hour in (_weeks_before(at, week) for week in range(1, WEEKS + 1)) if hour in hours]
        if before:
            total += fmean(before) * part
            known += 1
        at += HOUR
    return round(total) if known else None


def silence(hours: Hours, now: datetime) -> Silence | None:
    """Return how much quieter a source is than its habit, over the shortest time that shows it; None where it is not.

    A source that was not read is not silent: its failures tell.
    """
    end = start_of_hour(now)
    for length in WINDOWS_H:
        heard = _sum(hours, end, length)
        step = -(-length // 168)  # weeks of the past must not overlap the window itself
        past = [_sum(hours, _weeks_before(end, week), length) for week in range(step, WEEKS + 1, step)]
        usual = [count for count in past if count is not None]
        if heard is None or len(usual) < LEAST_WEEKS:
            continue
        if median(usual) >= USUAL and heard < min(usual) and heard <= QUIET * median(usual):
            return Silence(length, heard, round(median(usual)))
    return None


def _sum(hours: Hours, end: datetime, length: int) -> int | None:
    """Return the posts of the `length` hours before `end`, None where too few of them were heard."""
    found = [hours[hour] for hour in _before(end, length) if hour in hours]
    return sum(found) if len(found) >= _HEARD * length else None


def _before(end: datetime, length: int) -> Iterator[datetime]:
    return (end - HOUR * back for back in range(1, length + 1))


def _weeks_before(hour: datetime, weeks: int) -> datetime:
    local = hour.astimezone(PARIS).replace(tzinfo=None) - WEEK * weeks
    return start_of_hour(local.replace(tzinfo=PARIS).astimezone(UTC))
