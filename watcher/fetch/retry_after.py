"""How long a platform asks us to wait: `Retry-After` (RFC 9110, 10.2.3), or when its rate limit starts afresh."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_LONGEST_S = 86_400.0
"""A day. Beyond it the header is a mistake or a trap that would silence a source; asking once a day harms nobody."""

_RESETS = ("x-ratelimit-reset", "ratelimit-reset", "x-rate-limit-reset")
"""Mastodon and Reddit, Bluesky, X. They are on every answer, and mean "wait" on a 429 only."""

_EPOCH_FROM_S = 1e9
"""Bluesky and X give the reset as seconds since 1970, Reddit as seconds left: no wait is thirty years."""

_TOO_MANY_REQUESTS = 429
_SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?")


def wait_asked_s(status: int, headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds to wait from `now` (aware), from 0 to a day, or None where an answer asks for nothing usable.

    Names of `headers` are lower-case.
    """
    wait_s = retry_after_s(headers.get("retry-after"), now)
    if wait_s is None and status == _TOO_MANY_REQUESTS:
        waits = (until_reset_s(headers[name], now) for name in _RESETS if name in headers)
        return next((wait_s for wait_s in waits if wait_s is not None), None)
    return wait_s


def retry_after_s(header: str | None, now: datetime) -> float | None:
    """Return the seconds to wait from `now` (aware), from 0 to a day, or None where `header` says nothing usable."""
    text = (header or "").strip()
    if _SECONDS.fullmatch(text):
        return _bounded(float(text))
    try:
        return _bounded(_seconds_until(parsedate_to_datetime(text), now))
    except (ValueError, OverflowError):
        return None


def until_reset_s(header: str, now: datetime) -> float | None:
    """Return the seconds until a reset, as `retry_after_s`: ISO 8601 (Mastodon), epoch seconds, or seconds left."""
    text = header.strip()
    if _SECONDS.fullmatch(text):
        number = float(text)
        return _bounded(number - now.timestamp() if number >= _EPOCH_FROM_S else number)
    try:
        return _bounded(_seconds_until(datetime.fromisoformat(text), now))
    except (ValueError, OverflowError):
        return None


def _seconds_until(at: datetime, now: datetime) -> float:
    return ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds()


def _bounded(wait_s: float) -> float:
    return min(max(wait_s, 0.0), _LONGEST_S)
