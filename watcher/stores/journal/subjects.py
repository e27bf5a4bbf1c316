"""What people speak of when they judge or take: trends and their alerts, as they were last written.

Elasticsearch holds each with what people say of it. Whoever writes it, the trend job at a tick or somebody's word in
between, the two are put together here; a version counts the words said since the tick, and ticks are further apart.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from watcher.feedback import Judgement
from watcher.handling import Care
from watcher.model import PostId
from watcher.stores.documents import written
from watcher.stores.journal.file import JournalFile, milliseconds
from watcher.stores.journal.outbox import Write, to_json

TREND, ALERT = "trends", "alerts"
SPOKEN_OF = frozenset({TREND, ALERT})
"""The families of documents that people speak of; an alert has the id of its trend."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A trend as it was last written, and its alert, None where it gave none; `changes` counts what was said of it."""

    id: PostId
    trend: Mapping[str, Any]
    alert: Mapping[str, Any] | None
    changes: int


class Subjects:
    """The table `subjects`. Raises what `JournalFile` raises."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    def keep(self, writes: Collection[Write]) -> list[PostId]:
        """Keep the documents of trends and alerts among `writes`, and return whose they are."""
        ours = [write for write in writes if write.index in SPOKEN_OF]
        self._file.execute_many(
            "INSERT INTO subjects (id, family, version, body) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (id, family) DO UPDATE SET version = excluded.version, body = excluded.body",
            [(each.doc_id, each.index, each.version, to_json(each.body or {})) for each in ours],
        )
        return [write.doc_id for write in ours]

    def count_change(self, subject: PostId, *, is_shown: bool) -> None:
        """Count one more thing said of `subject`; where it `is_shown`, the message about it is to be written anew."""
        self._file.execute(
            "UPDATE subjects SET changes = changes + 1, is_untold = is_untold OR ? WHERE id = ?", (is_shown, subject)
        )

    def writes(self, subjects: Collection[PostId]) -> list[Write]:
        """Return the writes of `subjects` without what is said of them, in the version that this has."""
        rows = self._file.execute(
            "SELECT id, family, version + changes, body FROM subjects WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(subjects)),),
        )
        return [Write(family, PostId(name), version, json.loads(body)) for name, family, version, body in rows]

    def get(self, subject: str) -> Subject | None:
        """Return the trend of that id, None when it is not known, or no longer."""
        return next(iter(self._subjects(subject)), None)

    def untold(self) -> list[Subject]:
        """Return those of which something was said that the message about them does not say."""
        return self._subjects(None)

    def set_told(self, subject: Subject) -> None:
        """Keep that the message about `subject` says all, unless more was said of it meanwhile."""
        self._file.execute(
            "UPDATE subjects SET is_untold = 0 WHERE id = ? AND changes = ?", (subject.id, subject.changes)
        )

    def prune(self, before: datetime) -> None:
        """Forget the trends last heard before that time, and their alerts."""
        self._file.execute(
            "DELETE FROM subjects WHERE id IN (SELECT id FROM subjects WHERE family = ? AND version < ?)",
            (TREND, milliseconds(before)),
        )

    def _subjects(self, subject: str | None) -> list[Subject]:
        """Return the one that is named, else all that are untold."""
        rows = self._file.execute(
            "SELECT trend.id, trend.body, alert.body, trend.changes FROM subjects AS trend"
            " LEFT JOIN subjects AS alert ON alert.id = trend.id AND alert.family = ?"
            " WHERE trend.family = ? AND (trend.id = ? OR (? IS NULL AND trend.is_untold)) ORDER BY trend.id",
            (ALERT, TREND, subject, subject),
        )
        return [
            Subject(PostId(name), json.loads(trend), json.loads(alert) if alert else None, changes)
            for name, trend, alert, changes in rows
        ]


def with_words(write: Write, judgements: Iterable[Judgement], care: Care) -> Write:
    """Return the `write` of a trend or an alert with what people say of it; an alert also tells who sees to it."""
    said: dict[str, Any] = {"feedback": [each.verdict.value for each in judgements]}
    if write.index == ALERT:
        said |= {
            "taken_by": list(care.taken_by),
            "taken_at": written(care.taken_at),
            "snoozed_until": written(care.snoozed_until),
            "seen_by": list(care.seen_by),
        }
    return replace(write, body={**(write.body or {}), **{key: value for key, value in said.items() if value}})
