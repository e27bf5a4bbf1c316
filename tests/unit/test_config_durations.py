"""Durations as the team writes them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.config.durations import duration, in_words


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("15 min", timedelta(minutes=15)),
        ("15min", timedelta(minutes=15)),
        ("1 minute", timedelta(minutes=1)),
        ("2 h", timedelta(hours=2)),
        ("1,5 heures", timedelta(minutes=90)),
        ("30 jours", timedelta(days=30)),
        ("30 j", timedelta(days=30)),
        ("1 jour", timedelta(days=1)),
        ("2 semaines", timedelta(days=14)),
        ("12 mois", timedelta(days=365)),
        ("2 ans", timedelta(days=730)),
        ("90 S", timedelta(seconds=90)),
    ],
)
def test_a_duration_is_read(written: str, meant: timedelta) -> None:
    assert duration(written) == meant


@pytest.mark.parametrize(
    "written", ["", "15", "min", "15 minuttes", "-1 h", "1 h 30", "12 moi", "1e3 h", "１ h", "9" * 9 + " ans"]
)
def test_what_is_no_duration_is_not_guessed(written: str) -> None:
    assert duration(written) is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (timedelta(days=365), "12 mois"),
        (timedelta(days=730), "2 ans"),
        (timedelta(days=30), "30 jours"),
        (timedelta(days=1), "1 jour"),
        (timedelta(hours=2), "2 h"),
        (timedelta(minutes=15), "15 min"),
        (timedelta(seconds=90), "90 s"),
    ],
)
def test_a_duration_is_said(value: timedelta, words: str) -> None:
    assert in_words(value) == words


@given(st.integers(1, 100_000).map(lambda seconds: timedelta(seconds=seconds)))
def test_what_is_said_is_read_back(value: timedelta) -> None:
    assert duration(in_words(value)) == value
