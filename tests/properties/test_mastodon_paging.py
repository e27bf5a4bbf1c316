"""Whatever the rhythm of the posts, of the polls and of the crashes, nothing is lost and no run says a thing twice."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.clock import NOON
from tests.fakes.fetch import answer
from watcher.collectors.mastodon import Collector, InstanceSettings
from watcher.demo.mastodon import MastodonInstance
from watcher.model import Cursor
from watcher.ports import Response
from watcher.secrets import Secret

SETTINGS = InstanceSettings(instance="home.example", hashtags=("lodeve", "crue"))

# What is written before a poll, what is written while each of its pages is read, and after how many it is cut.
POLLS = st.lists(
    st.tuples(st.integers(0, 130), st.lists(st.integers(0, 50), max_size=4), st.none() | st.integers(1, 4)),
    min_size=1,
    max_size=5,
)


class InMemory:
    """Asks the instance without a network; somebody writes before each answer."""

    def __init__(self, home: MastodonInstance) -> None:
        self.home = home
        self.written: list[str] = []
        self.meanwhile: list[int] = []

    def write(self, count: int) -> None:
        posts = (self.home.write("marie", "<p>La crue</p>", tags=("lodeve",)) for _ in range(count))
        self.written += [post.uri for post in posts]

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        secret_headers: Mapping[str, Secret] | None = None,
    ) -> Response:
        if self.meanwhile:
            self.write(self.meanwhile.pop())
        self.home.allowance = 300
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.home)) as client:
            found = await client.get(url, params=params)
        return answer(url, found.content)


async def poll(fetch: InMemory, cursor: Cursor | None, cut_after: int | None) -> tuple[list[str], Cursor | None]:
    told: list[str] = []
    async with aclosing(Collector().pages(fetch, SETTINGS, cursor, NOON)) as pages:  # type: ignore[type-var]
        count = 0
        async for page in pages:
            told += [post.native_id for post in page.posts]
            cursor, count = page.cursor, count + 1
            if count == cut_after:
                break
    return told, cursor


async def live(polls: list[tuple[int, list[int], int | None]]) -> None:
    fetch, cursor, heard = InMemory(MastodonInstance("home.example")), None, set()
    _, cursor = await poll(fetch, cursor, None)  # from here on nothing may be missed
    for before, meanwhile, cut_after in [*polls, (0, [], None)]:
        fetch.write(before)
        fetch.meanwhile = list(meanwhile)
        told, cursor = await poll(fetch, cursor, cut_after)
        assert len(told) == len(set(told))
        heard |= set(told)
    fetch.meanwhile = []
    told, cursor = await poll(fetch, cursor, None)
    assert heard | set(told) == set(fetch.written)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(polls=POLLS)
def test_nothing_is_lost_and_nothing_is_said_twice(polls: list[tuple[int, list[int], int | None]]) -> None:
    asyncio.run(live(polls))
