"""The collector through the real `fetch`, against real web servers and real faults on the wire."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.feeds import FeedServer, nginx
from tests.fakes.servers import FaultyServer, answer, dribble, gzip_bomb, rate_limited
from watcher.collectors.rss import Collector, FeedSettings
from watcher.errors import AuthRefused, Malformed, RateLimited, SourceGone, TooLarge, Unreachable
from watcher.fetch import HttpFetch
from watcher.model import Cursor, Page

FEEDS = Path(__file__).parents[1] / "data" / "feeds"
NAMES = ["presse.rss", "rdf.rdf", "rss091.rss", "full.atom", "full.json", "podcast.rss", "youtube.xml"]
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    served = tmp_path / "served"
    served.mkdir()
    for path in FEEDS.glob("*/*"):
        shutil.copy(path, served)
    return served


@pytest.fixture
def server(folder: Path) -> Iterator[FeedServer]:
    with FeedServer(folder) as running:
        yield running


@pytest.fixture
async def fetch() -> AsyncIterator[HttpFetch]:
    async with HttpFetch(user_agent="essai", clock=FakeClock(NOW), allow_loopback=True) as ours:
        yield ours


async def read(fetch: HttpFetch, address: str, cursor: Cursor | None = None) -> Page:
    pages = [page async for page in Collector().pages(fetch, FeedSettings(address=address), cursor, NOW)]
    assert len(pages) == 1
    return pages[0]


async def test_what_has_not_changed_is_not_downloaded_twice(server: FeedServer, fetch: HttpFetch) -> None:
    for name in NAMES:
        first = await read(fetch, server.url(name))
        second = await read(fetch, server.url(name), first.cursor)
        assert first.posts, name
        assert second.is_unchanged, name
        answers = [(exchange.status, exchange.sent_bytes > 0) for exchange in server.sent(name)]
        assert answers == [(200, True), (304, False)], name


async def test_a_feed_is_asked_for_and_sent_compressed(server: FeedServer, fetch: HttpFetch, folder: Path) -> None:
    await read(fetch, server.url("youtube.xml"))
    assert server.sent("youtube.xml")[0].sent_bytes < (folder / "youtube.xml").stat().st_size / 3


async def test_a_feed_that_changes_is_read_again(server: FeedServer, fetch: HttpFetch, folder: Path) -> None:
    first = await read(fetch, server.url("presse.rss"))
    path = folder / "presse.rss"
    path.write_bytes(path.read_bytes().replace(b"<channel>", b"<channel><item><guid>n</guid><title>N</title></item>"))
    second = await read(fetch, server.url("presse.rss"), first.cursor)
    assert len(second.posts) == len(first.posts) + 1
    assert {post.native_id for post in first.posts} < {post.native_id for post in second.posts}


async def test_a_fault_leaves_the_cursor_good_for_the_next_run(server: FeedServer, fetch: HttpFetch) -> None:
    first = await read(fetch, server.url("presse.rss"))
    server.answer_with("presse.rss", 500)
    with pytest.raises(Unreachable):
        await read(fetch, server.url("presse.rss"), first.cursor)
    server.heal("presse.rss")
    assert (await read(fetch, server.url("presse.rss"), first.cursor)).is_unchanged


async def test_nginx_and_we_agree_on_what_has_not_changed(folder: Path, tmp_path: Path, fetch: HttpFetch) -> None:
    with nginx(folder, tmp_path) as root:
        for name in NAMES:
            first = await read(fetch, root + name)
            second = await read(fetch, root + name, first.cursor)
            assert first.posts, name
            assert second.is_unchanged, name


async def test_a_page_404_is_a_source_that_is_gone(server: FeedServer, fetch: HttpFetch) -> None:
    with pytest.raises(SourceGone, match="404"):
        await read(fetch, server.url("disparu.rss"))


async def test_a_login_page_with_status_200_is_not_zero_items(server: FeedServer, fetch: HttpFetch) -> None:
    with pytest.raises(AuthRefused, match="page de connexion"):
        await read(fetch, server.url("connexion.html"))


async def test_a_bad_feed_is_malformed(server: FeedServer, fetch: HttpFetch) -> None:
    with pytest.raises(Malformed, match="Site en maintenance"):
        await read(fetch, server.url("maintenance.html"))


async def test_ten_megabytes_are_too_many(fetch: HttpFetch) -> None:
    async with FaultyServer({"/": answer(body=b"<rss>" + b" " * 10_000_000)}) as server:
        with pytest.raises(TooLarge):
            await read(fetch, server.url())


async def test_a_gzip_bomb_is_too_large(fetch: HttpFetch) -> None:
    async with FaultyServer({"/": gzip_bomb(64 << 20)}) as server:
        with pytest.raises(TooLarge):
            await read(fetch, server.url())


async def test_one_byte_at_a_time_ends_at_the_deadline() -> None:
    hurried = HttpFetch(user_agent="essai", clock=FakeClock(NOW), allow_loopback=True, total_timeout_s=0.4)
    async with hurried as fetch, FaultyServer({"/": dribble(0.05)}) as server, asyncio.timeout(0.9):
        with pytest.raises(Unreachable):
            await read(fetch, server.url())


async def test_a_429_says_how_long_to_wait(fetch: HttpFetch) -> None:
    async with FaultyServer({"/": rate_limited("90")}) as server:
        with pytest.raises(RateLimited) as asked:
            await read(fetch, server.url())
    assert asked.value.retry_after_s == 90.0
