"""What TikTok's refusals mean, told to the team. Pure.

Every answer bears an error, whose code is "ok" when all is well.
Codes: documentation of the API v2 (error handling, rate limits: August 2026) and of the Research API.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from watcher.collectors.tiktok.settings import TikTokSettings
from watcher.errors import AuthRefused, Malformed, Permanent, RateLimited, Refused, Unreachable
from watcher.wire import json_object

_WINDOW_S = 60.0

_NO_RIGHT = frozenset({"scope_not_authorized", "scope_permission_missed"})


def document_of(body: bytes) -> Mapping[str, Any]:
    """Return an answer as JSON. Raises `Malformed` for anything but an object."""
    return json_object(body, "TikTok répond autre chose que du JSON.", "TikTok répond autre chose qu'un objet.")


def check(document: Mapping[str, Any], settings: TikTokSettings, now: datetime) -> None:
    """Accept an answer whose code is "ok", whatever its status was; raise what the other codes mean."""
    code = _code(document)
    if code not in ("ok", ""):
        _raise(code, None, settings, now)


def raise_refusal(error: Permanent | RateLimited, settings: TikTokSettings, now: datetime) -> NoReturn:
    """Raise `error` in the team's words where TikTok said why, else as it is."""
    try:
        code = _code(document_of(error.answer.body)) if error.answer else ""
    except Malformed:
        code = ""
    if code in ("", "ok"):
        raise error
    _raise(code, error, settings, now)


def _raise(code: str, error: Permanent | RateLimited | None, settings: TikTokSettings, now: datetime) -> NoReturn:
    status = error.answer.status if error and error.answer else None
    wait_s = error.retry_after_s if isinstance(error, RateLimited) else None
    if code == "daily_quota_limit_exceeded":
        raise RateLimited("Le quota du jour est épuisé chez TikTok.", _until_midnight_s(now)) from error
    if code == "rate_limit_exceeded":
        raise RateLimited("TikTok demande d'attendre avant la suite.", wait_s or _WINDOW_S) from error
    if code in _NO_RIGHT:
        raise AuthRefused(_right_missing(settings), status) from error
    if code in ("access_token_invalid", "invalid_grant", "invalid_client"):
        raise AuthRefused(
            f"TikTok refuse l'accès : vérifiez {settings.key.variable} et {settings.secret.variable}, puis refaites "
            "l'autorisation (voir LISEZMOI.md).",
            status,
        ) from error
    if code in ("internal_error", "timeout"):
        raise Unreachable("TikTok est en panne.") from error
    raise Refused("TikTok ne comprend pas la demande : sa manière de faire a peut-être changé.", status) from error


def _right_missing(settings: TikTokSettings) -> str:
    if settings.searches:
        return (
            "TikTok n'a pas accordé son API de recherche à cette application (research.data.basic) : elle est réservée "
            "aux universités et aux organismes de recherche."
        )
    return (
        "Il manque un droit à notre compte : refaites l'autorisation en cochant video.list, user.info.basic, "
        "user.info.profile et user.info.stats, sur developers.tiktok.com."
    )


def _code(document: Mapping[str, Any]) -> str:
    """Return the code of an answer; the address of tokens writes it alone."""
    error = document.get("error")
    code = error.get("code") if isinstance(error, dict) else error
    return code if isinstance(code, str) else ""


def _until_midnight_s(now: datetime) -> float:
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return (today + timedelta(days=1) - now).total_seconds()
