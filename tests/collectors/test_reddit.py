"""Reddit over a real server: forums and searches, limits in their own words, refusals, and what was deleted."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.fetch import answer
from tests.fakes.line import a_line
from tests.fakes.reddit import KEY, SECRET, FakeReddit, Thing
from tests.fakes.sample import Sample
from watcher.collectors.reddit import Collector, RedditSettings
from watcher.collectors.reddit.wire import things_of
from watcher.errors import AuthRefused, RateLimited, SourceGone
from watcher.fetch import HttpFetch
from watcher.flow import collect_source
from watcher.model import Cursor, Deletion, GapCause, Page, RawPost, Source
from watcher.ports import Response
from watcher.secrets import NamedSecret, Secret
from watcher.upkeep.sweep import sweep
from watcher.web.server import serving

HOUR = timedelta(hours=1)
SITE, API = "https://www.reddit.com", "https://oauth.reddit.com"
KEYS = {
    "cle": NamedSecret("WATCHER_REDDIT_CLE", Secret(KEY)),
    "secret": NamedSecret("WATCHER_REDDIT_SECRET", Secret(SECRET)),
}


def a_link(**changes: Any) -> dict[str, Any]:
    """The documented form of a link."""
    data = {
        "name": "t3_1abc",
        "title": "Occitanie & trains",
        "selftext": "**md**",
        "selftext_html": "<div><strong>md</strong></div>",
        "author": "u",
        "permalink": "/r/toulouse/comments/1abc/x/",
        "is_self": True,
        "created_utc": 1763600000.0,
        "edited": False,
        "ups": 12,
        "num_comments": 4,
        "removed_by_category": None,
    }
    return {"kind": "t3", "data": data | changes}


def says(address: str, document: object) -> dict[str, Response]:
    return {address: answer(address, json.dumps(document).encode())}


def listing(path: str, *things: object) -> dict[str, Response]:
    return says(f"{API}/{path}", {"kind": "Listing", "data": {"after": None, "children": things}})


TOKEN = says(f"{SITE}/api/v1/access_token", {"access_token": "jeton", "expires_in": 86400})
SAMPLE = Sample(
    settings=KEYS | {"recherches": ["Occitanie"]},
    posts=TOKEN | listing("search", a_link()),
    none=TOKEN | listing("search"),
    broken=TOKEN | says(f"{API}/search", ["maintenance"]),
    gone=TOKEN | listing("api/info", a_link(author="[deleted]", selftext="[deleted]")),
)


class Watch:
    def __init__(self, reddit: FakeReddit, address: str, fetch: HttpFetch) -> None:
        self.reddit, self.fetch = reddit, fetch
        self.collector = Collector(address.rstrip("/"), address.rstrip("/"))
        self.cursor: Cursor | None = None
        self.pages: list[Page] = []

    async def run(self, now: datetime = NOON, **given: Any) -> list[RawPost]:
        settings = RedditSettings.model_validate(KEYS | (given or {"forums": ["toulouse"]}))
        self.pages = []
        async for page in self.collector.pages(self.fetch, settings, self.cursor, now):
            self.pages.append(page)
            self.cursor = page.cursor
        return [post for page in self.pages for post in page.posts]

    def write(self, count: int) -> None:
        self.reddit.things += [
            Thing(f"t3_{n:x}", f"Le train {n}", NOON - n * timedelta(minutes=1)) for n in range(count)
        ]


@pytest.fixture
async def watch() -> AsyncIterator[Watch]:
    platform = FakeReddit()
    fetch = HttpFetch(user_agent="essai", clock=FakeClock(), allow_loopback=True)
    async with serving(platform) as address, fetch:
        yield Watch(platform, address, fetch)


def test_a_documented_link_is_read_field_by_field() -> None:
    (post,) = things_of([a_link(edited=1763600100.0)]).posts
    assert (post.native_id, post.title, post.text) == (
        "t3_1abc",
        "Occitanie &amp; trains",
        "<div><strong>md</strong></div>",
    )
    assert (post.markup, post.url) == ("html", "https://www.reddit.com/r/toulouse/comments/1abc/x/")
    assert post.published_at == datetime.fromtimestamp(1763600000, UTC)
    assert post.edited_at == datetime.fromtimestamp(1763600100, UTC)
    assert (post.author, post.metrics) == ("u", {"likes": 12, "comments": 4})


def test_html_that_was_escaped_once_more_is_read_alike() -> None:
    (post,) = things_of([a_link(selftext_html="&lt;div&gt;md&lt;/div&gt;", title="A &amp; B")]).posts
    assert (post.text, post.title) == ("<div>md</div>", "A &amp; B")


@pytest.mark.parametrize("thing", [None, 7, {}, {"kind": "t3", "data": {"author": "marie"}}, {"data": []}], ids=repr)
def test_a_broken_item_costs_itself_alone_and_names_nobody(thing: object) -> None:
    read = things_of([thing, a_link()])
    assert (len(read.posts), len(read.broken)) == (1, 1)
    assert "marie" not in read.broken[0].payload


@pytest.mark.parametrize(
    "changes", [{"selftext": "[removed]"}, {"removed_by_category": "moderator"}, {"author": "[deleted]"}], ids=str
)
def test_what_was_taken_away_is_told_and_is_no_post(changes: dict[str, Any]) -> None:
    read = things_of([a_link(**changes)])
    assert (read.posts, read.deletions) == ((), (Deletion(native_id="t3_1abc"),))


async def test_a_comment_is_joined_to_what_it_answers(watch: Watch) -> None:
    watch.reddit.things = [Thing("t3_a", "Un train", NOON - HOUR), Thing("t1_b", "Il passe", NOON, parent="t3_a")]
    posts = {post.native_id: post for post in await watch.run()}
    assert (posts["t1_b"].reply_to, posts["t1_b"].conversation) == ("t3_a", "t3_a")


async def test_pages_are_walked_and_the_next_run_stops_at_the_overlap(watch: Watch) -> None:
    watch.write(450)
    assert len(await watch.run()) == 450
    watch.reddit.asked.clear()
    await watch.run(NOON + HOUR)
    assert watch.reddit.asked == [*["r/toulouse/new"] * 3, "r/toulouse/comments"]


async def test_what_lies_beyond_a_thousand_is_told(watch: Watch) -> None:
    watch.write(1_100)
    assert len(await watch.run(recherches=["train"])) == 1_000
    assert [gap.cause for page in watch.pages for gap in page.unheard] == [GapCause.CLIPPED]


async def test_the_last_call_that_is_left_is_not_passed(watch: Watch) -> None:
    watch.write(250)
    watch.reddit.left = 2.0
    with pytest.raises(RateLimited) as limited:
        await watch.run()
    assert (limited.value.retry_after_s, len(watch.reddit.asked)) == (123.0, 2)


async def test_a_refusal_for_too_many_calls_says_the_seconds_that_are_left(watch: Watch) -> None:
    watch.reddit.left = 0.5
    with pytest.raises(RateLimited) as limited:
        await watch.run()
    assert limited.value.retry_after_s == 123.0


async def test_a_closed_forum_is_named_once_the_others_are_read(watch: Watch) -> None:
    watch.write(3)
    watch.reddit.closed["secret"] = "private"
    with pytest.raises(SourceGone, match="r/secret"):
        await watch.run(forums=["secret", "toulouse"])
    assert sum(len(page.posts) for page in watch.pages) == 3


async def test_without_approval_the_team_is_told_what_to_ask_for(watch: Watch) -> None:
    watch.reddit.is_approved = False
    with pytest.raises(AuthRefused, match="accord écrit"):
        await watch.run()


async def test_a_page_that_blocks_us_is_a_refusal_and_closes_the_session(watch: Watch) -> None:
    watch.reddit.is_blocking = True
    with pytest.raises(AuthRefused, match="accord écrit"):
        await watch.run()
    watch.reddit.is_blocking = False
    assert await watch.run() == []


async def test_the_whole_line_stores_once_and_lets_go_of_what_was_deleted(watch: Watch, tmp_path: Path) -> None:
    watch.write(120)
    line, journal = a_line(tmp_path)
    line = replace(line, fetch=watch.fetch, clock=FakeClock(NOON))
    source = Source("reddit", "reddit", RedditSettings.model_validate(KEYS | {"forums": ["r/toulouse"]}), 900.0)
    first = await collect_source(source, watch.collector, line)
    again = await collect_source(source, watch.collector, line)
    assert (first.new, again.new) == (120, 0)
    watch.reddit.things[5].is_deleted = True
    assert await sweep(source, watch.collector, line.fetch, journal, line.clock) == 1
    journal.close()


@pytest.mark.parametrize("wrong", [{}, {"forums": ["deux mots"]}, {"recherches": ["a" * 513]}], ids=list)
def test_settings_that_hear_nothing_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RedditSettings.model_validate(KEYS | wrong)


async def test_a_backfill_goes_down_a_thousand_and_tells_what_lies_below(watch: Watch) -> None:
    watch.write(1_200)
    watch.reddit.closed["secret"] = "private"
    settings = RedditSettings.model_validate(KEYS | {"forums": ["toulouse", "secret"]})
    since, until = NOON - 1_100 * timedelta(minutes=1), NOON - 900 * timedelta(minutes=1)
    pages = [page async for page in watch.collector.backfill(watch.fetch, settings, since, until, None)]
    assert sum(len(page.posts) for page in pages) == 99
    (gap,) = [gap for page in pages for gap in page.unheard]
    assert (gap.since, gap.until) == (since, NOON - 999 * timedelta(minutes=1))


async def test_a_listing_that_ends_at_a_thousand_without_a_following_page_is_told_too(watch: Watch) -> None:
    watch.write(1_000)
    await watch.run()
    (gap,) = [gap for page in watch.pages for gap in page.unheard]
    assert gap.until == NOON - 999 * timedelta(minutes=1)
