"""Elasticsearch goes for a minute: collection goes on, and everything arrives once when it is back (promise 3)."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fakes import daemon as program
from tests.fakes.elastic_ids import stored_ids
from tests.fakes.feeds import FeedServer
from tests.fakes.gazettes import Gazettes
from watcher import app, daemon
from watcher.stores import embedded

PREFIX = "outage-"
BEFORE, MEANWHILE = 20, 480  # items a feed, of ten feeds
OUTAGE_S = 60.0
DRAINED_WITHIN_S = 60.0


async def until(is_so: Callable[[], bool], within_s: float) -> None:
    async with asyncio.timeout(within_s):
        while not is_so():
            await asyncio.sleep(0.1)


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_a_minute_without_elasticsearch(tmp_path: Path, es_cache: Path) -> None:
    (tmp_path / "feeds").mkdir()
    gazettes = Gazettes(tmp_path / "feeds", 10)
    node = await embedded.start(tmp_path / "node", es_cache)
    with FeedServer(tmp_path / "feeds") as server:
        feeds = [server.url(f"{name}.rss") for name in gazettes.names]
        installation = program.installation(tmp_path / "var", node.url, PREFIX, feeds)
        async with app.open_house(installation) as house:
            stop, journal = asyncio.Event(), house.journal
            life = asyncio.create_task(
                daemon.live(house, installation.config.sources, stop, port=0, ready=lambda _: None)
            )
            gazettes.publish(BEFORE)
            await until(lambda: journal.seen.count() == 10 * BEFORE and journal.waiting() == 0, 60)

            await asyncio.to_thread(node.stop)
            gazettes.publish(MEANWHILE)
            await asyncio.sleep(OUTAGE_S)
            assert journal.seen.count() == 10 * (BEFORE + MEANWHILE), "collection did not go on"
            assert journal.waiting() == 10 * MEANWHILE

            node = await embedded.start(tmp_path / "node", es_cache, port=node.port)
            await until(lambda: journal.waiting() == 0, DRAINED_WITHIN_S)
            stop.set()
            await life
    assert sorted(stored_ids(node.url, PREFIX)) == sorted(gazettes.post_ids)
    await asyncio.to_thread(node.stop)
