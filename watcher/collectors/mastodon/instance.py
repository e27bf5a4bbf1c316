"""One instance as it answers: pages of its timelines, its accounts, what it opens to whom.

Facts: documentation of Mastodon (methods/timelines, methods/search, entities/Instance), July 2026.
"""

import json
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from watcher.collectors.mastodon.place import ids_of, is_later
from watcher.collectors.mastodon.settings import InstanceSettings
from watcher.errors import AuthRefused, Malformed, Refused, SourceGone
from watcher.ports import Fetch
from watcher.secrets import Secret

PAGE_SIZE = 40
"""The most that a timeline or a search gives at once."""

_NEEDS_A_USER = 422


@dataclass(frozen=True, slots=True)
class Timeline:
    """One list of statuses of an instance: `name` in the cursor, and where it is."""

    name: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)


def of_hashtag(tag: str) -> Timeline:
    """Return the timeline of a hashtag."""
    return Timeline(f"#{tag.casefold()}", f"/api/v1/timelines/tag/{quote(tag, safe='')}")


class Instance:
    """Asks one instance through `fetch`. Raises what it raises, `Malformed`, and French words for a closed door."""

    def __init__(self, fetch: Fetch, settings: InstanceSettings) -> None:
        self._fetch = fetch
        self._settings = settings

    @property
    def host(self) -> str:
        """The name after the @ of who has an account there."""
        return self._settings.host

    async def since(self, timeline: Timeline, last: str | None) -> AsyncIterator[list[object]]:
        """Yield the newest page of `timeline`; where it does not reach back to `last`, all since then, oldest first.

        The newest page is read each time for the posts that were edited, and for those that the instance learnt of
        late: it gives these an id of the past, which `min_id` alone would never bring.
        """
        newest = await self.page(timeline)
        known = ids_of(newest)
        if last is None or not known or not is_later(known[0], last):
            if newest:
                yield newest
            return
        while page := await self.page(timeline, min_id=last):
            yield page
            reached = ids_of(page)[-1:]
            if not reached or not is_later(reached[0], last):
                break  # a server that does not know `min_id` would go round for ever
            last = reached[0]
        if is_later(known[-1], last):
            yield newest

    async def page(self, timeline: Timeline, **place: str) -> list[object]:
        """Return one page of statuses as JSON, newest first. A hashtag that nobody used yet has none."""
        try:
            answer = await self._asked(timeline.path, {"limit": str(PAGE_SIZE), **timeline.params, **place})
        except SourceGone:
            return []
        if not isinstance(answer, list):
            raise self._malformed()
        return answer

    async def found(self, words: str) -> list[object]:
        """Return what the instance finds for `words` in the texts of those who agreed to be found."""
        answer = await self._asked("/api/v2/search", {"q": words, "type": "statuses", "limit": str(PAGE_SIZE)})
        statuses = answer.get("statuses") if isinstance(answer, dict) else None
        if not isinstance(statuses, list):
            raise self._malformed()
        return statuses

    async def accounts(self, handles: Collection[str]) -> tuple[list[Timeline], list[str]]:
        """Return the timelines of what accounts write, without what they boost, and the handles that are unknown."""
        timelines, unknown = [], []
        for handle in handles:
            try:
                account = await self._asked("/api/v1/accounts/lookup", {"acct": handle})
            except SourceGone:
                unknown.append(f"@{handle}")
                continue
            if not isinstance(account, dict) or not isinstance(account.get("id"), str):
                raise self._malformed()
            path = f"/api/v1/accounts/{quote(account['id'], safe='')}/statuses"
            timelines.append(Timeline(f"@{handle.casefold()}", path, {"exclude_reblogs": "true"}))
        return timelines, unknown

    async def check_open(self) -> None:
        """Raise `AuthRefused` where hashtags are closed to us: a closed timeline may answer like an empty one.

        Instances older than 4.5 do not say, and refuse with a status.
        """
        try:
            about = await self._asked("/api/v2/instance", {})
        except SourceGone as error:
            raise SourceGone(f"{self._settings.host} n'est pas une instance Mastodon (version 4 ou plus)") from error
        if not isinstance(about, dict):
            raise self._malformed()
        access = _inside(about, "configuration", "timelines_access", "hashtag_feeds")
        is_allowed = ("public", "authenticated") if self._settings.token else ("public",)
        if any(access.get(part, "public") not in is_allowed for part in ("local", "remote")):
            raise self._closed()

    async def _asked(self, path: str, params: Mapping[str, str]) -> Any:
        address, bearer = self._settings.address + path, self._bearer()
        try:
            answer = await self._fetch.get(address, params=params, secret_headers=bearer)
        except (AuthRefused, Refused) as error:
            if isinstance(error, Refused) and error.status != _NEEDS_A_USER:
                raise
            raise self._closed() from error
        try:
            return json.loads(answer.body)
        except (ValueError, RecursionError) as error:
            raise self._malformed() from error

    def _bearer(self) -> Mapping[str, Secret]:
        token = self._settings.token
        if token is None:
            return {}
        if token.value is None:
            raise AuthRefused(
                f"La variable {token.variable}, qui doit porter le jeton de {self._settings.host}, est vide."
            )
        return {"Authorization": Secret(f"Bearer {token.value.reveal()}")}

    def _closed(self) -> AuthRefused:
        host = self._settings.host
        if self._settings.token:
            return AuthRefused(f"L'instance {host} refuse le jeton : expiré, sans le droit de lire, ou pages fermées.")
        return AuthRefused(
            f"L'instance {host} ne montre pas tout sans compte : donnez-lui un « jeton », ou écoutez-en une autre."
        )

    def _malformed(self) -> Malformed:
        return Malformed(f"{self._settings.host} ne répond pas comme une instance Mastodon : vérifiez son nom.")


def _inside(tree: object, *keys: str) -> Mapping[str, object]:
    for key in keys:
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree if isinstance(tree, dict) else {}
