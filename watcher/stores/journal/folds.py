"""What a job's fold stands on, as the journal keeps it: one compact blob a job, replaced at each commit."""

import zlib
from collections.abc import Mapping
from typing import Any

import srsly

from watcher.stores.journal.file import JournalFile

Fold = Mapping[str, Any]
"""Numbers, texts, bytes, lists and mappings of them."""


class Folds:
    """The table `folds`. Raises what `JournalFile` raises."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    def put(self, name: str, blob: bytes) -> None:
        """Keep `blob` in the place of the last one of `name`."""
        self._file.execute("INSERT OR REPLACE INTO folds (name, value) VALUES (?, ?)", (name, blob))

    def blob(self, name: str) -> bytes | None:
        """Return what was last kept under `name`, None before that."""
        rows = self._file.execute("SELECT value FROM folds WHERE name = ?", (name,))
        return bytes(rows[0][0]) if rows else None


def packed(fold: Fold) -> bytes:
    """Return `fold` as bytes: some fifty milliseconds at its largest, of which most let other threads run."""
    return zlib.compress(srsly.msgpack_dumps(dict(fold)), 1)


def unpacked(blob: bytes) -> Fold:
    """Return what `packed` was given, tuples become lists."""
    fold: Fold = srsly.msgpack_loads(zlib.decompress(blob))
    return fold
