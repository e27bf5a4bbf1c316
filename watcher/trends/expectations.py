"""How much more than usual is to be expected of a term at a time: the calendar's part in the trends. Pure.

A first day of school brings what would be news on another day. What a platform did not give for a while cannot be
compared with what it gives again: across a gap nothing of it is a surprise.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import inf

from pipelines.calendar import DayKind, kinds
from watcher.config.config import CalendarConfig, Expectation
from watcher.french import PARIS
from watcher.gaps import Gap
from watcher.model import Source
from watcher.trend import Key

WINDOW = timedelta(hours=1)
"""What a tick hears: see `trend.Hearing`."""

DEAF = 0.5
"""From this share of its sources on that are not heard, a platform is not: one feed of fifty changes nothing."""


@dataclass(frozen=True, slots=True)
class Expectations:
    """A `trend.Calendar`: what `config` says of a day, and infinity for a platform across its `gaps`.

    `sources` is how many sources each platform has.
    """

    config: CalendarConfig
    gaps: tuple[Gap, ...] = ()
    sources: Mapping[str, int] = field(default_factory=dict)

    def __call__(self, key: Key, at: datetime) -> float:
        """Return how many times its usual the term `key` is to be expected in the hour before `at`."""
        if key[0] == "plateforme" and self._is_deaf(key[1], at - WINDOW, at):
            return inf
        today = _of_day(self.config, at.astimezone(PARIS).date())
        return max((each.times for each in today if key in each.keys), default=1.0)

    def _is_deaf(self, platform: str, since: datetime, until: datetime) -> bool:
        silent = {
            gap.source
            for gap in self.gaps
            if gap.platform == platform and gap.since < until and (gap.until is None or gap.until > since)
        }
        return bool(silent) and len(silent) >= DEAF * self.sources.get(platform, 1)


def expectations(config: CalendarConfig, gaps: Iterable[Gap], sources: Iterable[Source]) -> Expectations:
    """Return what is to be expected by the team's calendar, with these gaps of these sources."""
    return Expectations(config, tuple(gaps), Counter(source.platform for source in sources))


@lru_cache(maxsize=32)
def _of_day(config: CalendarConfig, day: date) -> tuple[Expectation, ...]:
    return tuple(each for each in config.expectations if _holds(each, day))


def _holds(expectation: Expectation, day: date) -> bool:
    if expectation.day:
        return DayKind(expectation.day) in kinds(day)
    return (expectation.begins or date.min) <= day <= (expectation.ends or date.max)
