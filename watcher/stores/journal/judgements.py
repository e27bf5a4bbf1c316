"""What people say of alerts: the last word of each on each."""

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

    def all(self) -> list[Judgement]:
        """Return every judgement, by the time at which it was said."""
        rows = self._file.execute(
            "SELECT alert, person, verdict, rule, alerted_at, said_at FROM judgements ORDER BY said_at, alert, person"
        )
        return [
            Judgement(PostId(alert), person, Verdict(verdict), rule, instant(alerted_at), instant(said_at))
            for alert, person, verdict, rule, alerted_at, said_at in rows
        ]
