"""`kill -9` at random moments of a journal at work: what was told committed is there, whole, with its cursor."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from tests.fakes.clock import NOON
from tests.fakes.posts import a_post
from watcher.model import Cursor
from watcher.stores.journal import Journal, Settlement

PAGE = 20


def work(path: Path) -> None:
    """Commit page after page, delivering some, and say each cursor once its page is committed."""
    journal = Journal(path)
    page = int(journal.cursor("gazette") or "0")
    while True:
        page += 1
        posts = [a_post(str(n)) for n in range(page * PAGE, page * PAGE + PAGE)]
        journal.commit_page("gazette", "rss", posts, deletions=(), dead=(), cursor=Cursor(str(page)), now=NOON)
        print(page, flush=True)  # noqa: T201 - how the test hears of it
        journal.settle(Settlement(taken=journal.outbox_batch(PAGE // 2, 10**7, NOON)), NOON)


@pytest.mark.slow
def test_what_was_told_committed_is_there_after_any_kill(tmp_path: Path) -> None:
    path, rng, told = tmp_path / "j.db", Random(9), 0
    for _ in range(60):
        with subprocess.Popen(
            [
                sys.executable,
                "-c",
                f"from tests.faults.test_journal_kill9 import work, Path; work(Path({str(path)!r}))",
            ],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        ) as child:
            assert child.stdout is not None
            for _ in range(rng.randrange(1, 30)):
                told = int(child.stdout.readline())
            os.kill(child.pid, signal.SIGKILL)
            told = max([told, *map(int, child.stdout.read().split())])
        with closing(sqlite3.connect(path)) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        journal = Journal(path)
        pages = int(journal.cursor("gazette") or "0")
        assert pages >= told
        assert journal.seen.count() == pages * PAGE
        journal.close()
    assert told > 60
