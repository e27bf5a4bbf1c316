"""A real node stopped for a minute: pages go on being committed, and all is delivered within a minute of its return."""

import asyncio
import socket
from pathlib import Path
from random import Random

import pytest

from tests.fakes.journals import commit
from tests.fakes.posts import a_post
from watcher.clock import SystemClock
from watcher.drain import Condition, drain, load_state
from watcher.secrets import cache_folder
from watcher.stores.elastic import Elastic
from watcher.stores.embedded import start
from watcher.stores.journal import Journal

PAGES, PAGE = 100, 50


def free_port() -> int:
    """Return a port away from those that other nodes look for: one of them would take the place of ours."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_an_outage_of_a_minute_loses_nothing_and_is_made_up_in_a_minute(tmp_path: Path, journal: Journal) -> None:
    clock, rng = SystemClock(), Random(3)
    node = await start(tmp_path / "node", cache_folder(), port=free_port())
    elastic = Elastic(node.url)
    posts = [a_post(str(n), collected_at=clock.now()) for n in range(PAGES * PAGE)]
    conditions = set()

    for page in range(PAGES):
        if page == PAGES // 4:
            await asyncio.to_thread(node.stop)
        commit(journal, *posts[page * PAGE : (page + 1) * PAGE], cursor=str(page))
        conditions.add((await drain(journal, elastic, clock, rng)).condition)
        await asyncio.sleep(0.8 if page >= PAGES // 4 else 0)
    assert journal.waiting() == PAGES * PAGE * 3 // 4
    assert conditions == {Condition.OK, Condition.UNAVAILABLE}

    node = await start(tmp_path / "node", cache_folder(), port=node.port)
    returned_s = clock.monotonic_s()
    while journal.waiting() and clock.monotonic_s() - returned_s < 60:
        await drain(journal, elastic, clock, rng)
        await asyncio.sleep(1)
    await elastic.refresh()

    assert (journal.waiting(), journal.dead_letters.count()) == (0, 0)
    assert load_state(journal).condition is Condition.OK
    assert [stored.id async for stored in elastic.documents()] == sorted(post.id for post in posts)
    await elastic.close()
    await asyncio.to_thread(node.stop)
