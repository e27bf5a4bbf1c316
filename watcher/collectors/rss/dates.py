"""Dates of feeds, as their authors write them → aware UTC."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import struct_time
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
"""Who leaves the zone out (or writes CEST, which RFC 822 does not know) writes the time on his wall, and our sources
are French. Read as UTC, a fresh article would be dated up to two hours ahead."""


def read_date(text: str, parsed: struct_time | None = None) -> datetime | None:
    """Return the date that `text` gives (ISO 8601 or RFC 822), else `parsed` (UTC, feedparser's reading), else None."""
    text = text.strip()
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            at = read(text)
            if at.tzinfo is None:
                # RFC 5322 3.3: -0000 is UTC said by somebody who does not tell where he is.
                at = at.replace(tzinfo=UTC if text.endswith("-0000") else PARIS)
            return at.astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    try:
        return datetime(*parsed[:6], tzinfo=UTC) if parsed else None
    except ValueError:
        return None
