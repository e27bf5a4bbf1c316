"""Posts join their stories in the transaction that stores them, and leave no trace of it when they must go."""

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from pipelines.signatures import Signature, sample
from tests.fakes.clock import NOON
from tests.fakes.journals import commit
from tests.fakes.posts import READING, a_post
from watcher.model import Deletion, Post
from watcher.stores.journal import Journal, Settlement
from watcher.stores.journal.outbox import Write

HOUR = timedelta(hours=1)
FIRE, STRIKE = "un incendie ravage un entrepôt de bois", "la grève des dockers paralyse le port"


def telling(native_id: str, text: str, at: datetime = NOON, **changes: Any) -> Post:
    """Return a post that tells `text`, collected when it was published."""
    signature = Signature(sample(text.split()), sample(()), sample(()))
    told: dict[str, Any] = {"published_at": at, "collected_at": at, "text": text}
    return a_post(native_id, **(told | changes), reading=replace(READING, signature=signature))


def documents(journal: Journal) -> dict[str, dict[str, Any]]:
    rows = journal.outbox_batch(500, 10**9, NOON + timedelta(days=60))
    return {str(row.body["text"]) + str(row.body["platform"]): dict(row.body) for row in rows if row.body}


def stories(journal: Journal) -> list[tuple[str, bool]]:
    """Return the story of each post that waits, in the order in which they were told."""
    told = sorted(documents(journal).values(), key=lambda document: document["published_at"])
    return [(document["story"], document["is_first"]) for document in told]


def kept(journal: Journal) -> tuple[int, int]:
    count = "SELECT (SELECT count(*) FROM signatures), (SELECT count(*) FROM bands)"
    signatures, bands = journal._file.execute(count)[0]
    return signatures, bands


def test_copies_on_two_platforms_are_one_story_and_the_earlier_is_first(journal: Journal) -> None:
    commit(journal, telling("1", FIRE))
    commit(journal, telling("1", f"{FIRE} hier", NOON + HOUR, platform="mastodon"))
    commit(journal, telling("2", STRIKE, NOON + 2 * HOUR))

    (first, is_first), (copy, copy_is_first), (other, other_is_first) = stories(journal)

    assert (first == copy, first == other) == (True, False)
    assert (is_first, copy_is_first, other_is_first) == (True, False, True)


def test_posts_of_one_page_join_each_other_whatever_their_order(journal: Journal) -> None:
    commit(journal, telling("late", f"{FIRE} hier", NOON + HOUR), telling("early", FIRE))

    (early, late) = stories(journal)

    assert early == (late[0], True)
    assert not late[1]


@pytest.mark.parametrize(("days", "is_one_story"), [(6.9, True), (7.1, False), (-6.9, True)])
def test_a_story_lasts_seven_days(journal: Journal, days: float, is_one_story: bool) -> None:  # noqa: FBT001
    commit(journal, telling("1", FIRE))
    commit(journal, telling("2", f"{FIRE} hier", NOON + timedelta(days=days)))

    assert len({story for story, _ in stories(journal)}) == (1 if is_one_story else 2)


def test_what_was_told_earlier_and_collected_later_is_first_and_overtakes(journal: Journal) -> None:
    commit(journal, telling("1", FIRE, NOON + HOUR))
    commit(journal, telling("2", f"{FIRE} hier", NOON, collected_at=NOON + 2 * HOUR))
    commit(journal, telling("3", f"{FIRE} demain", NOON + 2 * HOUR))

    assert [is_first for _, is_first in stories(journal)] == [True, True, False]
    assert journal.stories.overtaken() == [a_post("1").id]

    journal.stories.corrected([a_post("1").id])
    assert journal.stories.overtaken() == []


def test_an_overtaken_post_that_is_edited_or_gone_needs_no_correction(journal: Journal) -> None:
    commit(journal, telling("1", FIRE, NOON + HOUR))
    commit(journal, telling("2", f"{FIRE} hier", NOON, collected_at=NOON + 2 * HOUR))

    commit(journal, telling("1", f"{FIRE} encore", NOON + HOUR, collected_at=NOON + 3 * HOUR))

    assert [is_first for _, is_first in stories(journal)] == [True, False]
    assert journal.stories.overtaken() == []


def test_a_date_to_come_makes_nobody_last(journal: Journal) -> None:
    commit(journal, telling("1", FIRE, published_at=NOON + timedelta(days=1500), collected_at=NOON))
    commit(journal, telling("2", f"{FIRE} hier", NOON + HOUR))

    assert len({story for story, _ in stories(journal)}) == 1


def test_an_edit_stays_in_its_story(journal: Journal) -> None:
    commit(journal, telling("1", FIRE), telling("2", f"{FIRE} hier", NOON + HOUR))
    before = stories(journal)

    commit(journal, telling("2", STRIKE, NOON + HOUR, collected_at=NOON + 2 * HOUR))

    assert stories(journal) == before
    assert kept(journal)[0] == 2


def test_what_says_too_little_has_no_story(journal: Journal) -> None:
    commit(journal, a_post("1", text="Bonne journée !"), a_post("2", text="Bonne journée !", platform="mastodon"))

    assert all("story" not in document and "is_first" not in document for document in documents(journal).values())
    assert kept(journal) == (0, 0)


def test_an_erased_post_leaves_no_signature_and_its_copies_stay_together(journal: Journal) -> None:
    commit(journal, telling("1", FIRE, author="alice"), telling("2", f"{FIRE} hier", NOON + HOUR))
    before = stories(journal)

    journal.erase([], ["alice"], [], NOON + HOUR)
    commit(journal, telling("3", f"{FIRE} encore", NOON + 2 * HOUR))

    assert {story for story, _ in stories(journal)} == {before[0][0]}
    assert journal._file.execute("SELECT post FROM signatures WHERE post = ?", (a_post("1").id,)) == []


def test_a_deleted_or_blanked_post_leaves_no_signature(journal: Journal) -> None:
    commit(journal, telling("1", FIRE), telling("2", STRIKE))
    journal.settle(Settlement(taken=journal.outbox_batch(9, 10**6, NOON)), NOON)

    commit(journal, deletions=[Deletion(native_id="1")])
    assert kept(journal)[0] == 1

    blanked = journal.seen.known([a_post("2").id])[a_post("2").id]
    journal.forget([Write(blanked.index, blanked.id, blanked.version + 1, {})])
    assert kept(journal) == (0, 0)


def test_signatures_leave_after_seven_days(journal: Journal) -> None:
    commit(journal, telling("1", FIRE), telling("2", STRIKE, NOON + timedelta(days=3)))

    journal.prune(NOON, NOON + timedelta(days=8))

    assert kept(journal)[0] == 1
    assert kept(journal)[1] > 0


def test_a_journal_of_the_version_before_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "j.db"
    with sqlite3.connect(path) as old:
        old.executescript(files("watcher.stores.journal").joinpath("schema.sql").read_text(encoding="utf-8"))
        old.execute("INSERT INTO sources (name, cursor) VALUES ('gazette', 'c7')")
        old.execute("PRAGMA user_version = 1")
    old.close()

    journal = Journal(path)
    assert journal.cursor("gazette") == "c7"
    commit(journal, telling("1", FIRE))
    assert kept(journal)[0] == 1
    journal.close()
