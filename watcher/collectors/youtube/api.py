"""YouTube Data API v3 as it answers: one page of one list at a time, the key in a header.

Facts: discovery document youtube.v3 (revision 20261104), and the guide of quota costs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from watcher.errors import AuthRefused, Malformed
from watcher.ports import Fetch
from watcher.secrets import NamedSecret
from watcher.wire import json_object

ADDRESS = "https://youtube.googleapis.com/youtube/v3"

_NO_LIST = "YouTube répond autre chose qu'une liste."


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list: its items as JSON, and the token of the next one, None on the last."""

    items: Sequence[object]
    next_page: str | None


class Api:
    """Asks with one key. Raises what `fetch` raises, `AuthRefused` for a key that is missing, and `Malformed`."""

    def __init__(self, fetch: Fetch, key: NamedSecret, address: str) -> None:
        self._fetch = fetch
        self._key = key
        self._address = address

    async def page(self, resource: str, *, page: str | None = None, **params: str) -> Listing:
        """Return the page of `resource` that the token `page` names, the first without one."""
        if self._key.value is None:
            raise AuthRefused(
                f"La variable {self._key.variable}, qui doit porter la clé de YouTube, est vide : créez une clé dans"
                " console.cloud.google.com (API YouTube Data v3)."
            )
        following = {"pageToken": page} if page else {}
        answer = await self._fetch.get(
            f"{self._address}/{resource}",
            params={**params, **following},
            secret_headers={"x-goog-api-key": self._key.value},
        )
        return _listing(answer.body)


def _listing(body: bytes) -> Listing:
    """An empty list may come without `items`, and says what it is all the same."""
    document = json_object(body, "YouTube répond autre chose que du JSON.", _NO_LIST)
    if not ("items" in document or "kind" in document):
        raise Malformed(_NO_LIST)
    items, following = document.get("items") or [], document.get("nextPageToken")
    if not isinstance(items, list):
        raise Malformed(_NO_LIST)
    return Listing(items, following if isinstance(following, str) and following else None)
