"""The journal: a page's posts, what must go to Elasticsearch, and the source's cursor, in one transaction.

Fifth step of a post's life, and the one that makes a crash harmless: what is committed here is collected, whatever
happens next. Elasticsearch is a projection of it: rows leave the outbox one by one, as they are acknowledged.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from watcher.gaps import Gap
from watcher.model import Cursor, DeadLetter, Deletion, KeptLetter, Post, PostId, RunReport, SourceState
from watcher.normalise import post_id
from watcher.ports import Committed, OutboxRow
from watcher.stores.documents import to_document
from watcher.stores.journal.corrections import Correction, Corrections
from watcher.stores.journal.counters import Counters
from watcher.stores.journal.deadletters import SEND_STEP, DeadLetters
from watcher.stores.journal.file import JournalFile, instant, milliseconds
from watcher.stores.journal.folds import Folds
from watcher.stores.journal.gaps import Gaps, HeardHours, gap_write
from watcher.stores.journal.messages import Draft, Messages, Waiting
from watcher.stores.journal.opposition import Opposition
from watcher.stores.journal.outbox import Outbox, Write
from watcher.stores.journal.purses import Purses
from watcher.stores.journal.seen import Seen, Sighting, deleted, is_news, next_version, sighting_of
from watcher.stores.journal.sources import Sources, state_after
from watcher.stores.journal.stories import Stories
from watcher.stores.journal.words import Words


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a batch: rows taken, rows to try again and when, rows that never will be taken and why."""

    taken: Sequence[OutboxRow] = ()
    postponed: Sequence[tuple[OutboxRow, datetime]] = ()
    refused: Sequence[tuple[OutboxRow, str]] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """Messages to send, and what the team has been told with them, as `alerts.telling` writes it."""

    drafts: Sequence[Draft]
    told: str


TOLD = "alerts_told"
"""The state under which it is kept what the team was told of trends."""


class Journal:
    """One file, one writer at a time, short transactions: several commands may hold it while the daemon runs.

    Every method raises `StoreBusy` when the disk is full or another command holds the file too long, and leaves then
    nothing half-written; `Fatal` when the file is damaged. Used by one thread.
    """

    def __init__(self, path: Path) -> None:
        self._file = JournalFile(path)
        self._sources = Sources(self._file)
        self._outbox = Outbox(self._file)
        self._folds = Folds(self._file)
        self.stories = Stories(self._file)
        self.opposition = Opposition(self._file)
        self.gaps = Gaps(self._file)
        self.hours = HeardHours(self._file)
        self.purses = Purses(self._file)
        self.messages = Messages(self._file)
        self.words = Words(self._file, self._outbox, self.messages)
        self.judgements, self.handlings = self.words.judgements, self.words.handlings
        self.subjects, self.reactions = self.words.subjects, self.words.reactions
        self.corrections = Corrections(self._file)
        self.counters = Counters(self._file)
        self.seen = Seen(self._file)
        self.dead_letters = DeadLetters(self._file, self._outbox)

    # --- telling

    def refuse_message(self, waiting: Waiting, reason: str, now: datetime) -> None:
        """Take out a message that will never be taken; its letter keeps the sentence, not the posts that it quoted."""
        with self._file.transaction():
            self.messages.drop(waiting)
            letter = DeadLetter(
                source=waiting.draft.channel, step=SEND_STEP, error=reason, payload=str(waiting.draft.body["text"])
            )
            self.dead_letters.put([letter], now)

    # --- collecting

    def cursor(self, source: str) -> Cursor | None:
        """Return where the source stands, None before its first page."""
        return self._sources.cursor(source)

    def unseen(self, posts: Sequence[Post]) -> list[Post]:
        """Return the posts that are new or edited, in order, but those that failed too often to be tried again."""
        ids = [post.id for post in posts]
        known = self.seen.known(ids)
        given_up = self.dead_letters.given_up(ids)
        return [post for post in posts if post.id not in given_up and is_news(post, known.get(post.id))]

    def commit_page(
        self,
        source: str,
        platform: str,
        posts: Sequence[Post],
        *,
        deletions: Sequence[Deletion],
        dead: Sequence[DeadLetter],
        cursor: Cursor | None,
        now: datetime,
        replayed: Sequence[int] = (),
    ) -> Committed:
        """Store a page and the cursor behind it, all or nothing: see `CollectionJournal`.

        A post whose id or author is opposed is not stored; it counts as repeated.
        """
        with self._file.transaction():
            committed = self._store(posts)
            count = self._delete(self._targets(platform, deletions), now)
            self.dead_letters.remove(replayed)
            self.dead_letters.put(dead, now)
            self._forget_failed(platform, deletions)
            if cursor is not None:
                self._sources.move(source, cursor)
        return replace(committed, deleted=count)

    def replays(self, source: str) -> list[KeptLetter]:
        """Return the dead letters of `source` for which the team asked another try, the oldest first."""
        return self.dead_letters.replays(source)

    def record_run(self, report: RunReport, now: datetime, gaps: Collection[Gap] = ()) -> None:
        """Keep how a run that ended at `now` went, with the gaps that follow from it, all or nothing."""
        with self._file.transaction():
            before = self.source_state(report.source)
            self._sources.keep(state_after(before, report, now))
            # A first reading brings a past, and one after a failure what was missed: neither is the habit of this hour.
            if report.outcome.is_healthy and before.outcome and before.outcome.is_healthy:
                self.hours.add(report.source, now, report.new)
            self.keep_gaps(gaps, now)

    def keep_gaps(self, gaps: Collection[Gap], now: datetime) -> None:
        """Keep `gaps` in the place of what was known of them, here and, through the outbox, in Elasticsearch."""
        with self._file.transaction():
            self.gaps.put(gaps)
            self._outbox.put([gap_write(gap, now) for gap in gaps])

    def source_state(self, source: str) -> SourceState:
        """Return what is known of the runs of `source`."""
        return self._sources.state(source)

    def source_states(self) -> tuple[SourceState, ...]:
        """Return what is known of every source that ever ran, by name."""
        return self._sources.states()

    def _store(self, posts: Sequence[Post]) -> Committed:
        opposed = self.opposed({str(key) for post in posts for key in (post.id, post.author) if key})
        known = self.seen.known(post.id for post in posts)
        fresh: dict[PostId, Post] = {}
        new: set[PostId] = set()
        edited = 0
        for post in posts:
            before = known.get(post.id)
            if post.id in opposed or post.author in opposed or not is_news(post, before):
                continue
            known[post.id] = sighting_of(post, before)
            fresh[post.id] = post
            if before is None:
                new.add(post.id)
            else:
                edited += 1
        self.seen.put([known[changed] for changed in fresh])
        self._outbox.put([_write(post, known[post.id]) for post in self.stories.join(fresh.values())])
        return Committed(new=len(new), edited=edited, repeated=len(posts) - len(new) - edited)

    # --- delivering

    def outbox_batch(self, limit: int, max_bytes: int, now: datetime) -> list[OutboxRow]:
        """Return the oldest writes that are due, at most `limit`, and `max_bytes` unless one alone is larger."""
        return self._outbox.batch(limit, max_bytes, now)

    def settle(self, settlement: Settlement, now: datetime) -> None:
        """Keep what became of a batch sent at `now`. A row that was replaced meanwhile goes on waiting."""
        with self._file.transaction():
            self.seen.stored({row.doc_id: milliseconds(now) for row in settlement.taken if row.body is not None})
            self._outbox.remove(settlement.taken)
            self._outbox.postpone(settlement.postponed)
            self.dead_letters.bury(settlement.refused, now)

    def waiting(self) -> int:
        """Return how many writes Elasticsearch has not acknowledged."""
        return self._outbox.count()

    def state(self, name: str) -> str | None:
        """Return what a job asked to remember under `name`."""
        rows = self._file.execute("SELECT value FROM states WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else None

    def set_state(self, name: str, value: str) -> None:
        """Remember `value` under `name`."""
        self._file.execute("INSERT OR REPLACE INTO states (name, value) VALUES (?, ?)", (name, value))

    def fold(self, name: str) -> bytes | None:
        """Return the fold that job `name` committed last."""
        return self._folds.blob(name)

    def commit_fold(
        self, name: str, state: str, fold: bytes, writes: Collection[Write], said: Said | None = None
    ) -> None:
        """Remember where job `name` stands, its fold, and what follows from it, in one transaction."""
        with self._file.transaction():
            self.set_state(name, state)
            self._folds.put(name, fold)
            self.words.send(writes)
            if said:
                self.messages.put(said.drafts)
                self.set_state(TOLD, said.told)

    def rewrite(self, writes: Sequence[Write], now: datetime) -> list[PostId]:
        """Let changed documents of posts that were read back wait for Elasticsearch, and return which do.

        Each version is that of what was read, plus one. What was edited, blanked, deleted or erased since stays so.
        """
        with self._file.transaction():
            opposed = self.opposed({str(write.doc_id) for write in writes})
            known = self.seen.known(write.doc_id for write in writes)
            current = [
                replace(write, version=max(milliseconds(now), write.version))
                for write in writes
                if write.doc_id not in opposed
                and ((before := known.get(write.doc_id)) is None or before.version < write.version)
            ]
            self.seen.put([replace(known[w.doc_id], version=w.version) for w in current if w.doc_id in known])
            self._outbox.put(current)
        return [write.doc_id for write in current]

    def correct(self, said: Correction, write: Write) -> bool:
        """Keep what a person says that a post is about, with the write that tells it, and return whether it is kept.

        It is not where the post was edited, deleted or erased since `write` was read.
        """
        with self._file.transaction():
            if not self.rewrite([write], said.at):
                return False
            self.corrections.put(said)
        return True

    def commit_state(self, name: str, state: str, writes: Collection[Write], drafts: Collection[Draft] = ()) -> None:
        """Remember `state` under `name`, with the writes and messages that follow from it, in one transaction."""
        with self._file.transaction():
            self.set_state(name, state)
            self._outbox.put(writes)
            self.messages.put(drafts)

    # --- forgetting

    def opposed(self, keys: Collection[str]) -> set[str]:
        """Return those of the post ids and author pseudonyms that were erased and must not come back."""
        return self.opposition.among(keys)

    def erase(self, ids: Collection[PostId], authors: Collection[str], traces: Collection[str], now: datetime) -> int:
        """Erase posts by id and by pseudonym of their author, for good, and return how many were known.

        Their deletion from Elasticsearch waits in the outbox; ids and pseudonyms enter the opposition list. Dead
        letters that hold one of `traces` (a handle in clear, a native id) go too, and what messages that wait quote of
        them. No byte of it stays in the file.
        """
        with self._file.transaction():
            found = {s.id: s for s in (*self.seen.known(ids).values(), *self.seen.of_authors(authors))}
            self._outbox.put([_deletion(s, now) for s in found.values()])
            native_ids = [json.dumps(s.native_id, ensure_ascii=False) for s in found.values() if s.native_id]
            self.dead_letters.remove_about({*ids, *found}, [*ids, *found, *authors, *native_ids, *traces])
            self.seen.forget(list(found))
            self.stories.forget(list(found))
            self.corrections.forget({*ids, *found})
            self.counters.forget(list(found))
            self.messages.withdraw({*ids, *found})
            self.opposition.add({*ids, *found, *authors}, now)
        self._file.scrub()
        return len(found)

    def forget(self, writes: Sequence[Write]) -> None:
        """Blank (a body) or delete (None) posts that are past their age; who wrote them leaves this file too.

        What is deleted is not collected again. A version that was seen since is passed, whatever `writes` say.
        """
        with self._file.transaction():
            known = self.seen.known(write.doc_id for write in writes)
            for write in writes:
                if before := known.get(write.doc_id):
                    version = max(write.version, before.version + 1)
                    is_deleted = before.is_deleted or write.body is None
                    after = replace(before, native_id=None, author=None, version=version, is_deleted=is_deleted)
                    known[write.doc_id] = after
            self.seen.put(list(known.values()))
            self.stories.forget(list(known))
            self.messages.withdraw([write.doc_id for write in writes])
            self.corrections.forget([write.doc_id for write in writes if write.body is None])
            self._outbox.put([replace(w, version=known[w.doc_id].version) if w.doc_id in known else w for w in writes])

    def prune(self, before: datetime, now: datetime) -> int:
        """Remove the dead letters of before that time, and return how many; and what no post can join any more."""
        self.stories.prune(now)
        self.words.prune(now)
        return self.dead_letters.prune(before)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _targets(self, platform: str, deletions: Sequence[Deletion]) -> list[Sighting]:
        ids = [post_id(platform, gone.native_id) for gone in deletions if gone.native_id is not None]
        authors = [gone.author for gone in deletions if gone.author is not None]
        of_authors = [found for found in self.seen.of_authors(authors) if found.platform == platform]
        return [found for found in (*self.seen.known(ids).values(), *of_authors) if not found.is_deleted]

    def _forget_failed(self, platform: str, deletions: Sequence[Deletion]) -> None:
        """Remove the dead letters about what is gone: a replay would bring it back."""
        if deletions:
            ids = [post_id(platform, gone.native_id) for gone in deletions if gone.native_id is not None]
            self.dead_letters.remove_about(ids, [gone.author for gone in deletions if gone.author is not None])

    def _delete(self, targets: Sequence[Sighting], now: datetime) -> int:
        gone = {found.id: deleted(found, now) for found in targets}
        self.seen.put(list(gone.values()))
        self.stories.forget(list(gone))
        self.corrections.forget(list(gone))
        self.counters.forget(list(gone))
        self.messages.withdraw(list(gone))
        self._outbox.put([Write(after.index, after.id, after.version, None) for after in gone.values()])
        return len(gone)


def _write(post: Post, sighting: Sighting) -> Write:
    """Return the write of `post`, which keeps the time of its first collection through every edit."""
    document = to_document(replace(post, collected_at=instant(sighting.collected_at)))
    return Write(sighting.index, post.id, sighting.version, document)


def _deletion(sighting: Sighting, now: datetime) -> Write:
    return Write(sighting.index, sighting.id, next_version(sighting, now), None)
