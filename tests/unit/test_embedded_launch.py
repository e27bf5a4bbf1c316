"""A start that fails says why, and leaves no process behind."""

import asyncio
import subprocess
from pathlib import Path

import pytest

from watcher.errors import Fatal
from watcher.stores.embedded import find, start


def processes_on(folder: Path) -> list[str]:
    """Return the command lines of the living processes that name `folder`."""
    listed = subprocess.run(["ps", "-A", "-ww", "-o", "args="], capture_output=True, text=True, check=True)
    return [line for line in listed.stdout.splitlines() if str(folder) in line]


async def test_a_node_that_cannot_start_points_at_what_it_said(tmp_path: Path, es_cache: Path) -> None:
    with pytest.raises(Fatal, match=r"start\.log") as refused:
        await start(tmp_path, es_cache, heap_mb=1)

    assert "s'est arrêté en démarrant" in str(refused.value)
    assert "heap" in (tmp_path / "logs" / "start.log").read_text()


async def test_a_data_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path, es_cache: Path) -> None:
    folder = tmp_path / "data"
    folder.write_text("a file where a folder is wanted")

    with pytest.raises(Fatal, match=f"n'a pas pu être lancé sur {folder}"):
        await start(folder, es_cache)


async def test_a_node_that_is_late_is_given_up(tmp_path: Path, es_cache: Path) -> None:
    with pytest.raises(Fatal, match="n'a pas démarré en 0 s"):
        await start(tmp_path, es_cache, deadline_s=0.1)

    assert processes_on(tmp_path) == []


async def test_a_start_that_is_interrupted_leaves_no_process(tmp_path: Path, es_cache: Path) -> None:
    starting = asyncio.create_task(start(tmp_path, es_cache))
    async with asyncio.timeout(10):
        while not processes_on(tmp_path):
            await asyncio.sleep(0.05)

    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting

    assert processes_on(tmp_path) == []
    assert find(tmp_path) is None
