"""A kill while an edit of the YAML is taken up loses nothing, and the next start goes on with the edit."""

import json
import random
import signal
import sqlite3
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.fakes import edited
from tests.fakes.broken_config import folder_with
from tests.fakes.feeds import FeedServer
from tests.fakes.gazettes import Gazettes
from tests.faults.test_daemon_kill9 import asked, seen, wait_until

LIVES = 5
ITEMS = 3
WITHIN_S = 1.5
"""Of an edit: two looks, and the second in which it is judged and told."""


def written(server: FeedServer, names: list[str]) -> str:
    entries = [
        f"  - nom: {name}\n    plateforme: rss\n    intervalle: 1 min\n    adresse: {server.url(f'{name}.rss')}\n"
        for name in names
    ]
    return "sources:\n" + "".join(entries)


def last_edit(data: Path) -> str:
    """Tell what the journal says of the last edit, "" before there is one."""
    with suppress(TypeError, sqlite3.OperationalError):
        return str(json.loads(str(asked(data, "SELECT value FROM states WHERE name = 'edit'")))["sentence"])
    return ""


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_kills_while_edits_are_taken_up(tmp_path: Path) -> None:
    rng, data = random.Random(6), tmp_path / "var"
    (tmp_path / "feeds").mkdir()
    gazettes = Gazettes(tmp_path / "feeds", LIVES + 1)
    gazettes.publish(ITEMS)
    with FeedServer(tmp_path / "feeds") as server:
        names = [str(name) for name in gazettes.names]
        config = folder_with("sources.yml", written(server, names[:1]).encode(), tmp_path / "config")
        for life in range(1, LIVES + 1):
            victim = edited.start(config, data)
            wait_until(lambda life=life: seen(data) == ITEMS * life)
            draft = config / "sources.yml~"
            draft.write_text(written(server, names[: life + 1]), encoding="utf-8")
            draft.replace(config / "sources.yml")
            if life == LIVES:
                wait_until(lambda: names[LIVES] in last_edit(data))
            else:
                time.sleep(rng.uniform(0.0, WITHIN_S) if life > 1 else 0.0)
            victim.send_signal(signal.SIGKILL)
            victim.wait()
            assert asked(data, "PRAGMA integrity_check") == "ok"
        survivor = edited.start(config, data)
        wait_until(lambda: seen(data) == len(gazettes.post_ids))
        survivor.send_signal(signal.SIGTERM)
        assert survivor.wait(20) == 0
    assert asked(data, "SELECT count(*) FROM outbox WHERE index_name LIKE 'posts-%'") == len(gazettes.post_ids)
    assert asked(data, "PRAGMA integrity_check") == "ok"
