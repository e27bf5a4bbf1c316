"""What the id of a post tells of its time: X numbers its posts by the millisecond. Pure.

Fact: X documentation, "X IDs" (August 2026): 41 bits of milliseconds since `_EPOCH_MS` over 22 bits of sequence.
"""

from datetime import UTC, datetime

FIRST = datetime(2010, 11, 6, tzinfo=UTC)
"""Older posts bear ids of another kind."""

_EPOCH_MS = 1_288_834_974_657
_SEQUENCE_BITS = 22


def time_of(post: int) -> datetime:
    """Return when the post of this id was written."""
    return datetime.fromtimestamp(((post >> _SEQUENCE_BITS) + _EPOCH_MS) / 1000, UTC)


def id_at(at: datetime) -> int:
    """Return the id under which nothing was written at `at` or later, and everything before."""
    return max(0, round(at.timestamp() * 1000) - _EPOCH_MS) << _SEQUENCE_BITS
