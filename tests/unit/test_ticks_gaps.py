"""Across a gap of the source that says most: nothing of the others is a spike, what comes late is no news, news is."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest

from tests.fakes.clock import NOON
from tests.fakes.watching import says
from watcher.config import CalendarConfig
from watcher.gaps import Fate, Gap
from watcher.model import GapCause, Post, Source
from watcher.stores.journal.folds import packed, unpacked
from watcher.trend import Calendar, no_calendar
from watcher.trends.expectations import expectations
from watcher.trends.spoken import Watchlist
from watcher.trends.ticks import Closed, Ticks, restored

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
BEGIN = NOON - 80 * HOUR
SOURCES = [Source("grande", "bluesky", None, 60), Source("petite", "mastodon", None, 60)]


def silent(hours: float) -> Calendar:
    """Give what is expected when the source that says most was not heard for so many hours before noon."""
    gap = Gap("grande", "bluesky", GapCause.OUTAGE, NOON - hours * HOUR, NOON, Fate.HEARD)
    return expectations(CalendarConfig(), [gap], SOURCES)


@cache
def most() -> tuple[Post, ...]:
    """Forty people an hour who each say something of their own, in the source that says most, up to noon."""
    return tuple(
        replace(says(f"a{n}", f"sujet{n}", BEGIN + hour * HOUR + n * 1.5 * MINUTE), source="grande", platform="bluesky")
        for hour in range(80)
        for n in range(40)
    )


def few(text: str = "", tag: str = "", **reading: Any) -> list[Post]:
    """Two people an hour who say one thing in another source; in the last hour before noon there are thirteen."""
    moments = [(hour, turn, 2) for hour in range(79) for turn in range(2)] + [(79, turn, 13) for turn in range(13)]
    return [
        replace(
            says(f"b{(hour + turn) % 13}", tag or f"propre{turn}", at, text=f"{hour} {turn} {text}", **reading),
            source="petite",
        )
        for hour, turn, among in moments
        if (at := BEGIN + hour * HOUR + (turn + 0.5) / among * HOUR)
    ]


def news(
    posts: Iterable[Post], calendar: Calendar = no_calendar, stored_late: Callable[[Post], bool] = lambda _: False
) -> list[str]:
    """Fold posts stored a minute after they are collected, or at noon where they come late, and return what is told."""
    ticks, closed = Ticks(Watchlist(words=("vanne ouverte",)), calendar), list[Closed]()
    stored = [(NOON if stored_late(post) else post.collected_at + MINUTE, post) for post in posts]
    for stored_at, post in sorted(stored, key=lambda each: each[0]):
        closed += ticks.advance(stored_at)
        ticks.take(replace(post, collected_at=max(post.collected_at, stored_at - MINUTE)))
    closed += ticks.advance(NOON + 3 * HOUR)
    return [f"{trend.kind}:{trend.term}" for tick in closed for trend in tick.news]


def is_missed(post: Post) -> bool:
    """Tell whether a post is among those that the silent source said in the six hours before noon."""
    return post.source == "grande" and post.collected_at >= NOON - 6 * HOUR


@pytest.mark.parametrize(
    "said",
    [
        {"tag": "velo"},
        {"topics": ("velo",)},
        {"communes": ("30321",)},
        {"departements": ("30",)},
        {"domains": ("gazette.example.org",)},
        {"to_answer": True},
        {"text": "voir https://gazette.example.com/velo"},
        {"text": "la vanne ouverte"},
    ],
    ids=str,
)
def test_while_the_source_that_says_most_is_silent_the_others_do_not_weigh_more(said: dict[str, Any]) -> None:
    posts = [*(post for post in most() if not is_missed(post)), *few(**said)]
    assert news(posts), "the silence alone would tell it"
    assert news(posts, silent(6)) == []


def burst(at: datetime, source: str = "grande") -> list[Post]:
    """Twelve people who speak of a flood within twenty minutes."""
    return [
        replace(
            says(f"a{n}", "crue", at + n * 1.5 * MINUTE, text=f"{n} l'eau monte {n}"), source=source, platform="bluesky"
        )
        for n in range(12)
    ]


def test_what_comes_late_after_a_gap_is_no_news() -> None:
    posts = [*most(), *few(tag="velo"), *burst(NOON - 3 * HOUR)]
    assert "hashtag:crue" in news(posts), "as told in time"
    assert news(posts, silent(6), is_missed) == []


def test_what_happens_just_after_a_gap_is_told() -> None:
    posts = [*most(), *few(tag="velo"), *burst(NOON + 2 * MINUTE)]
    assert news(posts, silent(6), is_missed) == ["hashtag:crue"]


def test_what_begins_elsewhere_during_a_gap_is_told() -> None:
    posts = [*(post for post in most() if not is_missed(post)), *few(tag="velo"), *burst(NOON - 3 * HOUR, "petite")]
    assert news(posts, silent(6)) == ["hashtag:crue"]


def test_a_fold_goes_on_with_what_each_source_gives() -> None:
    ticks, again = Ticks(calendar=silent(6)), None
    for post in few(tag="velo"):
        ticks.advance(post.collected_at)
        ticks.take(post)
    again = restored(unpacked(packed(ticks.snapshot())), calendar=silent(6))
    assert again is not None
    assert again.snapshot() == ticks.snapshot()
