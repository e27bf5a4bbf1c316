"""What is to be said to the team, in the order in which it came, and the threads it is said in."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from watcher.stores.journal.file import JournalFile, instant, milliseconds
from watcher.stores.journal.quotes import quoted_in, without


class Role(StrEnum):
    """What a message is to its event: the first, the first brought up to date, or what follows in its thread."""

    PARENT = "parent"
    UPDATE = "update"
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class Draft:
    """One message to come, not before `due_at` if that is given. `body` is its JSON, whatever the service."""

    event: str
    role: Role
    channel: str
    body: Mapping[str, Any]
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft as the journal keeps it. `may_have_arrived`: the daemon died while it was being sent."""

    seq: int
    draft: Draft
    attempts: int
    may_have_arrived: bool


@dataclass(frozen=True, slots=True)
class Thread:
    """Where an event is told. `ts` is None where the service names no message, so that nothing can follow it."""

    event: str
    channel: str
    ts: str | None
    opened_at: datetime


class Messages:
    """The tables `messages` and `threads`. Raises what `JournalFile` raises."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    def put(self, drafts: Collection[Draft]) -> None:
        """Add `drafts`; an update takes the place of the one of its event that still waits.

        What was deleted or erased while they were composed is not quoted: Elasticsearch may show it some seconds more.
        """
        gone = self._gone({post for each in drafts for post in quoted_in(each.body)})
        self._file.execute_many(
            "INSERT INTO messages (event, role, channel, body, next_try_at) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (event) WHERE role = 'update' AND state = 'waiting' DO UPDATE SET body = excluded.body",
            [
                (
                    each.event,
                    each.role,
                    each.channel,
                    json.dumps(without(each.body, gone), ensure_ascii=False),
                    milliseconds(each.due_at) if each.due_at else 0,
                )
                for each in drafts
            ],
        )

    def due(self, now: datetime) -> Waiting | None:
        """Return the oldest message that may be sent; what follows in a thread waits for its parent."""
        rows = self._file.execute(
            "SELECT seq, event, role, channel, body, attempts, state FROM messages AS m WHERE next_try_at <= ?"
            " AND (role = 'parent' OR NOT EXISTS"
            "   (SELECT 1 FROM messages WHERE event = m.event AND role = 'parent' AND seq < m.seq))"
            " ORDER BY seq LIMIT 1",
            (milliseconds(now),),
        )
        for seq, event, role, channel, body, attempts, state in rows:
            return Waiting(seq, Draft(event, Role(role), channel, json.loads(body)), attempts, state == "sending")
        return None

    def begin(self, waiting: Waiting) -> None:
        """Keep that a message is being sent, so that a crash meanwhile is known afterwards."""
        self._file.execute("UPDATE messages SET state = 'sending' WHERE seq = ?", (waiting.seq,))

    def sent(self, waiting: Waiting, channel: str, ts: str | None, now: datetime) -> None:
        """Take a message out; the first of an event opens its thread at `ts` in `channel`, as the service says."""
        with self._file.transaction():
            if waiting.draft.role is Role.PARENT:
                self._file.execute(
                    "INSERT OR REPLACE INTO threads (event, channel, ts, opened_at) VALUES (?, ?, ?, ?)",
                    (waiting.draft.event, channel, ts, milliseconds(now)),
                )
            self.drop(waiting)

    def drop(self, waiting: Waiting) -> None:
        """Take a message out that will never be sent."""
        self._file.execute("DELETE FROM messages WHERE seq = ?", (waiting.seq,))

    def postpone(self, waiting: Waiting, until: datetime) -> None:
        """Keep a message back that surely did not arrive; an update that a later one overtook meanwhile is let go."""
        with self._file.transaction():
            self._file.execute(
                "DELETE FROM messages AS m WHERE seq = ? AND role = 'update' AND EXISTS (SELECT 1 FROM messages"
                " WHERE event = m.event AND role = 'update' AND state = 'waiting' AND seq != m.seq)",
                (waiting.seq,),
            )
            self._file.execute(
                "UPDATE messages SET state = 'waiting', attempts = attempts + 1, next_try_at = ? WHERE seq = ?",
                (milliseconds(until), waiting.seq),
            )

    def withdraw(self, posts: Collection[str]) -> None:
        """Take out of what waits what it quotes of `posts`."""
        for seq, text in self._file.execute("SELECT seq, body FROM messages"):
            body = json.loads(text)
            kept = without(body, posts)
            if kept is not body:
                self._file.execute(
                    "UPDATE messages SET body = ? WHERE seq = ?", (json.dumps(kept, ensure_ascii=False), seq)
                )

    def threads(self, events: Collection[str]) -> Mapping[str, Thread]:
        """Return the threads of those of `events` that have one."""
        rows = self._file.execute(
            "SELECT event, channel, ts, opened_at FROM threads WHERE event IN (SELECT value FROM json_each(?))",
            (json.dumps(list(events)),),
        )
        return {thread.event: thread for thread in map(_thread, rows)}

    def channel_of(self, event: str) -> str | None:
        """Return the channel in which the first message about `event` stands or will, None where there is none."""
        rows = self._file.execute(
            "SELECT channel FROM threads WHERE event = ?"
            " UNION ALL SELECT channel FROM messages WHERE event = ? AND role = 'parent' LIMIT 1",
            (event, event),
        )
        return str(rows[0][0]) if rows else None

    def opened_since(self, since: datetime) -> Sequence[Thread]:
        """Return the threads opened at `since` or later, the latest first."""
        rows = self._file.execute(
            "SELECT event, channel, ts, opened_at FROM threads WHERE opened_at >= ? ORDER BY opened_at DESC",
            (milliseconds(since),),
        )
        return [*map(_thread, rows)]

    def count(self) -> int:
        """Return how many messages wait."""
        return int(self._file.execute("SELECT count(*) FROM messages")[0][0])

    def prune(self, before: datetime) -> None:
        """Forget the threads opened before `before`."""
        self._file.execute("DELETE FROM threads WHERE opened_at < ?", (milliseconds(before),))

    def _gone(self, posts: Collection[str]) -> set[str]:
        rows = self._file.execute(
            "SELECT value FROM json_each(?) WHERE value IN (SELECT key FROM opposition)"
            " OR EXISTS (SELECT 1 FROM seen WHERE id = value AND is_deleted)",
            (json.dumps(list(posts)),),
        )
        return {str(row[0]) for row in rows}


def _thread(row: tuple[str, str, str | None, int]) -> Thread:
    event, channel, ts, opened_at = row
    return Thread(event, channel, ts, instant(opened_at))
