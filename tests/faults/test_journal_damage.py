"""A damaged journal is refused with words that tell what to do, or works: it never fails with a traceback."""

import re
import shutil
from pathlib import Path
from random import Random

import pytest

from tests.fakes.clock import NOON
from tests.fakes.journals import commit
from tests.fakes.letters import a_letter
from tests.fakes.posts import a_post
from watcher.errors import Fatal, StoreBusy
from watcher.stores.journal import Journal, Settlement


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal of some pages, half of it in the file, half in its write-ahead log, as a crash leaves it."""
    folder, copy = tmp_path_factory.mktemp("sound"), tmp_path_factory.mktemp("copy")
    journal = Journal(folder / "j.db")
    commit(journal, *(a_post(str(n), text="mot " * 200) for n in range(200)), dead=[a_letter()])
    journal._file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    commit(journal, *(a_post(str(n), text="mot " * 200) for n in range(200, 400)))
    for file in folder.iterdir():
        shutil.copy(file, copy)
    journal.close()
    return copy


def use_everything(path: Path) -> None:
    """Open a journal and touch each of its tables."""
    journal = Journal(path)
    try:
        commit(journal, a_post("neuf"), dead=[a_letter("autre")])
        batch = journal.outbox_batch(500, 10**7, NOON)
        journal.settle(Settlement(taken=batch), NOON)
        journal.dead_letters.replay(journal.dead_letters.letters(), NOON)
        journal.source_states()
        journal.opposed(["x"])
        journal.erase([a_post("1").id], [], [], NOON)
    finally:
        journal.close()


def damage(path: Path, rng: Random) -> None:
    """Cut a file short, or change some of its bytes."""
    content = bytearray(path.read_bytes())
    if rng.random() < 0.3:
        del content[rng.randrange(len(content)) :]
    else:
        for _ in range(rng.choice((1, 10, 1_000))):
            content[rng.randrange(len(content))] = rng.randrange(256)
    path.write_bytes(content)


def test_a_sound_one_opens(sound: Path, tmp_path: Path) -> None:
    shutil.copytree(sound, tmp_path / "c")

    use_everything(tmp_path / "c" / "j.db")


@pytest.mark.parametrize("victim", ["j.db", "j.db-wal"])
@pytest.mark.parametrize("cases", [10, pytest.param(100, marks=pytest.mark.slow)])
def test_any_damage_is_told_or_harmless(sound: Path, tmp_path: Path, victim: str, cases: int) -> None:
    rng = Random(victim)
    told = []
    for case in range(cases):
        folder = tmp_path / str(case)
        shutil.copytree(sound, folder)
        damage(folder / victim, rng)
        try:
            use_everything(folder / "j.db")
        except (Fatal, StoreBusy) as error:
            told.append(str(error))

    assert [words for words in told if not re.search("journal|disque", words)] == []
    assert told or victim == "j.db-wal", "a log cut short is a journal of some pages ago, cursor and all"


@pytest.mark.parametrize("content", [b"", b"SQLite", b"ceci n'est pas une base" * 100])
def test_what_is_no_journal_is_refused_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "j.db").write_bytes(content)

    with pytest.raises(Fatal, match="watcher journal rebuild"):
        Journal(tmp_path / "j.db")
    assert (tmp_path / "j.db").read_bytes() == content
