"""A Jetstream server on loopback: real WebSockets, both wire formats, a past to replay, connections that break.

    async with JetstreamServer(events) as server:
        async for batch in fetch.stream(server.url(v2=True), params={"collections": "app.bsky.feed.post"}):
            ...

Events are given as v1 writes them (`tests/data/bluesky`), in the order of `time_us`. Written from the public
documentation and lexicons of bluesky-social/jetstream.
"""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

V1_PATH = "/subscribe"
V2_PATH = "/xrpc/network.bsky.jetstream.subscribeEvents"
V2_KIND = "network.bsky.jetstream.subscribeEvents#"
V2_SUBPROTOCOL = Subprotocol("xrpc.v1.json")
FIRST_TIMESTAMP = 10**15
"""A cursor below is a sequence number (v2)."""

KINDS = frozenset({"commit", "identity", "account"})
V1_ONLY = frozenset({"wantedCollections", "wantedDids", "requireHello", "maxMessageSizeBytes"})

Event = Mapping[str, Any]


class JetstreamServer:
    """Serves `events` and what is published later.

    `cuts` says after how many frames each connection in turn is broken off; those that follow live. `garbled` makes of
    a frame what the server sends for it. A cursor older than `oldest_us` is moved up to it. `asked` keeps the query of
    each connection. A `recording` is told from its beginning to who names no cursor, and ends with its last event.
    """

    def __init__(
        self,
        events: Iterable[Event] = (),
        *,
        cuts: Sequence[int] = (),
        garbled: Callable[[str], str] = str,
        oldest_us: int = 0,
        port: int = 0,
        recording: bool = False,
    ) -> None:
        self._events = list(events)
        self._cuts = list(cuts)
        self._garbled = garbled
        self._oldest_us = oldest_us
        self._port = port
        self._recording = recording
        self._news = asyncio.Condition()
        self._listeners: set[asyncio.Task[None]] = set()
        self.asked: list[dict[str, list[str]]] = []

    async def __aenter__(self) -> Self:
        self._server = await serve(
            self._speak,
            "127.0.0.1",
            self._port,
            process_request=self._refusal,
            select_subprotocol=lambda _, offered: V2_SUBPROTOCOL if V2_SUBPROTOCOL in offered else None,
            compression=None,
            ping_interval=None,
            close_timeout=0.5,
        )
        self._port = int(next(iter(self._server.sockets)).getsockname()[1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for listener in self._listeners:
            listener.cancel()
        self._server.close()
        await self._server.wait_closed()

    def url(self, *, v2: bool = False, host: str = "127.0.0.1") -> str:
        """Return the address of the stream, in the first wire format or the second."""
        return f"ws://{host}:{self._port}{V2_PATH if v2 else V1_PATH}"

    async def publish(self, *events: Event) -> None:
        """Say something more, to whoever listens now and to whoever asks for it later."""
        async with self._news:
            self._events += events
            self._news.notify_all()

    def _refusal(self, connection: ServerConnection, request: Request) -> Response | None:
        parts = urlsplit(request.path)
        query = parse_qs(parts.query)
        if parts.path not in {V1_PATH, V2_PATH}:
            return _answer(HTTPStatus.NOT_FOUND, "NotFound", parts.path)
        if parts.path == V2_PATH:
            if unknown := V1_ONLY & query.keys():
                return _answer(HTTPStatus.BAD_REQUEST, "InvalidRequest", f"unknown parameter {min(unknown)}")
            cursor = int(query.get("cursor", ["0"])[0])
            if 0 < cursor < FIRST_TIMESTAMP and self._events and cursor < self._floor() + 1:
                return _answer(HTTPStatus.BAD_REQUEST, "CursorTooOld", f"floor is {self._floor() + 1}")
        self.asked.append(query)
        return None

    def _floor(self) -> int:
        """Return how many events are too old to be replayed."""
        return sum(event["time_us"] < self._oldest_us for event in self._events)

    async def _speak(self, connection: ServerConnection) -> None:
        parts = urlsplit(connection.request.path if connection.request else "")
        query = parse_qs(parts.query)
        is_v2 = parts.path == V2_PATH
        position = self._start(query)
        left = self._cuts.pop(0) if self._cuts else None
        if listener := asyncio.current_task():
            self._listeners.add(listener)
            listener.add_done_callback(self._listeners.discard)
        with suppress(ConnectionClosed, asyncio.CancelledError):
            while not (self._recording and position >= len(self._events)):
                async with self._news:
                    while position == len(self._events):
                        await self._news.wait()
                event = self._events[position]
                position += 1
                if not _is_wanted(event, query, is_v2=is_v2):
                    continue
                if left == 0:
                    connection.transport.abort()
                    return
                left = None if left is None else left - 1
                frame = as_v2(event, position) if is_v2 else {**event, "cursor": position}
                await connection.send(self._garbled(json.dumps(frame, ensure_ascii=False)))

    def _start(self, query: Mapping[str, list[str]]) -> int:
        """Return the index of the first event to send: the cursor is inclusive, and no cursor means what comes next."""
        if "cursor" not in query:
            return 0 if self._recording else len(self._events)
        cursor = int(query["cursor"][0])
        if cursor < FIRST_TIMESTAMP:
            return max(cursor - 1, self._floor())
        since_us = max(cursor, self._oldest_us)
        return sum(event["time_us"] < since_us for event in self._events)


def as_v2(event: Event, seq: int) -> dict[str, Any]:
    """Return the v2 frame of an event written as v1 does."""
    kind = event["kind"]
    detail = event["commit"] if kind == "commit" else {kind: event[kind]}
    seen_at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=event["time_us"])
    stamp = seen_at.isoformat(timespec="microseconds").replace("+00:00", "Z")
    payload = {
        "$type": f"{V2_KIND}{kind}",
        "seq": seq,
        "did": event["did"],
        "time": stamp,
        "witnessedAt": stamp,
        **detail,
    }
    return {"$type": "message", "payload": payload}


def _is_wanted(event: Event, query: Mapping[str, list[str]], *, is_v2: bool) -> bool:
    """Tell whether an event passes the filters of a subscription: collections filter commits alone."""
    kinds = query.get("kinds", KINDS) if is_v2 else KINDS
    dids = query.get("dids" if is_v2 else "wantedDids", [])
    collections = query.get("collections" if is_v2 else "wantedCollections", [])
    if event["kind"] not in kinds or (dids and event["did"] not in dids):
        return False
    if event["kind"] != "commit" or not collections:
        return True
    name = event["commit"]["collection"]
    return any(name == asked or (asked.endswith(".*") and name.startswith(asked[:-1])) for asked in collections)


def _answer(status: HTTPStatus, error: str, message: str) -> Response:
    body = json.dumps({"error": error, "message": message}).encode()
    headers = Headers({"Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close"})
    return Response(status.value, status.phrase, headers, body)
