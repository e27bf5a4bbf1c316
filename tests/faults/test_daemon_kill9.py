"""A crash loses nothing: the whole daemon, on a real node, killed without warning again and again (promise 1)."""

import random
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.fakes import daemon
from tests.fakes.elastic_ids import stored_ids
from tests.fakes.feeds import FeedServer
from tests.fakes.gazettes import Gazettes

FEEDS = 10
LIVES = 50
NEW_EACH = 10  # a feed gets so many items in each life: 5,000 in all
ANYWHERE = 0.3  # of the kills; the others come within a second of a life's first commit
ENOUGH_S = 180.0


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_fifty_kills_in_a_collection_of_5000_posts(tmp_path: Path, es_url: str, es_prefix: str) -> None:
    rng = random.Random(24)
    (tmp_path / "feeds").mkdir()
    gazettes, data = Gazettes(tmp_path / "feeds", FEEDS), tmp_path / "var"
    with FeedServer(tmp_path / "feeds") as server:
        feeds = [server.url(f"{name}.rss") for name in gazettes.names]
        progress: list[int] = []
        for _ in range(LIVES):
            gazettes.publish(NEW_EACH)
            before = seen(data)
            victim = daemon.start(data, es_url, es_prefix, feeds)
            if rng.random() < ANYWHERE:
                time.sleep(rng.uniform(0.5, 6.0))
            else:
                wait_until(lambda before=before: seen(data) > before)
                time.sleep(rng.uniform(0.0, 1.0))
            victim.send_signal(signal.SIGKILL)
            victim.wait()
            assert asked(data, "PRAGMA integrity_check") == "ok"
            progress.append(seen(data))
        survivor = daemon.start(data, es_url, es_prefix, feeds)
        wait_until(lambda: seen(data) >= len(gazettes.post_ids) and not asked(data, "SELECT count(*) FROM outbox"))
        survivor.send_signal(signal.SIGTERM)
        assert survivor.wait(10) == 0

    assert len(set(progress)) > LIVES // 2, "too few lives got as far as a commit for the kills to mean anything"
    assert sorted(stored_ids(es_url, es_prefix)) == sorted(gazettes.post_ids)
    assert asked(data, "PRAGMA integrity_check") == "ok"


def asked(data: Path, question: str) -> object:
    """Ask the journal's file, without the product's own code; a file that is not there yet is not made."""
    with closing(sqlite3.connect(f"file:{data / 'journal.sqlite'}?mode=rw", uri=True)) as connection:
        return connection.execute(question).fetchone()[0]


def seen(data: Path) -> int:
    """How many posts were committed; 0 before there is a journal."""
    try:
        return int(str(asked(data, "SELECT count(*) FROM seen")))
    except sqlite3.OperationalError:
        return 0


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline_s = time.perf_counter() + ENOUGH_S
    while not is_so():
        assert time.perf_counter() < deadline_s, "the daemon does not get on"
        time.sleep(0.02)
