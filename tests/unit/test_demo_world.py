"""The written world while it is served: what the clock says has been written is told, in each platform's own way."""

import gzip
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import feedparser
import httpx
import pytest
from websockets.asyncio.client import connect

from tests.fakes.clock import NOON
from watcher.clock import SteppedClock
from watcher.demo.press import Site, sites
from watcher.demo.scenario import HISTORY, LIVE, Scripted
from watcher.demo.sites import RETRY_AFTER_S
from watcher.demo.stories import timeline
from watcher.demo.world import World, serve_world

WRITTEN = timeline(NOON)
SITES = {site.name: site for site in sites()}
NAMES = list(SITES)
ONE_OF_EACH = list({site.format: name for name, site in SITES.items()}.values())


@dataclass
class Visit:
    """The world, its clock, and somebody with a browser."""

    world: World
    clock: SteppedClock
    browser: httpx.AsyncClient

    async def get(self, address: str, **headers: str) -> httpx.Response:
        return await self.browser.get(address, headers=headers)

    async def feed(self, name: str, **headers: str) -> httpx.Response:
        return await self.get(self.world.feed_address(name), **headers)

    async def article(self, link: str) -> httpx.Response:
        """Open a link as a browser does, which knows that names under localhost are this machine."""
        url = httpx.URL(link)
        return await self.get(f"http://127.0.0.1:{url.port}{url.path}", Host=f"{url.host}:{url.port}")


@asynccontextmanager
async def visiting(at: datetime) -> AsyncIterator[Visit]:
    clock = SteppedClock(at)
    async with serve_world(WRITTEN, clock) as world, httpx.AsyncClient(trust_env=False) as browser:
        yield Visit(world, clock, browser)


@pytest.fixture
async def visit() -> AsyncIterator[Visit]:
    async with visiting(NOON) as visit:
        yield visit


@pytest.fixture
async def first_day() -> AsyncIterator[Visit]:
    async with visiting(NOON - HISTORY) as visit:
        yield visit


def on(site: str) -> list[Scripted]:
    return [post for post in WRITTEN if post.site == site]


def read(site: Site, body: bytes) -> list[tuple[str, str, str, str]]:
    """Return identity, title, link and text of each item, as a reader of feeds finds them."""
    if site.format == "json":
        return [(item["id"], item["title"], item["url"], item["content_text"]) for item in json.loads(body)["items"]]
    parsed = feedparser.parse(body)
    assert not parsed.bozo
    return [(entry.get("id", ""), entry.title, entry.link, entry.summary) for entry in parsed.entries]


# ---- sites with feeds


@pytest.mark.parametrize("name", NAMES)
async def test_a_feed_gives_every_item_that_is_written_the_latest_first(visit: Visit, name: str) -> None:
    items = read(SITES[name], (await visit.feed(name)).content)
    assert [(title, link, text) for _, title, link, text in items] == [
        (post.title, visit.world.link(post), post.text) for post in reversed(on(name))
    ]
    assert len({identity or link for identity, _, link, _ in items}) == len(items)


@pytest.mark.parametrize("name", ONE_OF_EACH)
async def test_a_feed_grows_with_time(first_day: Visit, name: str) -> None:
    before = await first_day.feed(name)
    first_day.clock.advance(HISTORY - LIVE)
    after = await first_day.feed(name, **{"If-None-Match": before.headers["etag"]})
    assert read(SITES[name], before.content) == []
    assert len(read(SITES[name], after.content)) == sum(post.at <= NOON - LIVE for post in on(name))


async def test_every_format_of_the_press_is_there() -> None:
    assert {site.format for site in sites()} == {"rss", "atom", "rdf", "json"}


@pytest.mark.parametrize("name", ONE_OF_EACH)
async def test_what_has_not_changed_is_not_sent_again(visit: Visit, name: str) -> None:
    first = await visit.feed(name)
    by_tag = {"If-None-Match": first.headers["etag"]}
    by_date = {"If-Modified-Since": first.headers["last-modified"]}
    for condition in (by_tag, by_date):
        again = await visit.feed(name, **condition)
        assert (again.status_code, again.content) == (304, b"")
    other = await visit.feed(name, **{"If-None-Match": '"other"', **by_date})
    assert other.status_code == 200


async def test_it_is_compressed_for_who_asks_only(visit: Visit) -> None:
    address = visit.world.feed_address(NAMES[0])
    async with visit.browser.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as packed:
        raw = b"".join([part async for part in packed.aiter_raw()])
    plain = await visit.get(address, **{"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(raw) == plain.content


@pytest.mark.parametrize("site", [NAMES[0], "garonne"])
async def test_a_link_opens_what_was_written(visit: Visit, site: str) -> None:
    post = on(site)[2]
    response = await visit.article(visit.world.link(post))
    assert response.status_code == 200
    assert post.text in response.text.replace("&#39;", "'")


async def test_what_is_not_written_is_not_found(visit: Visit) -> None:
    site = f"http://127.0.0.1:{visit.world.ports[NAMES[0]]}"
    assert [(await visit.get(site + path)).status_code for path in ("/0", "/999", "/flux/inconnu")] == [404] * 3


async def test_what_is_not_written_yet_is_not_found(first_day: Visit) -> None:
    assert (await first_day.article(first_day.world.link(on("tramontane")[0]))).status_code == 404


async def test_the_sick_sites_are_sick_each_in_its_way(visit: Visit) -> None:
    gone, login, busy = [await visit.feed(name) for name in ("mairie-fermee", "intranet-associatif", "radio-pressee")]
    assert (gone.status_code, gone.headers["content-type"].partition(";")[0]) == (404, "text/html")
    assert (login.status_code, 'type="password"' in login.text) == (200, True)
    assert (busy.status_code, busy.headers["retry-after"]) == (429, str(RETRY_AFTER_S))


# ---- social platforms


async def test_both_instances_tell_of_each_post_under_one_uri(visit: Visit) -> None:
    await visit.world.publish()
    found = []
    for instance in visit.world.instances.values():
        answer = await visit.get(f"{instance.address}/api/v1/timelines/tag/toulouse?limit=5")
        found.append([(status["uri"], status["url"], status["account"]["acct"]) for status in answer.json()])
    latest = [post for post in WRITTEN if post.platform == "mastodon" and "toulouse" in post.hashtags][:-6:-1]
    assert [(url, author) for _, url, author in found[0]] == [(visit.world.link(p), p.author) for p in latest]
    assert found[0] == found[1]


async def test_nothing_is_told_before_its_time_and_nothing_twice(first_day: Visit) -> None:
    world, clock = first_day.world, first_day.clock
    tag = f"{world.instances['garonne'].address}/api/v1/timelines/tag/occitanie?limit=40&min_id=0"
    await world.publish()
    before = (await first_day.get(tag)).json()
    clock.advance(timedelta(days=1))
    await world.publish()
    await world.publish()
    after = (await first_day.get(tag)).json()
    due = [p for p in WRITTEN if p.platform == "mastodon" and "occitanie" in p.hashtags and p.at <= clock.now()]
    assert before == []
    assert [status["url"] for status in reversed(after)] == [world.link(post) for post in due]


async def test_the_stream_tells_what_was_said_and_ends(first_day: Visit) -> None:
    first_day.clock.advance(timedelta(days=1))
    await first_day.world.publish()
    async with connect(first_day.world.stream.url()) as stream:
        events = [json.loads(frame) async for frame in stream]
    due = [p for p in WRITTEN if p.platform == "bluesky" and p.at <= first_day.clock.now()]
    assert [(event["did"], event["commit"]["record"]["text"]) for event in events] == [(p.author, p.text) for p in due]


async def test_hashtags_are_laid_over_the_bytes_of_the_text(first_day: Visit) -> None:
    first_day.clock.advance(HISTORY)
    await first_day.world.publish()
    async with connect(first_day.world.stream.url()) as stream:
        records = [json.loads(frame)["commit"]["record"] async for frame in stream]
    for record in records:
        for facet in record["facets"]:
            covered = record["text"].encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()
            assert covered == f"#{facet['features'][0]['tag']}"
    assert sum(len(record["facets"]) for record in records) > len(records) / 2
