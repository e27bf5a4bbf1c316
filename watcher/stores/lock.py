"""One daemon a data folder: a lock that the system lets go of when the process ends, however it ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from watcher.errors import Fatal


@contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Hold the data folder while the block runs. Raises `Fatal`, at once, when another process holds it."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "watcher.lock").open("a", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Fatal(f"Une veille tourne déjà sur le dossier « {data} » : arrêtez-la d'abord (Ctrl-C).") from error
        yield
