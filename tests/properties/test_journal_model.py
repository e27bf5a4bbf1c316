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
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.fakes.clock import NOON
from tests.fakes.posts import a_post
from watcher.model import Cursor, Deletion, PostId
from watcher.stores.journal import Journal, Settlement

AUTHORS = ("alice", "bob")
names = st.integers(0, 5).map(str)
erasable = st.sampled_from(("0", "1"))  # the others live on, or sequences would soon be about nothing
said = st.tuples(names, st.integers(0, 2))


def author_of(name: str) -> str:
    return AUTHORS[int(name) % len(AUTHORS)]


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
        self.journal = Journal(self.folder / "j.db")
        self.expected = Expected()
        self.elasticsearch: dict[PostId, tuple[int, str | None]] = {}
        self.on_their_way = self.journal.outbox_batch(1, 1, NOON)
        self.now = NOON

    @rule(page=st.lists(said, max_size=4), ms=st.integers(-5_000, 5_000))
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

    @rule(name=names)
    def delete(self, name: str) -> None:
        """The platform says that a post is gone."""
        self.journal.commit_page(
            "gazette", "rss", (), deletions=[Deletion(native_id=name)], dead=(), cursor=None, now=self.now
        )
        post_id = a_post(name).id
        if self.expected.words.pop(post_id, None) is not None:
            self.expected.deleted.add(post_id)
            self.expected.dead.discard(post_id)

    @rule(name=erasable)
    def erase_a_post(self, name: str) -> None:
        post_id = a_post(name).id
        self.journal.erase([post_id], [], [], self.now)
        self._expect_erased({post_id})

    @rule()
    def erase_an_author(self) -> None:
        author = AUTHORS[1]
        self.journal.erase([], [author], [], self.now)
        self.expected.opposed_authors.add(author)
        self._expect_erased({post_id for post_id in self.expected.words if self._wrote(author, post_id)})

    def _wrote(self, author: str, post_id: PostId) -> bool:
        return any(a_post(name).id == post_id for name in map(str, range(6)) if author_of(name) == author)

    def _expect_erased(self, ids: set[PostId]) -> None:
        self.expected.erased |= ids
        self.expected.dead -= ids
        for post_id in ids:
            self.expected.words.pop(post_id, None)

    @rule(limit=st.integers(1, 4))
    def send(self, limit: int) -> None:
        """Elasticsearch takes a batch, but we have not heard so yet: a cut, or an answer still on its way."""
        self.on_their_way = self.journal.outbox_batch(limit, 10**6, self.now + timedelta(days=1))
        for row in self.on_their_way:
            known, _ = self.elasticsearch.get(row.doc_id, (0, None))
            if row.version >= known:
                self.elasticsearch[row.doc_id] = (row.version, None if row.body is None else row.body["text"])

    @rule()
    def hear(self) -> None:
        """The answer comes, whatever was committed meanwhile."""
        self.journal.settle(Settlement(taken=self.on_their_way), self.now)
        self.on_their_way = []

    @rule()
    def deliver(self) -> None:
        """Everything that waits is taken, and a minute passes: the versions of what was deleted are forgotten."""
        self.send(500)
        self.hear()
        self.elasticsearch = {key: held for key, held in self.elasticsearch.items() if held[1] is not None}

    @rule()
    def fail(self) -> None:
        """Elasticsearch was busy: its rows wait."""
        later = self.now + timedelta(seconds=5)
        self.journal.settle(Settlement(postponed=[(row, later) for row in self.on_their_way]), self.now)
        self.on_their_way = []

    @rule()
    def refuse(self) -> None:
        """Elasticsearch refuses a row for good, and it is not replaced meanwhile."""
        batch = self.journal.outbox_batch(1, 10**6, self.now + timedelta(days=1))
        refused = [row for row in batch if row.body is not None and row.doc_id not in self.elasticsearch]
        self.journal.settle(Settlement(refused=[(row, "refusé") for row in refused]), self.now)
        self.expected.dead |= {row.doc_id for row in refused}

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
        self.folder, self.journal = elsewhere, Journal(elsewhere / "j.db")
        self.on_their_way = []

    @invariant()
    def the_cursor_stands_where_the_last_page_left_it(self) -> None:
        assert self.journal.cursor("gazette") == self.expected.cursor

    @invariant()
    def one_row_a_post_waits_at_most(self) -> None:
        rows = self.journal.outbox_batch(500, 10**9, self.now + timedelta(days=1))
        assert len(rows) == len({row.doc_id for row in rows}) == self.journal.waiting()

    @invariant()
    def what_elasticsearch_will_hold_is_what_was_collected(self) -> None:
        final = dict(self.elasticsearch)
        for row in self.journal.outbox_batch(500, 10**9, self.now + timedelta(days=1)):
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
TestJournalModel.settings = settings(max_examples=15, stateful_step_count=30, deadline=None)
