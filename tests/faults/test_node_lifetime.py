"""How long an embedded node lives: as long as its parent, or until it is stopped; its data, longer."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from watcher.errors import StoreBusy
from watcher.stores.embedded import Node, find, running, start

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]

# A daemon as ours is: it starts a node, then forks a worker that inherits all it has open.
PARENT = """
import asyncio, multiprocessing, sys, time
from pathlib import Path
from watcher.stores.embedded import start

node = asyncio.run(start(Path(sys.argv[1]), Path(sys.argv[2])))
worker = multiprocessing.get_context("fork").Process(target=time.sleep, args=(30,))
worker.start()
print(node.pid, worker.pid, flush=True)
time.sleep(60)
"""

ES = "import runpy; runpy.run_path('watcher/cli/es.py')['app']()"


def is_gone_within(pid: int, seconds: float) -> bool:
    for _ in range(round(seconds / 0.05)):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


def es(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", ES, *arguments, "--dossier", str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def put(node: Node, identifier: str) -> None:
    httpx.put(f"{node.url}/kept/_doc/{identifier}", json={"n": 1}).raise_for_status()


def count(node: Node) -> int:
    httpx.post(f"{node.url}/kept/_refresh").raise_for_status()
    return int(httpx.get(f"{node.url}/kept/_count").json()["count"])


@pytest.fixture
def kept_node(tmp_path: Path, es_cache: Path) -> Iterator[Node]:
    """Give a node that `watcher es start` left, stopped after the test if it still lives."""
    assert es_cache.exists()
    started = es("start", folder=tmp_path)
    assert started.returncode == 0, started.stderr
    node = find(tmp_path)
    assert node is not None
    yield node
    if find(tmp_path):
        node.stop()


def test_a_node_dies_with_its_killed_parent_even_while_a_worker_holds_on(tmp_path: Path, es_cache: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path), str(es_cache)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        node, worker = map(int, parent.stdout.readline().split())
        try:
            parent.send_signal(signal.SIGKILL)

            assert is_gone_within(node, 5)
            assert not is_gone_within(worker, 0.05)
        finally:
            os.kill(worker, signal.SIGKILL)
    assert not (tmp_path / "node.json").exists()


def test_es_start_leaves_a_node_that_lives_until_es_stop(kept_node: Node) -> None:
    folder = kept_node.folder

    assert kept_node.url in es("status", folder=folder).stdout
    assert "tourne déjà" in es("start", folder=folder).stdout
    assert not is_gone_within(kept_node.pid, 1)

    assert "est arrêté" in es("stop", folder=folder).stdout

    assert is_gone_within(kept_node.pid, 5)
    assert es("status", folder=folder).returncode == 1
    assert "Aucun Elasticsearch" in es("stop", folder=folder).stdout


async def test_running_uses_the_living_node_and_leaves_it(kept_node: Node, es_cache: Path) -> None:
    async with running(kept_node.folder, es_cache) as node:
        assert (node.pid, node.port) == (kept_node.pid, kept_node.port)

    assert find(kept_node.folder) == kept_node


async def test_running_starts_a_node_and_stops_it(tmp_path: Path, es_cache: Path) -> None:
    async with running(tmp_path, es_cache) as node:
        assert find(tmp_path) is not None

    assert is_gone_within(node.pid, 0.05)
    assert find(tmp_path) is None


@pytest.mark.parametrize("end", ["stopped", "killed"])
async def test_acknowledged_data_survive_a_node(tmp_path: Path, es_cache: Path, end: str) -> None:
    async with running(tmp_path, es_cache) as node:
        put(node, "a")
        if end == "killed":
            os.kill(node.pid, signal.SIGKILL)

    async with running(tmp_path, es_cache) as again:
        assert count(again) == 1


async def test_a_taken_port_makes_it_take_another(kept_node: Node, tmp_path: Path, es_cache: Path) -> None:
    async with running(tmp_path / "second", es_cache, port=kept_node.port) as second:
        assert second.port != kept_node.port
        assert find(kept_node.folder) == kept_node


async def test_a_second_start_on_one_folder_is_refused_and_harms_nothing(kept_node: Node, es_cache: Path) -> None:
    put(kept_node, "a")

    with pytest.raises(StoreBusy, match="utilise déjà le dossier"):
        await start(kept_node.folder, es_cache)

    assert find(kept_node.folder) == kept_node
    assert count(kept_node) == 1


def test_a_state_left_by_a_killed_node_does_not_hinder_the_next(kept_node: Node) -> None:
    os.kill(kept_node.pid, signal.SIGKILL)
    assert is_gone_within(kept_node.pid, 5)
    assert "Aucun Elasticsearch" in es("status", folder=kept_node.folder).stdout

    assert "est prêt" in es("start", folder=kept_node.folder).stdout

    again = find(kept_node.folder)
    assert again is not None
    assert again.pid != kept_node.pid
    again.stop()
