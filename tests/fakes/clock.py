"""A clock that moves only when told."""

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class FakeClock:
    """Starts at `at`; `advance` moves both readings, `set_wall` jumps the wall clock alone."""

    def __init__(self, at: datetime = NOON) -> None:
        self._now = at
        self._monotonic_s = 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic_s(self) -> float:
        return self._monotonic_s

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        self._monotonic_s += seconds

    def set_wall(self, at: datetime) -> None:
        self._now = at
