"""Retry-After: both forms of the standard, and what servers really send."""

from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.clock import NOON
from watcher.fetch.retry_after import retry_after_s


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("0", 0),
        ("1.5", 1.5),
        ("Tue, 24 Nov 2026 12:02:00 GMT", 120),
        ("Tuesday, 24-Nov-26 12:02:00 GMT", 120),
        ("Tue Nov 24 12:02:00 2026", 120),
        ("Tue, 24 Nov 2026 13:02:00 +0100", 120),
        ("Tue, 24 Nov 2026 11:59:00 GMT", 0),
        ("Fri, 01 Jan 2038 00:00:00 GMT", 86_400),
        ("999999999999", 86_400),
        ("9" * 5_000, 86_400),
        ("-5", None),
        ("1e9", None),
        ("inf", None),
        ("soon", None),
        ("١٢", None),
        ("Tue, 99 Nov 2026 99:99:99 GMT", None),
        ("", None),
        (None, None),
    ],
)
def test_what_a_header_means_at_noon(header: str | None, expected: float | None) -> None:
    assert retry_after_s(header, NOON) == expected


@given(seconds=st.integers(0, 86_400))
def test_a_date_and_its_seconds_mean_the_same(seconds: int) -> None:
    date = format_datetime(NOON + timedelta(seconds=seconds), usegmt=True)
    assert retry_after_s(date, NOON) == retry_after_s(str(seconds), NOON) == seconds


@given(header=st.text())
def test_any_text_is_a_bounded_wait_or_nothing(header: str) -> None:
    wait_s = retry_after_s(header, NOON)
    assert wait_s is None or 0 <= wait_s <= 86_400
