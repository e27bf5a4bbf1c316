"""What the state of a source means, in the team's words: how it goes, why, and what to do. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from watcher.model import Outcome, SourceState


class Condition(StrEnum):
    """How a source goes, in the words that the team reads; the worst first."""

    BROKEN = "en panne"
    EMPTY = "à vérifier"
    RESTING = "au repos"
    WAITING = "pas encore lue"
    RUNNING = "en marche"


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """One source as the page shows it. `why` and `advice` are empty when all is well."""

    state: SourceState
    condition: Condition
    why: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class _Trouble:
    why: str
    advice: str
    is_passing: bool = False


_TROUBLES: Mapping[Outcome, _Trouble] = {
    Outcome.RATE_LIMITED: _Trouble(
        "Le site demande d'attendre.", "Rien à faire : la lecture reprendra d'elle-même.", is_passing=True
    ),
    Outcome.UNREACHABLE: _Trouble(
        "Le site ne répond pas.",
        "Rien à faire d'abord : un nouvel essai suivra. Si cela dure, voyez si le site est en ligne.",
        is_passing=True,
    ),
    Outcome.TIMED_OUT: _Trouble(
        "La lecture a dépassé le temps permis.",
        "Rien à faire d'abord : un nouvel essai suivra. Si cela dure, voyez si le site est lent.",
        is_passing=True,
    ),
    Outcome.BUDGET_SPENT: _Trouble(
        "Son budget ne permet plus d'appel pour le moment.",
        "Rien à faire : la lecture reprendra d'elle-même. Pour entendre plus, relevez « budget » dans sources.yml.",
        is_passing=True,
    ),
    Outcome.BUDGET_PACED: _Trouble(
        "Son budget est réparti sur la période : la suite est pour plus tard.",
        "Rien à faire : la suite viendra d'elle-même. Pour entendre plus vite, relevez « budget » dans sources.yml.",
        is_passing=True,
    ),
    Outcome.STORE_BUSY: _Trouble(
        "Le journal ne peut plus écrire pour le moment.",
        "Voyez s'il reste de la place sur le disque de cette machine.",
    ),
    Outcome.GONE: _Trouble(
        "La page n'existe plus.", "Cherchez la nouvelle adresse sur le site, puis corrigez config/sources.yml."
    ),
    Outcome.AUTH_REFUSED: _Trouble(
        "Le site refuse l'accès ou demande de se connecter.",
        "Vérifiez l'adresse, ou la clé d'accès, dans config/sources.yml.",
    ),
    Outcome.REFUSED: _Trouble("Le site refuse la demande.", "Essayez l'adresse avec « watcher try »."),
    Outcome.MALFORMED: _Trouble(
        "Le site ne donne pas un flux lisible.", "Essayez l'adresse avec « watcher try », puis corrigez-la."
    ),
    Outcome.TOO_LARGE: _Trouble(
        "La réponse est trop grosse.", "Cherchez un flux plus court sur le site, ou retirez cette source."
    ),
    Outcome.FORBIDDEN: _Trouble(
        "L'adresse mène à un réseau interne.",
        "Corrigez l'adresse dans config/sources.yml : seules les adresses publiques sont lues.",
    ),
    Outcome.CRASHED: _Trouble(
        "La lecture s'est arrêtée sur une erreur du logiciel.",
        "Prévenez la personne qui tient l'outil : le détail est dans le journal d'exécution.",
    ),
}


def source_health(state: SourceState, now: datetime) -> SourceHealth:
    """Return what `state` means at `now`."""
    if state.outcome is None:
        return SourceHealth(state, Condition.WAITING)
    trouble = _TROUBLES.get(state.outcome)
    if trouble is not None:
        is_resting = trouble.is_passing and state.not_before is not None and state.not_before > now
        condition = Condition.RESTING if is_resting else Condition.BROKEN
        return SourceHealth(state, condition, state.message or trouble.why, trouble.advice)
    if not state.posts:
        return SourceHealth(
            state,
            Condition.EMPTY,
            "Le site répond, mais aucune publication n'y a encore été lue.",
            "Ouvrez l'adresse dans un navigateur : le flux est peut-être vide, ou a déménagé.",
        )
    return SourceHealth(state, Condition.RUNNING)


def by_urgency(states: Sequence[SourceState], now: datetime) -> list[SourceHealth]:
    """Return every source: those in trouble first, then by name."""
    order = list(Condition)
    healths = [source_health(state, now) for state in states]
    return sorted(healths, key=lambda health: (order.index(health.condition), health.state.name))
