"""What X's refusals mean, told to the team. Pure.

Bodies: X documentation, "Response codes and errors" (August 2026), and answers seen in public. Problems are known by
the end of their `type`, whose host changed with the name of the company.
"""

import json
from collections.abc import Mapping
from typing import Any

from watcher.collectors.x.settings import XSettings
from watcher.errors import Answered, AuthRefused, RateLimited, Refused, WatcherError

WINDOW_S = 900.0
"""X counts calls by quarters of an hour."""

_CONSOLE = "console.x.com"


def in_french(error: AuthRefused | RateLimited | Refused, settings: XSettings, query: str | None) -> WatcherError:
    """Return `error` in the team's words, with what to do; `query` is what was searched, if anything was."""
    said = _said(error.answer)
    status = error.answer.status if error.answer else None
    if status == 402 or said.get("title") == "CreditsDepleted":  # noqa: PLR2004 - Payment Required
        return AuthRefused(
            f"Le compte de développeur n'a plus de crédits chez X : rechargez-le sur {_CONSOLE}.", status
        )
    if problem_of(said) == "usage-capped":
        return AuthRefused(f"Le plafond de dépense fixé chez X est atteint : relevez-le sur {_CONSOLE}.", status)
    if isinstance(error, RateLimited):
        return RateLimited("X demande d'attendre avant la suite.", error.retry_after_s or WINDOW_S)
    if isinstance(error, AuthRefused):
        return AuthRefused(_closed(status, said, settings), status)
    return Refused(_misunderstood(said, settings, query), error.status)


def problem_of(said: Mapping[str, Any]) -> str:
    """Return the name of a problem, as `resource-not-found`; empty where `said` names none."""
    return str(said.get("type") or "").rpartition("/")[2]


def _closed(status: int | None, said: Mapping[str, Any], settings: XSettings) -> str:
    if status == 401:  # noqa: PLR2004 - Unauthorized
        return (
            f"X refuse le jeton de {settings.token.variable} : recopiez le « Bearer Token » de l'application, "
            f"sur {_CONSOLE}."
        )
    if problem_of(said) == "client-forbidden" or said.get("reason") == "client-not-enrolled":
        return (
            "X ne laisse rien lire à cette application : mettez-la dans un projet et achetez des crédits, "
            f"sur {_CONSOLE}."
        )
    return f"X refuse ce droit à cette application : vérifiez ses accès et ses crédits sur {_CONSOLE}."


def _misunderstood(said: Mapping[str, Any], settings: XSettings, query: str | None) -> str:
    wrong = json.dumps(said.get("errors") or said.get("detail") or "")
    if settings.names in wrong or f"{settings.names[:-7]}_fields" in wrong:
        other = "post.fields" if settings.names == "tweet.fields" else "tweet.fields"
        return f"X ne connaît plus « {settings.names} » : écrivez « champs: {other} » dans la source."
    if query is not None:
        return (
            f"X ne comprend pas la recherche « {query} » : un opérateur y est mal écrit. Essayez-la sur x.com, ou "
            "raccourcissez-la."
        )
    return "X ne comprend pas la demande : sa manière d'écrire a peut-être changé."


def _said(answer: Answered | None) -> Mapping[str, Any]:
    try:
        said = json.loads(answer.body) if answer else {}
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
