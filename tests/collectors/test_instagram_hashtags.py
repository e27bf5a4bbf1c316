"""Hashtags of Instagram over a real server: heard within their 24 hours, within thirty a week, and with few calls."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from tests.collectors.test_instagram import Reader
from tests.fakes.clock import FakeClock
from tests.fakes.facebook import NOW, days
from tests.fakes.instagram import AccountServer
from tests.fakes.meta_graph import PERMISSION, Refusal
from watcher.collectors.instagram.hashtags import Hashtags
from watcher.errors import AuthRefused, Refused
from watcher.fetch import HttpFetch
from watcher.model import GapCause
from watcher.web.server import serving

HOURS_3 = timedelta(hours=3)


@pytest.fixture
def wanted() -> tuple[str, ...]:
    return ("occitanie", "lodève")


@pytest.fixture
async def reader(wanted: tuple[str, ...]) -> AsyncIterator[Reader]:
    server = AccountServer()
    fetch = HttpFetch(user_agent="essai", clock=FakeClock(), allow_loopback=True)
    async with serving(server) as address, fetch:
        yield Reader(server, address.rstrip("/"), fetch, hashtags=wanted)


def captions(count: int, at: datetime = NOW) -> list[tuple[str, datetime]]:
    return [(f"Image {number}", at - timedelta(minutes=number)) for number in range(count)]


async def test_what_strangers_publish_is_heard_once_and_without_who_they_are(reader: Reader) -> None:
    reader.server.hashtag("occitanie", captions(120))
    reader.server.hashtag("lodève", [("Ailleurs", NOW)])
    posts = await reader.run()
    assert {post.text for post in posts} == {f"Image {number}" for number in range(120)} | {"Ailleurs"}
    assert len(posts) == 121
    assert {post.author for post in posts} == {None}
    assert posts[0].metrics == {"likes": 3, "comments": 2}


async def test_a_hashtag_rests_two_hours_and_its_number_is_asked_for_once(reader: Reader) -> None:
    for name in ("occitanie", "lodève"):
        reader.server.hashtag(name, captions(1))
    await reader.run()
    assert len(reader.server.door.asked) == 5
    await reader.run(later=timedelta(minutes=15))
    assert len(reader.server.door.asked) == 1
    await reader.run(later=HOURS_3)
    assert reader.asked("ig_hashtag_search") == []
    assert len(reader.asked("recent_media")) == 2


async def test_pages_end_behind_the_last_reading(reader: Reader) -> None:
    reader.server.hashtag("lodève", [])
    reader.server.hashtag("occitanie", captions(200))
    await reader.run()
    reader.server.hashtag("occitanie", captions(60, NOW + HOURS_3) + captions(200, NOW - timedelta(hours=2)))
    await reader.run(later=HOURS_3)
    assert len(reader.asked("recent_media")) == 1 + 3


async def test_one_hashtag_that_instagram_refuses_does_not_cost_the_others(reader: Reader) -> None:
    reader.server.hashtag("lodève", [("Ailleurs", NOW)])
    with pytest.raises(Refused, match=r"#occitanie \(inconnu ou écarté par Instagram\)"):
        await reader.run()
    assert reader.heard == ["Ailleurs"]


async def test_a_right_that_is_missing_is_told_at_once(reader: Reader) -> None:
    reader.server.hashtag("lodève", [])
    reader.server.hashtag("occitanie", [])
    await reader.run()
    reader.server.door.refusals += [None, Refusal(10, 0, PERMISSION)]
    with pytest.raises(AuthRefused, match="Public Content Access"):
        await reader.run(later=HOURS_3)


async def test_more_than_is_read_and_more_than_is_shown_are_both_told(reader: Reader) -> None:
    reader.server.hashtag("lodève", [])
    reader.server.hashtag("occitanie", captions(1))
    await reader.run()
    later = NOW + days(3)
    reader.server.hashtag("occitanie", captions(400, later))
    reader.now = reader.server.now = later
    gaps = [gap async for page in reader.pages() for gap in page.unheard]
    forgotten = [(gap.since, gap.until) for gap in gaps if gap.cause is GapCause.FORGOTTEN]
    assert forgotten == [(NOW, later - days(1))] * 2
    assert [(gap.since, gap.until) for gap in gaps if gap.cause is GapCause.CLIPPED] == [
        (later - days(1), later - timedelta(minutes=249))
    ]


async def test_the_past_of_a_hashtag_is_lost_and_nothing_of_it_is_swept_or_counted(reader: Reader) -> None:
    pages = reader.collector.backfill(reader.fetch, reader.settings, NOW - days(9), NOW - days(8), None)
    assert [(gap.cause, gap.since) async for page in pages for gap in page.unheard] == [
        (GapCause.FORGOTTEN, NOW - days(9))
    ]
    assert await reader.collector.still_there(reader.fetch, reader.settings, ["1"]) == frozenset()
    assert await reader.collector.figures(reader.fetch, reader.settings, NOW) == ()
    assert reader.server.door.asked == []


@pytest.mark.parametrize("wanted", [tuple(f"mot{number}" for number in range(30))])
async def test_thirty_hashtags_a_week_are_never_passed_even_when_the_team_changes_them(reader: Reader) -> None:
    names = [f"mot{number}" for number in range(31)]
    for name in names:
        reader.server.hashtag(name, captions(1))
    await reader.run()
    reader.settings = reader.settings.model_copy(update={"hashtags": tuple(names[1:])})
    with pytest.raises(Refused, match=r"#mot30 \(quota de 30 par semaine\)"):
        await reader.run(later=HOURS_3)
    assert "mot30" not in reader.server.searched
    assert len(reader.server.searched) == 30


async def test_a_quota_that_another_tool_used_up_is_told(reader: Reader) -> None:
    reader.server.hashtag("lodève", [("Ailleurs", NOW)])
    reader.server.hashtag("occitanie", [])
    reader.server.searched = {"lodève": NOW} | {f"autre{number}": NOW for number in range(29)}
    with pytest.raises(Refused, match=r"#occitanie \(quota de 30 par semaine\)"):
        await reader.run()


def test_a_hashtag_that_is_heard_no_more_leaves_the_quota_after_seven_days() -> None:
    heard = Hashtags().read("occitanie", "1", NOW)
    assert list(Hashtags.recall_since_quota(heard.cursor(), NOW + days(6.9)).heard) == ["occitanie"]
    assert list(Hashtags.recall_since_quota(heard.cursor(), NOW + days(7.1)).heard) == []
