"""Searches, a hundred a day: spread over the day, never begun again for nothing, and honest about what they clip."""

from datetime import datetime, timedelta

import pytest

from tests.fakes.clock import NOON
from tests.fakes.watching_youtube import OWN, Watcher, ids
from tests.fakes.youtube import Comment, Video
from watcher.budget import Budget, Cost
from watcher.collectors.youtube import Collector
from watcher.collectors.youtube.api import ADDRESS
from watcher.errors import RateLimited
from watcher.model import GapCause

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def publish(youtube: Watcher, number: int, at: datetime, title: str = "Le TER d'Occitanie") -> str:
    return youtube.youtube.publish(Video(f"video{number:06d}", "UCautre", title, at)).id


async def test_what_is_found_is_asked_for_whole(youtube: Watcher) -> None:
    found = publish(youtube, 1, NOON - HOUR)
    (post,) = await youtube.run(NOON, searches=("ter",))
    assert (post.native_id, post.title, post.metrics["views"]) == (found, "Le TER d'Occitanie", 1234)
    asked = dict(youtube.youtube.asked)
    assert asked["search"]["publishedAfter"] == "2026-11-17T12:00:00Z"
    assert (asked["search"]["order"], asked["search"]["maxResults"]) == ("date", "50")
    assert asked["videos"] == {"part": "snippet,statistics,status", "id": found}


async def test_all_pages_since_the_last_search_are_read(youtube: Watcher) -> None:
    await youtube.run(NOON, searches=("ter",))
    written = [publish(youtube, number, NOON + number * timedelta(minutes=1)) for number in range(1, 121)]
    assert sorted(ids(await youtube.run(NOON + 3 * HOUR, searches=("ter",)))) == sorted(written)
    assert youtube.youtube.calls("search") == 3


async def test_what_came_out_a_little_before_the_last_search_is_found_late(youtube: Watcher) -> None:
    await youtube.run(NOON, searches=("ter",))
    late = publish(youtube, 1, NOON - 5 * HOUR)
    assert ids(await youtube.run(NOON + HOUR, searches=("ter",))) == [late]


async def test_a_day_of_runs_stays_within_the_hundred_and_serves_all_words(youtube: Watcher) -> None:
    words, asked = tuple(f"mot{number}" for number in range(7)), list[str]()
    for number in range(48):
        await youtube.run(NOON + number * HOUR / 2, searches=words)
        asked += [params["q"] for resource, params in youtube.youtube.asked if resource == "search"]
    assert len(asked) <= 100
    assert {asked.count(word) for word in words} <= {12, 13}


async def test_a_page_that_comes_again_ends_the_search(youtube: Watcher) -> None:
    written = {publish(youtube, number, NOON - number * HOUR / 60) for number in range(60)}
    youtube.youtube.repeats_pages = True
    found = await youtube.run(NOON, searches=("ter",))
    assert youtube.youtube.calls("search") == 2
    assert set(ids(found)) < written


async def test_what_lies_beyond_five_hundred_videos_is_told(youtube: Watcher) -> None:
    youtube.youtube.page_sizes["search"] = 5
    for number in range(60):
        publish(youtube, number, NOON - number * HOUR)
    assert len(await youtube.run(NOON, searches=("ter",))) == 50
    (gap,) = youtube.pages[-1].unheard
    assert (gap.cause, gap.since, gap.until) == (GapCause.CLIPPED, NOON - 7 * DAY, NOON - 49 * HOUR)


async def test_a_search_that_the_budget_cuts_goes_on_from_its_page(youtube: Watcher) -> None:
    written = [publish(youtube, number, NOON - number * HOUR / 60) for number in range(120)]
    youtube.youtube.searches_left = 2
    with pytest.raises(RateLimited):
        await youtube.run(NOON, searches=("ter",))
    first = [post for page in youtube.pages for post in page.posts]
    youtube.youtube.searches_left = 100
    rest = await youtube.run(NOON + 20 * HOUR, searches=("ter",))
    assert youtube.youtube.calls("search") == 1
    assert sorted(ids([*first, *rest])) == sorted(written)


async def test_a_token_that_has_ended_begins_the_search_again(youtube: Watcher) -> None:
    written = [publish(youtube, number, NOON - number * HOUR / 60) for number in range(60)]
    youtube.youtube.searches_left = 1
    with pytest.raises(RateLimited):
        await youtube.run(NOON, searches=("ter",))
    assert youtube.cursor is not None
    youtube.cursor = type(youtube.cursor)(youtube.cursor.replace("page50", "ancienne"))
    youtube.youtube.searches_left = 100
    assert sorted(ids(await youtube.run(NOON + HOUR, searches=("ter",)))) == sorted(written)


async def test_people_are_heard_when_the_searches_are_spent(youtube: Watcher) -> None:
    video = youtube.youtube.publish(Video("notrevideo1", OWN, "Chez nous", NOON - DAY))
    video.comments.append(Comment("Ug00000000000000000000", "UCmarie", "Et mon train ?", NOON - HOUR))
    youtube.youtube.searches_left = 0
    with pytest.raises(RateLimited):
        await youtube.run(NOON, own_channel=OWN, searches=("ter",))
    assert ids([post for page in youtube.pages for post in page.posts]) == [video.id, "Ug00000000000000000000"]


@pytest.mark.parametrize(
    ("resource", "cost"), [("search", Cost(searches=1)), ("videos", Cost(calls=1)), ("commentThreads", Cost(calls=1))]
)
def test_searches_are_paid_from_a_bucket_of_their_own(youtube: Watcher, resource: str, cost: Cost) -> None:
    assert Collector().price(youtube.settings(searches=("ter",)), f"{ADDRESS}/{resource}", {}) == cost


def test_the_day_of_the_budget_is_that_of_california(youtube: Watcher) -> None:
    expected = Budget(calls_per_day=10_000, searches_per_day=100, timezone="America/Los_Angeles")
    assert youtube.settings(searches=("ter",)).budget == expected
