"""Posts folded into ticks: when one closes, what comes too late, and that no stop changes what follows."""

import math
import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from pipelines.phrases import phrases_in
from tests.fakes.clock import NOON
from tests.fakes.posts import a_post
from tests.fakes.watching import says
from watcher.model import Post
from watcher.stores.journal.folds import packed, unpacked
from watcher.trend import Calendar, no_calendar
from watcher.trends.spoken import NOTHING, Watchlist, times
from watcher.trends.ticks import Closed, Ticks, restored

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
    assert times(a_post("1", published_at=published_at, collected_at=NOON))[0] == happened_at.timestamp()


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


def week() -> list[Post]:
    """A week in which two dozen people each say something of their own, morning and evening."""
    return [
        says(f"voisin{n}", f"sujet{n}", NOON - (24 * day - 8 * turn) * HOUR + n * MINUTE)
        for day in range(7, 0, -1)
        for turn in range(2)
        for n in range(24)
    ]


def heard(posts: Iterable[Post], watchlist: Watchlist = NOTHING, calendar: Calendar = no_calendar) -> list[Closed]:
    """Fold posts that are stored a minute after they are collected."""
    ticks, closed = Ticks(watchlist, calendar), list[Closed]()
    for post in sorted(posts, key=lambda post: post.collected_at):
        closed += ticks.advance(post.collected_at + MINUTE)
        ticks.take(post)
    return closed + ticks.advance(NOON + 12 * HOUR)


def news(closed: Iterable[Closed]) -> list[str]:
    return [f"{trend.kind}:{trend.term}" for tick in closed for trend in tick.news]


def burst(text: str, **reading: Any) -> list[Post]:
    """Twelve of these people say a thing within twenty minutes, each in words of their own around `text`."""
    odd = "abricot brouette chandelle dentelle escalier fauteuil girafe horloge igloo jardin kayak lavande".split()
    return [
        says(f"voisin{n}", f"propre{n}", NOON + n * 1.5 * MINUTE, text=f"{word} {text} {word}{n}", **reading)
        for n, word in enumerate(odd)
    ]


@pytest.mark.parametrize(
    ("text", "reading", "told"),
    [
        ("on en parle", {"topics": ("crises",)}, "theme:crises"),
        ("on en parle", {"communes": ("30321",)}, "commune:30321"),
        ("on en parle", {"departements": ("30",)}, "departement:30"),
        ("on en parle", {"to_answer": True}, "a_repondre:oui"),
        ("on en parle", {"domains": ("gazette.example.org",)}, "site:gazette.example.org"),
        ("voir https://gazette.example.com/crue", {}, "lien:gazette.example.com/crue"),
        ("quel pont fermé", {}, "mot:pont fermé"),
    ],
)
def test_twelve_people_are_heard_whatever_they_have_in_common(text: str, reading: dict[str, Any], told: str) -> None:
    closed = heard([*week(), *burst(text, **reading)], Watchlist(words=("pont fermé",)))
    assert news(closed) == [told]
    assert [tick.at for tick in closed if tick.news] <= [NOON + 20 * MINUTE]


def test_a_phrase_that_nobody_listed_is_told_when_nothing_else_tells_the_same() -> None:
    phrase = [f"expression:{phrase:016x}" for phrase, _ in phrases_in("vanne ouverte")]
    assert news(heard([*week(), *burst("la vanne ouverte")])) == phrase
    named = heard([*week(), *burst("la vanne ouverte", communes=("30321",))])
    assert news(named) == ["commune:30321"]
    assert {trend.kind for tick in named for trend in tick.changed} == {"commune"}


def test_a_day_on_which_it_is_expected_is_no_news_nor_is_one_that_follows_a_gap() -> None:
    posts = [*week(), *burst("on en parle", topics=("lycees",))]
    assert news(heard(posts)) == ["theme:lycees"]
    assert news(heard(posts, calendar=lambda key, _: 100.0 if key == ("theme", "lycees") else 1.0)) == []
    assert news(heard(posts, calendar=lambda *_: math.inf)) == []


def test_a_trend_that_lives_into_a_gap_is_told_and_kept_in_numbers() -> None:
    posts = [*week(), *burst("on en parle", topics=("lycees",))]
    closed = heard(posts, calendar=lambda _, at: 1.0 if at <= NOON + 20 * MINUTE else math.inf)
    lived = [trend.latest for tick in closed for trend in tick.changed if tick.at > NOON + 20 * MINUTE]
    assert lived
    assert all(hearing.expected == hearing.voices for hearing in lived)


def test_the_region_s_own_posts_and_robots_make_no_trend() -> None:
    own = [replace(post, is_own=True) for post in burst("on en parle", topics=("lycees",))]
    robots = [replace(post, author_kind="bot") for post in burst("on en parle", topics=("lycees",))]
    assert news(heard([*week(), *own])) == []
    assert news(heard([*week(), *robots], Watchlist(weights={"bot": 0.0}))) == []


def test_the_aude_floods_of_2018_are_told_once_and_within_the_hour() -> None:
    """Urgent posts from 04:00 to 05:00 UTC, ten an hour from near zero, as the real ones came."""
    four = NOON - 8 * HOUR
    night = [
        replace(post, published_at=at, collected_at=at)
        for n, post in enumerate(burst("l'eau monte", topics=("crises",), departements=("11",)))
        if (at := four + n * 6 * MINUTE)
    ]
    closed = heard([*(post for post in week() if post.collected_at < four), *night])
    assert news(closed)[0] in {"theme:crises", "departement:11"}
    assert len(news(closed)) == 1
    assert next(tick.at for tick in closed if tick.news) <= four + HOUR
