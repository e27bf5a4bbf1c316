"""The time that a chart spans from left to right. Pure."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self

from watcher.french import PARIS


@dataclass(frozen=True, slots=True)
class Axis:
    """The time that a drawing spans from left to right: where each of its slots begins, and the last one ends."""

    edges: Sequence[datetime]

    @classmethod
    def of_slots(cls, start: datetime, step: timedelta, slots: int) -> Self:
        """Return the axis of so many slots of `step` each, from `start` on."""
        return cls([start + step * slot for slot in range(slots + 1)])

    @classmethod
    def of_days(cls, first: date, last: date) -> Self:
        """Return the axis of the region's days, both included; two days a year are an hour longer or shorter."""
        count = (last - first).days + 2
        return cls([datetime.combine(first + timedelta(days=n), time(), PARIS).astimezone(UTC) for n in range(count)])

    @property
    def start(self) -> datetime:
        """When the first slot begins."""
        return self.edges[0]

    @property
    def end(self) -> datetime:
        """When the last slot ends."""
        return self.edges[-1]

    @property
    def slots(self) -> int:
        """How many there are."""
        return len(self.edges) - 1

    @property
    def is_daily(self) -> bool:
        """Whether a slot is a day: hours say nothing there."""
        return self.edges[1] - self.edges[0] > timedelta(hours=22)

    def slot_of(self, at: datetime) -> int:
        """Return in which slot `at` falls: the first or the last for what lies beyond."""
        return min(max(bisect_right(self.edges, at) - 1, 0), self.slots - 1)
