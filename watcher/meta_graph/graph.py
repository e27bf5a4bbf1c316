"""Asks the Graph API in the name of one token: a node, an edge page after page, when the token ends."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from watcher.errors import AuthRefused, Malformed, Permanent, RateLimited, Transient
from watcher.meta_graph.refusals import Complaint, in_our_words, is_nearly_spent, wait_asked_s
from watcher.meta_graph.values import count_of, id_of, time_of
from watcher.ports import Fetch, Response
from watcher.secrets import NamedSecret, Secret
from watcher.wire import mapping_of

ADDRESS = "https://graph.facebook.com"

_PLACES = frozenset({"after", "until", "since", "offset", "page", "__paging_token"})
"""Parameters of a `next` that say where the next page stands. The others are ours, or the token, which it repeats."""


@dataclass(frozen=True, slots=True)
class GraphPage:
    """One page of an edge: its items as JSON. `is_clipped`: there are more behind it that will not be asked for."""

    items: tuple[object, ...]
    is_clipped: bool = False


class Graph:
    """Asks below the address `root` (`https://graph.facebook.com/v25.0`) with `token`.

    `asked` counts the calls. Raises what `fetch` raises, Meta's refusals in our words, and `Malformed`; and
    `RateLimited` of its own accord once an answer said that a limit is all but reached.
    """

    def __init__(self, fetch: Fetch, root: str, token: NamedSecret) -> None:
        if token.value is None:
            raise AuthRefused(f"La variable {token.variable}, qui doit porter le jeton de Meta, est vide.")
        self._fetch = fetch
        self._root = root
        self._variable = token.variable
        self._bearer = {"Authorization": Secret(f"Bearer {token.value.reveal()}")}
        self._rest_s = 0.0
        self.asked = 0

    def speaking_as(self, token: Secret) -> None:
        """Ask with `token` from now on, which Meta gave for the one that we were given."""
        self._bearer = {"Authorization": Secret(f"Bearer {token.reveal()}")}

    async def node(self, path: str, params: Mapping[str, str]) -> Mapping[str, Any]:
        """Return the object at `path`."""
        self._begin()
        try:
            answer = await self._fetch.get(f"{self._root}/{path}", params=params, secret_headers=self._bearer)
        except (Transient, Permanent) as error:
            raise self._heard(error) from error
        return self._read(answer)

    async def debugged(self, token: Secret) -> Mapping[str, Any]:
        """Return what Meta knows of `token`. Asked by a POST that says GET, so that it stands in no address."""
        self._begin()
        body: dict[str, str | Secret] = {"method": "GET", "input_token": token}
        try:
            answer = await self._fetch.post(f"{self._root}/debug_token", body=body, secret_headers=self._bearer)
        except (Transient, Permanent) as error:
            raise self._heard(error) from error
        return mapping_of(self._read(answer).get("data"))

    async def pages(
        self, path: str, params: Mapping[str, str], *, size: int, most: int, by_cursor: bool = False
    ) -> AsyncIterator[GraphPage]:
        """Yield the pages of the edge at `path`, `size` items each, until Meta names no next one; `most` pages at most.

        An empty page may have a next one, and a cursor may stay the same while it advances. Where a page is too heavy
        for Meta, smaller ones are asked for. `by_cursor` is for an edge that gives cursors and never a `next`.
        """
        place: dict[str, str] = {}
        for left in reversed(range(most)):
            while True:
                try:
                    answer = await self.node(path, {**params, **place, "limit": str(size)})
                    break
                except (Transient, Permanent) as error:
                    if size == 1 or not _asks_for_less(error):
                        raise
                    size //= 2
            items = answer.get("data")
            if not isinstance(items, list):
                raise self._malformed()
            following = _following(mapping_of(answer.get("paging")), by_cursor=by_cursor and bool(items))
            has_more = following is not None and not (by_cursor and following == place)
            yield GraphPage(tuple(items), is_clipped=has_more and not left)
            if following is None or not has_more:
                return
            place = following

    def _begin(self) -> None:
        if self._rest_s:
            wait_s, self._rest_s = self._rest_s, 0.0
            raise RateLimited(f"Le quota de Meta est presque atteint : reprise dans {wait_s / 60:.0f} min", wait_s)
        self.asked += 1

    def _heard(self, error: Transient | Permanent) -> Transient | Permanent:
        complaint = Complaint.read(error.answer.body) if error.answer else None
        if error.answer is None or complaint is None:
            return error
        translated = in_our_words(complaint, error.answer.headers, self._variable)
        translated.answer = error.answer
        return translated

    def _read(self, answer: Response) -> Mapping[str, Any]:
        if is_nearly_spent(answer.headers):
            self._rest_s = wait_asked_s(answer.headers)
        try:
            document = json.loads(answer.body)
        except (ValueError, RecursionError) as error:
            raise self._malformed() from error
        if complaint := Complaint.of(document):
            raise in_our_words(complaint, answer.headers, self._variable)
        if not isinstance(document, dict):
            raise self._malformed()
        return document

    def _malformed(self) -> Malformed:
        return Malformed("Meta répond autre chose que ce que son API promet.")


async def expires_at(graph: Graph, token: NamedSecret) -> datetime | None:
    """Return when `token`, or its access to data, ends: the earlier of the two, None where neither does.

    Raises what `Graph` raises, and `AuthRefused` for a token that is no longer valid.
    """
    told = await graph.debugged(token.value or Secret(""))
    if told.get("is_valid") is False:
        raise AuthRefused(
            f"Le jeton de {token.variable} n'est plus valable : faites-en un autre (LISEZMOI.md, « Meta »)."
        )
    ends = [time_of(told.get(name)) for name in ("expires_at", "data_access_expires_at") if count_of(told.get(name))]
    return min((end for end in ends if end), default=None)


def _asks_for_less(error: Transient | Permanent) -> bool:
    complaint = Complaint.read(error.answer.body) if error.answer else None
    return complaint is not None and complaint.asks_for_less


def _following(paging: Mapping[str, Any], *, by_cursor: bool) -> dict[str, str] | None:
    """Return the parameters of the next page, None where this one is the last.

    The address of `next` holds the token and may lead anywhere: only what it says of the place is taken.
    """
    following = paging.get("next")
    after = id_of(mapping_of(paging.get("cursors")).get("after"))
    if isinstance(following, str) and following:
        place = {key: value for key, value in parse_qsl(urlsplit(following).query) if key in _PLACES}
        return place or ({"after": after} if after else None)
    return {"after": after} if by_cursor and after else None
