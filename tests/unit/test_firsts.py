"""Who spoke first is put right on a real Elasticsearch, through the outbox, once what is stored there shows."""

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pipelines.signatures import Signature, sample
from tests.fakes.clock import NOON, FakeClock
from tests.fakes.journals import commit
from tests.fakes.posts import READING, a_post
from watcher.drain import drain
from watcher.model import Post
from watcher.stores.elastic import Elastic
from watcher.stores.journal import Journal
from watcher.upkeep.firsts import correct_firsts

SIGNED = replace(READING, signature=Signature(sample("un incendie ravage un entrepôt".split()), (), ()))
LATER = NOON + timedelta(hours=2)


def telling(native_id: str, published_at: datetime, collected_at: datetime) -> Post:
    return a_post(native_id, published_at=published_at, collected_at=collected_at, reading=SIGNED)


REPRINT = telling("reprint", NOON + timedelta(minutes=10), NOON + timedelta(minutes=11))
ORIGINAL = telling("original", NOON, LATER)


@pytest.fixture
async def elastic(es_url: str, es_prefix: str) -> AsyncIterator[Elastic]:
    elastic = Elastic(es_url, prefix=es_prefix)
    yield elastic
    await elastic.close()


async def deliver(journal: Journal, elastic: Elastic) -> None:
    await drain(journal, elastic, FakeClock(LATER), random.Random(1))
    await elastic.refresh()


async def firsts(elastic: Elastic) -> set[str]:
    return {each.id async for each in elastic.documents() if each.body["is_first"]}


async def test_the_one_that_was_told_earlier_is_the_only_first(journal: Journal, elastic: Elastic) -> None:
    commit(journal, REPRINT)
    await deliver(journal, elastic)
    commit(journal, ORIGINAL)
    await deliver(journal, elastic)
    assert await firsts(elastic) == {REPRINT.id, ORIGINAL.id}

    assert await correct_firsts(journal, elastic, FakeClock(LATER)) == 1
    await deliver(journal, elastic)

    assert await firsts(elastic) == {ORIGINAL.id}
    assert await correct_firsts(journal, elastic, FakeClock(LATER)) == 0


async def test_what_still_waits_for_elasticsearch_is_put_right_after(journal: Journal, elastic: Elastic) -> None:
    await deliver(journal, elastic)
    commit(journal, REPRINT)
    commit(journal, ORIGINAL)
    assert await correct_firsts(journal, elastic, FakeClock(LATER)) == 0, "nothing shows yet"

    await deliver(journal, elastic)
    assert await correct_firsts(journal, elastic, FakeClock(LATER)) == 1
    await deliver(journal, elastic)

    assert await firsts(elastic) == {ORIGINAL.id}


async def test_an_erased_post_does_not_come_back(journal: Journal, elastic: Elastic) -> None:
    commit(journal, REPRINT, ORIGINAL)
    await deliver(journal, elastic)
    commit(journal, telling("earliest", NOON - timedelta(hours=1), LATER))
    journal.erase([ORIGINAL.id], [], [], LATER)

    await correct_firsts(journal, elastic, FakeClock(LATER))
    await deliver(journal, elastic)

    assert {each.id async for each in elastic.documents()} == {REPRINT.id, telling("earliest", NOON, NOON).id}
