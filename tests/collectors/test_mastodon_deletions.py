"""The sweep: what was collected is asked for again where it was written."""

from collections.abc import AsyncIterator

import pytest

from tests.fakes.clock import FakeClock
from watcher.collectors.mastodon import Collector, InstanceSettings
from watcher.demo.mastodon import MastodonInstance, instances, on_this_machine
from watcher.fetch import HttpFetch

SETTINGS = InstanceSettings(instance="home.example", hashtags=("lodeve",))


@pytest.fixture
async def fetch() -> AsyncIterator[HttpFetch]:
    made = HttpFetch(user_agent="essai", clock=FakeClock(), allow_loopback=True, resolver=on_this_machine)
    async with made:
        yield made


@pytest.fixture
async def homes() -> AsyncIterator[list[MastodonInstance]]:
    async with instances("home.example", "other.example") as made:
        yield made


@pytest.mark.parametrize("knows_batches", [True, False], ids=["4.3 and newer", "older"])
async def test_what_its_own_instance_no_longer_shows_is_gone(
    fetch: HttpFetch, homes: list[MastodonInstance], *, knows_batches: bool
) -> None:
    home, other = homes
    posts = [instance.write("marie", f"<p>{n}</p>") for instance in homes for n in range(23)]
    home.knows_batches = other.knows_batches = knows_batches
    home.delete(posts[3])
    other.delete(posts[45])
    home.receive(posts[45])  # a copy stays elsewhere
    gone = await Collector().still_there(fetch, SETTINGS, [post.uri for post in posts])
    assert gone == {posts[3].uri, posts[45].uri}


async def test_a_batch_costs_one_request_and_one_more_for_each_that_is_missing(
    fetch: HttpFetch, homes: list[MastodonInstance]
) -> None:
    home = homes[0]
    posts = [home.write("marie", f"<p>{n}</p>") for n in range(20)]
    home.delete(posts[7])
    await Collector().still_there(fetch, SETTINGS, [post.uri for post in posts])
    assert len(home.asked) == 2


async def test_an_instance_in_trouble_says_nothing_and_the_others_are_asked(
    fetch: HttpFetch, homes: list[MastodonInstance]
) -> None:
    home, other = homes
    lost, deleted = home.write("marie", "<p>un</p>"), other.write("paul", "<p>deux</p>")
    home.delete(lost)
    other.delete(deleted)
    home.allowance = 0
    assert await Collector().still_there(fetch, SETTINGS, [lost.uri, deleted.uri]) == {deleted.uri}


@pytest.mark.parametrize(
    "uri",
    [
        "https://gotosocial.example/users/marie/statuses/01M8514BGYQZ",
        "tag:vieux.example,2017-04-01:objectId=1:objectType=Status",
        "https://pixelfed.example/p/marie/1",
        "",
        "http://home.example/users/marie/statuses/1?x=https://ailleurs.example",
    ],
)
async def test_what_cannot_be_asked_counts_as_there(fetch: HttpFetch, uri: str) -> None:
    assert await Collector().still_there(fetch, SETTINGS, [uri]) == set()
