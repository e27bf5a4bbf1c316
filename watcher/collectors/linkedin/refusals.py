"""LinkedIn's refusals in the team's words: which right to ask for, and where. Pure but for `told`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from watcher.collectors.linkedin.settings import LinkedInSettings
from watcher.errors import AuthRefused, Permanent, RateLimited, Refused, Transient, WatcherError

_UNAUTHORISED = 401
_UPGRADE_REQUIRED = 426

_TOKENS = "linkedin.com/developers/tools/oauth/token-generator"
_APPS = "linkedin.com/developers/apps"


@contextmanager
def told(settings: LinkedInSettings, now: datetime | None) -> Iterator[None]:
    """Raise the refusals of the block in the team's words; `now` dates the end of a day's quota."""
    try:
        yield
    except (Transient, Permanent) as error:
        understood = _understood(error, settings, now)
        if understood is None:
            raise
        raise understood from error


def _understood(error: Transient | Permanent, settings: LinkedInSettings, now: datetime | None) -> WatcherError | None:
    """Return what to raise in the place of `error`, None where its own words say it all."""
    answer = error.answer
    if answer is None:
        return None
    token = settings.token.variable
    if isinstance(error, RateLimited) and error.retry_after_s is None:
        message = "Le quota du jour de LinkedIn est dépensé : la suite après minuit, heure universelle."
        return RateLimited(message, _until_midnight_s(now) if now else None)
    if answer.status == _UPGRADE_REQUIRED or _code(answer.body) == "NONEXISTENT_VERSION":
        return Refused(
            f"LinkedIn ne connaît plus la version {settings.version} de son API : mettez-en une plus récente à"
            " « version » (learn.microsoft.com/linkedin/marketing/versioning)."
        )
    if isinstance(error, AuthRefused) and answer.status == _UNAUTHORISED:
        return AuthRefused(f"Le jeton {token} est expiré ou retiré (il dure 60 jours) : refaites-en un, {_TOKENS}.")
    if isinstance(error, AuthRefused):
        return AuthRefused(
            f"LinkedIn n'accorde pas ce droit au jeton {token} : il faut le produit « Community Management API »"
            f" ({_APPS}), le droit r_organization_social, et que son auteur administre la Page {settings.page}."
        )
    return None


def no_mentions(settings: LinkedInSettings) -> AuthRefused:
    """Return what is said where everything is read but who mentions us."""
    return AuthRefused(
        f"LinkedIn ne montre pas qui mentionne la Page {settings.page} : demandez le droit rw_organization_admin"
        f" ({_APPS}) et refaites le jeton, ou écrivez « mentions: non ». Le reste est lu."
    )


def _code(body: bytes) -> str:
    try:
        return str(json.loads(body).get("code"))
    except (ValueError, AttributeError, RecursionError):
        return ""


def _until_midnight_s(now: datetime) -> float:
    tomorrow = now.astimezone(UTC) + timedelta(days=1)
    return (tomorrow.replace(hour=0, minute=0, second=0, microsecond=0) - now).total_seconds()
