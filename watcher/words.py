"""The French names of what is stored as ids."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from watcher import catalog
from watcher.errors import Mistake
from watcher.gaps import Fate
from watcher.model import GapCause, Outcome, Reading
from watcher.trend import TrendState

PLATFORMS: Mapping[str, str] = {platform.name: platform.title for platform in catalog.PLATFORMS}

RELEVANCES: Mapping[str, str] = {
    "institution": "Région",
    "territoire": "Territoire",
    "hors_sujet": "Hors sujet",
}

INTENTS: Mapping[str, str] = {
    "demande_aide": "Demande d'aide",
    "question": "Question",
    "plainte": "Plainte",
    "signalement": "Signalement",
    "remerciement": "Remerciement",
    "information": "Information",
    "spam": "Spam",
}

TREND_KINDS: Mapping[str, str] = {
    "hashtag": "Hashtag",
    "mot": "Mot suivi",
    "lien": "Page partagée",
    "site": "Site partagé",
    "commune": "Commune",
    "departement": "Département",
    "theme": "Thème",
    "plateforme": "Plateforme",
    "a_repondre": "À répondre",
    "expression": "Expression",
}

TREND_STATES: Mapping[TrendState, str] = {
    TrendState.BORN: "Naissante",
    TrendState.RISING: "En hausse",
    TrendState.FALLING: "En baisse",
    TrendState.OVER: "Terminée",
}

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.OK: "lue",
    Outcome.UNCHANGED: "inchangée",
    Outcome.RATE_LIMITED: "doit attendre",
    Outcome.UNREACHABLE: "injoignable",
    Outcome.GONE: "disparue",
    Outcome.AUTH_REFUSED: "accès refusé",
    Outcome.REFUSED: "refusée",
    Outcome.MALFORMED: "illisible",
    Outcome.TOO_LARGE: "trop grosse",
    Outcome.FORBIDDEN: "interdite",
    Outcome.TIMED_OUT: "trop lente",
    Outcome.BUDGET_SPENT: "budget atteint",
    Outcome.BUDGET_PACED: "budget réparti",
    Outcome.STORE_BUSY: "journal plein",
    Outcome.CRASHED: "erreur",
}
"""How a run of a source ended."""

GAP_CAUSES: Mapping[GapCause, str] = {
    GapCause.OUTAGE: "panne de la source",
    GapCause.WAIT: "la plateforme a demandé d'attendre",
    GapCause.BUDGET: "budget dépensé ou réparti",
    GapCause.ACCESS: "clé ou droit d'accès refusé",
    GapCause.REST: "mise au repos",
    GapCause.STOPPED: "veille arrêtée",
    GapCause.CLIPPED: "trop de messages d'un coup",
    GapCause.FORGOTTEN: "la plateforme ne remonte plus si loin",
    GapCause.CLOSED: "la plateforme ne le donne pas",
}
"""Why something was not heard."""

FATES: Mapping[Fate, str] = {
    Fate.LASTING: "en cours",
    Fate.OPEN: "à combler",
    Fate.HEARD: "rattrapé",
    Fate.LOST: "perdu",
}
"""What became of a gap."""

_PLACES = 3  # a post that names more is a list, and its text says so


MOST_MISTAKES = 100
"""Nobody mends more at a time, and one slip can make thousands."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What became of the team's edits: what the last one taken up changed and when, and why a later one is refused.

    `trouble` says it in one sentence; `mistakes` are the first `MOST_MISTAKES` of those found.
    """

    sentence: str = ""
    at: datetime | None = None
    trouble: str = ""
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True, slots=True)
class Labels:
    """Names by id: topics of `config/themes.yml`, INSEE codes of départements and communes."""

    topics: Mapping[str, str] = field(default_factory=dict)
    departements: Mapping[str, str] = field(default_factory=dict)
    communes: Mapping[str, str] = field(default_factory=dict)

    @property
    def topics_by_name(self) -> list[tuple[str, str]]:
        """The id and the name of each topic, in the order of the names."""
        return sorted(self.topics.items(), key=lambda topic: topic[1])

    def named(self, kind: str, term: str) -> str:
        """Return what people call a term of that kind: a hashtag with its sign, a topic or a place by its name."""
        if kind == "hashtag":
            return f"#{term}"
        if kind == "a_repondre":
            return "Messages qui attendent une réponse"
        if kind in {"mot", "expression"}:
            return f"« {term} »"
        names = {
            "theme": self.topics,
            "commune": self.communes,
            "departement": self.departements,
            "plateforme": PLATFORMS,
        }
        return names.get(kind, {}).get(term, term)

    def places(self, reading: Reading) -> list[str]:
        """Return the names of the places that a post speaks of: communes with their number, else départements."""
        communes = [code for code in reading.communes if code in self.communes]
        told = {code[:2] for code in communes}
        names = [f"{self.communes[code]} ({code[:2]})" for code in communes]
        names += [self.departements.get(code, code) for code in reading.departements if code not in told]
        if len(names) <= _PLACES + 1:
            return names
        return [*names[:_PLACES], f"{len(names) - _PLACES} autres lieux"]
