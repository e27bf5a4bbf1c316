"""Forgetting on time, on a real Elasticsearch: who wrote, then what was written; the counts stay (promise 22)."""

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.journals import commit
from tests.fakes.posts import READING, a_post
from watcher.config import Retention
from watcher.drain import drain
from watcher.errors import Unreachable
from watcher.model import Cursor, DeadLetter, Lease, Post
from watcher.stores.elastic import Elastic
from watcher.stores.journal import Journal
from watcher.upkeep.retention import Forgotten, Lent, retain

AGES = Retention()
WROTE = {"author": "a1b2c3", "url": "https://example.org/jeanne/1", "text": "Le marché change de place."}


class Store:
    """A journal and an Elasticsearch, and the days that pass."""

    def __init__(self, journal: Journal, elastic: Elastic) -> None:
        self.journal, self.elastic, self.clock = journal, elastic, FakeClock()

    async def collect(self, *posts: Post, dead: tuple[DeadLetter, ...] = ()) -> None:
        at = self.clock.now()
        dated = [replace(post, collected_at=at) for post in posts]
        self.journal.commit_page("gazette", "rss", dated, deletions=(), dead=dead, cursor=Cursor(""), now=at)
        await self.deliver()

    async def deliver(self) -> None:
        await drain(self.journal, self.elastic, self.clock, random.Random(1))
        await self.elastic.refresh()

    async def a_day_comes(self, day: datetime) -> Forgotten:
        self.clock.set_wall(day)
        forgotten = await retain(self.journal, self.elastic, AGES, day)
        await self.deliver()
        return forgotten

    async def documents(self) -> dict[str, dict[str, Any]]:
        return {str(each.id): dict(each.body) async for each in self.elastic.documents()}


@pytest.fixture
async def store(tmp_path: Path, es_url: str, es_prefix: str) -> AsyncIterator[Store]:
    journal, elastic = Journal(tmp_path / "journal.sqlite"), Elastic(es_url, prefix=es_prefix)
    yield Store(journal, elastic)
    await elastic.close()
    journal.close()


async def test_who_wrote_is_forgotten_after_thirty_days_and_what_was_written_stays(store: Store) -> None:
    await store.collect(a_post("1", **WROTE))
    assert await store.a_day_comes(NOON + timedelta(days=29)) == Forgotten()
    assert (await store.a_day_comes(NOON + timedelta(days=31))).anonymised == 1
    (body,) = (await store.documents()).values()
    assert not {"author", "url", "mentions"} & set(body)
    assert body["text"] == WROTE["text"]
    assert body["relevance"] == "territoire"


async def test_what_was_written_is_forgotten_after_a_year_and_what_it_counts_for_stays(store: Store) -> None:
    reading = replace(READING, topics=("culture",), hashtags=("marche",), hashtags_raw=("Marché",))
    await store.collect(a_post("1", reading=reading, **WROTE))
    assert (await store.a_day_comes(NOON + timedelta(days=366))).blanked == 1
    (body,) = (await store.documents()).values()
    assert not {"author", "url", "text", "title", "hashtags_raw"} & set(body)
    assert (body["topics"], body["hashtags"], body["platform"]) == (["culture"], ["marche"], "rss")


async def test_what_is_off_subject_goes_after_a_fortnight_and_is_not_collected_again(store: Store) -> None:
    off_subject = a_post("1", reading=replace(READING, relevance="hors_sujet"))
    await store.collect(off_subject, a_post("2"))
    assert (await store.a_day_comes(NOON + timedelta(days=15))).dropped == 1
    await store.collect(off_subject)
    assert list(await store.documents()) == [a_post("2").id]


async def test_a_second_look_on_the_same_day_changes_nothing(store: Store) -> None:
    await store.collect(a_post("1", **WROTE), a_post("2"))
    await store.a_day_comes(NOON + timedelta(days=400))
    assert await store.a_day_comes(NOON + timedelta(days=400)) == Forgotten()


async def test_the_journal_forgets_who_wrote_too(store: Store) -> None:
    await store.collect(a_post("1", **WROTE))
    await store.a_day_comes(NOON + timedelta(days=31))
    (known,) = store.journal.seen.known([a_post("1").id]).values()
    assert (known.author, known.native_id) == (None, None)


async def test_dead_letters_leave_after_thirty_days(store: Store) -> None:
    await store.collect(dead=(DeadLetter("gazette", "tag", "illisible", "{}"),))
    assert (await store.a_day_comes(NOON + timedelta(days=31))).letters == 1
    assert store.journal.dead_letters.count() == 0


async def test_dead_letters_leave_even_without_elasticsearch(journal: Journal) -> None:
    commit(journal, dead=[DeadLetter("gazette", "tag", "illisible", "{}")])
    elastic = Elastic("http://127.0.0.1:9")
    with pytest.raises(Unreachable):
        await retain(journal, elastic, AGES, NOON + timedelta(days=31))
    await elastic.close()
    assert journal.dead_letters.count() == 0


LENT = Lent("linkedin", frozenset({"notre-page"}), Lease(timedelta(hours=48), spares_own=True))


async def test_what_a_platform_lends_goes_on_its_time_and_what_is_ours_stays(store: Store) -> None:
    lent = [a_post(str(n), platform="linkedin", is_own=n == 2, **WROTE) for n in (1, 2)]
    await store.collect(*lent, a_post("3", **WROTE))
    for hours, blanked in ((46, 0), (47, 1), (48, 0)):
        now = NOON + timedelta(hours=hours, minutes=1)
        assert (await retain(store.journal, store.elastic, AGES, now, [LENT])).blanked == blanked
        await store.deliver()
    documents = await store.documents()
    assert [name for name, body in documents.items() if "text" not in body] == [lent[0].id]


async def test_a_lease_that_ends_with_the_names_does_not_bring_the_words_back(store: Store) -> None:
    month = Lent("linkedin", frozenset(), Lease(timedelta(days=30)))
    await store.collect(a_post("1", platform="linkedin", **WROTE))
    await retain(store.journal, store.elastic, AGES, NOON + timedelta(days=33), [month])
    await store.deliver()
    (body,) = (await store.documents()).values()
    assert not {"author", "url", "text"} & set(body)


async def test_dead_letters_of_what_is_lent_go_on_its_time_too(store: Store) -> None:
    await store.collect(dead=(DeadLetter("notre-page", "tag", "a", "{}"), DeadLetter("gazette", "tag", "b", "{}")))
    await retain(store.journal, store.elastic, AGES, NOON + timedelta(hours=48), [LENT])
    assert [kept.letter.source for kept in store.journal.dead_letters.letters()] == ["gazette"]
