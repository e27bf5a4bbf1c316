"""A journal on a temporary folder, and the one call that most tests make of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from tests.fakes.clock import NOON
from watcher.model import Cursor, DeadLetter, Deletion, Post
from watcher.ports import Committed
from watcher.stores.journal import Journal


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path / "journal.db")
    yield journal
    journal.close()


def commit(
    journal: Journal,
    *posts: Post,
    now: datetime = NOON,
    deletions: Sequence[Deletion] = (),
    dead: Sequence[DeadLetter] = (),
    replayed: Sequence[int] = (),
    cursor: str = "c1",
) -> Committed:
    """Commit a page of the source `gazette`."""
    return journal.commit_page(
        "gazette",
        "rss",
        posts,
        deletions=deletions,
        dead=dead,
        cursor=Cursor(cursor),
        now=now,
        replayed=replayed,
    )
