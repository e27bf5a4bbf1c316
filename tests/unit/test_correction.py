"""What a person says that a post is about stays, whatever is collected, read or counted again."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.journals import commit
from tests.fakes.posts import READING, a_post
from watcher.drain import drain
from watcher.model import Deletion, Post, PostId
from watcher.stores.documents import from_document, to_document
from watcher.stores.elastic import Elastic
from watcher.stores.journal import Journal, Settlement
from watcher.stores.journal.corrections import Correction
from watcher.stores.journal.file import milliseconds
from watcher.stores.journal.outbox import Write
from watcher.upkeep.correction import CHANGED, Proofreader

LATER = NOON + timedelta(minutes=5)
NAMES = {"lycees": "Lycées", "crises": "Crises", "sport": "Sport"}
READ = replace(READING, topics=("sport",))
POST = a_post("1", reading=READ)
INDEX = "posts-2026.11.01"


def said(*topics: str) -> Correction:
    return Correction(POST.id, topics, "Anne", LATER)


def write(version: int = milliseconds(NOON) + 1) -> Write:
    return Write(INDEX, POST.id, version, to_document(POST))


def waiting_topics(journal: Journal) -> list[str]:
    (row,) = journal.outbox_batch(500, 5_000_000, NOON + timedelta(days=60))
    assert row.body is not None
    return list(row.body.get("topics", []))


def delivered(journal: Journal) -> None:
    journal.settle(Settlement(taken=journal.outbox_batch(500, 5_000_000, NOON + timedelta(days=60))), NOON)


@pytest.fixture
def corrected(journal: Journal) -> Journal:
    """A journal whose one post was delivered, then corrected."""
    commit(journal, POST)
    delivered(journal)
    assert journal.correct(said("lycees"), write())
    return journal


def test_a_correction_waits_for_elasticsearch(corrected: Journal) -> None:
    assert waiting_topics(corrected) == ["lycees"]
    assert corrected.corrections.topics(POST.id) == ("lycees",)


def test_an_edit_that_is_collected_again_bears_it(corrected: Journal) -> None:
    delivered(corrected)
    commit(corrected, replace(POST, text="Corrigé.", collected_at=LATER), now=LATER)
    assert waiting_topics(corrected) == ["lycees"]


def test_a_new_reading_bears_it(corrected: Journal) -> None:
    delivered(corrected)
    assert corrected.rewrite([write(milliseconds(LATER) + 9)], LATER) == [POST.id]
    assert waiting_topics(corrected) == ["lycees"]


def test_no_topic_at_all_is_a_correction_too(corrected: Journal) -> None:
    assert corrected.correct(said(), write(milliseconds(LATER) + 9))
    assert waiting_topics(corrected) == []
    assert corrected.corrections.topics(POST.id) == ()


def test_what_was_edited_since_it_was_read_is_not_corrected_over(journal: Journal) -> None:
    commit(journal, POST)
    commit(journal, replace(POST, text="Corrigé.", collected_at=LATER), now=LATER)
    assert not journal.correct(said("lycees"), write())
    assert journal.corrections.topics(POST.id) is None
    assert waiting_topics(journal) == ["sport"]


def test_a_post_that_was_erased_or_deleted_leaves_no_correction(corrected: Journal) -> None:
    delivered(corrected)
    commit(corrected, deletions=[Deletion(native_id="1")], now=LATER)
    assert corrected.corrections.topics(POST.id) is None


def test_erasure_leaves_no_correction(corrected: Journal) -> None:
    corrected.erase([POST.id], [], [], LATER)
    assert corrected.corrections.topics(POST.id) is None


def test_a_post_that_is_forgotten_keeps_its_topics_until_it_is_gone(corrected: Journal) -> None:
    corrected.forget([write()])
    assert corrected.corrections.topics(POST.id) == ("lycees",)
    corrected.forget([replace(write(), body=None)])
    assert corrected.corrections.topics(POST.id) is None


async def test_it_is_searchable_and_taught_and_kept_through_an_edit(elastic: Elastic, journal: Journal) -> None:
    taught: list[tuple[str, Sequence[str]]] = []

    async def teach(post: Post, topics: Sequence[str]) -> str:
        taught.append((post.text, topics))
        return "Appris."

    async def stored() -> dict[str, Any]:
        await drain(journal, elastic, FakeClock(), random.Random(1))
        await elastic.refresh()
        (document,) = [each.body async for each in elastic.documents()]
        return dict(document)

    commit(journal, POST)
    before = await stored()
    proofreader = Proofreader(journal, elastic, NAMES, lambda: LATER, teach)

    assert (
        await proofreader.correct(POST.id, ("lycees", "crises"), "Anne") == "Thème corrigé : Lycées et Crises. Appris."
    )
    seen = await proofreader.post(POST.id)
    assert seen is not None
    assert seen.reading is not None
    assert seen.reading.topics == ("lycees", "crises")
    assert await stored() == before | {"topics": ["lycees", "crises"]}
    assert taught == [(POST.text, ("lycees", "crises"))]

    commit(journal, replace(POST, text="Corrigé.", collected_at=LATER), now=LATER)
    edited = from_document(await stored())
    assert edited.text == "Corrigé."
    assert edited.reading is not None
    assert edited.reading.topics == ("lycees", "crises")


async def test_what_is_not_there_cannot_be_corrected(elastic: Elastic, journal: Journal) -> None:
    async def teach(_: Post, __: Sequence[str]) -> str:
        raise AssertionError

    proofreader = Proofreader(journal, elastic, NAMES, lambda: LATER, teach)
    nobody = PostId("ab" * 16)
    assert await proofreader.post(nobody) is None
    assert await proofreader.correct(nobody, ("lycees",), "") == CHANGED


async def test_a_double_click_is_told_once_more_what_is_kept_and_another_word_to_wait(
    elastic: Elastic, journal: Journal
) -> None:
    async def teach(_: Post, __: Sequence[str]) -> str:
        return "Appris."

    commit(journal, POST)
    await drain(journal, elastic, FakeClock(), random.Random(1))
    await elastic.refresh()
    proofreader = Proofreader(journal, elastic, NAMES, lambda: LATER, teach)
    said = [await proofreader.correct(POST.id, topics, "") for topics in (("lycees",), ("lycees",), ("crises",))]
    assert said == ["Thème corrigé : Lycées. Appris.", "Thème corrigé : Lycées.", CHANGED]
