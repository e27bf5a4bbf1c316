"""An import that is killed, at any page, goes on where it was: nothing is lost and nothing is there twice."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.line import a_line
from watcher.imports import PAGE_ROWS, check, import_file
from watcher.imports.presets import packaged

ROWS = 5 * PAGE_ROWS
IMPORT = """
import asyncio, os, signal, sys
from pathlib import Path
from tests.fakes.line import ScriptedReader, a_line
from watcher.imports import check, import_file
from watcher.imports.presets import packaged

folder, deadly = Path(sys.argv[1]), int(sys.argv[2])

class Killed(ScriptedReader):
    async def read(self, posts):
        if len(self.read_ids) >= deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        return await super().read(posts)

line, _ = a_line(folder, Killed())
asyncio.run(import_file(check(folder / "export.csv", packaged()), line))
"""


@pytest.mark.parametrize("pages", [0, 1, 4])
def test_a_killed_import_goes_on_with_nothing_lost_or_twice(tmp_path: Path, pages: int) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Post id,Post text\n" + "".join(f"{n},Le train {n}\n" for n in range(ROWS)), encoding="utf-8")
    killed = subprocess.run(
        [sys.executable, "-c", IMPORT, str(tmp_path), str(pages * PAGE_ROWS)],
        cwd=Path(__file__).parents[2],
        check=False,
        timeout=60,
    )
    assert killed.returncode == -signal.SIGKILL
    line, journal = a_line(tmp_path)
    assert journal.waiting() == pages * PAGE_ROWS
    report = asyncio.run(import_file(check(path, packaged()), line))
    assert (report.new, report.repeated, journal.waiting()) == (ROWS - pages * PAGE_ROWS, 0, ROWS)
    journal.close()
