"""Streams: opened by the same guard as pages, bounded in size and silence, and never a key in what is said of them."""

import asyncio
import io
import logging.config
import ssl
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.server import ServerConnection, serve

from tests.fakes.clock import FakeClock
from tests.fakes.servers import Behaviour, FaultyServer, answer, dribble, rate_limited, raw, redirect, silent
from tests.faults.test_fetch_inside import ADDRESSES, answers
from tests.faults.test_fetch_secrets import TOKEN, logged
from tests.faults.test_fetch_tls import NAME, certificate, server_side, to_loopback
from watcher.errors import (
    AuthRefused,
    ForbiddenAddress,
    Malformed,
    RateLimited,
    Refused,
    SourceGone,
    TooLarge,
    Unreachable,
    WatcherError,
)
from watcher.fetch import HttpFetch
from watcher.fetch.transport import Resolver, system_resolver
from watcher.secrets import Secret

__all__ = ["certificate", "logged", "server_side"]

Speech = Callable[[ServerConnection], Awaitable[None]]


def a_fetch(
    *,
    allow_loopback: bool = True,
    max_body_bytes: int = 10_000,
    resolver: Resolver = system_resolver,
    tls: ssl.SSLContext | None = None,
) -> HttpFetch:
    return HttpFetch(
        user_agent="veille",
        clock=FakeClock(),
        allow_loopback=allow_loopback,
        total_timeout_s=0.5,
        max_body_bytes=max_body_bytes,
        stream_silence_s=0.3,
        stream_batch_s=0.1,
        resolver=resolver,
        tls=tls,
    )


@asynccontextmanager
async def speaking(speech: Speech, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Give the port of a WebSocket server that says `speech` to each listener, then ends well."""
    async with serve(speech, "127.0.0.1", 0, ssl=tls, close_timeout=0.1) as server:
        yield next(iter(server.sockets)).getsockname()[1]


async def heard(fetch: HttpFetch, url: str, **asked: object) -> list[tuple[str, ...]]:
    async with fetch:
        return [batch async for batch in fetch.stream(url, **asked)]  # type: ignore[arg-type]


async def heard_until_it_breaks(port: int) -> tuple[list[tuple[str, ...]], str]:
    """Return what was heard, and what the team is told of the end."""
    batches: list[tuple[str, ...]] = []
    async with a_fetch() as fetch:
        try:
            async for batch in fetch.stream(f"ws://127.0.0.1:{port}/"):
                batches.append(batch)  # noqa: PERF401 - kept although the loop ends in an error
        except Unreachable as error:
            return batches, str(error)
    pytest.fail("the stream did not break")


def says(*frames: str | bytes, then: Speech | None = None) -> Speech:
    async def speak(connection: ServerConnection) -> None:
        for frame in frames:
            await connection.send(frame)
        if then:
            await then(connection)

    return speak


async def for_ever(connection: ServerConnection) -> None:
    await connection.wait_closed()


async def abort(connection: ServerConnection) -> None:
    await asyncio.sleep(0.05)  # what was said has left
    connection.transport.abort()


async def test_frames_come_in_order_and_in_batches_of_five_hundred_at_most() -> None:
    frames = [str(number) for number in range(1_203)]
    async with speaking(says(*frames)) as port:
        batches = await heard(a_fetch(), f"ws://127.0.0.1:{port}/")
    assert [frame for batch in batches for frame in batch] == frames
    assert max(map(len, batches)) == 500


async def test_large_frames_make_small_batches_so_that_memory_stays_bounded() -> None:
    async with speaking(says(*["x" * 4_000] * 10)) as port:
        batches = await heard(a_fetch(max_body_bytes=10_000), f"ws://127.0.0.1:{port}/")
    assert sum(map(len, batches)) == 10
    assert max(map(len, batches)) == 3


async def test_what_was_said_before_a_break_is_heard_and_the_break_is_told() -> None:
    async with speaking(says("un", "deux", then=abort)) as port:
        batches, error = await heard_until_it_breaks(port)
    assert [frame for batch in batches for frame in batch] == ["un", "deux"]
    assert "a coupé le flux" in error


async def test_a_quiet_moment_is_an_empty_batch_and_a_long_silence_a_dead_stream() -> None:
    async with speaking(says("un", then=for_ever)) as port:
        batches, error = await heard_until_it_breaks(port)
    assert batches == [("un",), (), ()]
    assert "n'envoie plus rien" in error


async def test_a_frame_over_the_cap_is_refused() -> None:
    async with speaking(says("x" * 10_001)) as port:
        with pytest.raises(TooLarge):
            await heard(a_fetch(), f"ws://127.0.0.1:{port}/")


async def test_binary_frames_are_not_what_was_asked_for() -> None:
    async with speaking(says(b"\x28\xb5\x2f\xfd")) as port:
        with pytest.raises(Malformed):
            await heard(a_fetch(), f"ws://127.0.0.1:{port}/")


async def test_who_stops_listening_leaves_no_connection() -> None:
    left = asyncio.Event()

    async def notice(connection: ServerConnection) -> None:
        await connection.wait_closed()
        left.set()

    async with speaking(says("un", then=notice)) as port, a_fetch() as fetch:
        stream = fetch.stream(f"ws://127.0.0.1:{port}/")
        assert await anext(stream) == ("un",)
        await stream.aclose()
        await asyncio.wait_for(left.wait(), 1)


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (answer(401), AuthRefused),
        (answer(404), SourceGone),
        (answer(400, b'{"error":"CursorTooOld"}'), Refused),
        (rate_limited("120"), RateLimited),
        (answer(500), Unreachable),
        (answer(200, b"<html>"), Malformed),
        (redirect("ws://127.0.0.1:1/"), Refused),
        (raw(b"not HTTP\r\n\r\n"), Unreachable),
        (raw(b""), Unreachable),
        (silent(), Unreachable),
        (dribble(), Unreachable),
    ],
    ids="401 404 400 429 500 page redirect noise nothing silence dribble".split(),
)
async def test_a_server_that_opens_no_stream_is_told_as_for_a_page(
    behaviour: Behaviour, error: type[WatcherError]
) -> None:
    async with FaultyServer(behaviour) as server:
        with pytest.raises(error):
            await heard(a_fetch(), server.url("/").replace("http", "ws"))


async def test_a_platform_that_asks_to_wait_is_heard() -> None:
    async with FaultyServer(rate_limited("120")) as server:
        with pytest.raises(RateLimited) as asked:
            await heard(a_fetch(), server.url("/").replace("http", "ws"))
    assert asked.value.retry_after_s == 120


async def test_a_redirection_is_not_followed() -> None:
    async with FaultyServer(answer(200)) as inside, FaultyServer(redirect(inside.url("/"))) as server:
        with pytest.raises(Refused):
            await heard(a_fetch(), server.url("/").replace("http", "ws"))
    assert inside.connections == 0


@pytest.mark.parametrize("host", ADDRESSES)
async def test_nothing_inside_is_ever_called(host: str) -> None:
    async with FaultyServer(answer(200)) as canary:
        with pytest.raises((ForbiddenAddress, Unreachable)):
            await heard(a_fetch(allow_loopback=False), f"ws://{host}:{canary.port}/")
    assert canary.connections == 0


async def test_a_name_is_resolved_once_and_every_address_of_it_is_judged() -> None:
    resolver, calls = answers("93.184.216.34,10.0.0.1")
    with pytest.raises(ForbiddenAddress):
        await heard(a_fetch(resolver=resolver), "wss://stream.example.org/")
    assert calls == ["stream.example.org"]


@pytest.mark.parametrize("url", ["http://example.org/", "ftp://example.org/", "example.org", "", "ws://", "wss:///x"])
async def test_only_addresses_of_streams_are_opened(url: str) -> None:
    with pytest.raises(ForbiddenAddress):
        await heard(a_fetch(), url)


async def test_the_name_of_the_url_is_announced_and_checked(certificate: object, server_side: ssl.SSLContext) -> None:
    announced: list[str | None] = []
    server_side.sni_callback = lambda _, name, __: announced.append(name)
    authority = ssl.create_default_context(cafile=str(certificate))
    async with speaking(says("chiffré"), tls=server_side) as port:
        batches = await heard(a_fetch(tls=authority, resolver=to_loopback), f"wss://{NAME}:{port}/")
        with pytest.raises(Unreachable, match="certificat"):
            await heard(a_fetch(tls=authority, resolver=to_loopback), f"wss://other.example.org:{port}/")
    assert batches == [("chiffré",)]
    assert announced == [NAME, "other.example.org"]


async def test_what_is_asked_reaches_the_server() -> None:
    asked: list[tuple[str, str | None, str | None]] = []

    async def note(connection: ServerConnection) -> None:
        request = connection.request
        assert request is not None
        asked.append((request.path, request.headers.get("Authorization"), request.headers.get("User-Agent")))

    async with speaking(note) as port:
        await heard(
            a_fetch(),
            f"ws://127.0.0.1:{port}/s?a=1",
            params={"cursor": "5"},
            secret_headers={"Authorization": Secret("Bearer x")},
        )
    assert asked == [("/s?a=1&cursor=5", "Bearer x", "veille")]


@pytest.mark.parametrize(
    "behaviour",
    [answer(401), raw(f"HTTP/1.1 200 OK\r\nbad header {TOKEN}\r\n\r\n".encode()), answer(101), silent()],
    ids="refused echoed upgrade silent".split(),
)
async def test_no_key_is_ever_said(behaviour: Behaviour, logged: Iterator[io.StringIO]) -> None:
    logging.config.dictConfig({"version": 1, "disable_existing_loggers": False})  # as uvicorn does: enables them all
    async with FaultyServer(behaviour) as server:
        with pytest.raises(WatcherError) as caught:
            await heard(
                a_fetch(),
                server.url("/").replace("http", "ws"),
                params={"key": TOKEN},
                secret_headers={"Authorization": Secret(TOKEN)},
            )
    told = "".join(traceback.format_exception(caught.value))
    assert TOKEN not in told + logged.getvalue()  # type: ignore[attr-defined]


async def test_a_key_cut_by_a_line_break_is_refused_before_anything_is_sent() -> None:
    async with FaultyServer(answer(200)) as server:
        with pytest.raises(AuthRefused, match="retour à la ligne"):
            await heard(
                a_fetch(), server.url("/").replace("http", "ws"), secret_headers={"Authorization": Secret("a\nb")}
            )
    assert server.connections == 0
