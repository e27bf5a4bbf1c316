"""How much more than usual is to be expected of a term at a time: the calendar's part in the trends. Pure.

A first day of school brings what would be news on another day. What a source did not give for a while is missing in
what is heard of everything; and of its platform, across a gap nothing is a surprise.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import inf

from pipelines.calendar import DayKind, kinds
from pipelines.trends import TICK_S
from watcher.config.config import CalendarConfig, Expectation
from watcher.french import PARIS
from watcher.gaps import Fate, Gap
from watcher.model import Source
from watcher.trend import SOURCE, Key

WINDOW = timedelta(hours=1)
"""What a tick hears: see `trend.Hearing`."""

LATE = timedelta(seconds=TICK_S)
"""A tick is closed so long after its end: what a source gives again before was heard in time."""

DEAF = 0.5
"""From this share of its sources on that are not heard, a platform is not: one feed of fifty changes nothing."""


@dataclass(frozen=True, slots=True)
class Expectations:
    """A `trend.Calendar`: what `config` says of a day; of a source, the part of the hour outside its `gaps`.

    `sources` are the names of the sources of each platform, which is infinitely expected when half of them are silent.
    """

    config: CalendarConfig
    gaps: Mapping[str, Sequence[Gap]] = field(default_factory=dict)
    sources: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __call__(self, key: Key, at: datetime) -> float:
        """Return how many times its usual the term `key` is to be expected in the hour before `at`."""
        kind, term = key
        if kind == SOURCE:
            return self._heard(term, at)
        if kind == "plateforme" and self._is_deaf(term, at):
            return inf
        today = _of_day(self.config, at.astimezone(PARIS).date())
        return max((each.times for each in today if key in each.keys), default=1.0)

    def _is_deaf(self, platform: str, at: datetime) -> bool:
        names = self.sources.get(platform, ())
        silent = sum(self._heard(name, at) < 1 for name in names)
        return bool(silent) and silent >= DEAF * len(names)

    def _heard(self, source: str, at: datetime) -> float:
        """Return in what part of the hour before `at` a source was heard."""
        silent = [_silence(gap, at) - max(gap.since, at - WINDOW) for gap in self.gaps.get(source, ())]
        return 1 - min(1.0, sum(max(each / WINDOW, 0.0) for each in silent))


def _silence(gap: Gap, at: datetime) -> datetime:
    """Return until when, `at` at the latest, what `gap` left out was missing from the ticks that it belongs to."""
    if gap.until is None:
        return at
    return min(gap.until - LATE if gap.fate is Fate.HEARD else gap.until, at)


def expectations(config: CalendarConfig, gaps: Iterable[Gap], sources: Iterable[Source]) -> Expectations:
    """Return what is to be expected by the team's calendar, with these gaps of these sources."""
    by_source, by_platform = defaultdict[str, list[Gap]](list), defaultdict[str, list[str]](list)
    for gap in gaps:
        by_source[gap.source].append(gap)
    for source in sources:
        by_platform[source.platform].append(source.name)
    return Expectations(config, by_source, by_platform)


@lru_cache(maxsize=32)
def _of_day(config: CalendarConfig, day: date) -> tuple[Expectation, ...]:
    return tuple(each for each in config.expectations if _holds(each, day))


def _holds(expectation: Expectation, day: date) -> bool:
    if expectation.day:
        return DayKind(expectation.day) in kinds(day)
    return (expectation.begins or date.min) <= day <= (expectation.ends or date.max)
