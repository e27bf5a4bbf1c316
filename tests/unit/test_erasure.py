"""Somebody's right to be forgotten: gone from the journal and from Elasticsearch, and not back (promise 23)."""

import random
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.elastic_ids import stored_ids
from tests.fakes.line import PSEUDONYMS
from tests.fakes.posts import a_post
from watcher import app
from watcher.drain import drain
from watcher.errors import Unreachable
from watcher.model import Cursor, Post
from watcher.stores import opposition_copy
from watcher.stores.elastic import Elastic
from watcher.stores.journal import Journal
from watcher.upkeep.erasure import erase

JEANNE = PSEUDONYMS.hash_of("rss", "jeanne")
PAUL = PSEUDONYMS.hash_of("rss", "paul")
HERS = [a_post(f"jeanne-{number}", author=JEANNE, url=f"https://example.org/j/{number}") for number in range(50)]
HIS = [a_post(f"paul-{number}", author=PAUL) for number in range(3)]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path / "journal.sqlite")
    yield journal
    journal.close()


@pytest.fixture
async def elastic(es_url: str, es_prefix: str) -> AsyncIterator[Elastic]:
    elastic = Elastic(es_url, prefix=es_prefix)
    yield elastic
    await elastic.close()


def collect(journal: Journal, posts: list[Post]) -> int:
    page = journal.commit_page("gazette", "rss", posts, deletions=(), dead=(), cursor=Cursor(""), now=NOON)
    return page.new


async def deliver(journal: Journal, elastic: Elastic) -> None:
    await drain(journal, elastic, FakeClock(), random.Random(1))
    await elastic.refresh()


async def test_an_author_leaves_everywhere_and_does_not_come_back(
    journal: Journal, elastic: Elastic, tmp_path: Path, es_url: str, es_prefix: str
) -> None:
    collect(journal, HERS[:40] + HIS)
    await deliver(journal, elastic)
    collect(journal, HERS[40:])  # these still wait for Elasticsearch

    done = await erase(journal, elastic, PSEUDONYMS, FakeClock(), author="@Jeanne", platform="rss")

    assert (done.found, done.waiting) == (50, 0)
    assert sorted(stored_ids(es_url, es_prefix)) == sorted(post.id for post in HIS)
    assert collect(journal, HERS) == 0
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("journal.sqlite*"))
    assert b"jeanne-" not in kept
    assert b"example.org/j/" not in kept


async def test_a_public_account_kept_in_clear_is_erased_too(
    journal: Journal, elastic: Elastic, es_url: str, es_prefix: str
) -> None:
    collect(journal, [a_post("public", author="mairie"), *HIS])
    await deliver(journal, elastic)
    await erase(journal, elastic, PSEUDONYMS, FakeClock(), author="@mairie", platform="rss")
    assert sorted(stored_ids(es_url, es_prefix)) == sorted(post.id for post in HIS)


def test_the_opposition_list_outlives_a_lost_journal(tmp_path: Path) -> None:
    opposition_copy.write(tmp_path / app.OPPOSITION, {"jeanne", "paul"})
    journal = app.open_journal(tmp_path)
    assert journal.opposed({"jeanne", "anne"}) == {"jeanne"}
    journal.close()


async def test_a_post_is_found_by_its_address(journal: Journal, elastic: Elastic, es_url: str, es_prefix: str) -> None:
    collect(journal, HERS[:2])
    await deliver(journal, elastic)
    done = await erase(journal, elastic, PSEUDONYMS, FakeClock(), posts=["https://example.org/j/1"])
    assert done.found == 1
    assert stored_ids(es_url, es_prefix) == [HERS[0].id]


async def test_a_post_that_a_lost_journal_does_not_know_is_erased_too(
    journal: Journal, elastic: Elastic, tmp_path: Path, es_url: str, es_prefix: str
) -> None:
    collect(journal, HERS[:2])
    await deliver(journal, elastic)
    new = Journal(tmp_path / "new.sqlite")
    await erase(new, elastic, PSEUDONYMS, FakeClock(), author="jeanne", platform="rss")
    new.close()
    assert stored_ids(es_url, es_prefix) == []


async def test_without_elasticsearch_the_deletions_wait(journal: Journal) -> None:
    collect(journal, HERS[:2])
    done = await erase(journal, None, PSEUDONYMS, FakeClock(), author="jeanne", platform="rss")
    assert (done.found, done.waiting) == (2, 2)


async def test_without_elasticsearch_no_address_is_said_to_be_erased(journal: Journal) -> None:
    collect(journal, HERS[:2])
    with pytest.raises(Unreachable, match="rien n'a été effacé"):
        await erase(journal, None, PSEUDONYMS, FakeClock(), posts=["https://example.org/j/1"])
    assert journal.seen.count() == 2
