"""Who sees to which alert."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping

from watcher.handling import Care, Deed, Handling, care_of
from watcher.model import PostId
from watcher.stores.journal.file import JournalFile, instant, milliseconds


class Handlings:
    """The table `handlings`. Raises what `JournalFile` raises."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    def put(self, done: Handling) -> None:
        """Keep `done` in the place of the same deed of that person."""
        self._file.execute(
            "INSERT OR REPLACE INTO handlings (alert, person, deed, at, until) VALUES (?, ?, ?, ?, ?)",
            (
                done.alert,
                done.person,
                done.deed,
                milliseconds(done.at),
                milliseconds(done.until) if done.until else None,
            ),
        )

    def remove(self, alert: PostId, person: str, deed: Deed) -> None:
        """Forget a deed that is taken back."""
        self._file.execute("DELETE FROM handlings WHERE alert = ? AND person = ? AND deed = ?", (alert, person, deed))

    def prune(self) -> None:
        """Forget who saw to alerts that are known no more."""
        self._file.execute("DELETE FROM handlings WHERE alert NOT IN (SELECT id FROM subjects)")

    def of(self, alerts: Collection[PostId]) -> Mapping[PostId, list[Handling]]:
        """Return what is done with each of `alerts`, those that nobody sees to left out."""
        rows = self._file.execute(
            "SELECT alert, person, deed, at, until FROM handlings"
            " WHERE alert IN (SELECT value FROM json_each(?)) ORDER BY at, person",
            (json.dumps(list(alerts)),),
        )
        found: dict[PostId, list[Handling]] = defaultdict(list)
        for alert, person, deed, at, until in rows:
            found[PostId(alert)].append(
                Handling(PostId(alert), person, Deed(deed), instant(at), None if until is None else instant(until))
            )
        return found

    def cares(self, alerts: Collection[PostId]) -> Mapping[PostId, Care]:
        """Return who sees to each of `alerts`, those that nobody sees to left out."""
        return {alert: care_of(done) for alert, done in self.of(alerts).items()}
