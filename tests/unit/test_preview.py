"""What topics would catch, compared with what is stored: by day, with examples, and nothing written."""

import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.journals import commit
from tests.fakes.posts import READING, a_post
from watcher.difference import EXAMPLES, Comparison, DayCount, Difference, Preview, differences
from watcher.drain import drain
from watcher.errors import Poison
from watcher.model import Post
from watcher.preview import preview
from watcher.stores.elastic import Elastic
from watcher.stores.journal import Journal

SINCE = NOON - timedelta(days=2)
DAY = timedelta(days=1)


def compared(native_id: str, before: str, after: str, days_ago: int = 0) -> Comparison:
    """Return a post collected so many days ago, with the topics that it has and would have, written with spaces."""
    reading = replace(READING, topics=tuple(before.split()))
    return Comparison(a_post(native_id, collected_at=NOON - days_ago * DAY, reading=reading), tuple(after.split()))


def test_each_topic_keeps_gains_and_loses_by_day() -> None:
    found = differences(
        [
            compared("1", "lycees", "lycees", days_ago=2),
            compared("2", "", "lycees", days_ago=2),
            compared("3", "lycees", "mobilites"),
            compared("4", "mobilites", "mobilites lycees"),
            compared("5", "", ""),
        ],
        SINCE,
        NOON,
    )

    assert set(found) == {"lycees", "mobilites"}
    lycees = found["lycees"]
    assert (lycees.kept, lycees.gained, lycees.lost) == (1, 2, 1)
    assert lycees.days == (
        DayCount(date(2026, 11, 22), kept=1, gained=1, lost=0),
        DayCount(date(2026, 11, 23), kept=0, gained=0, lost=0),
        DayCount(date(2026, 11, 24), kept=0, gained=1, lost=1),
    )
    assert [post.native_id for post in lycees.gained_examples] == ["4", "2"], "the latest first"
    assert [post.native_id for post in lycees.lost_examples] == ["3"]


def test_a_topic_that_catches_nothing_still_has_its_days() -> None:
    nothing = Preview(SINCE, NOON).of("lycees")
    assert (nothing.kept, nothing.gained, nothing.lost) == (0, 0, 0)
    assert [count.day.day for count in nothing.days] == [22, 23, 24]


def test_days_are_those_of_paris() -> None:
    late = Comparison(a_post("1", collected_at=NOON.replace(hour=23, minute=30)), ("lycees",))
    (day,) = [c.day for c in differences([late], NOON, NOON + DAY)["lycees"].days if c.gained]
    assert day == date(2026, 11, 25)


def test_only_so_many_examples_are_kept() -> None:
    many = [compared(str(number), "", "lycees") for number in range(EXAMPLES + 5)]
    assert len(differences(many, SINCE, NOON)["lycees"].gained_examples) == EXAMPLES


class Trains:
    """A reader that finds trains in every post."""

    async def read(self, posts: Sequence[Post]) -> list[Post | Poison]:
        return [replace(post, reading=replace(READING, topics=("mobilites",))) for post in posts]


@pytest.fixture
async def elastic(es_url: str, es_prefix: str) -> AsyncIterator[Elastic]:
    elastic = Elastic(es_url, prefix=es_prefix)
    yield elastic
    await elastic.close()


async def test_stored_posts_are_read_again_and_nothing_is_written(journal: Journal, elastic: Elastic) -> None:
    commit(
        journal,
        *(a_post(str(number)) for number in range(450)),
        a_post("old", collected_at=NOON - 9 * DAY),
        a_post("blanked", text="", title=""),
    )
    await drain(journal, elastic, FakeClock(), random.Random(1))
    await elastic.refresh()

    whole = await preview(elastic, Trains(), {}, since=SINCE, until=NOON)
    part = await preview(elastic, Trains(), {}, since=SINCE, until=NOON, at_most=100)

    assert (whole.read, whole.found, whole.of("mobilites").gained) == (450, 450, 450)
    assert (part.read, part.found, part.of("mobilites").gained) == (200, 450, 200), "whole batches"
    assert journal.waiting() == 0
    assert whole.of("lycees") == Difference(days=whole.of("lycees").days)
