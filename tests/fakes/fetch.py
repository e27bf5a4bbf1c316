"""A `Fetch` that answers from a script and remembers what it was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from watcher.errors import SourceGone, WatcherError
from watcher.ports import Response
from watcher.secrets import Secret

Answer = Response | WatcherError


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
        self.calls.append(Call(url, dict(headers or {}), dict(params or {})))
        left = self._left.get(url, [self._otherwise])
        given = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(given, WatcherError):
            raise given
        return given
