"""The exchange itself: one GET, its redirections followed by hand, inside one deadline. Implements `ports.Fetch`.

A POST is made alike, and follows none. Streams are opened here by the same rules, and read in `stream`.

It speaks to httpx's transport and not to its client, which would add cookies shared by all sources, ambient proxies,
`.netrc`, other compressions and a log line with the whole URL.
"""

import asyncio
import json
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

import httpx
import structlog

from watcher.errors import Answered, Permanent, Refused, Transient, Unreachable
from watcher.fetch.address import is_same_service, web_address
from watcher.fetch.body import BoundedBody
from watcher.fetch.headers import checked
from watcher.fetch.retry_after import wait_asked_s
from watcher.fetch.stream import BATCH_S, SILENCE_S, StreamCall, StreamRules, batches, stream_address
from watcher.fetch.transport import Guard, GuardedTransport, Resolver, Trace, sockets_closed, system_resolver
from watcher.fetch.verdict import judge
from watcher.limits import Pace
from watcher.ports import Clock, Response
from watcher.secrets import Secret

_PERMANENT_MOVES = (301, 308)
_MOVES = (*_PERMANENT_MOVES, 302, 303, 307)

_GAP_S = 1.0
"""Between two requests to one host: what a patient reader would do."""

_MAX_REFUSAL_BYTES = 65_536
"""What comes with a refusal is a sentence or a page, and only some collectors read it."""

log = structlog.get_logger()


class HttpFetch:
    """The one way out over HTTP.

    `user_agent` says who we are and where to complain. `total_timeout_s` covers the whole exchange, `max_body_bytes`
    the decompressed body and each frame of a stream, `max_hops` the redirections, `stream_silence_s` the silence of a
    stream, `stream_batch_s` the wait for one of its batches. `allow_loopback` is for tests and the demo alone: it opens
    127.0.0.0/8 and ::1, and drops the gap between requests. With `proxy`, names are resolved there, and the proxy must
    guard the inside; streams do not pass through it. `tls` replaces the usual authorities, for an institution that has
    its own.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        clock: Clock,
        allow_loopback: bool = False,
        total_timeout_s: float = 30,
        max_body_bytes: int = 5_000_000,
        max_hops: int = 5,
        stream_silence_s: float = SILENCE_S,
        stream_batch_s: float = BATCH_S,
        proxy: str | None = None,
        tls: ssl.SSLContext | None = None,
        resolver: Resolver = system_resolver,
    ) -> None:
        self._user_agent = user_agent
        self._clock = clock
        self._total_timeout_s = total_timeout_s
        self._max_body_bytes = max_body_bytes
        self._max_hops = max_hops
        self._pace = Pace(0.0 if allow_loopback else _GAP_S)
        authorities = tls or httpx.create_ssl_context(trust_env=False)
        self._stream_rules = StreamRules(
            user_agent, authorities, total_timeout_s, max_body_bytes, stream_silence_s, stream_batch_s
        )
        self._guard = Guard(resolver, allow_loopback=allow_loopback)
        door = httpx.AsyncHTTPTransport(
            verify=authorities, trust_env=False, proxy=proxy, limits=httpx.Limits(max_keepalive_connections=0)
        )
        self._transport = door if proxy else GuardedTransport(door, self._guard)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close what is open. The object must not be used afterwards."""
        await self._transport.aclose()

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        secret_headers: Mapping[str, Secret] | None = None,
    ) -> Response:
        """Return an answer whose status is 2xx or 304, as `ports.Fetch` promises.

        `secret_headers` go to the service of `url` only, never to another one that it redirects to. The wait for our
        turn at the host comes before the deadline starts. Raises `Malformed` for a compression we cannot read.
        """
        address = web_address(url)
        if params:
            address = address.copy_merge_params(dict(params))
        secrets = {name: secret.reveal() for name, secret in (secret_headers or {}).items()}
        async with self._turn(address):
            return await self._follow(address, headers or {}, secrets)

    async def post(
        self,
        url: str,
        *,
        body: Mapping[str, object] | None = None,
        as_form: bool = False,
        secret_headers: Mapping[str, Secret] | None = None,
    ) -> Response:
        """Send `body` as JSON or as a form, as `ports.Fetch` promises."""
        address = web_address(url)
        plain = {name: value.reveal() if isinstance(value, Secret) else value for name, value in (body or {}).items()}
        headers = {name: secret.reveal() for name, secret in (secret_headers or {}).items()}
        async with self._turn(address):
            kind = "application/x-www-form-urlencoded" if as_form else "application/json"
            written = urlencode(plain) if as_form else json.dumps(plain)
            typed = {"content-type": kind} if plain else {}
            answer = await self._ask(address, headers | typed, written.encode() if plain else b"")
        if isinstance(answer, _Move):
            raise Refused(f"{address.host} redirige une demande qui porte un secret : elle n'est pas envoyée ailleurs")
        return answer

    @asynccontextmanager
    async def _turn(self, address: httpx.URL) -> AsyncIterator[None]:
        """Wait for our turn at the host, then hold one exchange to the deadline."""
        host = address.netloc.decode("ascii")
        await asyncio.sleep(self._pace.reserve(host, self._clock.monotonic_s()))
        try:
            async with asyncio.timeout(self._total_timeout_s):
                yield
        except TimeoutError as cause:
            raise Unreachable(f"{address.host} ne répond pas dans les {self._total_timeout_s:g} s") from cause

    async def stream(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        secret_headers: Mapping[str, Secret] | None = None,
        subprotocol: str | None = None,
    ) -> AsyncGenerator[tuple[str, ...], None]:
        """Yield batches of frames, as `ports.Fetch` promises."""
        address = stream_address(url, params or {})
        secrets = {name: secret.reveal() for name, secret in (secret_headers or {}).items()}
        sent = checked({**(headers or {}), **secrets})
        call = StreamCall(address, await self._guard.addresses(address), sent, subprotocol)
        async with aclosing(batches(call, self._stream_rules, self._clock)) as frames:
            async for batch in frames:
                yield batch

    async def _follow(self, url: httpx.URL, headers: Mapping[str, str], secrets: Mapping[str, str]) -> Response:
        """Ask `url`, then where it redirects to, until an answer comes. The caller holds the deadline."""
        has_moved = False
        for hops in range(self._max_hops + 1):
            answer = await self._ask(url, {**headers, **secrets})
            if isinstance(answer, Response):
                return replace(answer, moved_to=answer.url if has_moved else None)
            has_moved = answer.is_permanent and (has_moved or hops == 0)
            if not is_same_service(url, answer.target):
                secrets = {}
            url = answer.target
        raise Refused(f"{url.host} : plus de {self._max_hops} redirections de suite")

    async def _ask(
        self, url: httpx.URL, headers: Mapping[str, str], content: bytes | None = None
    ) -> "Response | _Move":
        """Make one request, a POST where there is `content`, and read its answer, which may be to go elsewhere."""
        try:
            async with (
                sockets_closed() as trace,
                aclosing(
                    await self._transport.handle_async_request(self._request(url, headers, content, trace))
                ) as answer,
            ):
                log.debug("answer_began", host=url.host, status=answer.status_code)
                if answer.status_code in _MOVES:
                    return _Move.of(url, answer)
                wait_s = wait_asked_s(answer.status_code, answer.headers, self._clock.now())
                try:
                    judge(answer.status_code, url.host, wait_s)
                except (Transient, Permanent) as refusal:
                    refusal.answer = await _answered(url.host, answer)
                    raise
                body = BoundedBody(url.host, answer.headers.get("content-encoding", ""), self._max_body_bytes)
                async for piece in answer.aiter_raw():
                    body.feed(piece)
                return Response(answer.status_code, str(url), dict(answer.headers.items()), body.finish())
        except (httpx.ConnectError, httpx.ConnectTimeout) as cause:
            # OpenSSL's own code: httpx keeps its text alone.
            is_distrusted = "CERTIFICATE_VERIFY_FAILED" in str(cause)
            what = f"le certificat de {url.host} n'est pas valable" if is_distrusted else f"{url.host} est injoignable"
            raise Unreachable(what) from cause
        except (httpx.TransportError, ssl.SSLError) as cause:
            log.debug("exchange_broke", host=url.host, kind=type(cause).__name__)
            # No cause is chained: its message quotes what came, which may be a post or an echo of our key.
            raise Unreachable(f"{url.host} a coupé ou brouillé sa réponse") from None

    def _request(
        self, url: httpx.URL, headers: Mapping[str, str], content: bytes | None, trace: Trace
    ) -> httpx.Request:
        ours = {"user-agent": self._user_agent, "accept-encoding": "gzip"}
        named = checked({name.lower(): value for name, value in headers.items()} | ours)
        fields = {name.encode("ascii"): value.encode("utf-8", "replace") for name, value in named.items()}
        timeout = httpx.Timeout(None, connect=self._total_timeout_s).as_dict()
        method = "GET" if content is None else "POST"
        extensions = {"timeout": timeout, "trace": trace}
        return httpx.Request(method, url, headers=fields, content=content, extensions=extensions)


async def _answered(host: str, answer: httpx.Response) -> Answered:
    """Return what came with a refusal; who refuses need not do it well."""
    try:
        body = BoundedBody(host, answer.headers.get("content-encoding", ""), _MAX_REFUSAL_BYTES)
        async for piece in answer.aiter_raw():
            body.feed(piece)
        said = body.finish()
    except (Transient, Permanent, httpx.TransportError):
        said = b""
    return Answered(answer.status_code, dict(answer.headers.items()), said)


@dataclass(frozen=True, slots=True)
class _Move:
    """An answer that sends us elsewhere."""

    target: httpx.URL
    is_permanent: bool

    @classmethod
    def of(cls, url: httpx.URL, answer: httpx.Response) -> Self:
        """Raise `ForbiddenAddress` as `web_address` does, `Refused` when the answer names no address."""
        if "location" not in answer.headers:
            raise Refused(f"{url.host} redirige sans dire où (réponse {answer.status_code})", answer.status_code)
        return cls(web_address(answer.headers["location"], base=url), answer.status_code in _PERMANENT_MOVES)
