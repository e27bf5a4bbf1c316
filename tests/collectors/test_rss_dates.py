"""Dates as feeds write them."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.collectors.rss.dates import read_date


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("Tue, 24 Nov 2026 10:00:00 +0100", datetime(2026, 11, 24, 9, tzinfo=UTC)),
        ("Tue, 24 Nov 26 10:00:00 GMT", datetime(2026, 11, 24, 10, tzinfo=UTC)),
        ("Tue, 24 Nov 2026 10:00:00", datetime(2026, 11, 24, 9, tzinfo=UTC)),
        ("Tue, 24 Nov 2026 10:00:00 -0000", datetime(2026, 11, 24, 10, tzinfo=UTC)),
        ("Wed, 15 Jul 2026 10:00:00 CEST", datetime(2026, 7, 15, 8, tzinfo=UTC)),
        ("2026-11-24T10:00:00Z", datetime(2026, 11, 24, 10, tzinfo=UTC)),
        ("2026-07-15T10:00:00", datetime(2026, 7, 15, 8, tzinfo=UTC)),
        ("2026-11-24", datetime(2026, 11, 23, 23, tzinfo=UTC)),
        ("2030-01-01T00:00:00+00:00", datetime(2030, 1, 1, tzinfo=UTC)),
        ("0001-01-01T00:00:00+10:00", None),
        ("hier soir", None),
        ("", None),
    ],
)
def test_dates_are_read_as_their_authors_meant_them(text: str, at: datetime | None) -> None:
    assert read_date(text) == at


@given(st.integers(0, 4_000_000_000), st.integers(-12, 14))
def test_a_date_with_its_zone_is_the_same_moment_in_both_spellings(epoch_s: int, hours: int) -> None:
    at = datetime.fromtimestamp(epoch_s, timezone(timedelta(hours=hours)))
    assert read_date(at.isoformat()) == at
    assert read_date(format_datetime(at)) == at
