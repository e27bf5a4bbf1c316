"""How often we may call one host: pure decisions, `now_s` being seconds of the monotonic clock.

The journal remembers for each source how long a platform asked it to wait; here is only what sources of one host
share. Requests are spaced, not queued one behind the other: a feed that hangs must not delay its neighbours, nor one
that was told to wait.
"""


class Pace:
    """Keeps `gap_s` seconds between two requests to a host."""

    def __init__(self, gap_s: float) -> None:
        self._gap_s = gap_s
        self._free_at_s: dict[str, float] = {}

    def reserve(self, host: str, now_s: float) -> float:
        """Take the next turn and return the seconds until it."""
        turn_s = max(now_s, self._free_at_s.get(host, now_s))
        self._free_at_s[host] = turn_s + self._gap_s
        return turn_s - now_s
