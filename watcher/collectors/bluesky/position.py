"""Where the reading of a stream stands: the time of the last frame, which any server of the network takes. Pure."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from watcher.model import GapCause, Unheard
from watcher.remembered import Remembered

LOOKBACK = timedelta(hours=36)
"""What the servers keep; older cursors are moved up by v1 servers without a word."""

REWIND = timedelta(seconds=5)
"""Each server sees a frame at its own time: we start a little before, and ids make the repeats harmless."""

AHEAD = timedelta(hours=1)
"""How far past the start of a sitting a frame's time is believed; a later one would make us deaf until then."""


class Position(Remembered):
    """`seen_us` is Unix microseconds, 0 before the first frame."""

    seen_us: int = 0

    def start_us(self, now: datetime) -> int | None:
        """Return the time to ask for, None to begin with what is said now."""
        if not self.seen_us:
            return None
        return max(self.seen_us - _microseconds(REWIND), microseconds(now - LOOKBACK))

    def forgotten(self, now: datetime) -> tuple[Unheard, ...]:
        """Return what was said since that no server keeps any more."""
        kept_since = now - LOOKBACK
        if not self.seen_us or self.seen_us >= microseconds(kept_since):
            return ()
        seen_at = datetime.fromtimestamp(self.seen_us / 1_000_000, UTC)
        return (Unheard(kept_since, GapCause.FORGOTTEN, seen_at, is_lost=True),)

    def after(self, times_us: Iterable[int], now: datetime) -> "Position":
        """Return the position once frames of `times_us` are taken in a sitting that began at `now`.

        Frames of several servers may step back a little; one from far ahead does not count.
        """
        latest_us = microseconds(now + AHEAD)
        return Position(seen_us=max(self.seen_us, *(at_us for at_us in times_us if at_us <= latest_us), 0))


def microseconds(at: datetime) -> int:
    """Return `at` (aware) in Unix microseconds."""
    return round(at.timestamp() * 1_000_000)


def _microseconds(length: timedelta) -> int:
    return length // timedelta(microseconds=1)
