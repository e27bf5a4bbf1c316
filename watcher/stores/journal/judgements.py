"""What people say of alerts: the last word of each on each."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from watcher.feedback import Judgement, Verdict
from watcher.model import PostId
from watcher.stores.journal.file import JournalFile, instant, milliseconds


class Judgements:
    """The table `judgements`. Raises what `JournalFile` raises."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    def put(self, said: Judgement) -> None:
        """Keep `said` in the place of what that person said before of that alert."""
        self._file.execute(
            "INSERT OR REPLACE INTO judgements (alert, person, verdict, rule, alerted_at, said_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                said.alert,
                said.person,
                said.verdict,
                said.rule,
                milliseconds(said.alerted_at),
                milliseconds(said.said_at),
            ),
        )

    def remove(self, alert: PostId, person: str) -> None:
        """Forget what that person said of that alert."""
        self._file.execute("DELETE FROM judgements WHERE alert = ? AND person = ?", (alert, person))

    def all(self) -> list[Judgement]:
        """Return every judgement, by the time at which it was said."""
        return self._judgements(
            self._file.execute(
                "SELECT alert, person, verdict, rule, alerted_at, said_at FROM judgements"
                " ORDER BY said_at, alert, person"
            )
        )

    def of(self, alerts: Collection[PostId]) -> Mapping[PostId, list[Judgement]]:
        """Return what is said of each of `alerts`, in that order, those of which nothing is left out."""
        found: dict[PostId, list[Judgement]] = defaultdict(list)
        rows = self._file.execute(
            "SELECT alert, person, verdict, rule, alerted_at, said_at FROM judgements"
            " WHERE alert IN (SELECT value FROM json_each(?)) ORDER BY said_at, person",
            (json.dumps(list(alerts)),),
        )
        for judgement in self._judgements(rows):
            found[judgement.alert].append(judgement)
        return found

    @staticmethod
    def _judgements(rows: Iterable[Any]) -> list[Judgement]:
        return [
            Judgement(PostId(alert), person, Verdict(verdict), rule, instant(alerted_at), instant(said_at))
            for alert, person, verdict, rule, alerted_at, said_at in rows
        ]
