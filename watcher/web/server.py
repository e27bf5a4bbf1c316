"""Serves an application on this machine, for as long as it is wanted."""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from watcher.errors import Fatal

_GRACE_S = 1  # an answer takes tens of milliseconds: who still holds a connection is not waiting for one
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Front:
    """An application that another may take the place of while it is served: each request goes to one of them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the application of this moment."""
        await self.app(scope, receive, send)


class _Server(uvicorn.Server):
    """A server that leaves signals to the daemon, and tells when it answers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answers = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.answers.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(
    app: ASGIApp, host: str = "127.0.0.1", port: int = 0, proxies: Sequence[str] = ()
) -> AsyncIterator[str]:
    """Serve `app` while the block runs, and give its address; port 0 takes any that is free.

    What the `proxies` at those addresses say of who asks, and by HTTPS, is believed. Raises `Fatal`, in French, when
    the port is taken, or when `host` is not this machine's loopback and there is no proxy: then there is no password.
    """
    if not proxies and host not in _LOOPBACK:
        raise Fatal(f"La page ne s'ouvre que sur cette machine (127.0.0.1), pas sur « {host} ».")
    listener = _listen(host, port)
    async with _answering(app, [listener], proxies):
        yield f"http://{f'[{host}]' if ':' in host else host}:{_port(listener)}"


@asynccontextmanager
async def serving_ports(app: ASGIApp, count: int) -> AsyncIterator[list[int]]:
    """Serve `app` on `count` free ports of 127.0.0.1 while the block runs, as if it were so many machines."""
    listeners = [_listen("127.0.0.1", 0) for _ in range(count)]
    async with _answering(app, listeners):
        yield [_port(listener) for listener in listeners]


@asynccontextmanager
async def _answering(app: ASGIApp, listeners: list[socket.socket], proxies: Sequence[str] = ()) -> AsyncIterator[None]:
    config = uvicorn.Config(
        app,
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        timeout_graceful_shutdown=_GRACE_S,
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=listeners))
    try:
        await server.answers.wait()
        yield
    finally:
        server.should_exit = True
        await running


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Fatal(
                f"Le port {port} est déjà pris : la veille tourne peut-être déjà (http://{host}:{port}). "
                "Arrêtez-la, ou choisissez un autre port avec --port."
            ) from error
        raise Fatal(f"La page ne peut pas s'ouvrir sur {host}:{port} : {error.strerror}.") from error


def _port(listener: socket.socket) -> int:
    return int(listener.getsockname()[1])
