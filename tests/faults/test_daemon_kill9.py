"""A crash loses nothing: the whole daemon, on a real node, killed without warning again and again (promise 1)."""

import random
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from tests.fakes import daemon
from tests.fakes.elastic_ids import stored_ids
from tests.fakes.feeds import FeedServer
from tests.fakes.gazettes import Gazettes
from watcher.stores.journal import Journal

FEEDS = 10
LIVES = 50
NEW_EACH = 10  # a feed gets so many items in each life: 5,000 in all
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
            victim = daemon.start(data, es_url, es_prefix, feeds)
            time.sleep(rng.uniform(0.5, 6.0))
            victim.send_signal(signal.SIGKILL)
            victim.wait()
            assert integrity(data) == "ok"
            progress.append(seen(data))
        survivor = daemon.start(data, es_url, es_prefix, feeds)
        wait_until_delivered(data, len(gazettes.post_ids))
        survivor.send_signal(signal.SIGTERM)
        assert survivor.wait(10) == 0

    assert len(set(progress)) > LIVES // 3, "too few lives got as far as a commit for the kills to mean anything"
    assert sorted(stored_ids(es_url, es_prefix)) == sorted(gazettes.post_ids)
    assert integrity(data) == "ok"


def integrity(data: Path) -> str:
    path = data / "journal.sqlite"
    if not path.exists():
        return "ok"
    with sqlite3.connect(path) as connection:
        result = str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    connection.close()
    return result


def seen(data: Path) -> int:
    if not (data / "journal.sqlite").exists():
        return 0
    journal = Journal(data / "journal.sqlite")
    count = journal.seen.count()
    journal.close()
    return count


def wait_until_delivered(data: Path, expected: int) -> None:
    deadline_s = time.perf_counter() + ENOUGH_S
    while True:
        journal = Journal(data / "journal.sqlite")
        is_done = journal.seen.count() >= expected and journal.waiting() == 0
        journal.close()
        if is_done:
            return
        assert time.perf_counter() < deadline_s, "the last life did not deliver everything"
        time.sleep(0.5)
