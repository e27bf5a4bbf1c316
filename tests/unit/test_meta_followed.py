"""Which posts are listed, and whose comments are read, from run to run."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.clock import NOON
from watcher.meta_graph.followed import NEAR, Followed, Listed
from watcher.model import Cursor

DAY = timedelta(days=1)


def listed(age: timedelta = DAY, counted: int = 3, id_: str = "1_1") -> Listed:
    return Listed(id_, NOON - age, counted, NOON - age)


def test_the_first_run_lists_all_the_days_that_are_followed_and_the_next_a_week() -> None:
    first = Followed(account="1")
    start = first.begin(90, NOON)
    assert start == NOON - 90 * DAY
    second = first.ended(start, 90, NOON)
    assert second.begin(90, NOON + timedelta(hours=1)) == NOON + timedelta(hours=1) - NEAR


def test_all_the_days_are_listed_again_each_day_and_from_where_a_long_silence_began() -> None:
    walked = Followed(account="1").ended(NOON - 90 * DAY, 90, NOON)
    assert walked.begin(90, NOON + DAY) == NOON + DAY - 90 * DAY
    assert walked.begin(90, NOON + 120 * DAY) == NOON


def test_a_week_s_listing_does_not_count_as_all_the_days() -> None:
    walked = Followed(account="1").ended(NOON - 90 * DAY, 90, NOON)
    later = walked.ended(NOON + DAY / 2 - NEAR, 90, NOON + DAY / 2)
    assert later.walked == walked.walked


@pytest.mark.parametrize(
    ("again", "is_due"),
    [
        (listed(), False),
        (listed(counted=4), True),
        (listed(counted=2), True),
        (Listed("1_1", NOON - DAY, 3, NOON), True),
        (Listed("1_1", NOON - DAY, 3, None), True),
    ],
)
def test_a_post_is_due_when_it_counts_otherwise_or_moved(again: Listed, is_due: bool) -> None:  # noqa: FBT001 - a table
    read = Followed(account="1").listed([listed()], NOON).read("1_1", NOON)
    assert read.due(NOON) == []
    assert bool(read.listed([again], NOON).due(NOON)) is is_due


@pytest.mark.parametrize(("age_days", "after_days"), [(0.1, 1 / 24), (1, 1 / 9), (9, 1), (50, 5.56), (80, 8.89)])
def test_a_post_that_does_not_move_is_due_after_a_tenth_of_its_age(age_days: float, after_days: float) -> None:
    read = Followed(account="1").listed([listed(age_days * DAY)], NOON).read("1_1", NOON)
    assert read.due(NOON + 0.98 * after_days * DAY) == []
    assert read.due(NOON + 1.02 * after_days * DAY) == ["1_1"]


def test_what_moved_comes_first_and_the_newest_before_the_others() -> None:
    posts = [listed(age * DAY, id_=f"1_{age}") for age in (1, 3, 5)]
    read = Followed(account="1").listed(posts, NOON)
    for post in posts:
        read = read.read(post.id, NOON)
    later = NOON + 2 * DAY
    moved = read.listed([Listed("1_5", NOON - 5 * DAY, 9, NOON), *posts[:2]], later)
    assert moved.due(later) == ["1_5", "1_1", "1_3"]


def test_a_post_that_moved_is_read_from_an_hour_before_its_last_reading() -> None:
    read = Followed(account="1").listed([listed()], NOON).read("1_1", NOON)
    soon = NOON + timedelta(minutes=15)
    assert read.threads["1_1"].since(soon) == NOON - timedelta(hours=1)
    assert read.threads["1_1"].since(NOON + 2 * DAY) is None


def test_posts_that_are_too_old_are_followed_no_more_once_they_are_read() -> None:
    followed = Followed(account="1").listed([listed(100 * DAY, id_="1_1"), listed(id_="1_2")], NOON)
    assert set(followed.ended(NOON - 90 * DAY, 90, NOON).threads) == {"1_1", "1_2"}
    assert set(followed.read("1_1", NOON).ended(NOON - 90 * DAY, 90, NOON).threads) == {"1_2"}


def test_a_post_that_grows_too_old_is_read_whole_a_last_time() -> None:
    followed = Followed(account="1").listed([listed(85 * DAY)], NOON).read("1_1", NOON)
    later = NOON + 6 * DAY
    assert set(followed.ended(later - NEAR, 90, later).threads) == {"1_1"}
    assert followed.due(NOON + 10 * DAY) == ["1_1"]
    assert followed.read("1_1", NOON + 10 * DAY).ended(later - NEAR, 90, NOON + 10 * DAY).threads == {}


@pytest.mark.parametrize(
    "cursor", [None, "autre chose", "{}", '{"account": "2"}', '{"account": "1", "threads": {"a": [1]}}']
)
def test_a_cursor_of_another_page_or_that_cannot_be_read_is_a_beginning(cursor: str | None) -> None:
    assert Followed.recall(Cursor(cursor) if cursor else None, account="1") == Followed(account="1")


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 5), st.integers(-1, 9), st.integers(0, 2000)), max_size=20))
def test_a_cursor_says_all_that_it_was(moves: list[tuple[int, int, int]]) -> None:
    followed = Followed(account="1")
    for number, counted, hours in moves:
        at = NOON + timedelta(hours=hours)
        followed = followed.listed([listed(counted=counted, id_=f"1_{number}")], at)
        followed = followed.read(f"1_{number}", at) if counted % 2 else followed
    assert Followed.recall(followed.cursor(), account="1") == followed


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 500), st.booleans()), min_size=1, max_size=30))
def test_no_count_that_changed_is_ever_left_unread(counts: list[tuple[int, bool]]) -> None:
    followed, last_read = Followed(account="1"), None
    for step, (counted, can_read) in enumerate(counts):
        at = NOON + timedelta(minutes=15 * step)
        followed = followed.listed([listed(counted=counted)], at)
        if can_read and followed.due(at):
            followed, last_read = followed.read("1_1", at), counted
        if last_read != counted:
            assert followed.due(at) == ["1_1"]
