"""Back in time on one instance: all of an interval, none of the rest, and on from each page."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.fetch import FakeFetch, answer
from watcher.collectors.mastodon import Collector, InstanceSettings
from watcher.collectors.mastodon.instance import PAGE_SIZE
from watcher.demo.mastodon import MastodonInstance, instances, on_this_machine
from watcher.fetch import HttpFetch
from watcher.model import Cursor, Page

HOUR = timedelta(hours=1)
POSTS = 100
SINCE, UNTIL = NOON - 90 * HOUR, NOON - 10 * HOUR


@pytest.fixture
async def fetch() -> AsyncIterator[HttpFetch]:
    async with HttpFetch(user_agent="essai", clock=FakeClock(), allow_loopback=True, resolver=on_this_machine) as made:
        yield made


@pytest.fixture
async def home() -> AsyncIterator[MastodonInstance]:
    """An instance where one post an hour was written until noon."""
    async with instances("home.example") as made:
        for hour in range(POSTS, 0, -1):
            made[0].write("marie", f"<p>crue {hour}</p>", tags=("lodeve",), created_at=NOON - hour * HOUR)
        yield made[0]


async def gone_back(fetch: HttpFetch, home: MastodonInstance, cursor: Cursor | None = None) -> list[Page]:
    settings = InstanceSettings(instance=home.address, hashtags=("lodeve",))
    return [page async for page in Collector().backfill(fetch, settings, SINCE, UNTIL, cursor)]


def texts(pages: list[Page]) -> list[str]:
    return [post.text for page in pages for post in page.posts]


async def test_an_interval_is_given_whole_and_nothing_else(fetch: HttpFetch, home: MastodonInstance) -> None:
    pages = await gone_back(fetch, home)
    assert texts(pages) == [f"<p>crue {hour}</p>" for hour in range(11, 91)]


async def test_one_that_is_cut_goes_on_from_its_last_page(fetch: HttpFetch, home: MastodonInstance) -> None:
    first, *rest = await gone_back(fetch, home)
    assert texts(await gone_back(fetch, home, first.cursor)) == texts(rest)


async def test_a_server_that_gives_its_newest_page_for_ever_ends_the_walk() -> None:
    url = "https://home.example/api/v1/timelines/tag/lodeve"
    instance = MastodonInstance("home.example")
    post = instance.write("marie", "<p>crue</p>", tags=("lodeve",), created_at=NOON - 20 * HOUR)
    page = [instance.wire(str(number), post) for number in range(PAGE_SIZE, 0, -1)]
    stubborn = FakeFetch({url: answer(url, json.dumps(page).encode())})
    settings = InstanceSettings(instance="home.example", hashtags=("lodeve",))
    pages = [each async for each in Collector().backfill(stubborn, settings, SINCE, UNTIL, None)]
    assert (len(stubborn.calls), [len(each.posts) for each in pages]) == (2, [PAGE_SIZE, 0])
