"""Finds the collectors by name, and says in French how a run ended when one of them raised."""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import replace
from traceback import format_tb

import structlog

from watcher import collectors
from watcher.errors import (
    AuthRefused,
    BudgetPaced,
    BudgetSpent,
    ForbiddenAddress,
    Malformed,
    Permanent,
    RateLimited,
    SourceGone,
    StoreBusy,
    TooLarge,
    Transient,
    Unreachable,
)
from watcher.errors import Refused as RefusedAnswer
from watcher.model import Outcome, RunReport
from watcher.ports import Collector

log = structlog.get_logger()

OUTCOMES: Mapping[type[Exception], Outcome] = {
    RateLimited: Outcome.RATE_LIMITED,
    Unreachable: Outcome.UNREACHABLE,
    BudgetSpent: Outcome.BUDGET_SPENT,
    BudgetPaced: Outcome.BUDGET_PACED,
    StoreBusy: Outcome.STORE_BUSY,
    SourceGone: Outcome.GONE,
    AuthRefused: Outcome.AUTH_REFUSED,
    RefusedAnswer: Outcome.REFUSED,
    Malformed: Outcome.MALFORMED,
    TooLarge: Outcome.TOO_LARGE,
    ForbiddenAddress: Outcome.FORBIDDEN,
    TimeoutError: Outcome.TIMED_OUT,
}


def find() -> Mapping[str, Collector]:
    """Return every platform there is, by the name that YAML uses: nothing else can be named there."""
    names = sorted(module.name for module in pkgutil.iter_modules(collectors.__path__))
    return {name: importlib.import_module(f"{collectors.__name__}.{name}").Collector() for name in names}


def cut_short(report: RunReport, error: Exception) -> RunReport:
    """Return the report of a run that `error` ended. What nobody foresaw is logged: where, not its words.

    Those may quote a post.
    """
    outcome, message, retry_after_s = outcome_of(error)
    if outcome is Outcome.CRASHED:
        log.error("run_crashed", error=type(error).__name__, stack="".join(format_tb(error.__traceback__)))
    return replace(report, outcome=outcome, message=message, retry_after_s=retry_after_s)


def outcome_of(error: Exception) -> tuple[Outcome, str, float | None]:
    """Return how a run that `error` cut short ended, the sentence for the team, and the wait asked for in seconds."""
    outcome = next((OUTCOMES[kind] for kind in type(error).__mro__ if kind in OUTCOMES), Outcome.CRASHED)
    retry_after_s = error.retry_after_s if isinstance(error, Transient) else None
    if outcome is Outcome.TIMED_OUT:
        return outcome, "La source n'a pas fini de répondre dans le temps accordé.", None
    if outcome is Outcome.CRASHED and not isinstance(error, Transient | Permanent):
        return outcome, f"Erreur imprévue ({type(error).__name__}) : le journal du service en dit plus.", None
    return outcome, str(error), retry_after_s
