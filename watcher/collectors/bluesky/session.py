"""A session of the team's account, kept in memory between two runs: Bluesky allows few logins, and renews for weeks."""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from watcher.collectors.bluesky.settings import BlueskySettings
from watcher.errors import AuthRefused, Malformed, Refused
from watcher.ports import Fetch, Response
from watcher.secrets import Secret

_MARGIN = timedelta(minutes=1)
_UNSAID = timedelta(hours=1)
"""How long a token is used that does not say when it ends: half of what they last."""


@dataclass(frozen=True, slots=True)
class Session:
    """`service` is the server that holds the account, and answers for the whole network."""

    service: str
    access: Secret
    refresh: Secret
    ends_at: datetime

    @property
    def headers(self) -> dict[str, Secret]:
        """The header that speaks in the account's name."""
        return {"Authorization": Secret(f"Bearer {self.access.reveal()}")}


async def current(fetch: Fetch, settings: BlueskySettings, kept: Session | None, now: datetime) -> Session:
    """Return `kept` while it lasts, renewed when it ends, or a new session where that is refused.

    Raises what `fetch` raises, `AuthRefused` for a password that is missing, and `Malformed`.
    """
    if kept and now < kept.ends_at - _MARGIN:
        return kept
    if kept:
        try:
            url = f"{kept.service}/xrpc/com.atproto.server.refreshSession"
            renewal = {"Authorization": Secret(f"Bearer {kept.refresh.reveal()}")}
            return _session(await fetch.post(url, secret_headers=renewal), kept.service, now)
        except (AuthRefused, Refused):
            pass  # the account changed its password, or weeks went by
    password = settings.password
    if password is None or password.value is None:
        variable = password.variable if password else "mot_de_passe"
        raise AuthRefused(f"La variable {variable}, qui doit porter le mot de passe d'application, est vide.")
    body: dict[str, str | Secret] = {"identifier": settings.identifier or "", "password": password.value}
    answer = await fetch.post(f"{settings.server}/xrpc/com.atproto.server.createSession", body=body)
    return _session(answer, settings.server, now)


def _session(answer: Response, service: str, now: datetime) -> Session:
    try:
        given = json.loads(answer.body)
        access, refresh = Secret(str(given["accessJwt"])), Secret(str(given["refreshJwt"]))
        return Session(_home(given.get("didDoc")) or service, access, refresh, _end(access, now))
    except (ValueError, KeyError, TypeError, AttributeError):
        # No cause is chained: it may quote a token.
        raise Malformed("Bluesky répond autre chose qu'une session.") from None


def _home(document: Any) -> str | None:
    """Return the address of the server that the account's own document names."""
    services = document.get("service") if isinstance(document, dict) else None
    for service in services if isinstance(services, list) else ():
        match service:
            case {"id": str(name), "serviceEndpoint": str(address)} if name.endswith("#atproto_pds"):
                return address.rstrip("/")
    return None


def _end(token: Secret, now: datetime) -> datetime:
    """Return when `token` (a JWT) says that it ends."""
    try:
        payload = token.reveal().split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return datetime.fromtimestamp(int(claims["exp"]), UTC)
    except (ValueError, KeyError, TypeError, IndexError, OverflowError):
        return now + _UNSAID
