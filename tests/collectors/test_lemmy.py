"""Lemmy in both its versions, over a real server: words, communities, deletions, and whose a refusal is."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.fetch import FakeFetch, answer, refused
from tests.fakes.lemmy import FakeLemmy, Said
from tests.fakes.line import a_line
from tests.fakes.sample import Sample
from watcher.collectors.lemmy import Collector, LemmySettings
from watcher.collectors.lemmy.wire import views_of
from watcher.errors import BudgetSpent, RateLimited, SourceGone
from watcher.fetch import HttpFetch
from watcher.flow import collect_source
from watcher.model import Cursor, Deletion, GapCause, Page, RawPost, Source
from watcher.normalise import post_id
from watcher.upkeep.sweep import sweep
from watcher.web.server import serving

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SITE, SEARCH = "https://jlai.lu/api/v3/site", "https://jlai.lu/api/v3/search"


def a_view(**changes: Any) -> dict[str, Any]:
    """The documented form of before 1.0."""
    post = {
        "id": 1,
        "name": "Un train de nuit",
        "url": "https://gazette.example/train",
        "body": "**Enfin**",
        "published": "2026-11-20T10:00:00.123456Z",
        "deleted": False,
        "removed": False,
        "ap_id": "https://jlai.lu/post/1",
        "language_id": 47,
    }
    creator = {"id": 2, "name": "u", "display_name": "U", "actor_id": "https://jlai.lu/u/u", "bot_account": False}
    counts = {"post_id": 1, "comments": 4, "score": 10, "upvotes": 11, "downvotes": 1}
    return {"post": post | changes, "creator": creator, "counts": counts}


def found(*posts: object) -> Any:
    return answer(SEARCH, json.dumps({"type_": "All", "posts": posts, "comments": []}).encode())


SAMPLE = Sample(
    settings={"instance": "jlai.lu", "recherches": ["train"]},
    posts={SITE: answer(SITE, b'{"version": "0.19.9"}'), SEARCH: found(a_view())},
    none={SITE: answer(SITE, b'{"version": "0.19.9"}'), SEARCH: found()},
    broken={SITE: answer(SITE, b"<html>maintenance</html>")},
)


class Watcher:
    def __init__(self, lemmy: FakeLemmy, fetch: HttpFetch) -> None:
        self.lemmy, self.fetch = lemmy, fetch
        self.cursor: Cursor | None = None
        self.pages: list[Page] = []

    def settings(self, **given: Any) -> LemmySettings:
        return LemmySettings(**({"instance": self.lemmy.base, "searches": ("train",)} | given))

    async def run(self, now: datetime = NOON, **given: Any) -> list[RawPost]:
        self.lemmy.asked.clear()
        self.pages = []
        async for page in Collector().pages(self.fetch, self.settings(**given), self.cursor, now):
            self.pages.append(page)
            self.cursor = page.cursor
        return [post for page in self.pages for post in page.posts]


@pytest.fixture(params=["v3", "v4"])
async def lemmy(request: pytest.FixtureRequest) -> AsyncIterator[Watcher]:
    platform = FakeLemmy(str(request.param))
    fetch = HttpFetch(user_agent="essai", clock=FakeClock(), allow_loopback=True)
    async with serving(platform) as address, fetch:
        platform.base = address
        yield Watcher(platform, fetch)


def a_talk(lemmy: Watcher) -> tuple[Said, Said, Said]:
    post = lemmy.lemmy.say(Said(1, "Un train de nuit", NOON - DAY))
    first = lemmy.lemmy.say(Said(12, "Et mon train ?", NOON - 3 * HOUR, path="0.12", post=1))
    reply = lemmy.lemmy.say(Said(34, "Ton train est là", NOON - HOUR, "robot", path="0.12.34", post=1))
    return post, first, reply


def ids(posts: list[RawPost]) -> set[str]:
    return {post.native_id for post in posts}


def test_a_documented_post_is_read_field_by_field() -> None:
    (post,) = views_of([a_view()], {47: "fr"}).posts
    assert post.native_id == post.url == "https://jlai.lu/post/1"
    assert (post.title, post.text) == ("Un train de nuit", "**Enfin**\n\nhttps://gazette.example/train")
    assert post.published_at == datetime(2026, 11, 20, 10, 0, 0, 123456, tzinfo=UTC)
    assert (post.author, post.author_kind, post.lang) == ("u@jlai.lu", "unknown", "fr")
    assert (post.edited_at, post.reply_to, post.conversation) == (None, None, None)
    assert post.metrics == {"likes": 11, "dislikes": 1, "comments": 4}


@pytest.mark.parametrize(
    "changes", [{"url": None, "body": None, "updated": None}, {"published": "hier", "language_id": "x", "name": 3}]
)
def test_a_post_with_odd_parts_is_still_a_post(changes: dict[str, Any]) -> None:
    assert len(views_of([a_view(**changes)], {}).posts) == 1


@pytest.mark.parametrize("item", [None, 7, [], {}, {"post": {"id": 1}}, {"post": 3, "creator": {"name": "marie"}}])
def test_a_broken_item_costs_itself_alone_and_names_nobody(item: object) -> None:
    read = views_of([item, a_view()], {})
    assert (len(read.posts), len(read.broken)) == (1, 1)
    assert "marie" not in read.broken[0].payload


async def test_a_search_finds_posts_and_comments_and_joins_them(lemmy: Watcher) -> None:
    post, first, reply = map(lemmy.lemmy.address, a_talk(lemmy))
    found = {each.native_id: each for each in await lemmy.run()}
    assert set(found) == {post, first, reply}
    assert (found[first].reply_to, found[reply].reply_to) == (post, first)
    assert found[first].conversation == found[reply].conversation == post
    assert (found[reply].author, found[reply].author_kind, found[reply].lang) == ("robot@jlai.lu", "bot", "fr")
    assert found[post].metrics == {"likes": 11, "dislikes": 1, "comments": 4}
    assert found[reply].metrics == {"likes": 11, "dislikes": 1, "replies": 2}


async def test_a_community_is_read_whole(lemmy: Watcher) -> None:
    talk = a_talk(lemmy)
    lemmy.lemmy.say(Said(2, "Ailleurs", NOON - HOUR, community="belgique"))
    assert ids(await lemmy.run(searches=(), communities=("!france",))) == {lemmy.lemmy.address(said) for said in talk}


async def test_long_lists_are_read_to_where_we_stood(lemmy: Watcher) -> None:
    await lemmy.run()
    written = {lemmy.lemmy.say(Said(n, "train", NOON + n * timedelta(minutes=1))).number for n in range(1, 121)}
    posts = await lemmy.run(NOON + 3 * HOUR)
    assert ids(posts) == {f"{lemmy.lemmy.base}/post/{number}" for number in written}
    assert len(posts) == 120
    await lemmy.run(NOON + 12 * HOUR)
    await lemmy.run(NOON + 13 * HOUR)
    assert [resource for resource, _ in lemmy.lemmy.asked if resource != "site"] == ["search"]


async def test_what_is_too_much_for_a_run_is_told(lemmy: Watcher) -> None:
    lemmy.lemmy.said = [Said(number, "train", NOON - number * timedelta(minutes=1)) for number in range(520)]
    assert len(await lemmy.run()) == 500
    (gap,) = [gap for page in lemmy.pages for gap in page.unheard]
    assert (gap.cause, gap.since) == (GapCause.CLIPPED, NOON - 7 * DAY)
    assert gap.until == NOON - 499 * timedelta(minutes=1) + timedelta(microseconds=123456)


async def test_an_edit_and_a_deletion_are_seen_while_they_are_young(lemmy: Watcher) -> None:
    _, first, reply = a_talk(lemmy)
    await lemmy.run()
    first.text, first.updated_at, reply.is_deleted = "Quel train ?", NOON, True
    posts = await lemmy.run(NOON + HOUR)
    assert [post.text for post in posts if post.edited_at] == ["Quel train ?"]
    assert lemmy.lemmy.address(reply) not in ids(posts)
    assert [page.deletions for page in lemmy.pages if page.deletions] == [
        (Deletion(native_id=lemmy.lemmy.address(reply)),)
    ]


async def test_a_limit_in_lemmys_own_words_is_a_wait(lemmy: Watcher) -> None:
    lemmy.lemmy.allowance = 0
    with pytest.raises(RateLimited):
        await lemmy.run()


async def test_the_whole_line_stores_once_and_lets_go_of_what_was_deleted(lemmy: Watcher, tmp_path: Path) -> None:
    post, first, reply = a_talk(lemmy)
    line, journal = a_line(tmp_path)
    line = replace(line, fetch=lemmy.fetch, clock=FakeClock(NOON))
    source = Source("lemmy", "lemmy", lemmy.settings(), 900.0)
    runs = [await collect_source(source, Collector(), line) for _ in range(2)]
    assert [(run.new, run.edited) for run in runs] == [(3, 0), (0, 0)]
    first.is_deleted = True
    lemmy.lemmy.purged = {reply.number}
    assert await sweep(source, Collector(), line.fetch, journal, line.clock) == 2
    kept = {row.doc_id for row in journal.outbox_batch(100, 1_000_000, NOON) if row.body}
    assert kept == {post_id("lemmy", lemmy.lemmy.address(post))}
    journal.close()


@pytest.mark.parametrize("body", [b"<html>404</html>", b'{"error": "autre"}', b"[]"])
async def test_a_404_that_is_not_lemmys_own_deletes_nothing(body: bytes) -> None:
    fetch = FakeFetch(otherwise=refused(SourceGone("404", 404), 404, body))
    settings = LemmySettings(instance="jlai.lu", searches=("train",))
    assert await Collector().still_there(fetch, settings, ["https://piefed.example/post/1"]) == set()


async def test_a_spent_budget_ends_the_sweep_and_is_heard() -> None:
    fetch, settings = FakeFetch(otherwise=BudgetSpent("au repos")), LemmySettings(instance="a.fr", searches=("b",))
    with pytest.raises(BudgetSpent):
        await Collector().still_there(fetch, settings, ["https://jlai.lu/post/1"])


@pytest.mark.parametrize(
    "wrong", [{}, {"searches": ("a",), "instance": "deux mots"}, {"communities": ("a b",)}], ids=str
)
def test_settings_that_hear_nothing_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        LemmySettings(**({"instance": "jlai.lu"} | wrong))


async def test_a_backfill_goes_further_down_than_a_run_to_an_interval_of_the_past(lemmy: Watcher) -> None:
    lemmy.lemmy.said = [Said(number, "train", NOON - number * timedelta(minutes=1)) for number in range(700)]
    settings = lemmy.settings(communities=("france",))
    since, until = NOON - 650 * timedelta(minutes=1), NOON - 600 * timedelta(minutes=1)
    pages = [page async for page in Collector().backfill(lemmy.fetch, settings, since, until, None)]
    posts = [post for page in pages for post in page.posts]
    assert len(posts) == len(ids(posts)) == 50
    assert not [gap for page in pages for gap in page.unheard]
