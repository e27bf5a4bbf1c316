"""A file of the configuration put in the place of the one that is there, when all files are right with it."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel

from watcher.config.load import load


def save(folder: Path, name: str, content: bytes, settings_by_platform: Mapping[str, type[BaseModel]]) -> None:
    """Put `content` in the place of the file `name` of `folder`, in one step and with its rights.

    Raises `ConfigError` with every mistake that the configuration would then have, and `OSError`; the file is then as
    it was.
    """
    load(folder, settings_by_platform, proposed={name: content})
    path = (folder / name).resolve()
    draft = path.with_suffix(".part")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    shutil.copymode(path, draft)
    draft.replace(path)
