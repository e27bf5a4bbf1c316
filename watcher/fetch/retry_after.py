"""How long a platform asks us to wait: the `Retry-After` header (RFC 9110, 10.2.3), in seconds or as a date."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_LONGEST_S = 86_400.0
"""A day. Beyond it the header is a mistake or a trap that would silence a source; asking once a day harms nobody."""

_SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?")


def retry_after_s(header: str | None, now: datetime) -> float | None:
    """Return the seconds to wait from `now` (aware), from 0 to a day, or None where `header` says nothing usable."""
    text = (header or "").strip()
    if _SECONDS.fullmatch(text):
        wait_s = float(text)
    else:
        try:
            at = parsedate_to_datetime(text)
            wait_s = ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds()
        except (ValueError, OverflowError):
            return None
    return min(max(wait_s, 0.0), _LONGEST_S)
