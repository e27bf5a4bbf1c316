"""A node that goes while the daemon needs it is brought back at the same address, with what it had acknowledged."""

import asyncio
import os
import signal
from pathlib import Path

import httpx
import pytest

from watcher.stores.embedded import Node, find, running, start

pytestmark = pytest.mark.slow


PORT = 9770  # out of the reach of the other tests' nodes, so that nobody takes it meanwhile


async def successor(node: Node) -> Node:
    """Return the node that takes the place of `node`, once it answers."""
    async with asyncio.timeout(60):
        while True:
            found = await asyncio.to_thread(find, node.folder)
            if found is not None and found.pid != node.pid and await asyncio.to_thread(found.is_settled):
                return found
            await asyncio.sleep(0.1)


async def test_a_killed_node_comes_back_with_its_data(tmp_path: Path, es_cache: Path) -> None:
    async with (
        running(tmp_path, es_cache, port=PORT, look_every_s=0.1) as node,
        httpx.AsyncClient(base_url=node.url) as client,
    ):
        (await client.put("/kept/_doc/a?refresh=true", json={"n": 1})).raise_for_status()
        os.kill(node.pid, signal.SIGKILL)

        back = await successor(node)

        assert back.url == node.url
        assert (await client.get("/kept/_count")).json()["count"] == 1
    assert find(tmp_path) is None


async def test_a_node_borrowed_from_a_command_that_ends_is_replaced(tmp_path: Path, es_cache: Path) -> None:
    lent = await start(tmp_path, es_cache, port=PORT)
    async with running(tmp_path, es_cache, port=PORT, look_every_s=0.1) as node:
        assert node.pid == lent.pid
        await asyncio.to_thread(lent.stop)

        assert (await successor(lent)).url == lent.url
    assert find(tmp_path) is None
