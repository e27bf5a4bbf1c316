"""A token of TikTok, kept in memory between two runs: it lasts a day (two hours for research), and is renewed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from watcher.collectors.tiktok.refusals import document_of, raise_refusal
from watcher.collectors.tiktok.settings import TikTokSettings
from watcher.errors import AuthRefused, Malformed, Permanent, RateLimited
from watcher.ports import Fetch
from watcher.secrets import NamedSecret, Secret

_MARGIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Session:
    """`access` speaks for us until `ends_at`; `renewal` opens the next session until `renewal_ends_at`."""

    access: Secret
    ends_at: datetime
    renewal: Secret | None = None
    renewal_ends_at: datetime | None = None

    def lasts(self, now: datetime) -> bool:
        """Tell whether it may be used for a while."""
        return now < self.ends_at - _MARGIN

    @property
    def headers(self) -> Mapping[str, Secret]:
        """The header that speaks in the account's name."""
        return {"Authorization": Secret(f"Bearer {self.access.reveal()}")}


async def opened(fetch: Fetch, address: str, settings: TikTokSettings, kept: Session | None, now: datetime) -> Session:
    """Return a new session: our account's, renewed by the last token that TikTok gave, or the research application's.

    TikTok may give another token for the next renewal and then takes no other. Raises what `fetch` raises,
    `AuthRefused` for a key that is missing or refused, and `Malformed`.
    """
    body: dict[str, object] = {"client_key": _value(settings.key), "client_secret": _value(settings.secret)}
    if settings.renewal:
        renewal = kept.renewal if kept and kept.renewal else _value(settings.renewal)
        body |= {"grant_type": "refresh_token", "refresh_token": renewal}
    else:
        body |= {"grant_type": "client_credentials"}
    try:
        answer = await fetch.post(f"{address}/v2/oauth/token/", body=body, as_form=True)
    except (Permanent, RateLimited) as error:
        raise_refusal(error, settings, now)
    given = document_of(answer.body)
    if "error" in given and "access_token" not in given:
        raise AuthRefused(
            "TikTok ne renouvelle pas l'accès : vérifiez la « Client key » et le « Client secret », puis refaites "
            "l'autorisation de notre compte (voir LISEZMOI.md)."
        )
    return _session(given, now)


def _session(given: Mapping[str, Any], now: datetime) -> Session:
    renewal = given.get("refresh_token")
    try:
        return Session(
            Secret(str(given["access_token"])),
            now + timedelta(seconds=float(given["expires_in"])),
            Secret(renewal) if isinstance(renewal, str) and renewal else None,
            now + timedelta(seconds=float(given["refresh_expires_in"])) if given.get("refresh_expires_in") else None,
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        # No cause is chained: it may quote a token.
        raise Malformed("TikTok répond autre chose qu'un jeton.") from None


def _value(named: NamedSecret) -> Secret:
    if named.value is None:
        raise AuthRefused(f"La variable {named.variable}, que TikTok demande, est vide : voir LISEZMOI.md.")
    return named.value
