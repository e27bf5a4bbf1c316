"""What is usual for a source, and when it is quieter than that."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from watcher.habit import HOUR, PARIS, Hours, Silence, expected, silence

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # a Tuesday, 16 o'clock in Paris
Rate = Callable[[datetime], int]


def heard(rate: Rate, *, weeks: int = 8, until: datetime = NOW) -> dict[datetime, int]:
    """The hours of the last `weeks`, each with what `rate` gives at it."""
    return {at: rate(at) for at in (until - HOUR * back for back in range(1, weeks * 168 + 13))}


def by_day(at: datetime) -> int:
    """A source that speaks in the daytime of its region."""
    return 6 if 8 <= at.astimezone(PARIS).hour < 21 else 0


def quiet_for(hours: Hours, length: int, left: int = 0) -> Hours:
    return {**hours, **{NOW - HOUR * back: left for back in range(1, length + 1)}}


def test_a_source_that_goes_as_usual_is_not_silent() -> None:
    assert silence(heard(by_day), NOW) is None


def test_a_busy_source_is_found_silent_within_hours() -> None:
    assert silence(quiet_for(heard(by_day), 3), NOW) == Silence(hours=3, heard=0, usual=18)


def test_a_night_without_a_word_is_usual() -> None:
    night = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    assert silence(heard(by_day, until=night), night) is None


def test_one_account_that_goes_on_does_not_hide_the_silence_of_the_others() -> None:
    assert silence(quiet_for(heard(by_day), 3, left=1), NOW) == Silence(hours=3, heard=3, usual=18)


def test_half_of_the_usual_is_not_silence() -> None:
    assert silence(quiet_for(heard(by_day), 24, left=3), NOW) is None


def test_a_feed_of_an_article_a_day_needs_two_weeks() -> None:
    hours = heard(lambda at: int(at.astimezone(PARIS).hour == 9), weeks=8)
    assert silence(quiet_for(hours, 167), NOW) is None
    assert silence(quiet_for(hours, 336), NOW) == Silence(hours=336, heard=0, usual=14)


def test_nobody_knows_what_is_usual_in_the_first_weeks() -> None:
    assert silence(quiet_for(heard(by_day, weeks=2), 12), NOW) is None


def test_a_source_that_was_not_read_is_not_silent() -> None:
    hours = {at: count for at, count in heard(by_day).items() if at < NOW - 12 * HOUR}
    assert silence(hours, NOW) is None


def test_a_gap_is_about_as_many_posts_as_come_in_such_hours() -> None:
    morning = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    assert expected(heard(by_day), morning, morning + timedelta(hours=2)) == 12
    assert expected(heard(by_day), morning - timedelta(hours=6), morning - timedelta(hours=1)) == 0
    assert expected({}, morning, NOW) is None


@pytest.mark.parametrize("now", [datetime(2026, 10, 27, 8, 0, tzinfo=UTC), datetime(2026, 3, 31, 7, 0, tzinfo=UTC)])
def test_an_hour_of_the_week_is_the_regions_in_summer_and_in_winter(now: datetime) -> None:
    """Nine o'clock in Paris, two days after the clocks changed: the weeks before spoke at nine of theirs."""
    summer = 7 if now.month == 10 else 8  # the hour, in UTC, that was nine o'clock before the change
    hours = {now - timedelta(weeks=week) + HOUR * (summer - now.hour): 10 for week in range(1, 5)}
    assert expected(hours, now, now + HOUR) == 10
