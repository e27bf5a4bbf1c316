"""Web servers on loopback that misbehave on purpose: real sockets, one scripted fault for each path.

    async with FaultyServer({"/feed": answer(body=b"..."), "/slow": dribble()}) as server:
        await fetch.get(server.url("/feed"))
        assert server.requests[0].path == "/feed"

A behaviour gets the request and the writer, and may write what it likes; the connection closes when it returns.
"""

import asyncio
import ssl
import zlib
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import count, repeat
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came; `target` has the query, `path` has not. Names of `headers` are lower-case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


Behaviour = Callable[[Received, asyncio.StreamWriter], Awaitable[None]]


class FaultyServer:
    """Serves `script`, a behaviour for each path (404 for the others), or one behaviour for all of them.

    `connections` counts those that were opened, `requests` keeps what was asked. `greets` is False for a server that
    takes the connection and never even reads (a TLS handshake that does not end).
    """

    def __init__(
        self,
        script: Mapping[str, Behaviour] | Behaviour,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        greets: bool = True,
    ) -> None:
        self._script = script
        self._host, self._port, self._tls, self._greets = host, port, tls, greets
        self._tasks: set[asyncio.Task[None]] = set()
        self.connections = 0
        self.requests: list[Received] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, self._host, self._port, ssl=self._tls)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def url(self, path: str = "/", host: str | None = None) -> str:
        """Return the address of `path`, under another name of this machine where `host` is given."""
        return f"{'https' if self._tls else 'http'}://{host or self._host}:{self.port}{path}"

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            if not self._greets:
                await asyncio.Event().wait()
            received = await _read_request(reader)
            self.requests.append(received)
            behaviour = self._script if callable(self._script) else self._script.get(received.path, answer(404))
            await behaviour(received, writer)
        writer.close()
        with suppress(ConnectionError, asyncio.CancelledError, ssl.SSLError):
            await writer.wait_closed()


async def _read_request(reader: asyncio.StreamReader) -> Received:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").strip().split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Received(method, target, headers, await reader.readexactly(int(headers.get("content-length", "0"))))


def answer(status: int = 200, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Behaviour:
    """A well-behaved answer."""
    return raw(head(status, {"Content-Length": str(len(body)), **(headers or {})}) + body)


def redirect(to: str, status: int = 302) -> Behaviour:
    return answer(status, headers={"Location": to})


def rate_limited(retry_after: str | None, status: int = 429) -> Behaviour:
    return answer(status, headers={} if retry_after is None else {"Retry-After": retry_after})


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """The first request meets the first behaviour, and so on; the last one stays."""
    left = list(behaviours)

    async def behave(received: Received, writer: asyncio.StreamWriter) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(received, writer)

    return behave


def raw(data: bytes) -> Behaviour:
    """Exactly these bytes."""
    return pieces(lambda: [data])


def cut(body: bytes, declared: int) -> Behaviour:
    """Announces `declared` bytes, sends `body`, closes. With a `declared` that is too small, sends more than said."""
    return raw(head(200, {"Content-Length": str(declared)}) + body)


def silent() -> Behaviour:
    """Reads the request and never says a word."""
    return pieces(list, forever=True)


def dribble(interval_s: float = 1.0) -> Behaviour:
    """A correct head, then one byte every `interval_s` seconds."""
    return pieces(lambda: repeat(b"x"), start=head(200), interval_s=interval_s)


def endless_headers(interval_s: float = 0.0) -> Behaviour:
    return pieces(
        lambda: (f"X-{n}: y\r\n".encode() for n in count()), start=b"HTTP/1.1 200 OK\r\n", interval_s=interval_s
    )


def endless_body(declared: int | None = None) -> Behaviour:
    """Never stops sending, whatever length it announced."""
    length = {} if declared is None else {"Content-Length": str(declared)}
    return pieces(lambda: repeat(b"x" * 65_536), start=head(200, length))


def gzip_bomb(size: int) -> Behaviour:
    """`size` bytes of zeros in gzip, about a thousandth of it on the wire, made while it is sent."""
    return pieces(lambda: _gzipped_zeros(size), start=head(200, {"Content-Encoding": "gzip"}))


def pieces(
    data: Callable[[], Iterable[bytes]],
    *,
    start: bytes = b"",
    interval_s: float = 0.0,
    forever: bool = False,
) -> Behaviour:
    """Sends `start`, then each of `data` every `interval_s`; keeps the connection open afterwards if `forever`."""

    async def behave(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        for piece in data():
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(interval_s)
        if forever:
            await asyncio.Event().wait()

    return behave


def head(status: int, headers: Mapping[str, str] | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status} Text", *(f"{name}: {value}" for name, value in (headers or {}).items())]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1")


def _gzipped_zeros(size: int) -> Iterator[bytes]:
    squeeze, block = zlib.compressobj(9, wbits=31), bytes(1 << 20)
    for _ in range(size // len(block)):
        yield squeeze.compress(block)
    yield squeeze.flush()
