"""A lost journal is filled again from a real Elasticsearch, and then knows what it knew."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.journals import commit
from tests.fakes.posts import READING, a_post
from watcher.drain import drain
from watcher.stores.elastic import Elastic, StoredDocument
from watcher.stores.journal import Journal
from watcher.upkeep.recovery import rebuild, sighting_in


@pytest.fixture
async def elastic(es_url: str, es_prefix: str) -> AsyncIterator[Elastic]:
    elastic = Elastic(es_url, prefix=es_prefix)
    yield elastic
    await elastic.close()


async def test_what_was_collected_is_known_again_and_edits_are_told_from_repeats(
    elastic: Elastic, journal: Journal, tmp_path: Path
) -> None:
    posts = [
        a_post(str(n), title=f"titre {n}", edited_at=NOON, author=f"auteur-{n % 3}", published_at=None)
        for n in range(600)
    ]
    commit(journal, *posts)
    await drain(journal, elastic, FakeClock(), Random(3))
    await elastic.refresh()
    lost, found = journal.seen.known(post.id for post in posts), Journal(tmp_path / "neuf.db")

    batches: list[int] = []
    assert await rebuild(found, elastic, batches.append) == 600

    assert sum(batches) == 600
    assert found.seen.known(lost) == {key: replace(each, native_id=None) for key, each in lost.items()}
    assert found.unseen(posts) == []
    assert len(found.unseen([replace(posts[0], text="corrigé")])) == 1
    assert await rebuild(found, elastic, batches.append) == 0
    found.close()


async def test_what_the_journal_knows_better_stays(elastic: Elastic, journal: Journal) -> None:
    commit(journal, a_post("1"))
    await drain(journal, elastic, FakeClock(), Random(3))
    await elastic.refresh()
    edit = a_post("1", text="corrigé")
    commit(journal, edit)

    assert await rebuild(journal, elastic, lambda _: None) == 0
    assert journal.unseen([edit]) == []


def test_a_blanked_post_is_not_taken_for_an_edit_and_written_anew(journal: Journal) -> None:
    body = {
        "id": a_post("1").id,
        "platform": "rss",
        "source": "gazette",
        "author_kind": "person",
        "is_own": False,
        "is_repost": False,
        "is_truncated": False,
        "collected_at": "2026-11-24T12:00:00.000+00:00",
        "blanked_at": "2026-12-24T12:00:00.000+00:00",
        "relevance": READING.relevance,
        "intent": READING.intent,
        "to_answer": False,
    }
    journal.seen.put([sighting_in(StoredDocument(a_post("1").id, "posts-2026.11.01", 7, body))])

    assert journal.unseen([a_post("1")]) == []
