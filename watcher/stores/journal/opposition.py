"""Who asked to be left out: post ids and author pseudonyms that were erased and must not come back."""

import json
from collections.abc import Collection
from datetime import datetime

from watcher.stores.journal.file import JournalFile, milliseconds


class Opposition:
    """The table `opposition`. Raises what `JournalFile` raises."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    def add(self, keys: Collection[str], now: datetime) -> None:
        """Keep `keys` out from `now` on."""
        self._file.execute_many(
            "INSERT OR IGNORE INTO opposition (key, at) VALUES (?, ?)", [(key, milliseconds(now)) for key in keys]
        )

    def all(self) -> set[str]:
        """Return all that is kept out."""
        return {str(row[0]) for row in self._file.execute("SELECT key FROM opposition")}

    def among(self, keys: Collection[str]) -> set[str]:
        """Return those of `keys` that are kept out."""
        rows = self._file.execute(
            "SELECT key FROM opposition WHERE key IN (SELECT value FROM json_each(?))", (json.dumps(list(keys)),)
        )
        return {str(row[0]) for row in rows}
