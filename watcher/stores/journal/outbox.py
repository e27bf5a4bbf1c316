"""What Elasticsearch has not acknowledged yet, in the order in which it came."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from watcher.model import PostId
from watcher.ports import OutboxRow
from watcher.stores.documents import with_topics
from watcher.stores.journal.file import JournalFile, milliseconds

TARGET = "elasticsearch"


@dataclass(frozen=True, slots=True)
class Write:
    """One write to come. `index` is without the instance's prefix; `body` is None for a deletion."""

    index: str
    doc_id: PostId
    version: int
    body: Mapping[str, Any] | None


class Outbox:
    """The table `outbox`. Raises what `JournalFile` raises."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    def put(self, writes: Collection[Write]) -> None:
        """Add `writes`; a later version takes the place of the one that waits for the same document."""
        self._file.execute_many(
            "INSERT INTO outbox (target, index_name, doc_id, version, body) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (target, index_name, doc_id) DO UPDATE"
            " SET version = excluded.version, body = excluded.body, attempts = 0, next_try_at = 0"
            " WHERE excluded.version > outbox.version",
            [
                (TARGET, write.index, write.doc_id, write.version, None if write.body is None else to_json(write.body))
                for write in writes
            ],
        )

    def batch(self, limit: int, max_bytes: int, now: datetime) -> list[OutboxRow]:
        """Return the oldest writes that are due, at most `limit`, and `max_bytes` unless one alone is larger.

        Each is as people have corrected it, whoever wrote it: see `corrections`.
        """
        rows = self._file.execute(
            "SELECT outbox.seq, index_name, doc_id, outbox.version, body, attempts, seen.stored_at, corrections.topics"
            " FROM outbox LEFT JOIN seen ON seen.id = outbox.doc_id"
            " LEFT JOIN corrections ON corrections.post = outbox.doc_id"
            " WHERE target = ? AND next_try_at <= ? ORDER BY outbox.seq LIMIT ?",
            (TARGET, milliseconds(now), limit),
        )
        taken: list[OutboxRow] = []
        size = 0
        for seq, index, doc_id, version, body, attempts, stored_at, topics in rows:
            size += len((body or "").encode())
            if taken and size > max_bytes:
                break
            document = _corrected(self._body(body), topics)
            taken.append(OutboxRow(seq, index, PostId(doc_id), version, document, attempts, stored_at))
        return taken

    def still_waiting(self, rows: Collection[OutboxRow]) -> list[OutboxRow]:
        """Return those of `rows` that neither left nor were replaced by a later version since they were read."""
        found = self._file.execute(
            "SELECT seq, version FROM outbox WHERE seq IN (SELECT value FROM json_each(?))",
            (json.dumps([row.seq for row in rows]),),
        )
        waiting = {(seq, version) for seq, version in found}
        return [row for row in rows if (row.seq, row.version) in waiting]

    def remove(self, rows: Collection[OutboxRow]) -> None:
        """Remove `rows`, unless a later version has taken their place since they were read."""
        self._file.execute_many(
            "DELETE FROM outbox WHERE seq = ? AND version = ?", [(row.seq, row.version) for row in rows]
        )

    def postpone(self, next_tries: Collection[tuple[OutboxRow, datetime]]) -> None:
        """Count one more attempt for each row, and keep it back until its time."""
        self._file.execute_many(
            "UPDATE outbox SET attempts = attempts + 1, next_try_at = ? WHERE seq = ? AND version = ?",
            [(milliseconds(at), row.seq, row.version) for row, at in next_tries],
        )

    def count(self) -> int:
        """Return how many writes wait, due or not."""
        return int(self._file.execute("SELECT count(*) FROM outbox WHERE target = ?", (TARGET,))[0][0])

    def _body(self, text: str | None) -> Mapping[str, Any] | None:
        try:
            body: Mapping[str, Any] | None = None if text is None else json.loads(text)
        except ValueError as error:
            raise self._file.damaged(f"un post en attente est illisible : {error}") from error
        return body


def _corrected(body: Mapping[str, Any] | None, topics: str | None) -> Mapping[str, Any] | None:
    """Return `body` with the topics that a person gave to the post, where one did."""
    return body if body is None or topics is None else with_topics(body, json.loads(topics))


def to_json(body: Mapping[str, Any]) -> str:
    """Return `body` as the journal keeps it: compact, and in letters that a search for a name finds."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
