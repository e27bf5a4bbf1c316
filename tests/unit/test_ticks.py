"""Posts folded into ticks: when one closes, what comes too late, and that no stop changes what follows."""

import random
from datetime import datetime, timedelta

import pytest

from tests.fakes.clock import NOON
from tests.fakes.posts import a_post
from tests.fakes.watching import says
from watcher.model import Post
from watcher.spoken import Watchlist, event_time
from watcher.stores.journal.folds import packed, unpacked
from watcher.ticks import Closed, Ticks, restored

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
AUTHORS = [f"auteur{n}" for n in range(12)]


@pytest.mark.parametrize(
    ("published_at", "happened_at"),
    [
        (NOON - HOUR, NOON - HOUR),
        (None, NOON),
        (NOON + 365 * 24 * HOUR, NOON),
        (NOON - 365 * 24 * HOUR, NOON - 24 * HOUR),
    ],
    ids=["its own date", "no date", "a date to come", "a date of long ago"],
)
def test_a_post_happened_when_it_says_as_far_as_its_collection_makes_that_believable(
    published_at: datetime | None, happened_at: datetime
) -> None:
    assert event_time(a_post("1", published_at=published_at, collected_at=NOON)) == happened_at


def test_a_tick_closes_ten_minutes_after_its_end_by_the_time_of_storing() -> None:
    ticks = Ticks()
    assert ticks.advance(NOON + MINUTE) == []
    assert ticks.advance(NOON + 19 * MINUTE) == []
    assert [closed.at for closed in ticks.advance(NOON + 31 * MINUTE)] == [NOON + 10 * MINUTE, NOON + 20 * MINUTE]


def story() -> list[tuple[datetime, Post]]:
    """Two days of talk, then a flood; each post with the time at which it was stored, some of them late."""
    rng = random.Random(7)
    told = [
        says(author, f"sujet{n}", NOON - 48 * HOUR + hour * HOUR + n * MINUTE)
        for hour in range(0, 48, 3)
        for n, author in enumerate(AUTHORS)
    ]
    told += [says(author, "crue", NOON + n * 1.5 * MINUTE) for n, author in enumerate(AUTHORS)]
    stored = [(post.collected_at + MINUTE * rng.choice([0.5, 2, 5, 40]), post) for post in told]
    return sorted(stored, key=lambda each: (each[0], each[1].id))


def fold(stops: set[int]) -> list[Closed]:
    """Fold the whole story, stopping and going on from the snapshot before the posts of those numbers."""
    ticks, closed = Ticks(), list[Closed]()
    for n, (stored_at, post) in enumerate(story()):
        if n in stops:
            found = restored(unpacked(packed(ticks.snapshot())))
            assert found is not None
            ticks = found
        closed += ticks.advance(stored_at)
        ticks.take(post)
    return closed + ticks.advance(NOON + 2 * HOUR)


def test_no_stop_changes_what_follows() -> None:
    whole = fold(set())
    assert [trend.term for tick in whole for trend in tick.news] == ["crue"]
    assert fold({1, 60, 150, 195, 200}) == whole


@pytest.mark.parametrize(("late_by", "found"), [(0 * HOUR, ["crue"]), (1 * HOUR, [])])
def test_what_is_stored_late_is_nobody_s_voice(late_by: timedelta, found: list[str]) -> None:
    ticks, closed = Ticks(), list[Closed]()
    for stored_at, post in story():
        is_flood = post.collected_at >= NOON
        closed += ticks.advance(stored_at + late_by if is_flood else stored_at)
        ticks.take(post)
    closed += ticks.advance(NOON + 3 * HOUR)
    assert [trend.term for tick in closed for trend in tick.news] == found


def test_the_fold_of_another_version_or_of_other_words_is_not_gone_on_from() -> None:
    kept = Ticks().snapshot()
    assert restored(kept) is not None
    assert restored({**kept, "version": 0}) is None
    assert restored(kept, Watchlist(words=("canicule",))) is None
    assert restored(kept, Watchlist(weights={"media": 0.5})) is None


def test_a_fold_holds_no_author_and_no_word() -> None:
    ticks = Ticks()
    ticks.advance(NOON)
    ticks.take(says("jeanne", "crue", NOON + MINUTE, text="Le Vidourle déborde"))
    ticks.advance(NOON + HOUR)
    kept = repr(unpacked(packed(ticks.snapshot())))
    assert "crue" in kept
    assert "jeanne" not in kept
    assert "idourle" not in kept
