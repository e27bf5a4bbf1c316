"""What could not be processed, with the reason, kept until somebody mends the cause and asks for another try."""

import hashlib
import json
from collections.abc import Collection, Sequence
from datetime import datetime

from watcher.model import DeadLetter, KeptLetter, PostId
from watcher.ports import OutboxRow
from watcher.stores.journal.file import JournalFile, instant, milliseconds
from watcher.stores.journal.outbox import Outbox, Write, to_json

MAX_TRIES = 3
"""A post that failed so often is left alone until somebody asks for a replay."""

MAP_STEP = "map"
STORE_STEP = "store"
SEND_STEP = "send"

_FINAL = frozenset({MAP_STEP, SEND_STEP})


class DeadLetters:
    """The table `dead_letters`. Raises what `JournalFile` raises."""

    def __init__(self, file: JournalFile, outbox: Outbox) -> None:
        self._file = file
        self._outbox = outbox

    def put(self, letters: Collection[DeadLetter], now: datetime) -> None:
        """Keep `letters`; one that is here already has failed once more, and waits for no replay any longer."""
        self._file.execute_many(
            "INSERT INTO dead_letters (at, source, step, error, payload, about) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (source, step, about) DO UPDATE SET at = excluded.at, error = excluded.error,"
            " payload = excluded.payload, tries = tries + 1, replay_at = NULL",
            [(milliseconds(now), k.source, k.step, k.error, k.payload, k.about or _digest(k.payload)) for k in letters],
        )

    def bury(self, refused: Collection[tuple[OutboxRow, str]], now: datetime) -> None:
        """Move writes that Elasticsearch will never take out of the outbox, each with its reason.

        A row that was replaced or erased since it was read leaves no letter: what it held is no longer wanted.
        """
        reasons = {row.seq: reason for row, reason in refused}
        rows = self._outbox.still_waiting([row for row, _ in refused])
        sources = dict(
            self._file.execute(
                "SELECT id, source FROM seen WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps([row.doc_id for row in rows]),),
            )
        )
        self._outbox.remove(rows)
        letters = [
            DeadLetter(
                source=sources.get(row.doc_id, row.index),
                step=STORE_STEP,
                error=reasons[row.seq],
                payload=_payload(row),
                about=row.doc_id,
            )
            for row in rows
        ]
        self.put(letters, now)

    def letters(self) -> list[KeptLetter]:
        """Return every letter, the latest first."""
        return self._where("1 ORDER BY at DESC, id DESC")

    def letter(self, letter_id: int) -> KeptLetter | None:
        """Return one letter, None when there is none of that number."""
        found = self._where("id = ?", letter_id)
        return found[0] if found else None

    def replay(self, letters: Collection[KeptLetter], now: datetime) -> int:
        """Ask for another try of each, and return of how many one can be asked.

        A refused write goes back to the outbox, unless its post was edited, blanked or deleted since: then it leaves.
        The rest goes to its source's next run. What a collector could not map is left alone, since only its source can
        give it again, and so is a message that was refused: it is no news any more.
        """
        letters = [kept for kept in letters if kept.letter.step not in _FINAL]
        refused = [kept for kept in letters if kept.letter.step == STORE_STEP]
        with self._file.transaction():
            self._outbox.put(self._current([_write(kept.letter.payload) for kept in refused]))
            self.remove([kept.id for kept in refused])
            self._file.execute_many(
                "UPDATE dead_letters SET replay_at = ? WHERE id = ?",
                [(milliseconds(now), kept.id) for kept in letters],
            )
        return len(letters)

    def _current(self, writes: Collection[Write]) -> list[Write]:
        versions = dict(
            self._file.execute(
                "SELECT id, version FROM seen WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps([write.doc_id for write in writes]),),
            )
        )
        return [write for write in writes if versions.get(write.doc_id, write.version) == write.version]

    def replays(self, source: str) -> list[KeptLetter]:
        """Return the letters of `source` for which another try was asked, the oldest first."""
        return self._where("source = ? AND replay_at IS NOT NULL ORDER BY id", source)

    def given_up(self, ids: Collection[PostId]) -> set[PostId]:
        """Return those of the posts that failed `MAX_TRIES` times and wait for no replay."""
        rows = self._file.execute(
            "SELECT about FROM dead_letters WHERE tries >= ? AND replay_at IS NULL"
            " AND about IN (SELECT value FROM json_each(?))",
            (MAX_TRIES, json.dumps(list(ids))),
        )
        return {PostId(row[0]) for row in rows}

    def remove(self, ids: Sequence[int]) -> None:
        """Remove letters by number: what they held has been processed."""
        self._file.execute_many("DELETE FROM dead_letters WHERE id = ?", [(letter_id,) for letter_id in ids])

    def remove_about(self, ids: Collection[PostId], traces: Collection[str]) -> None:
        """Remove every letter about one of the posts `ids`, or whose payload holds one of the strings `traces`."""
        self._file.execute(
            "DELETE FROM dead_letters WHERE about IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
        )
        self._file.execute_many("DELETE FROM dead_letters WHERE instr(payload, ?)", [(trace,) for trace in traces])

    def prune(self, before: datetime, sources: Collection[str] | None = None) -> int:
        """Remove the letters of before that time, of `sources` alone where they are given, and return how many."""
        if sources is None:
            return self._file.execute_many("DELETE FROM dead_letters WHERE at < ?", [(milliseconds(before),)])
        return self._file.execute_many(
            "DELETE FROM dead_letters WHERE at < ? AND source = ?",
            [(milliseconds(before), source) for source in sources],
        )

    def count(self) -> int:
        """Return how many letters there are."""
        return int(self._file.execute("SELECT count(*) FROM dead_letters")[0][0])

    def _where(self, condition: str, *values: object) -> list[KeptLetter]:
        rows = self._file.execute(
            f"SELECT id, at, source, step, error, payload, about, tries, replay_at FROM dead_letters WHERE {condition}",  # noqa: S608 - the conditions are the literals above
            values,
        )
        return [
            KeptLetter(
                id=letter_id,
                at=instant(at),
                letter=DeadLetter(source, step, error, payload, about=about),
                tries=tries,
                is_replaying=replay_at is not None,
            )
            for letter_id, at, source, step, error, payload, about, tries, replay_at in rows
        ]


def _digest(payload: str) -> str:
    return hashlib.sha256(payload.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _payload(row: OutboxRow) -> str:
    return to_json({"index": row.index, "id": row.doc_id, "version": row.version, "body": row.body})


def _write(payload: str) -> Write:
    kept = json.loads(payload)
    return Write(kept["index"], PostId(kept["id"]), kept["version"], kept["body"])
