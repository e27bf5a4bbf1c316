"""Real web servers on loopback that serve a folder of feeds, with real validators, 304 and gzip.

    with FeedServer(folder) as server:
        await fetch.get(server.url("press.rss"))
        assert server.exchanges[-1].status == 200

`nginx(folder)` does the same with Debian's nginx, and skips the test where it is not installed. For servers that
misbehave on the wire itself, see `tests/fakes/servers.py`.
"""

import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

START_S = 10.0


@dataclass(slots=True)
class Exchange:
    """One request and what went back for it: `sent_bytes` of body, as they are on the wire."""

    path: str
    status: int = 0
    sent_bytes: int = 0


class FeedServer:
    """starlette and uvicorn, in a thread. `answer_with` puts a fault before a file, `heal` takes it away."""

    def __init__(self, folder: Path) -> None:
        self._files = Starlette(
            routes=[Mount("/", StaticFiles(directory=folder))],
            middleware=[Middleware(GZipMiddleware, minimum_size=100)],
        )
        self._faults: dict[str, ASGIApp] = {}
        self.exchanges: list[Exchange] = []

    def __enter__(self) -> Self:
        self._socket = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(self, lifespan="off", ws="none", log_level="critical")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)
        self._thread.start()
        _wait_for(lambda: self._server.started)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(START_S)
        self._socket.close()

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/{name}"

    def answer_with(
        self, name: str, status: int, body: bytes = b"", headers: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """From now on, answer this for the file `name`."""
        self._faults[f"/{name}"] = Response(body, status, dict(headers))

    def heal(self, name: str) -> None:
        del self._faults[f"/{name}"]

    def sent(self, name: str) -> list[Exchange]:
        """What was exchanged for the file `name`, in order."""
        return [exchange for exchange in self.exchanges if exchange.path == f"/{name}"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = Exchange(scope["path"])

        async def note(message: Message) -> None:
            # Before it is sent: whoever got the answer finds the exchange noted.
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                self.exchanges.append(exchange)
            exchange.sent_bytes += len(message.get("body", b""))
            await send(message)

        await self._faults.get(scope["path"], self._files)(scope, receive, note)


@contextmanager
def nginx(folder: Path, work: Path) -> Iterator[str]:
    """Serve `folder` with nginx, whose own files go to `work`; give the address under which its files are found."""
    program = shutil.which("nginx", path=f"{os.defpath}:/usr/sbin:/usr/local/sbin")
    if program is None:
        pytest.skip("nginx n'est pas installé : le même essai est fait avec starlette seulement")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    configuration = work / "nginx.conf"
    configuration.write_text(_nginx_configuration(folder, work, port))
    process = subprocess.Popen([program, "-p", work, "-e", work / "error.log", "-c", configuration])
    try:
        _wait_for(lambda: _listens(port))
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(START_S)


def _nginx_configuration(folder: Path, work: Path, port: int) -> str:
    places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    temporary = "\n".join(f"    {place}_temp_path {work / place};" for place in places)
    return f"""
daemon off;
worker_processes 1;
pid {work / "nginx.pid"};
{"user root;" if os.geteuid() == 0 else ""}
events {{}}
http {{
    access_log off;
{temporary}
    types {{ application/rss+xml rss; application/atom+xml atom; application/feed+json json; }}
    gzip on;
    gzip_min_length 1;
    gzip_types *;
    server {{ listen 127.0.0.1:{port}; root {folder}; }}
}}
"""


def _listens(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def _wait_for(is_ready: Callable[[], bool]) -> None:
    deadline_s = time.perf_counter() + START_S
    while not is_ready():
        if time.perf_counter() > deadline_s:
            raise TimeoutError("the server did not start")
        time.sleep(0.01)
