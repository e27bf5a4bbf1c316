"""How often we may call one host: pure decisions, `now_s` being seconds of the monotonic clock.

The journal remembers for each source how long a platform asked it to wait; here is only what sources of one host
share. Requests are spaced, not queued one behind the other: a feed that hangs must not delay its neighbours.
"""

from watcher.errors import RateLimited

_LONGEST_SHARED_HOLD_S = 900.0
"""A longer wait is the quota of one key or one kind of call, which the other sources of the host do not share."""


class Pace:
    """Keeps `gap_s` seconds between two requests to a host, and calls none before the time it asked for."""

    def __init__(self, gap_s: float) -> None:
        self._gap_s = gap_s
        self._free_at_s: dict[str, float] = {}
        self._held_until_s: dict[str, float] = {}

    def reserve(self, host: str, now_s: float) -> float:
        """Take the next turn and return the seconds until it. Raises `RateLimited` while the host is held."""
        held_s = self._held_until_s.get(host, now_s) - now_s
        if held_s > 0:
            raise RateLimited(f"{host} demande d'attendre encore {held_s:.0f} s", held_s)
        turn_s = max(now_s, self._free_at_s.get(host, now_s))
        self._free_at_s[host] = turn_s + self._gap_s
        return turn_s - now_s

    def hold(self, host: str, wait_s: float, now_s: float) -> None:
        """Call `host` no more for `wait_s` seconds, a quarter of an hour at the most."""
        self._held_until_s[host] = now_s + min(wait_s, _LONGEST_SHARED_HOLD_S)
