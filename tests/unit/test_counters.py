"""Counters of posts that are read again: kept up to date in their documents, and never an edit nor another voice."""

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.journals import commit
from tests.fakes.line import SOURCE, ScriptedCollector, a_line
from tests.fakes.posts import a_post
from watcher.drain import drain
from watcher.flow import collect_source
from watcher.model import Deletion, RawPost
from watcher.stores.elastic import Elastic, StoredDocument
from watcher.stores.journal import Journal
from watcher.upkeep.counters import recount, recounted

HOUR = timedelta(hours=1)
POST = a_post("1", published_at=NOON - HOUR, metrics={"likes": 100, "comments": 4})
BODY = {"published_at": (NOON - HOUR).isoformat(), "metrics": {"likes": 100, "comments": 4}, "relevance": "territoire"}


@pytest.mark.parametrize(
    ("likes", "hours", "is_told"), [(101, 1, True), (100, 1, False), (109, 49, False), (110, 49, True), (90, 49, True)]
)
def test_each_move_counts_while_a_post_is_young_and_a_tenth_later(likes: int, hours: int, *, is_told: bool) -> None:
    body = recounted(BODY, {"likes": likes}, NOON - HOUR + hours * HOUR)
    assert (body == {**BODY, "metrics": {"likes": likes, "comments": 4}}) if is_told else (body is None)


def test_the_first_like_of_an_old_post_counts() -> None:
    assert recounted(BODY | {"metrics": {}}, {"likes": 1}, NOON + 900 * HOUR) is not None


def test_off_subject_no_counter_is_kept() -> None:
    assert recounted(BODY | {"relevance": "hors_sujet"}, {"likes": 999}, NOON) is None


async def test_a_page_that_is_read_again_keeps_what_moved_and_edits_nothing(tmp_path: Path) -> None:
    line, journal = a_line(tmp_path)
    pages = [[RawPost("1", "La crue", metrics={"likes": likes})] for likes in (1, 1, 2, 2)]
    told: list[Any] = []
    for number in range(1, 5):
        run = await collect_source(SOURCE, ScriptedCollector(*pages[:number]), line)
        moved = journal.counters.waiting(9)
        journal.counters.compared(list(moved))
        told.append((run.new, run.edited, list(moved.values())))
    assert told == [(1, 0, []), (0, 0, [{"likes": 1}]), (0, 0, [{"likes": 2}]), (0, 0, [])]
    journal.close()


@pytest.mark.parametrize("is_erased", [True, False])
def test_no_counter_stays_of_a_post_that_is_gone(journal: Journal, *, is_erased: bool) -> None:
    commit(journal, POST)
    journal.counters.note([replace(POST, metrics={"likes": 250})], NOON)
    assert journal.counters.waiting(9)
    if is_erased:
        journal.erase({POST.id}, (), (), NOON)
    else:
        commit(journal, deletions=[Deletion(native_id="1")])
    assert not journal.counters.waiting(9)


def test_another_source_that_brings_the_same_post_does_not_count_it(journal: Journal) -> None:
    commit(journal, POST)
    journal.counters.note([replace(POST, source="autre", metrics={"likes": 1})], NOON)
    journal.counters.note([a_post("inconnu", metrics={"likes": 1})], NOON)
    assert journal.counters.waiting(9) == {}


@pytest.fixture
async def elastic(es_url: str, es_prefix: str) -> AsyncIterator[Elastic]:
    elastic = Elastic(es_url, prefix=es_prefix)
    yield elastic
    await elastic.close()


async def delivered(journal: Journal, elastic: Elastic, clock: FakeClock) -> StoredDocument:
    await drain(journal, elastic, clock, random.Random(1))
    await elastic.refresh()
    [stored] = [each async for each in elastic.documents()]
    return stored


def without_metrics(stored: StoredDocument) -> dict[str, Any]:
    return {key: value for key, value in stored.body.items() if key != "metrics"}


async def test_a_document_tells_its_counters_anew_and_nothing_else(journal: Journal, elastic: Elastic) -> None:
    clock = FakeClock(NOON)
    commit(journal, POST)
    before = await delivered(journal, elastic, clock)
    journal.counters.note([replace(POST, metrics={"likes": 140})], NOON)
    clock.advance(3600)
    assert [await recount(journal, elastic, clock) for _ in range(2)] == [1, 0]
    after = await delivered(journal, elastic, clock)
    assert after.body["metrics"] == {"likes": 140, "comments": 4}
    assert after.version > before.version
    assert without_metrics(after) == without_metrics(before)
