"""A `Fetch` that answers from a script and remembers what it was asked."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from watcher.errors import Answered, Permanent, SourceGone, Transient, WatcherError
from watcher.ports import Response
from watcher.secrets import Secret


@dataclass(frozen=True, slots=True)
class Stream:
    """The frames of a WebSocket, batch by batch, and what breaks it in the end if anything does."""

    batches: tuple[tuple[str, ...], ...]
    then: WatcherError | None = None


Answer = Response | Stream | WatcherError


@dataclass(frozen=True, slots=True)
class Call:
    url: str
    headers: Mapping[str, str]
    params: Mapping[str, str] = field(default_factory=dict)


def answer(
    url: str,
    body: bytes = b"",
    *,
    status: int = 200,
    headers: Mapping[str, str] = MappingProxyType({}),
    moved_to: str | None = None,
) -> Response:
    """An answer that came from `url` in the end. Names of headers may be written as they are on the wire."""
    return Response(status, url, {name.lower(): value for name, value in headers.items()}, body, moved_to)


def refused(
    error: Transient | Permanent, status: int, body: bytes, *, headers: Mapping[str, str] = MappingProxyType({})
) -> WatcherError:
    """Return `error` as a refusal that came with these words of the platform."""
    error.answer = Answered(status, {name.lower(): value for name, value in headers.items()}, body)
    return error


class FakeFetch:
    """Gives each address its answers in turn, the last one staying; an error in their place is raised.

    An address without any answers 404. `otherwise` answers every address that has none.
    """

    def __init__(
        self,
        answers: Mapping[str, Answer | Sequence[Answer]] = MappingProxyType({}),
        *,
        otherwise: Answer | None = None,
    ) -> None:
        self._left = {url: [given] if isinstance(given, Answer) else list(given) for url, given in answers.items()}
        self._otherwise = otherwise or SourceGone("example.org répond 404 : l'adresse n'existe plus", 404)
        self.calls: list[Call] = []

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        secret_headers: Mapping[str, Secret] | None = None,
    ) -> Response:
        del secret_headers
        given = self._next(Call(url, dict(headers or {}), dict(params or {})))
        assert isinstance(given, Response), f"{url} is no page"
        return given

    async def post(
        self,
        url: str,
        *,
        body: Mapping[str, object] | None = None,
        as_form: bool = False,
        secret_headers: Mapping[str, Secret] | None = None,
    ) -> Response:
        del body, as_form
        return await self.get(url, secret_headers=secret_headers)

    async def stream(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        secret_headers: Mapping[str, Secret] | None = None,
        subprotocol: str | None = None,
    ) -> AsyncGenerator[tuple[str, ...], None]:
        del secret_headers, subprotocol
        given = self._next(Call(url, dict(headers or {}), dict(params or {})))
        assert isinstance(given, Stream), f"{url} is no stream"
        for batch in given.batches:
            yield batch
        if given.then:
            raise given.then

    def _next(self, call: Call) -> Response | Stream:
        self.calls.append(call)
        left = self._left.get(call.url, [self._otherwise])
        given = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(given, WatcherError):
            raise given
        return given
