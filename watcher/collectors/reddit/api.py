"""Reddit's Data API as it answers: a session of the application, listings page by page, what it still shows by name.

Facts: Reddit's Data API wiki, r/modnews of 31 May 2023, and how prawcore (July 2026) reads the limits.
"""

import base64
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from watcher.collectors.reddit.settings import RedditSettings
from watcher.errors import AuthRefused, Malformed, RateLimited, Refused
from watcher.ports import Fetch, Response
from watcher.secrets import NamedSecret, Secret
from watcher.wire import json_object

PAGE_SIZE = 100

_WINDOW_S = 600.0
"""A hundred calls a minute, averaged over ten."""

_APPROVAL = "il faut un accord écrit de Reddit avant tout (Responsible Builder Policy) : voir LISEZMOI.md."


@dataclass
class Session:
    """`access` speaks for the application until `ends_at`; `rest_s` is the wait that Reddit asks for."""

    access: Secret
    ends_at: datetime
    rest_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Listing:
    """A page: its things as JSON, and the name that the next page begins after, None on the last."""

    things: Sequence[object]
    after: str | None


async def opened(fetch: Fetch, site: str, settings: RedditSettings, now: datetime) -> Session:
    """Return a new session. Raises what `fetch` raises, `AuthRefused` for a key that is missing or refused."""
    pair = f"{_value(settings.key)}:{_value(settings.secret)}".encode()
    basic = {"Authorization": Secret(f"Basic {base64.b64encode(pair).decode()}")}
    body = {"grant_type": "client_credentials"}
    try:
        answer = await fetch.post(f"{site}/api/v1/access_token", body=body, as_form=True, secret_headers=basic)
    except (AuthRefused, Refused) as error:
        raise AuthRefused(f"Reddit ne connaît pas cette application : {_APPROVAL}", error.status) from error
    given = _document(answer)
    token, lasts_s = given.get("access_token"), given.get("expires_in")
    if not isinstance(token, str) or not token:
        raise AuthRefused(f"Reddit ne donne pas accès à cette application : {_APPROVAL}")
    return Session(Secret(token), now + timedelta(seconds=lasts_s if isinstance(lasts_s, int) else 3600))


@dataclass(frozen=True, slots=True)
class Api:
    """Asks in the name of `session`. Raises what `fetch` raises, `RateLimited` before a call too many, `Malformed`."""

    fetch: Fetch
    address: str
    session: Session

    async def page(self, path: str, **params: str) -> Listing:
        """Return one page of the listing at `path`."""
        if self.session.rest_s:
            wait_s, self.session.rest_s = self.session.rest_s, 0.0
            raise RateLimited("Reddit demande d'attendre avant la suite.", wait_s)
        bearer = {"Authorization": Secret(f"bearer {self.session.access.reveal()}")}
        asked = {"limit": str(PAGE_SIZE), "raw_json": "1", **params}
        try:
            answer = await self.fetch.get(f"{self.address}/{path}", params=asked, secret_headers=bearer)
        except RateLimited as error:
            wait_s = error.retry_after_s or _number(error.answer.headers if error.answer else {}, "reset") or _WINDOW_S
            raise RateLimited("Reddit demande d'attendre avant la suite.", wait_s) from error
        left = _number(answer.headers, "remaining")
        if left is not None and left < 1:
            self.session.rest_s = _number(answer.headers, "reset") or _WINDOW_S
        return _listing(_document(answer))

    async def shown(self, names: Collection[str]) -> Sequence[object]:
        """Return the things that Reddit still knows among `names`, a hundred at most."""
        return (await self.page("api/info", id=",".join(names))).things


def reason_of(error: AuthRefused) -> str:
    """Return why Reddit closes a forum ("private", "quarantined"); empty where it refuses us altogether."""
    try:
        reason = json.loads(error.answer.body).get("reason") if error.answer else ""
    except (ValueError, AttributeError, RecursionError):
        return ""
    return reason if isinstance(reason, str) else ""


def told(error: AuthRefused) -> AuthRefused:
    """Return `error` in the team's words."""
    return AuthRefused(f"Reddit refuse l'accès : {_APPROVAL}", error.status)


def _listing(document: Mapping[str, Any]) -> Listing:
    data = document.get("data")
    things = data.get("children") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(things, list):
        raise Malformed("Reddit répond autre chose qu'une liste.")
    after = data.get("after")
    return Listing(things, after if isinstance(after, str) and after else None)


def _document(answer: Response) -> Mapping[str, Any]:
    return json_object(answer.body, "Reddit répond autre chose que du JSON.", "Reddit répond autre chose qu'un objet.")


def _number(headers: Mapping[str, str], name: str) -> float | None:
    """Return a header of the limits: seconds and calls that are left, both as decimal numbers."""
    try:
        return float(headers.get(f"x-ratelimit-{name}", ""))
    except ValueError:
        return None


def _value(named: NamedSecret) -> str:
    if named.value is None:
        raise AuthRefused(f"La variable {named.variable}, que Reddit demande, est vide : {_APPROVAL}")
    return named.value.reveal()
