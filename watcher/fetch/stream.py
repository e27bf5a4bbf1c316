"""The other exchange: one WebSocket, read in batches until it ends, falls silent, or the caller has enough.

It is opened by the rules of `transport`: the name is resolved once and we connect to a judged address. A redirection is
refused, since the library would follow it past that guard.
"""

import asyncio
import logging
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, ConnectionClosedOK, InvalidHandshake, InvalidMessage, InvalidStatus
from websockets.frames import CloseCode
from websockets.typing import Subprotocol

from watcher.errors import ForbiddenAddress, Malformed, TooLarge, Unreachable
from watcher.fetch.address import Address, web_address
from watcher.fetch.retry_after import wait_asked_s
from watcher.fetch.verdict import judge
from watcher.ports import Clock

BATCH_FRAMES = 500
BATCH_S = 2.0
"""A batch costs a commit on disk: this many frames share one, and none waits longer than this for it.

It ends sooner once it holds as many characters as one frame may: 500 frames at their cap would fill the memory.
"""

SILENCE_S = 60.0
"""A live stream that says nothing for so long is a dead connection."""

# At DEBUG the library writes every header that it sends, keys included.
_UNHEARD = logging.getLogger(f"{__name__}.wire")
_UNHEARD.setLevel(logging.CRITICAL + 1)
_UNHEARD.addFilter(lambda _: False)  # a level or `disabled` can be set back by whoever configures the logs


@dataclass(frozen=True, slots=True)
class StreamRules:
    """What bounds a stream. `tls` holds the authorities; `opening_s` covers TCP, TLS and the handshake."""

    user_agent: str
    tls: ssl.SSLContext
    opening_s: float
    max_frame_bytes: int
    silence_s: float = SILENCE_S
    batch_s: float = BATCH_S


@dataclass(frozen=True, slots=True)
class StreamCall:
    """What is asked of whom: `url` as a web address, and the judged `addresses` of its host, the preferred first."""

    url: httpx.URL
    addresses: Sequence[Address]
    headers: Mapping[str, str]
    subprotocol: str | None = None


def stream_address(url: str, params: Mapping[str, str]) -> httpx.URL:
    """Return the address of a stream as a web address (http for ws, https for wss), with `params` in its query.

    Raises `ForbiddenAddress` as `web_address` does.
    """
    scheme, mark, rest = url.partition("://")
    if scheme not in {"ws", "wss"} or not mark:
        raise ForbiddenAddress("l'adresse d'un flux continu doit commencer par wss://")
    return web_address(f"{'https' if scheme == 'wss' else 'http'}://{rest}").copy_merge_params(dict(params))


async def batches(call: StreamCall, rules: StreamRules, clock: Clock) -> AsyncGenerator[tuple[str, ...], None]:
    """Yield the frames of a stream, opened at the first address that answers.

    Promises and raises what `ports.Fetch.stream` says.
    """
    host, quiet_s = call.url.host, 0.0
    async with _opened(call, rules, clock) as connection:
        while True:
            try:
                batch = await _batch(connection, host, rules)
            except ConnectionClosedOK:
                return
            except ConnectionClosed as closed:
                if closed.sent and closed.sent.code == CloseCode.MESSAGE_TOO_BIG:
                    limit = f"{rules.max_frame_bytes / 1e6:g} Mo"
                    raise TooLarge(f"{host} envoie un message de plus de {limit} : flux abandonné") from None
                raise Unreachable(f"{host} a coupé le flux") from None
            quiet_s = 0.0 if batch else quiet_s + rules.batch_s
            if quiet_s >= rules.silence_s:
                raise Unreachable(f"{host} n'envoie plus rien depuis {rules.silence_s:g} s")
            yield batch


async def _batch(connection: ClientConnection, host: str, rules: StreamRules) -> tuple[str, ...]:
    """Return the next frames, none when nothing comes for `batch_s`; what came before the end is not lost with it."""
    frames: list[str] = []
    chars = 0
    try:
        async with asyncio.timeout(rules.batch_s):
            while len(frames) < BATCH_FRAMES and chars < rules.max_frame_bytes:
                frame = await connection.recv()
                if isinstance(frame, bytes):
                    raise Malformed(f"{host} envoie des messages binaires, que nous n'avons pas demandés")
                frames.append(frame)
                chars += len(frame)
    except TimeoutError:
        pass
    except ConnectionClosed:
        if not frames:
            raise
    return tuple(frames)


@asynccontextmanager
async def _opened(call: StreamCall, rules: StreamRules, clock: Clock) -> AsyncIterator[ClientConnection]:
    """Give the open connection, and close it at the end, whatever that is."""
    connection = await _first_open(call, rules, clock)
    try:
        yield connection
    finally:
        await connection.close()


async def _first_open(call: StreamCall, rules: StreamRules, clock: Clock) -> ClientConnection:
    host = call.url.host
    for address in call.addresses:
        try:
            return await _handshake(call, address, rules)
        except InvalidStatus as answered:
            answer = answered.response
            wait_s = wait_asked_s(answer.status_code, answer.headers, clock.now())
            judge(answer.status_code, host, wait_s)
            raise Malformed(f"{host} répond sans ouvrir de flux (réponse {answer.status_code})") from None
        except ssl.SSLCertVerificationError as cause:
            raise Unreachable(f"le certificat de {host} n'est pas valable") from cause
        except (OSError, TimeoutError, InvalidMessage):
            continue
        except InvalidHandshake:
            # No cause is chained: its message quotes headers, which may echo a key.
            raise Malformed(f"{host} n'ouvre pas le flux comme il le devrait") from None
    raise Unreachable(f"{host} est injoignable")


async def _handshake(call: StreamCall, address: Address, rules: StreamRules) -> ClientConnection:
    url, is_secure = call.url, call.url.scheme == "https"
    # The TLS name is that of the URL: the library takes it from there, whatever `host` we connect to.
    tls: dict[str, Any] = {"ssl": rules.tls} if is_secure else {}
    return await _Connect(
        f"{'wss' if is_secure else 'ws'}://{url.netloc.decode('ascii')}{url.raw_path.decode('ascii')}",
        host=str(address),
        port=url.port or (443 if is_secure else 80),
        additional_headers=dict(call.headers),
        user_agent_header=rules.user_agent,
        subprotocols=[Subprotocol(call.subprotocol)] if call.subprotocol else None,
        compression=None,
        proxy=None,
        open_timeout=rules.opening_s / len(call.addresses),
        # Silence is judged by what comes; a pong late because we were storing posts is no death.
        ping_interval=None,
        close_timeout=1.0,
        max_size=rules.max_frame_bytes,
        logger=_UNHEARD,
        **tls,
    )


class _Connect(connect):
    def process_redirect(self, exc: Exception) -> Exception:
        """Never follow: the guard judged this address, and no other."""
        return exc
