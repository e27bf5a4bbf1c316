"""The written world: what is served is what is written, as sites serve it."""

import gzip
import json
from collections.abc import AsyncIterator

import feedparser
import httpx
import pytest

from tests.fakes.clock import NOON
from watcher.demo.scenario import Feed, feeds
from watcher.demo.world import RETRY_AFTER_S, World, serve_world

NAMES = [feed.name for feed in feeds(NOON)]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with serve_world(NOON) as world:
        yield world


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client


def read(feed: Feed, body: bytes) -> list[tuple[str, str, str, str]]:
    """Return identity, title, link and text of each item, as a reader of feeds finds them."""
    if feed.format == "json":
        return [(item["id"], item["title"], item["url"], item["content_text"]) for item in json.loads(body)["items"]]
    parsed = feedparser.parse(body)
    assert not parsed.bozo
    return [(entry.get("id", ""), entry.title, entry.link, entry.summary) for entry in parsed.entries]


@pytest.mark.parametrize("name", NAMES)
async def test_a_feed_gives_every_item_that_is_written(world: World, browser: httpx.AsyncClient, name: str) -> None:
    (feed,) = (feed for feed in world.feeds if feed.name == name)
    response = await browser.get(world.address(name))
    items = read(feed, response.content)
    assert [(title, link, text) for _, title, link, text in items] == [
        (item.title, world.link(feed, item), item.text) for item in feed.items
    ]
    assert len({identity or link for identity, _, link, _ in items}) == len(feed.items)


async def test_every_format_of_the_press_is_there() -> None:
    assert {feed.format for feed in feeds(NOON)} == {"rss", "atom", "rdf", "json"}


@pytest.mark.parametrize("name", NAMES)
async def test_what_has_not_changed_is_not_sent_again(world: World, browser: httpx.AsyncClient, name: str) -> None:
    first = await browser.get(world.address(name))
    by_tag = {"If-None-Match": first.headers["etag"]}
    by_date = {"If-Modified-Since": first.headers["last-modified"]}
    for condition in (by_tag, by_date):
        again = await browser.get(world.address(name), headers=condition)
        assert (again.status_code, again.content) == (304, b"")
    other = await browser.get(world.address(name), headers={"If-None-Match": '"other"', **by_date})
    assert other.status_code == 200


async def test_it_is_compressed_for_who_asks_only(world: World, browser: httpx.AsyncClient) -> None:
    address = world.address(NAMES[0])
    async with browser.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as packed:
        raw = b"".join([part async for part in packed.aiter_raw()])
    plain = await browser.get(address, headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(raw) == plain.content


async def test_a_link_opens_the_article(world: World, browser: httpx.AsyncClient) -> None:
    feed = world.feeds[0]
    link = httpx.URL(world.link(feed, feed.items[2]))
    response = await browser.get(
        f"http://127.0.0.1:{link.port}{link.path}", headers={"Host": f"{link.host}:{link.port}"}
    )
    assert response.status_code == 200
    assert feed.items[2].text in response.text.replace("&#39;", "'")


@pytest.mark.parametrize("path", ["/0", "/999", "/flux/inconnu"])
async def test_what_is_not_written_is_not_found(world: World, browser: httpx.AsyncClient, path: str) -> None:
    assert (await browser.get(f"http://127.0.0.1:{world.ports[NAMES[0]]}{path}")).status_code == 404


async def test_the_sick_sites_are_sick_each_in_its_way(world: World, browser: httpx.AsyncClient) -> None:
    gone = await browser.get(world.address("mairie-fermee"))
    login = await browser.get(world.address("intranet-associatif"))
    busy = await browser.get(world.address("radio-pressee"))
    assert (gone.status_code, gone.headers["content-type"].partition(";")[0]) == (404, "text/html")
    assert (login.status_code, 'type="password"' in login.text) == (200, True)
    assert (busy.status_code, busy.headers["retry-after"]) == (429, str(RETRY_AFTER_S))
