"""A node for as long as it is needed: the living one of the data folder, or our own; brought back when it goes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import structlog

from watcher.errors import WatcherError
from watcher.stores.embedded.download import Progress
from watcher.stores.embedded.launch import HEAP_MB, PORT, silent, start
from watcher.stores.embedded.node import Node, find

log = structlog.get_logger()

LOOK_EVERY_S = 2.0


@asynccontextmanager
async def running(
    folder: Path,
    cache: Path,
    *,
    heap_mb: int = HEAP_MB,
    port: int = PORT,
    progress: Progress = silent,
    look_every_s: float = LOOK_EVERY_S,
) -> AsyncIterator[Node]:
    """Give the node of this data folder: the living one, left as it is; else a new one, which ends with the block.

    Within the block a node that goes is started again at the same address: it crashed, or it belonged to a shorter
    command that has ended. Raises as `start`, on entering only.
    """
    node = await asyncio.to_thread(find, folder)
    if node is None:
        node = await start(folder, cache, heap_mb=heap_mb, port=port, progress=progress)
    guard = _Guard(node, cache, heap_mb)
    watch = asyncio.create_task(guard.watch(look_every_s))
    try:
        yield node
    finally:
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch
        if guard.node.process is not None:
            await asyncio.to_thread(guard.node.stop)


class _Guard:
    """Holds the node in use and replaces it when it has gone."""

    def __init__(self, node: Node, cache: Path, heap_mb: int) -> None:
        self.node = node
        self._cache = cache
        self._heap_mb = heap_mb

    async def watch(self, every_s: float) -> None:
        """Look every `every_s` seconds, for ever. A start that fails is tried again at the next look."""
        while True:
            await asyncio.sleep(every_s)
            if await asyncio.to_thread(self.node.is_alive):
                continue
            log.warning("node_gone", pid=self.node.pid, port=self.node.port)
            try:
                self.node = await self._successor()
            except WatcherError as error:
                log.warning("node_not_started", error=type(error).__name__)
            else:
                log.info("node_back", pid=self.node.pid, port=self.node.port)

    async def _successor(self) -> Node:
        """Return the node that another command has started meanwhile, else a new one, at the same address."""
        folder, port = self.node.folder, self.node.port
        found = await asyncio.to_thread(find, folder)
        node = found or await start(folder, self._cache, heap_mb=self._heap_mb, port=port)
        if node.port != port:
            log.error("node_moved", wanted_port=port, port=node.port)
        return node
