"""LinkedIn's versioned REST API (Rest.li 2.0) as it answers.

Names (URNs) are escaped in addresses, the marks of lists and intervals are not: so addresses are written whole here.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from watcher.collectors.linkedin.settings import LinkedInSettings
from watcher.errors import AuthRefused, Malformed
from watcher.ports import Fetch
from watcher.secrets import Secret
from watcher.wire import json_object

ADDRESS = "https://api.linkedin.com/rest"

PAGE_SIZE = 100
"""The most that a list gives at once."""

BATCH = 50
"""Names of a batch: what fits into an address."""

_FORBIDDEN = 403


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list: its elements as JSON, and whether more follow."""

    elements: Sequence[object]
    has_more: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """What was given of several things, by their names, and how many are not for us; what is missing is gone."""

    results: Mapping[str, Any]
    hidden: int = 0


class Api:
    """Asks with one token. Raises what `fetch` raises, `AuthRefused` for a token that is missing, and `Malformed`."""

    def __init__(self, fetch: Fetch, settings: LinkedInSettings, address: str) -> None:
        self._fetch = fetch
        self._settings = settings
        self._address = address

    async def one(self, path: str, method: Literal["", "FINDER", "BATCH_GET"] = "") -> Mapping[str, Any]:
        """Return the JSON object at `path`, escaped by the caller; `method` is Rest.li's where it must be said."""
        token = self._settings.token
        if token.value is None:
            raise AuthRefused(
                f"La variable {token.variable}, qui doit porter le jeton de LinkedIn, est vide : LISEZMOI.md,"
                " « LinkedIn », dit comment le faire."
            )
        headers = {"LinkedIn-Version": self._settings.version, "X-Restli-Protocol-Version": "2.0.0"}
        answer = await self._fetch.get(
            f"{self._address}/{path}",
            headers={**headers, **({"X-RestLi-Method": method} if method else {})},
            secret_headers={"Authorization": Secret(f"Bearer {token.value.reveal()}")},
        )
        return json_object(
            answer.body, "LinkedIn répond autre chose que du JSON.", "LinkedIn répond autre chose qu'un objet."
        )

    async def page(self, path: str, start: int, *, is_finder: bool = False) -> Listing:
        """Return the page of the list at `path` that begins with the element number `start`."""
        joint = "&" if "?" in path else "?"
        document = await self.one(f"{path}{joint}count={PAGE_SIZE}&start={start}", "FINDER" if is_finder else "")
        elements = document.get("elements")
        if not isinstance(elements, list):
            raise Malformed("LinkedIn répond autre chose qu'une liste.")
        return Listing(elements, bool(elements) and _has_next(document.get("paging"), len(elements)))

    async def several(self, path: str, ids: Collection[str]) -> Batch:
        """Return what LinkedIn gives of each of `ids`."""
        document = await self.one(f"{path}?ids=List({','.join(map(escaped, ids))})", "BATCH_GET")
        results, errors = document.get("results"), document.get("errors")
        if not isinstance(results, dict):
            raise Malformed("LinkedIn répond autre chose que ce qui lui est demandé.")
        refused = errors.items() if isinstance(errors, dict) else ()
        return Batch(results, sum(isinstance(why, dict) and why.get("status") == _FORBIDDEN for _, why in refused))


def escaped(urn: str) -> str:
    """Return `urn` as a part of an address."""
    return quote(urn, safe="")


def _has_next(paging: object, given: int) -> bool:
    """A list says what follows by a link; where it bears none at all, a full page may have a next."""
    links = paging.get("links") if isinstance(paging, dict) else None
    if isinstance(links, list):
        return any(isinstance(link, dict) and link.get("rel") == "next" for link in links)
    return given >= PAGE_SIZE
