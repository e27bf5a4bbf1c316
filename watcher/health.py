"""What the state of a source means, in the team's words: how it goes, why, and what to do. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from watcher import french
from watcher.habit import Silence
from watcher.model import Outcome, SourceState
from watcher.spending import Account

EXPIRY_TOLD = tuple(map(timedelta, (14, 7, 1)))
"""How long before its end a key is spoken of: time to ask for another, to insist, and to be sorry."""


class Condition(StrEnum):
    """How a source goes, in the words that the team reads; the most urgent first."""

    BROKEN = "en panne"
    TO_AUTHORISE = "à autoriser"
    SILENT = "muette"
    SLOWED = "ralentie"
    RESTING = "au repos"
    WAITING = "pas encore lue"
    RUNNING = "en marche"


@dataclass(frozen=True, slots=True)
class Standing:
    """All that is known of a source at one time.

    `accounts` is how its budget stands, `silence` how much quieter it is than its habit, `expires_at` when its key
    ends, where that is known.
    """

    state: SourceState
    is_paused: bool = False
    accounts: tuple[Account, ...] = ()
    silence: Silence | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """One source as the page shows it. `why` and `advice` are empty when all is well; `spent` is one line a limit."""

    standing: Standing
    condition: Condition
    why: str = ""
    advice: str = ""
    spent: tuple[str, ...] = ()

    @property
    def state(self) -> SourceState:
        """What the journal knows of its runs."""
        return self.standing.state


@dataclass(frozen=True, slots=True)
class _Trouble:
    why: str
    advice: str
    condition: Condition = Condition.BROKEN


_TROUBLES: Mapping[Outcome, _Trouble] = {
    Outcome.RATE_LIMITED: _Trouble(
        "Le site demande d'attendre.", "Rien à faire : la lecture reprendra d'elle-même.", Condition.SLOWED
    ),
    Outcome.UNREACHABLE: _Trouble(
        "Le site ne répond pas.",
        "Rien à faire d'abord : un nouvel essai suivra. Si cela dure, voyez si le site est en ligne.",
    ),
    Outcome.TIMED_OUT: _Trouble(
        "La lecture a dépassé le temps permis.",
        "Rien à faire d'abord : un nouvel essai suivra. Si cela dure, voyez si le site est lent.",
    ),
    Outcome.BUDGET_SPENT: _Trouble(
        "Son budget ne permet plus d'appel pour le moment.",
        "Rien à faire : la lecture reprendra d'elle-même. Pour entendre plus, relevez « budget » dans sources.yml.",
        Condition.RESTING,
    ),
    Outcome.BUDGET_PACED: _Trouble(
        "Son budget est réparti sur la période : la suite est pour plus tard.",
        "Rien à faire : la suite viendra d'elle-même. Pour entendre plus vite, relevez « budget » dans sources.yml.",
        Condition.SLOWED,
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
        "Renouvelez la clé d'accès ou demandez ce droit à la plateforme (LISEZMOI.md) ; sans clé, vérifiez l'adresse.",
        Condition.TO_AUTHORISE,
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


def source_health(standing: Standing, now: datetime) -> SourceHealth:
    """Return what `standing` means at `now`."""
    condition, why, advice = _judged(standing, now)
    spent = tuple(spending(account, now) for account in standing.accounts)
    return SourceHealth(standing, condition, why, advice, spent)


def by_urgency(standings: Sequence[Standing], now: datetime) -> list[SourceHealth]:
    """Return every source: those in trouble first, then by name."""
    order = list(Condition)
    healths = [source_health(standing, now) for standing in standings]
    return sorted(healths, key=lambda health: (order.index(health.condition), health.state.name))


def spending(account: Account, now: datetime) -> str:
    """Return how one limit of a budget stands: « 43 recherches sur 100 aujourd'hui (à ce rythme : 80) »."""
    period = "ce mois-ci" if account.period.is_month else "aujourd'hui"
    forecast = "" if account.is_spent else f" (à ce rythme : {french.amount(account.forecast(now))})"
    return f"{french.amount(account.spent)} {account.thing} sur {french.amount(account.limit)} {period}{forecast}"


def _judged(standing: Standing, now: datetime) -> tuple[Condition, str, str]:
    state = standing.state
    if standing.is_paused:
        return Condition.RESTING, "La source est mise au repos dans sources.yml (actif: non).", ""
    if state.outcome is None:
        return Condition.WAITING, "", ""
    trouble = _TROUBLES.get(state.outcome)
    if trouble is not None:
        return trouble.condition, state.message or trouble.why, trouble.advice
    if not state.posts:
        return (
            Condition.SILENT,
            "Le site répond, mais aucune publication n'y a encore été lue.",
            "Ouvrez l'adresse dans un navigateur : le flux est peut-être vide, ou a déménagé.",
        )
    if standing.silence:
        return (
            Condition.SILENT,
            _quiet(standing.silence),
            "Ouvrez-la dans un navigateur : s'il s'y passe quelque chose, l'adresse ou un droit d'accès a changé.",
        )
    return (Condition.RUNNING, *_ending(standing.expires_at, now))


def _quiet(silence: Silence) -> str:
    length = f"{silence.hours} h" if silence.hours < 72 else f"{silence.hours // 24} jours"  # noqa: PLR2004 - three days
    heard = french.plural(silence.heard, "publication", "publications")
    return f"{heard} en {length} ; d'habitude, à ces heures : {silence.usual}."


def _ending(expires_at: datetime | None, now: datetime) -> tuple[str, str]:
    if expires_at is None or expires_at - now > EXPIRY_TOLD[0]:
        return "", ""
    if expires_at <= now:
        return "Sa clé d'accès a pris fin.", "Renouvelez-la : la lecture va s'arrêter."
    left = french.plural((expires_at - now).days, "jour", "jours")
    return (
        f"Sa clé d'accès prend fin {french.day(expires_at, now)} ({left}).",
        "Renouvelez-la avant cette date, dans l'espace de la plateforme (LISEZMOI.md dit où).",
    )
