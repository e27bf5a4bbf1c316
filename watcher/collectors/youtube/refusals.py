"""YouTube's refusals in the team's words: what to wait for, or what to change and where. Pure but for `told`.

Most are a status 403 whose body gives the reason; a spent quota comes without any header, and ends at midnight in
California.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from watcher.errors import AuthRefused, Permanent, RateLimited, Transient, Unreachable, WatcherError

COMMENTS_CLOSED = "commentsDisabled"
LOST_PAGE = "invalidPageToken"

_SPENT = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_HURRIED = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})
_IN_TROUBLE = frozenset({"processingFailure", "backendError", "internalError"})

_RESET_ZONE = ZoneInfo("America/Los_Angeles")
_CONSOLE = "console.cloud.google.com"

_BAD_KEY = (
    f"YouTube ne reconnaît pas la clé {{key}} : recopiez-la, ou faites-en une autre, {_CONSOLE}, « Identifiants »."
)
_NOT_SWITCHED_ON = f"Le projet de la clé {{key}} n'a pas activé « YouTube Data API v3 » : activez-la, {_CONSOLE}."
_RESTRICTED = (
    "La clé {key} n'est pas permise à cette machine ou pour cette API : revoyez ses restrictions,"
    f" {_CONSOLE}, « Identifiants »."
)
_WRONG_KEY = {
    "keyInvalid": _BAD_KEY,
    "keyExpired": _BAD_KEY,
    "API_KEY_INVALID": _BAD_KEY,
    "dailyLimitExceededUnreg": _BAD_KEY,
    "accessNotConfigured": _NOT_SWITCHED_ON,
    "SERVICE_DISABLED": _NOT_SWITCHED_ON,
    "ipRefererBlocked": _RESTRICTED,
    "API_KEY_IP_ADDRESS_BLOCKED": _RESTRICTED,
    "API_KEY_HTTP_REFERRER_BLOCKED": _RESTRICTED,
    "API_KEY_SERVICE_BLOCKED": _RESTRICTED,
}
"""What is wrong with a key, by the platform's names for it, and what to do."""


@contextmanager
def told(variable: str, now: datetime | None) -> Iterator[None]:
    """Raise the refusals of the block in the team's words; `variable` holds the key, `now` dates the end of a quota."""
    try:
        yield
    except (Transient, Permanent) as error:
        understood = _understood(error, variable, now)
        if understood is None:
            raise
        raise understood from error


def reasons(error: Transient | Permanent) -> frozenset[str]:
    """Return the platform's own names for why it refused, none where it gave no reason."""
    body = error.answer.body if error.answer else b""
    try:
        said: Any = json.loads(body)["error"]
        details = [*(said.get("errors") or ()), *(said.get("details") or ())]
        named = {detail.get("reason") for detail in details if isinstance(detail, dict)}
        if re.match("API key (?:not valid|expired)", str(said.get("message"))):
            named.add("keyInvalid")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return frozenset()
    return frozenset(name for name in named if isinstance(name, str))


def _understood(error: Transient | Permanent, variable: str, now: datetime | None) -> WatcherError | None:
    """Return what to raise in the place of `error`, None where its own words say it all."""
    why = reasons(error)
    if why & _SPENT:
        message = "Le quota du jour de la clé YouTube est dépensé : la suite après minuit, heure de Californie."
        return RateLimited(message, _until_reset_s(now) if now else None)
    if why & _HURRIED:
        wait_s = error.retry_after_s if isinstance(error, Transient) else None
        return RateLimited("YouTube demande de ralentir.", wait_s)
    if why & _IN_TROUBLE:
        return Unreachable("YouTube n'a pas pu répondre à la demande.")
    fault = next((_WRONG_KEY[name] for name in sorted(why) if name in _WRONG_KEY), None)
    if fault:
        return AuthRefused(fault.format(key=variable))
    if isinstance(error, AuthRefused) and error.answer:
        given = ", ".join(sorted(why))[:80] or "sans raison donnée"
        return AuthRefused(f"YouTube refuse l'accès à la clé {variable} ({given}) : vérifiez-la, {_CONSOLE}.")
    return None


def _until_reset_s(now: datetime) -> float:
    tomorrow = now.astimezone(_RESET_ZONE) + timedelta(days=1)
    midnight = tomorrow.replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight.astimezone(UTC) - now).total_seconds()
