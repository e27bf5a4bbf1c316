"""The sweep: what is gone leaves, what is there stays, and what is cut goes on."""

from collections.abc import Callable, Collection
from itertools import chain
from typing import Any, ClassVar

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.fetch import FakeFetch
from tests.fakes.journals import commit
from tests.fakes.posts import a_post
from watcher.model import Deletion, Source
from watcher.ports import Fetch, Sweepable
from watcher.stores.journal import Journal
from watcher.upkeep.sweep import sweep

SOURCE = Source("gazette", "rss", settings="réglages", interval_s=900.0)


class Platform:
    """Knows what is gone; `before` may break off before an answer."""

    def __init__(self, *gone: str, before: Callable[[int], None] = lambda _: None) -> None:
        self._gone, self._before = gone, before
        self.asked: list[list[str]] = []

    async def still_there(self, fetch: Fetch, settings: Any, ids: Collection[str]) -> frozenset[str]:
        assert settings == "réglages"
        self._before(len(self.asked))
        self.asked.append(sorted(ids))
        return frozenset(self._gone) & frozenset(ids)


async def run(platform: Platform, journal: Journal) -> int:
    return await sweep(SOURCE, platform, FakeFetch(), journal, FakeClock(), batch=2)


async def test_what_is_gone_leaves_and_is_not_asked_for_again(journal: Journal) -> None:
    commit(journal, *(a_post(number) for number in "123"))
    platform = Platform("2")
    assert await run(platform, journal) == 1
    assert journal.seen.known([a_post("2").id])[a_post("2").id].is_deleted
    assert await run(platform, journal) == 0
    assert [sorted(chain(*platform.asked[:2])), *platform.asked[2:]] == [["1", "2", "3"], ["1", "3"]]


async def test_a_sweep_that_is_cut_goes_on_where_it_stood_and_the_next_begins_anew(journal: Journal) -> None:
    commit(journal, *(a_post(number) for number in "12345"))

    def stop_at_the_second(batch: int) -> None:
        if batch == 1:
            raise TimeoutError

    cut, rest, anew = Platform(before=stop_at_the_second), Platform(), Platform()
    with pytest.raises(TimeoutError):
        await run(cut, journal)
    await run(rest, journal)
    assert sorted(chain(*cut.asked, *rest.asked)) == list("12345")
    await run(anew, journal)
    assert sorted(chain(*anew.asked)) == list("12345")


async def test_another_source_and_what_has_no_name_left_are_not_asked_for(journal: Journal) -> None:
    commit(journal, a_post("1"), a_post("2"), deletions=[Deletion(native_id="2")])
    platform = Platform()
    assert await sweep(Source("autre", "rss", "réglages", 900.0), platform, FakeFetch(), journal, FakeClock()) == 0
    assert platform.asked == []
    await run(platform, journal)
    assert platform.asked == [["1"]]


class Shop(Platform):
    """Bills its answers."""

    sweep_days: ClassVar[Collection[int]] = (1, 7)


async def test_a_platform_that_bills_its_answers_is_asked_on_its_days_alone(journal: Journal) -> None:
    commit(journal, a_post("1"))
    platform, clock = Shop(), FakeClock()
    for _ in range(10):
        await sweep(SOURCE, platform, FakeFetch(), journal, clock)
        clock.advance(86_400)
    assert platform.asked == [["1"], ["1"]]


def test_a_collector_without_the_method_is_not_swept() -> None:
    assert isinstance(Platform(), Sweepable)
    assert not isinstance(object(), Sweepable)
