"""Spikes of a series of counts (a topic, a place, a platform), every five minutes. Pure.

The last half-hour is held against its own decayed record: what has just been seen surprises nobody, what has not been
seen for days does. There is no season in it on purpose: measured on labelled volumes of mentions, taking the season
out cost 5 to 16 points; the schedule belongs to `trends`.
"""

import math
from collections import deque
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


class Volume:
    """One series: a handful of floats. One threshold serves all series, large and small."""

    def __init__(self) -> None:
        self._latest: deque[float] = deque(maxlen=MEAN_OF)
        self._at: float | None = None
        self._level = 0.0
        self._record = 0.0
        self._told = (0.0, -math.inf)

    def update(self, t: float, count: float) -> float:
        """Take the count of the five minutes that end at `t` and return by how much the record is broken, as ln.

        0 where it is not, and for a day after a higher score: one spike is told once, unless it grows.
        """
        if self._at is None:
            self._level = float(count)
        elapsed_s = STEP_S if self._at is None else t - self._at
        self._at = t
        before = sum(self._latest) / len(self._latest) if self._latest else float(count)
        self._record = max(before, self._record * 0.5 ** (elapsed_s / RECORD_HALFLIFE_S))
        self._latest.append(float(count))
        heard = sum(self._latest) / len(self._latest)
        weight = 1 - 0.5 ** (elapsed_s / LEVEL_HALFLIFE_S)
        self._level += weight * (min(count, 8 * self._level + 3) - self._level)
        calm = 4 * self._level + 0.3
        score = math.log((heard + calm) / (self._record + calm))
        return self._once(t, score)

    def snapshot(self) -> dict[str, Any]:
        """Return what `restore` needs, as JSON can hold it."""
        return {
            "latest": list(self._latest),
            "at": self._at,
            "level": self._level,
            "record": self._record,
            "told": None if math.isinf(self._told[1]) else list(self._told),
        }

    def restore(self, snapshot: Snapshot) -> None:
        """Take the place of the series that `snapshot` tells of."""
        self._latest = deque(snapshot["latest"], maxlen=MEAN_OF)
        self._at, self._level, self._record = snapshot["at"], snapshot["level"], snapshot["record"]
        score, at = snapshot["told"] or (0.0, -math.inf)
        self._told = (score, at)

    def _once(self, t: float, score: float) -> float:
        told, at = self._told
        if score <= 0 or (t < at + SILENCE_S and score <= told):
            return 0.0
        self._told = (score, t)
        return score
