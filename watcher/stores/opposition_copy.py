"""A copy of the opposition list beside the journal: who was erased stays out even when the journal is lost."""

import os
from collections.abc import Collection
from pathlib import Path

from watcher.errors import Fatal


def write(path: Path, keys: Collection[str]) -> None:
    """Put `keys`, post ids and pseudonyms, in the place of what `path` held, for its owner's eyes alone."""
    draft = path.with_suffix(".part")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.writelines(f"{key}\n" for key in sorted(keys))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def read(path: Path) -> set[str]:
    """Return the keys that `path` holds, none where there is no such file. Raises `Fatal` when it cannot be read."""
    try:
        return {line for line in path.read_text(encoding="utf-8").splitlines() if line}
    except FileNotFoundError:
        return set()
    except (OSError, UnicodeDecodeError) as error:
        raise Fatal(
            f"La liste d'opposition ({path}) ne peut pas être lue : remettez celle de la sauvegarde."
        ) from error
