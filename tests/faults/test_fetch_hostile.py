"""Promises 8 and 9: whatever a server does, an exchange ends by its deadline and in bounded memory."""

import asyncio
import gc
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.servers import (
    Behaviour,
    FaultyServer,
    answer,
    cut,
    dribble,
    endless_body,
    endless_headers,
    gzip_bomb,
    head,
    in_turn,
    pieces,
    silent,
)
from watcher.errors import TooLarge, Unreachable
from watcher.fetch import HttpFetch

DEADLINE_S = 0.5
SLACK_S = 5.0  # a busy machine is late; an exchange without a deadline never ends


@pytest.fixture
async def fetch() -> AsyncIterator[HttpFetch]:
    async with HttpFetch(user_agent="v", clock=FakeClock(), allow_loopback=True, total_timeout_s=DEADLINE_S) as one:
        yield one


@pytest.fixture
async def patient() -> AsyncIterator[HttpFetch]:
    async with HttpFetch(user_agent="v", clock=FakeClock(), allow_loopback=True) as one:
        yield one


def resident_bytes() -> int:
    """Return this process's resident memory, from the kernel: zlib's buffers are invisible to tracemalloc."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(silent(), id="silent"),
        pytest.param(dribble(0.05), id="dribbled body"),
        pytest.param(endless_headers(0.02), id="dribbled headers"),
        pytest.param(pieces(lambda: [b"HTTP/1.1 102 Wait\r\n\r\n"] * 1000, interval_s=0.02), id="endless patience"),
        pytest.param(pieces(list, start=head(200, {"Content-Length": "9"}), forever=True), id="head only"),
    ],
)
async def test_an_exchange_ends_at_its_deadline(fetch: HttpFetch, behaviour: Behaviour) -> None:
    async with FaultyServer(behaviour) as server:
        began = time.perf_counter()
        with pytest.raises(Unreachable, match=r"127\.0\.0\.1 ne répond pas dans les 0\.5 s"):
            await fetch.get(server.url())
        assert DEADLINE_S <= time.perf_counter() - began <= DEADLINE_S + SLACK_S


async def test_a_handshake_that_never_ends_is_ended(fetch: HttpFetch) -> None:
    async with FaultyServer(answer(), greets=False) as server:
        began = time.perf_counter()
        with pytest.raises(Unreachable, match="ne répond pas dans"):
            await fetch.get(server.url().replace("http:", "https:"))
        assert DEADLINE_S <= time.perf_counter() - began <= DEADLINE_S + SLACK_S


async def test_the_deadline_covers_all_redirections_together(fetch: HttpFetch) -> None:
    hop = pieces(lambda: [b"", head(302, {"Location": "/again", "Content-Length": "0"})], interval_s=0.2)
    async with FaultyServer(hop) as server:
        began = time.perf_counter()
        with pytest.raises(Unreachable, match="ne répond pas dans"):
            await fetch.get(server.url())
        assert time.perf_counter() - began <= DEADLINE_S + SLACK_S


async def test_a_hung_address_delays_no_other_of_its_host(patient: HttpFetch) -> None:
    async with FaultyServer({"/slow": silent(), "/good": answer(200, b"ok")}) as server:
        hung = asyncio.create_task(patient.get(server.url("/slow")))
        await asyncio.sleep(0.05)
        answers = await asyncio.gather(*(patient.get(server.url("/good")) for _ in range(20)))
        assert [one.body for one in answers] == [b"ok"] * 20
        assert not hung.done()
        hung.cancel()
        await asyncio.gather(hung, return_exceptions=True)


async def test_a_source_that_hung_is_asked_again_at_once(fetch: HttpFetch) -> None:
    async with FaultyServer(in_turn(silent(), answer(200, b"back"))) as server:
        with pytest.raises(Unreachable):
            await fetch.get(server.url())
        assert (await fetch.get(server.url())).body == b"back"


async def test_a_cancelled_exchange_says_so_and_leaves_nothing_open(fetch: HttpFetch) -> None:
    async with FaultyServer(silent()) as server:
        task = asyncio.create_task(fetch.get(server.url()))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert fetch._transport._inner._pool.connections == []  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(gzip_bomb(1 << 30), id="1 GiB of zeros in 1 MB of gzip"),
        pytest.param(endless_body(), id="endless body"),
        pytest.param(endless_body(declared=10_000_000_000), id="10 GB announced"),
    ],
)
async def test_a_body_is_dropped_at_its_cap(patient: HttpFetch, behaviour: Behaviour) -> None:
    async with FaultyServer(behaviour) as server:
        gc.collect()
        before = resident_bytes()
        with pytest.raises(TooLarge, match="plus de 5 Mo"):
            await patient.get(server.url())
        assert resident_bytes() - before <= 20 * 1024 * 1024


async def test_a_body_of_exactly_the_cap_is_taken(patient: HttpFetch) -> None:
    async with FaultyServer(answer(200, b"x" * 5_000_000)) as server:
        assert len((await patient.get(server.url())).body) == 5_000_000


async def test_headers_without_end_are_dropped_early(patient: HttpFetch) -> None:
    async with FaultyServer(endless_headers()) as server:
        with pytest.raises(Unreachable, match="brouillé"):
            await patient.get(server.url())


async def test_a_length_that_is_too_short_ends_the_answer_there(patient: HttpFetch) -> None:
    async with FaultyServer(cut(b"x" * 500, declared=10)) as server:
        assert (await patient.get(server.url())).body == b"x" * 10


async def test_a_length_that_is_never_reached_is_a_cut_answer(patient: HttpFetch) -> None:
    async with FaultyServer(cut(b"x" * 500, declared=1_000)) as server:
        with pytest.raises(Unreachable, match="a coupé"):
            await patient.get(server.url())
