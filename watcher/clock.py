"""The only file that reads the time."""

import time
from datetime import UTC, datetime


class SystemClock:
    """The machine's clock. `now` is aware UTC; `monotonic_s` never goes back."""

    def now(self) -> datetime:
        """Return the wall-clock time, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is the one place

    def monotonic_s(self) -> float:
        """Return seconds from an arbitrary origin that wall-clock changes do not move."""
        return time.monotonic()  # noqa: TID251 - this is the one place
