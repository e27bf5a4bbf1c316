"""The only file that reads the time."""

import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's clock. `now` is aware UTC; `monotonic_s` never goes back."""

    def now(self) -> datetime:
        """Return the wall-clock time, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is the one place

    def monotonic_s(self) -> float:
        """Return seconds from an arbitrary origin that wall-clock changes do not move."""
        return time.monotonic()  # noqa: TID251 - this is the one place


class SteppedClock:
    """A clock that stands still at `at` until it is told to advance: the demo's, whose days pass in seconds."""

    def __init__(self, at: datetime) -> None:
        self._now = at
        self._elapsed = timedelta()

    def now(self) -> datetime:
        """Return the time at which the clock stands."""
        return self._now

    def monotonic_s(self) -> float:
        """Return the seconds by which it was advanced."""
        return self._elapsed.total_seconds()

    def advance(self, by: timedelta) -> None:
        """Let `by` pass, which is never negative."""
        self._now += by
        self._elapsed += by
