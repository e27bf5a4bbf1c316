"""Values of the Graph API, read generously: a number may come as a text, any field may be absent. Pure."""

from datetime import UTC, datetime

from watcher.wire import mapping_of

_MOST_DIGITS = 15
"""What every reader of JSON takes for the same whole number."""


def id_of(value: object) -> str | None:
    """Return an id, which is ASCII and which some answers write as a number; None where there is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return (value.strip() or None) if isinstance(value, str) and value.isascii() else None


def count_of(value: object) -> int | None:
    """Return a count of things; None where nothing counts."""
    if isinstance(value, str) and value.isdecimal() and len(value) <= _MOST_DIGITS:
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value < 10**_MOST_DIGITS else None


def time_of(value: object) -> datetime | None:
    """Return the aware time that ISO 8601 (`2026-11-17T16:24:04+0000`) or Unix seconds write, None for the rest."""
    seconds = count_of(value)
    try:
        if seconds is not None:
            return datetime.fromtimestamp(seconds, UTC)
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
        return at and (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def words_of(value: object) -> str:
    """Return the words of a field, none where it is absent. Raises `ValueError` for what can be no text."""
    if value is None:
        return ""
    if isinstance(value, str | int | float):
        return str(value)
    raise ValueError("un texte qui n'en est pas un")


def summed(edge: object) -> int | None:
    """Return how many things an edge counts in its summary (`{"summary": {"total_count": 3}}`)."""
    return count_of(mapping_of(mapping_of(edge).get("summary")).get("total_count"))
