"""How often a password was tried from an address, so that nobody can guess it."""

from collections import deque
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

MOST = 5
WITHIN = timedelta(minutes=5)

_ADDRESSES = 10_000
_HOME = 64  # bits of an IPv6 address that one subscriber has to himself


class Tries:
    """Five tries in five minutes an address, then it waits. Forgets what is older, and with the process all."""

    def __init__(self) -> None:
        self._times: dict[str, deque[datetime]] = {}

    def wait(self, address: str, now: datetime) -> timedelta | None:
        """Return how long `address` must wait for its next try, None when it may try at once."""
        times = self._times.get(_home(address), deque())
        while times and times[0] <= now - WITHIN:
            times.popleft()
        return times[0] + WITHIN - now if len(times) >= MOST else None

    def count(self, address: str, now: datetime) -> None:
        """Count a try from `address`."""
        if len(self._times) >= _ADDRESSES:
            self._times = {home: times for home, times in self._times.items() if times and times[-1] > now - WITHIN}
        self._times.setdefault(_home(address), deque(maxlen=MOST)).append(now)

    def forget(self, address: str) -> None:
        """Forget the tries from `address`: one was right."""
        self._times.pop(_home(address), None)


def _home(address: str) -> str:
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return str(known)
    return str(known.ipv4_mapped or int(known) >> (128 - _HOME))
