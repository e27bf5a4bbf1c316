"""Stored posts read again with other topics, on a real Elasticsearch: what changed is written, through the outbox."""

import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.journals import commit
from tests.fakes.posts import READING, a_post
from watcher.drain import drain
from watcher.errors import Poison
from watcher.model import Post, StoryId
from watcher.stores.elastic import Elastic
from watcher.stores.journal import Journal
from watcher.stores.journal.outbox import Write
from watcher.upkeep.rereading import Reread, reread, retag, still_worded

LATER = NOON + timedelta(days=2)


@dataclass
class NewTopics:
    """A reader whose topics are those of today: every post speaks of the lycées, but cannot be read if it says so."""

    read_posts: list[Post] = field(default_factory=list)

    async def read(self, posts: Sequence[Post]) -> list[Post | Poison]:
        self.read_posts += posts
        now = replace(READING, topics=("lycees",), hashtags=("autre",))
        return [
            Poison("illisible", step="tag") if post.text == "illisible" else replace(post, reading=now)
            for post in posts
        ]


@pytest.fixture
async def elastic(es_url: str, es_prefix: str) -> AsyncIterator[Elastic]:
    elastic = Elastic(es_url, prefix=es_prefix)
    yield elastic
    await elastic.close()


async def deliver(journal: Journal, elastic: Elastic) -> None:
    await drain(journal, elastic, FakeClock(), random.Random(1))
    await elastic.refresh()


async def documents(elastic: Elastic) -> dict[str, dict[str, Any]]:
    await elastic.refresh()
    return {str(each.id): dict(each.body) async for each in elastic.documents()}


async def retagged(journal: Journal, elastic: Elastic, reader: NewTopics | None = None) -> Reread:
    return await retag(
        journal,
        elastic,
        reader or NewTopics(),
        {"gazette": ("34",)},
        since=NOON - timedelta(days=1),
        clock=FakeClock(LATER),
        done=lambda _: None,
    )


async def test_a_new_reading_takes_the_old_one_s_place_and_nothing_else_moves(
    journal: Journal, elastic: Elastic
) -> None:
    reading = replace(READING, topics=("mobilites",), hashtags=("lio",), hashtags_raw=("liO",), domains=("a.example",))
    post = a_post("1", reading=reading, author="a1b2", metrics={"likes": 3}, story=StoryId("5707"), is_first=True)
    commit(journal, post)
    await deliver(journal, elastic)
    (before,) = (await documents(elastic)).values()

    assert await retagged(journal, elastic) == Reread(read=1, changed=1)

    (after,) = (await documents(elastic)).values()
    assert after == before | {"topics": ["lycees"]}
    assert journal.unseen([post]) == [], "it is still known"


async def test_what_is_right_already_is_not_written_again(journal: Journal, elastic: Elastic) -> None:
    commit(journal, *(a_post(str(number)) for number in range(450)))
    await deliver(journal, elastic)
    assert await retagged(journal, elastic) == Reread(read=450, changed=450)
    await elastic.refresh()

    assert await retagged(journal, elastic) == Reread(read=450, changed=0)


async def test_what_was_told_beside_the_text_is_told_again(journal: Journal, elastic: Elastic) -> None:
    commit(journal, a_post("1", reading=replace(READING, hashtags_raw=("liO",), mentions=("occitanie",))))
    await deliver(journal, elastic)
    reader = NewTopics()

    await retagged(journal, elastic, reader)

    (post,) = reader.read_posts
    assert (post.territory, post.hashtags, post.mentions) == (("34",), ("liO",), ("occitanie",))


async def test_blanked_old_and_unreadable_posts_are_left(journal: Journal, elastic: Elastic) -> None:
    commit(
        journal,
        a_post("blanked", text="", title=""),
        a_post("old", collected_at=NOON - timedelta(days=3)),
        a_post("failing", text="illisible"),
    )
    await deliver(journal, elastic)

    assert await retagged(journal, elastic) == Reread(read=1, changed=0, failed=1)
    assert all("topics" not in document for document in (await documents(elastic)).values())


async def test_what_changed_since_it_was_read_back_stays_changed(journal: Journal, elastic: Elastic) -> None:
    commit(journal, *(a_post(name) for name in ("edited", "erased", "quiet")))
    await deliver(journal, elastic)
    walk = [pair async for batch in reread(elastic, NewTopics(), still_worded(NOON), {}) for pair in batch]
    commit(journal, a_post("edited", text="corrigé", collected_at=NOON + timedelta(minutes=1)))
    journal.erase([a_post("erased").id], [], [], NOON + timedelta(minutes=1))

    writes = [Write(stored.index, stored.id, stored.version + 1, {"text": "relu"}) for stored, _ in walk]
    assert journal.rewrite(writes, LATER) == [a_post("quiet").id]

    waiting = {row.doc_id: row.body for row in journal.outbox_batch(9, 10**6, LATER)}
    assert waiting[a_post("quiet").id] == {"text": "relu"}
    assert waiting[a_post("erased").id] is None
    edit = waiting[a_post("edited").id]
    assert edit is not None
    assert edit["text"] == "corrigé"


async def test_a_rewritten_post_can_be_edited_after(journal: Journal, elastic: Elastic) -> None:
    commit(journal, a_post("1"))
    await deliver(journal, elastic)
    await retagged(journal, elastic)

    commit(journal, a_post("1", text="corrigé", collected_at=NOON + timedelta(minutes=1)))
    await deliver(journal, elastic)

    (document,) = (await documents(elastic)).values()
    assert document["text"] == "corrigé"


async def test_posts_of_another_journal_are_read_again_too(journal: Journal, elastic: Elastic, tmp_path: Path) -> None:
    other = Journal(tmp_path / "other.db")
    commit(other, a_post("1"))
    await deliver(other, elastic)
    other.close()

    assert await retagged(journal, elastic) == Reread(read=1, changed=1)
