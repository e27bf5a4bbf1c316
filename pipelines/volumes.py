"""Spikes of a series of counts (a topic, a place, a platform), every five minutes. Pure.

The last half-hour is held against its own decayed record: what has just been seen surprises nobody, what has not been
seen for days does. There is no season in it on purpose: measured on labelled volumes of mentions, taking the season
out cost 5 to 16 points; the schedule belongs to `trends`.
"""

import math
from collections import deque
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pipelines.sketches import Snapshot

STEP_S = 300.0
DAY_S = 86_400.0
THRESHOLD = 0.131
"""14 % above the decayed record."""

LEVEL_HALFLIFE_S = 7 * DAY_S
RECORD_HALFLIFE_S = 2 * DAY_S
SILENCE_S = DAY_S
MEAN_OF = 6


@lru_cache(maxsize=64)
def _halved(elapsed_s: float, halflife_s: float) -> float:
    return float(0.5 ** (elapsed_s / halflife_s))


class Volume:
    """One series: a handful of floats. One threshold serves all series, large and small."""

    def __init__(self) -> None:
        self._latest: deque[float] = deque(maxlen=MEAN_OF)
        self._at: float | None = None
        self._level = 0.0
        self._record = 0.0
        self._told = (0.0, -math.inf)
        self.excess = 0.0
        """By how much the last half-hour was above the record, as ln, told already or not; 0 where it was not."""

    def update(self, t: float, count: float) -> float:
        """Take the count of the five minutes that end at `t` and return by how much the record is broken, as ln.

        0 where it is not, and for a day after a higher score: one spike is told once, unless it grows.
        """
        if self._at is None:
            self._level = float(count)
        elapsed_s = STEP_S if self._at is None else t - self._at
        self._at = t
        before = sum(self._latest) / len(self._latest) if self._latest else float(count)
        self._record = max(before, self._record * _halved(elapsed_s, RECORD_HALFLIFE_S))
        self._latest.append(float(count))
        heard = sum(self._latest) / len(self._latest)
        weight = 1 - _halved(elapsed_s, LEVEL_HALFLIFE_S)
        self._level += weight * (min(count, 8 * self._level + 3) - self._level)
        calm = 4 * self._level + 0.3
        self.excess = math.log((heard + calm) / (self._record + calm)) if heard > self._record else 0.0
        return self._once(t, self.excess) if self.excess else 0.0

    def snapshot(self) -> dict[str, Any]:
        """Return what `restore` needs, as msgpack can hold it."""
        return {
            "latest": list(self._latest),
            "at": self._at,
            "level": self._level,
            "record": self._record,
            "excess": self.excess,
            "told": None if math.isinf(self._told[1]) else list(self._told),
        }

    def restore(self, snapshot: Snapshot) -> None:
        """Take the place of the series that `snapshot` tells of."""
        self._latest = deque(snapshot["latest"], maxlen=MEAN_OF)
        self._at, self._level, self._record = snapshot["at"], snapshot["level"], snapshot["record"]
        self.excess = snapshot["excess"]
        score, at = snapshot["told"] or (0.0, -math.inf)
        self._told = (score, at)

    def _once(self, t: float, score: float) -> float:
        told, at = self._told
        if score <= 0 or (t < at + SILENCE_S and score <= told):
            return 0.0
        self._told = (score, t)
        return score


class Volumes:
    """The series of a stream, by name: as many as there are names, so few that none is ever forgotten."""

    def __init__(self) -> None:
        self._series: dict[str, Volume] = {}
        self._times: dict[str, list[float]] = {}

    def observe(self, t: float, name: str) -> None:
        """Count one at `t`, seconds, in the series `name`."""
        self._times.setdefault(name, []).append(t)

    def tick(self, end: float, span_s: float) -> Mapping[str, float]:
        """End the steps of the last `span_s` seconds, and return by how much each series was above its record in one.

        What comes too late for its step counts in the first of these.
        """
        for name in self._times:
            self._series.setdefault(name, Volume())
        steps = [end - back * STEP_S for back in reversed(range(round(span_s / STEP_S)))]
        times, self._times = self._times, {}
        return {name: self._highest(volume, times.get(name, []), steps) for name, volume in self._series.items()}

    def snapshot(self) -> dict[str, Any]:
        """Return what `restore` needs, as msgpack can hold it, of the time of the last tick."""
        return {name: volume.snapshot() for name, volume in self._series.items()}

    def restore(self, snapshot: Snapshot) -> None:
        """Take the place of the series that `snapshot` tells of."""
        for name, kept in snapshot.items():
            self._series[name] = Volume()
            self._series[name].restore(kept)

    @staticmethod
    def _highest(volume: Volume, times: list[float], steps: list[float]) -> float:
        highest, before = 0.0, 0
        for step in steps:
            counted = sum(t < step for t in times) if times else 0
            volume.update(step, counted - before)
            highest, before = max(highest, volume.excess), counted
        return highest
