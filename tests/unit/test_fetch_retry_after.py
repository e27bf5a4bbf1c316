"""How long to wait: Retry-After in both forms of the standard, and the dialects of rate limits."""

from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.clock import NOON
from watcher.fetch.retry_after import retry_after_s, until_reset_s, wait_asked_s


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


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("2026-11-24T12:05:00.123456Z", 300.123456),  # Mastodon
        ("2026-11-24T13:05:00+01:00", 300),
        ("2026-11-24T12:05:00", 300),
        ("2026-11-24T11:59:59.000000Z", 0),
        ("2031-01-01T00:00:00Z", 86_400),
        ("1795521900", 300),  # Bluesky, X: seconds since 1970
        ("1795521600", 0),
        ("1000000000", 0),
        ("42", 42),  # Reddit: seconds left
        ("42.7", 42.7),
        ("9" * 5_000, 86_400),
        ("", None),
        ("never", None),
        ("-1", None),
        ("2026-13-24T12:05:00Z", None),
    ],
)
def test_when_a_limit_starts_afresh_seen_from_noon(header: str, expected: float | None) -> None:
    assert until_reset_s(header, NOON) == expected


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (429, {"x-ratelimit-reset": "2026-11-24T12:05:00.000000Z"}, 300),
        (429, {"ratelimit-reset": "1795521900"}, 300),
        (429, {"x-rate-limit-reset": "1795521900"}, 300),
        (429, {"retry-after": "60", "x-ratelimit-reset": "2026-11-24T12:05:00Z"}, 60),
        (429, {"x-ratelimit-reset": "soon", "ratelimit-reset": "30"}, 30),
        (429, {}, None),
        (200, {"x-ratelimit-reset": "2026-11-24T12:05:00Z"}, None),
        (503, {"x-ratelimit-reset": "2026-11-24T12:05:00Z"}, None),
        (503, {"retry-after": "60"}, 60),
    ],
)
def test_a_reset_asks_to_wait_only_where_the_limit_was_passed(
    status: int, headers: dict[str, str], expected: float | None
) -> None:
    assert wait_asked_s(status, headers, NOON) == expected


@given(header=st.text())
def test_any_reset_is_a_bounded_wait_or_nothing(header: str) -> None:
    wait_s = until_reset_s(header, NOON)
    assert wait_s is None or 0 <= wait_s <= 86_400
