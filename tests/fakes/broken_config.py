"""The broken files of `tests/data/config/broken`: each takes the place of one file of a configuration that loads.

`sources.tabulation.yml` stands for `sources.yml`; `sources.tabulation.txt` beside it holds what the team must read.
"""

import shutil
from pathlib import Path

from tests.fakes.settings import PLATFORMS
from watcher.config import load
from watcher.errors import ConfigError, Mistake

DATA = Path(__file__).parents[1] / "data" / "config"
GOOD = DATA / "good"
BROKEN = sorted((DATA / "broken").glob("*.yml"))


def folder_with(replaced: str, content: bytes, folder: Path) -> Path:
    """Return `folder` with a configuration that loads, but for the file `replaced`, which holds `content`."""
    shutil.copytree(GOOD, folder, dirs_exist_ok=True)
    (folder / replaced).write_bytes(content)
    return folder


def mistakes_in(folder: Path) -> tuple[Mistake, ...]:
    """Return the mistakes of a configuration, none where it loads."""
    try:
        load(folder, PLATFORMS)
    except ConfigError as error:
        return error.mistakes
    return ()


def mistakes_with(replaced: str, content: str, folder: Path) -> tuple[Mistake, ...]:
    """Return the mistakes of a configuration whose file `replaced` holds `content`."""
    return mistakes_in(folder_with(replaced, content.encode(), folder))


def told(mistakes: tuple[Mistake, ...]) -> str:
    """Return the mistakes as a golden file keeps them: three lines each."""
    return "".join(f"{m.line}:{m.column} {m.key}\n  {m.message}\n  → {m.hint}\n" for m in mistakes)
