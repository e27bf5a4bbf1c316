"""PeerTube: what the index finds, what is said at home under it, and what becomes of both, over a real server."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.fetch import Answer, FakeFetch, answer
from tests.fakes.line import a_line
from tests.fakes.peertube import Comment, FakePeerTube, Video
from tests.fakes.sample import Sample
from watcher.collectors.peertube import Collector, PeerTubeSettings
from watcher.collectors.peertube.wire import comments_of, videos_of
from watcher.errors import BudgetSpent, RateLimited
from watcher.fetch import HttpFetch
from watcher.flow import collect_source
from watcher.model import Cursor, Deletion, Page, RawPost, Source
from watcher.normalise import post_id
from watcher.upkeep.sweep import sweep
from watcher.web.server import serving

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SEARCH = "https://sepiasearch.org/api/v1/search/videos"
UUID = "9c9de5e8-0a1e-484a-b099-3c9e9a6e8f00"


def a_video(**changes: Any) -> dict[str, Any]:
    return {
        "id": 1,
        "uuid": UUID,
        "url": f"https://peer.example/videos/watch/{UUID}",
        "name": "Occitanie en train",
        "description": "Un **voyage**",
        "publishedAt": "2026-11-20T10:00:00.000Z",
        "originallyPublishedAt": None,
        "language": {"id": "fr", "label": "French"},
        "privacy": {"id": 1, "label": "Public"},
        "views": 10,
        "likes": 1,
        "dislikes": 0,
        "comments": 0,
        "account": {"id": 3, "name": "u", "displayName": "U", "host": "peer.example"},
        "tags": ["occitanie"],
    } | changes


def found(*videos: object) -> Answer:
    return answer(SEARCH, json.dumps({"total": len(videos), "data": videos}).encode())


SAMPLE = Sample(
    settings={"recherches": ["train"]},
    posts={SEARCH: found(a_video())},
    none={SEARCH: found()},
    broken={SEARCH: answer(SEARCH, b"<html>maintenance</html>")},
)


class Watcher:
    def __init__(self, peertube: FakePeerTube, fetch: HttpFetch) -> None:
        self.peertube, self.fetch = peertube, fetch
        self.settings = PeerTubeSettings(searches=("train",), server=peertube.base)
        self.cursor: Cursor | None = None
        self.pages: list[Page] = []

    async def run(self, now: datetime = NOON) -> list[RawPost]:
        self.peertube.asked.clear()
        self.pages = []
        async for page in Collector().pages(self.fetch, self.settings, self.cursor, now):
            self.pages.append(page)
            self.cursor = page.cursor
        return [post for page in self.pages for post in page.posts]


@pytest.fixture
async def peertube() -> AsyncIterator[Watcher]:
    platform = FakePeerTube()
    fetch = HttpFetch(user_agent="essai", clock=FakeClock(), allow_loopback=True)
    async with serving(platform) as address, fetch:
        platform.base = address
        yield Watcher(platform, fetch)


def a_talk(number: int = 1, at: datetime = NOON - DAY) -> Video:
    asked = Comment(1, "marie", "Et le mien ?", at + HOUR)
    return Video(number, f"Le train, {number}", at, [asked, Comment(2, "tele", "Demain.", at + 2 * HOUR, above=1)])


def test_a_documented_video_is_read_field_by_field() -> None:
    (post,) = videos_of([a_video()])[0].posts
    assert post.native_id == post.url == f"https://peer.example/videos/watch/{UUID}"
    assert (post.title, post.text, post.lang) == ("Occitanie en train", "Un **voyage**", "fr")
    assert post.published_at == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert (post.author, post.hashtags) == ("u@peer.example", ("occitanie",))
    assert post.metrics == {"views": 10, "likes": 1, "dislikes": 0, "comments": 0}


@pytest.mark.parametrize("changes", [{"privacy": {"id": 3}}, {"name": "", "description": None}])
def test_what_is_not_public_or_says_nothing_is_left_aside(changes: dict[str, Any]) -> None:
    read, _ = videos_of([a_video(**changes)])
    assert (read.posts, read.broken) == ((), ())


@pytest.mark.parametrize(
    "changes", [{"account": None, "tags": "x", "language": 3}, {"publishedAt": "hier", "views": None, "comments": "2"}]
)
def test_a_video_with_odd_parts_is_still_a_video(changes: dict[str, Any]) -> None:
    assert len(videos_of([a_video(**changes)])[0].posts) == 1


@pytest.mark.parametrize("item", [None, 7, [], {}, {"url": ""}, {"id": "x", "account": {"name": "marie"}}])
def test_a_broken_item_costs_itself_alone_and_names_nobody(item: object) -> None:
    read, _ = videos_of([item, a_video()])
    assert (len(read.posts), len(read.broken)) == (1, 1)
    assert "marie" not in read.broken[0].payload
    assert len(comments_of([item], "x")[0].broken) == 1


async def test_a_first_run_gives_videos_and_what_is_said_under_them(peertube: Watcher) -> None:
    video = a_talk()
    address = peertube.peertube.publish(video)
    shown, asked, answered = await peertube.run()
    assert shown.native_id == address
    assert (asked.native_id, asked.reply_to) == (f"{address}/comments/1", address)
    assert (answered.native_id, answered.reply_to) == (f"{address}/comments/2", f"{address}/comments/1")
    assert asked.conversation == answered.conversation == address
    assert (answered.author, answered.text) == ("tele@peer.example", "<p>Demain.</p>")


async def test_comments_are_asked_for_where_their_number_moved(peertube: Watcher) -> None:
    talks = [a_talk(number) for number in range(1, 5)]
    for video in talks:
        peertube.peertube.publish(video)
    await peertube.run()
    talks[2].comments.append(Comment(3, "paul", "Et moi ?", NOON, above=2))
    peertube.peertube.refresh()
    late = f"{peertube.peertube.address(talks[2])}/comments/3"
    assert late in {post.native_id for post in await peertube.run(NOON + HOUR)}
    assert len(peertube.peertube.asked) == 3
    await peertube.run(NOON + 2 * HOUR)
    assert peertube.peertube.asked == ["search/videos"]


async def test_long_results_are_read_page_by_page(peertube: Watcher) -> None:
    written = [peertube.peertube.publish(Video(number, "Le train", NOON - number * HOUR / 2)) for number in range(230)]
    assert sorted(post.native_id for post in await peertube.run()) == sorted(written)


async def test_a_home_that_is_away_costs_its_own_comments_and_is_asked_again(peertube: Watcher) -> None:
    here, away = a_talk(1), a_talk(2)
    peertube.peertube.publish(here)
    away.more = {"url": f"http://127.0.0.1:9/videos/watch/{away.uuid}"}
    peertube.peertube.publish(away)
    assert len(await peertube.run()) == 4
    away.more = {}
    assert f"{peertube.peertube.address(away)}/comments/1" in {post.native_id for post in await peertube.run()}


async def test_a_deleted_comment_is_told_and_is_no_post(peertube: Watcher) -> None:
    video = a_talk()
    address = peertube.peertube.publish(video)
    await peertube.run()
    video.comments[0].is_deleted = True
    video.comments.append(Comment(3, "paul", "Où est la question ?", NOON))
    peertube.peertube.refresh()
    posts = await peertube.run(NOON + HOUR)
    assert f"{address}/comments/1" not in {post.native_id for post in posts}
    assert Deletion(native_id=f"{address}/comments/1") in {gone for page in peertube.pages for gone in page.deletions}


async def test_a_limit_is_heard_with_its_wait(peertube: Watcher) -> None:
    peertube.peertube.allowance = 0
    with pytest.raises(RateLimited) as heard:
        await peertube.run()
    assert heard.value.retry_after_s == 7


async def test_the_whole_line_stores_once_and_lets_go_of_what_its_home_forgot(
    peertube: Watcher, tmp_path: Path
) -> None:
    video = a_talk()
    address = peertube.peertube.publish(video)
    line, journal = a_line(tmp_path)
    line = replace(line, fetch=peertube.fetch, clock=FakeClock(NOON))
    source = Source("peertube", "peertube", peertube.settings, 900.0)
    first = await collect_source(source, Collector(), line)
    again = await collect_source(source, Collector(), line)
    assert (first.new, again.new, again.edited) == (3, 0, 0)
    del peertube.peertube.videos[video.uuid]  # the index still has it
    assert await sweep(source, Collector(), line.fetch, journal, line.clock) == 3
    gone = {row.doc_id for row in journal.outbox_batch(100, 1_000_000, NOON) if row.body is None}
    assert post_id("peertube", f"{address}/comments/2") in gone
    assert (await collect_source(source, Collector(), line)).new == 0
    journal.close()


async def test_a_spent_budget_ends_the_sweep_and_is_heard() -> None:
    fetch, settings = FakeFetch(otherwise=BudgetSpent("au repos")), PeerTubeSettings(searches=("train",))
    with pytest.raises(BudgetSpent):
        await Collector().still_there(fetch, settings, [f"https://peer.example/videos/watch/{UUID}"])


@pytest.mark.parametrize("wrong", [{"searches": ()}, {"searches": ("a",), "server": "sepiasearch"}], ids=str)
def test_settings_that_hear_nothing_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PeerTubeSettings(**wrong)


async def test_a_backfill_gives_videos_and_comments_of_an_interval_of_the_past(peertube: Watcher) -> None:
    old, asked, young = a_talk(1, NOON - 9 * DAY), a_talk(2, NOON - 5 * DAY), a_talk(3, NOON - DAY)
    old.comments.append(Comment(3, "marie", "Toujours rien ?", NOON - 5 * DAY, above=1))
    addresses = [peertube.peertube.publish(video) for video in (old, asked, young)]
    since, until = NOON - 6 * DAY, NOON - 4 * DAY
    pages = [page async for page in Collector().backfill(peertube.fetch, peertube.settings, since, until, None)]
    found = {post.native_id for page in pages for post in page.posts}
    assert found == {
        f"{addresses[0]}/comments/3",
        addresses[1],
        f"{addresses[1]}/comments/1",
        f"{addresses[1]}/comments/2",
    }
