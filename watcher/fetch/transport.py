"""The guard at the door: a name is resolved once, every address is judged, and we connect to a judged one.

Nothing resolves the name a second time, so a name that changes its answer in between (DNS rebinding) gains nothing.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from ipaddress import ip_address
from typing import Any

import httpx

from watcher.errors import ForbiddenAddress, Unreachable
from watcher.fetch.address import Address, is_allowed

Resolver = Callable[[str, int], Awaitable[Sequence[Address]]]
"""Gives every address of a host and port, the preferred one first; raises `OSError` for an unknown name."""


async def system_resolver(host: str, port: int) -> Sequence[Address]:
    """Return what the machine's resolver says, as `Resolver` promises."""
    # As bytes: a text would pass through Python's old IDNA codec, which raises on labels that DNS merely lacks.
    found = await asyncio.get_running_loop().getaddrinfo(host.encode("ascii"), port, type=socket.SOCK_STREAM)
    return [ip_address(text) for text in dict.fromkeys(place[0] for *_, place in found)]


Trace = Callable[[str, Mapping[str, Any]], Awaitable[None]]
"""What httpx calls at each event of a request that carries it as its extension `trace`."""


@asynccontextmanager
async def sockets_closed() -> AsyncIterator[Trace]:
    """Give the `trace` of one request; every socket that the request opened is closed at the end.

    httpcore 1.0 closes them itself, but for one: that of a TLS handshake which our deadline cuts short.
    """
    async with AsyncExitStack() as opened:

        async def keep(event: str, info: Mapping[str, Any]) -> None:
            if event == "connection.connect_tcp.complete":
                opened.push_async_callback(info["return_value"].aclose)

        yield keep


class Guard:
    """Gives the addresses of a host, once every one of them is judged to be public (or loopback where allowed)."""

    def __init__(self, resolver: Resolver, *, allow_loopback: bool) -> None:
        self._resolver = resolver
        self._allow_loopback = allow_loopback

    async def addresses(self, url: httpx.URL) -> Sequence[Address]:
        """Return the addresses of the host of `url`, at least one, the preferred first.

        Raises `ForbiddenAddress` when one of them leads inside, `Unreachable` when the host has none.
        """
        port = url.port or (443 if url.scheme == "https" else 80)
        try:
            addresses = await self._resolver(url.raw_host.decode("ascii"), port)
        except OSError as cause:
            raise Unreachable(f"{url.host} est introuvable : nom mal écrit, ou réseau coupé") from cause
        if not addresses:
            raise Unreachable(f"{url.host} n'a aucune adresse")
        if not all(is_allowed(address, allow_loopback=self._allow_loopback) for address in addresses):
            raise ForbiddenAddress(f"{url.host} mène à une adresse interne, que nous n'appelons jamais")
        return addresses


class GuardedTransport(httpx.AsyncBaseTransport):
    """Sends requests to the addresses that `guard` gives only.

    `Host` and the TLS name (SNI, certificate) stay those of the URL. `inner` must not keep connections: its pool knows
    them by address, and one that was opened for a name must not serve another name of the same address.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, guard: Guard) -> None:
        self._inner = inner
        self._guard = guard

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request`, trying the addresses of its host in order until one takes the connection.

        Raises what `Guard.addresses` and `inner` raise.
        """
        addresses = await self._guard.addresses(request.url)
        *others, last = [_sent_to(request, address, share=len(addresses)) for address in addresses]
        for attempt in others:
            with suppress(httpx.ConnectError, httpx.ConnectTimeout):
                return await self._inner.handle_async_request(attempt)
        return await self._inner.handle_async_request(last)

    async def aclose(self) -> None:
        """Close `inner`."""
        await self._inner.aclose()


def _sent_to(request: httpx.Request, address: Address, *, share: int) -> httpx.Request:
    """Return `request` aimed at `address`, with its share of the time there is to connect."""
    timeout = request.extensions["timeout"]
    return httpx.Request(
        request.method,
        request.url.copy_with(host=str(address)),
        headers=request.headers,
        stream=request.stream,
        extensions={
            **request.extensions,
            "timeout": {**timeout, "connect": timeout["connect"] / share},
            "sni_hostname": request.url.raw_host.decode("ascii"),
        },
    )
