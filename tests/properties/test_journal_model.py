"""Any sequence of collecting, delivering, failing, crashing and erasing leaves the journal as the model says.

The model is what a person would expect: dictionaries of posts. Elasticsearch is a dictionary too, under its own rule of
versions; whatever reaches it must be what was last collected.
"""

import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.fakes.clock import NOON
from tests.fakes.posts import a_post
from watcher.model import Cursor, Deletion, PostId
from watcher.ports import OutboxRow
from watcher.stores.journal import Journal, Settlement

# Two posts live for ever and are edited on and on; the others can be deleted and erased.
names = st.sampled_from(("1", "2", "3", "5"))
mortal = st.sampled_from(("1", "5"))
pages = st.lists(st.tuples(names, st.integers(0, 2)), max_size=3)


def author_of(name: str) -> str:
    return "bob" if name == "5" else "alice"


@dataclass
class Expected:
    """What a person would expect: the latest words of each post, those deleted, those erased, and the cursor."""

    words: dict[PostId, str] = field(default_factory=dict)
    deleted: set[PostId] = field(default_factory=set)
    erased: set[PostId] = field(default_factory=set)
    opposed_authors: set[str] = field(default_factory=set)
    dead: set[PostId] = field(default_factory=set)
    cursor: str | None = None


class JournalModel(RuleBasedStateMachine):
    """Drives a real journal and the model side by side."""

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.journal = self._opened()
        self.expected = Expected()
        self.elasticsearch: dict[PostId, tuple[int, str | None]] = {}
        self.now = NOON

    def _opened(self) -> Journal:
        journal = Journal(self.folder / "j.db")
        journal._file.execute("PRAGMA synchronous = OFF")  # no power fails here, and the disk is slow
        return journal

    @rule(page=pages, ms=st.integers(-5_000, 5_000))
    def collect(self, page: list[tuple[str, int]], ms: int) -> None:
        """Commit a page; the clock may jump either way."""
        self.now += timedelta(milliseconds=ms)
        posts = [
            a_post(name, text=f"texte {version}", author=author_of(name), collected_at=self.now)
            for name, version in page
        ]
        cursor = f"après {self.now.isoformat()}"
        self.journal.commit_page("gazette", "rss", posts, deletions=(), dead=(), cursor=Cursor(cursor), now=self.now)
        self.expected.cursor = cursor
        for post in posts:
            is_out = post.id in self.expected.erased or post.author in self.expected.opposed_authors
            if not is_out and post.id not in self.expected.deleted and self.expected.words.get(post.id) != post.text:
                self.expected.words[post.id] = post.text
                self.expected.dead.discard(post.id)

    @rule(name=mortal, how=st.sampled_from(("deleted", "deleted", "post erased", "author erased")))
    def remove(self, name: str, how: str) -> None:
        """The platform says that a post is gone, or somebody asks to be forgotten."""
        post_id = a_post(name).id
        if how == "deleted":
            gone = [Deletion(native_id=name)]
            self.journal.commit_page("gazette", "rss", (), deletions=gone, dead=(), cursor=None, now=self.now)
            if self.expected.words.pop(post_id, None) is not None:
                self.expected.deleted.add(post_id)
                self.expected.dead.discard(post_id)
        elif how == "post erased":
            self.journal.erase([post_id], [], [], self.now)
            self._expect_erased(post_id)
        elif name == "5":
            self.journal.erase([], [author_of(name)], [], self.now)
            self.expected.opposed_authors.add(author_of(name))
            self._expect_erased(post_id)

    def _expect_erased(self, post_id: PostId) -> None:
        self.expected.erased.add(post_id)
        self.expected.dead.discard(post_id)
        self.expected.words.pop(post_id, None)

    @rule(
        limit=st.integers(1, 4),
        meanwhile=pages,
        gone=st.none() | mortal,
        answer=st.sampled_from(("taken", "cut", "busy", "refused")),
    )
    def exchange(self, limit: int, meanwhile: list[tuple[str, int]], gone: str | None, answer: str) -> None:
        """Send a batch; before its answer is known, other pages are committed and posts are removed."""
        rows = self.journal.outbox_batch(limit, 10**6, self.now + timedelta(days=1))
        if answer in {"taken", "cut"}:
            self._apply(rows)
        self.collect(meanwhile, ms=1)
        if gone is not None:
            self.remove(gone, "deleted")
        if answer == "taken":
            self.journal.settle(Settlement(taken=rows), self.now)
        elif answer == "busy":
            self.journal.settle(Settlement(postponed=[(row, self.now) for row in rows]), self.now)
        elif answer == "refused":
            self._refuse([row for row in rows if row.body is not None])

    def _apply(self, rows: list[OutboxRow]) -> None:
        for row in rows:
            known, _ = self.elasticsearch.get(row.doc_id, (0, None))
            if row.version >= known:
                self.elasticsearch[row.doc_id] = (row.version, None if row.body is None else row.body["text"])

    def _refuse(self, rows: list[OutboxRow]) -> None:
        waiting = {(row.doc_id, row.version) for row in self._all_waiting()}
        self.journal.settle(Settlement(refused=[(row, "refusé") for row in rows]), self.now)
        self.expected.dead |= {row.doc_id for row in rows if (row.doc_id, row.version) in waiting}

    @rule()
    def deliver(self) -> None:
        """Everything that waits is taken, and a minute passes: the versions of what was deleted are forgotten."""
        rows = self._all_waiting()
        self._apply(rows)
        self.journal.settle(Settlement(taken=rows), self.now)
        self.elasticsearch = {key: held for key, held in self.elasticsearch.items() if held[1] is not None}

    def _all_waiting(self) -> list[OutboxRow]:
        return self.journal.outbox_batch(500, 10**9, self.now + timedelta(days=1))

    @precondition(lambda self: self.journal.dead_letters.count())
    @rule()
    def replay(self) -> None:
        self.journal.dead_letters.replay(self.journal.dead_letters.letters(), self.now)
        self.expected.dead.clear()

    @rule()
    def crash(self) -> None:
        """A crash keeps what was committed: the files as they are, write-ahead log and all, opened elsewhere."""
        elsewhere = Path(tempfile.mkdtemp())
        for file in self.folder.iterdir():
            shutil.copy(file, elsewhere)
        self.journal.close()
        shutil.rmtree(self.folder)
        self.folder = elsewhere
        self.journal = self._opened()

    @invariant()
    def the_cursor_stands_where_the_last_page_left_it(self) -> None:
        assert self.journal.cursor("gazette") == self.expected.cursor

    @invariant()
    def one_row_a_post_waits_at_most(self) -> None:
        rows = self._all_waiting()
        assert len(rows) == len({row.doc_id for row in rows}) == self.journal.waiting()

    @invariant()
    def what_elasticsearch_will_hold_is_what_was_collected(self) -> None:
        final = dict(self.elasticsearch)
        for row in self._all_waiting():
            if row.version >= final.get(row.doc_id, (0, None))[0]:
                final[row.doc_id] = (row.version, None if row.body is None else row.body["text"])
        held = {post_id: words for post_id, (_, words) in final.items() if words is not None}
        dead = self.expected.dead
        assert {k: v for k, v in held.items() if k not in dead} == {
            k: v for k, v in self.expected.words.items() if k not in dead
        }

    @invariant()
    def dead_letters_are_those_refused(self) -> None:
        assert {kept.letter.about for kept in self.journal.dead_letters.letters()} >= self.expected.dead

    def teardown(self) -> None:
        self.journal.close()
        shutil.rmtree(self.folder)


TestJournalModel = JournalModel.TestCase
TestJournalModel.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
