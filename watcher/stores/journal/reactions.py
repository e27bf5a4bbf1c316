"""What the last reading of each thread found of reactions to its first message."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from watcher.stores.journal.file import JournalFile, instant, milliseconds


@dataclass(frozen=True, slots=True)
class Reading:
    """The marks that were there at `read_at`, each with whose it is."""

    marks: frozenset[tuple[str, str]]
    read_at: datetime


class Reactions:
    """The table `reactions`. Raises what `JournalFile` raises."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    def put(self, event: str, reading: Reading) -> None:
        """Keep `reading` in the place of the one before."""
        self._file.execute(
            "INSERT OR REPLACE INTO reactions (event, marks, read_at) VALUES (?, ?, ?)",
            (event, json.dumps(sorted(reading.marks), ensure_ascii=False), milliseconds(reading.read_at)),
        )

    def of(self, events: Collection[str]) -> Mapping[str, Reading]:
        """Return the last reading of those of `events` that were ever read."""
        rows = self._file.execute(
            "SELECT event, marks, read_at FROM reactions WHERE event IN (SELECT value FROM json_each(?))",
            (json.dumps(list(events)),),
        )
        return {
            event: Reading(frozenset((person, mark) for person, mark in json.loads(marks)), instant(read_at))
            for event, marks, read_at in rows
        }

    def prune(self, before: datetime) -> None:
        """Forget what was last read before that time."""
        self._file.execute("DELETE FROM reactions WHERE read_at < ?", (milliseconds(before),))
