"""What the names, places and services of a post say of its relevance at first sight, with the reasons in French.

A name that only the region bears is certain. A name that others bear too needs a reason and no sign of another
territory, a place must be ours. `relevance` weighs this first judgement with everything else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pipelines.bearings import Bearings, Clue
from pipelines.folding import fold
from pipelines.matching import Match
from pipelines.places import Place

Relevance = Literal["institution", "territoire", "hors_sujet"]

_REACH = 3
"""Words between "conseil régional" and the name that completes it ("… de la Nouvelle-Aquitaine")."""
_MOST_REASONS = 3
_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided, why, in French, the weightiest reason first, and whether nothing can speak against it."""

    relevance: Relevance
    evidence: tuple[str, ...]
    is_certain: bool = False


def judge(bearings: Bearings) -> Verdict:
    """Decide from what was found; never reads the text itself."""
    if named := _named(bearings):
        return replace(_verdict("institution", named), is_certain=True)
    if institution := _institution(bearings):
        return _verdict("institution", institution)
    if bearings.is_spam:
        return _verdict("hors_sujet", ["publicité ou arnaque"])
    if (here := _here(bearings)) and not _is_one_of_many(bearings):
        return _verdict("territoire", here)
    return _verdict("hors_sujet", [f"ailleurs : {name}" for name in bearings.elsewhere] or ["aucun lieu d’ici"])


def reasons(relevance: Relevance, bearings: Bearings) -> tuple[str, ...]:
    """Return what speaks for an answer that the whole of the clues gave against the first judgement."""
    if relevance == "institution":
        said = [f"compétence de la Région : « {match.term} »" for match in bearings.of("duty")[:1]]
        said += [f"contexte : « {match.term} »" for match in bearings.of("context")[:1]]
        return _verdict(relevance, [*said, *_here(bearings)] or ["demande comme on en fait à la Région"]).evidence
    if relevance == "territoire":
        return _verdict(relevance, _here(bearings) or ["parle comme d’un lieu d’ici"]).evidence
    taken = [f"« {place.name} » ne semble pas être le lieu" for place in bearings.places]
    return _verdict(relevance, [f"ailleurs : {name}" for name in bearings.elsewhere] + taken or ["rien d’ici"]).evidence


def _institution(bearings: Bearings) -> list[str]:
    """Return the reasons to think that the post concerns the institution, none if it does not."""
    if bearings.is_spam:
        return []
    here = _here(bearings)
    names = [match for match in bearings.of("proper", "ambiguous") if not _is_completed_elsewhere(match, bearings)]
    if names and not here and not bearings.elsewhere:
        proper = [match for match in names if match.label == "proper"]
        context = _beside(names[0], bearings.of("context"))
        here = [f"contexte : « {match.term} »" for match in context] or ["écrit comme un nom propre"] * len(proper)
    if names and here:
        return [f"parle de « {names[0].term} »", *here]
    duties = bearings.of("duty")
    if duties and bearings.is_addressed and not bearings.elsewhere:
        here = [*here, "s’adresse à vous"]
    return [f"compétence de la Région : « {duties[0].term} »", *here] if duties and here else []


def _is_one_of_many(bearings: Bearings) -> bool:
    """Say whether the only place of ours is a town among several of elsewhere: a tour, results, a list."""
    ours = {fold(place.name) if place.kind == "commune" else "" for place in bearings.places}
    return len(ours - {""}) == len(ours) == 1 and len(set(map(fold, bearings.elsewhere))) >= _SEVERAL


def _verdict(relevance: Relevance, reasons: Sequence[str]) -> Verdict:
    return Verdict(relevance, tuple(dict.fromkeys(reasons))[:_MOST_REASONS])


def _named(bearings: Bearings) -> list[str]:
    """Return the reasons that are the institution's alone."""
    return [
        *(["publié par un compte de la Région"] if bearings.hints.is_own else []),
        *(f"s’adresse à @{account}" for account in bearings.accounts),
        *(f"lien vers {host}" for host in bearings.hosts),
        *(f"nomme « {match.term} »" for match in bearings.of("name", "person")),
        *(f"service de la Région : {match.term}" for match in bearings.of("service")),
    ]


def _is_completed_elsewhere(name: Match[Clue], bearings: Bearings) -> bool:
    """Say whether a name goes on into another territory's: "la Région Bretagne", "conseil régional de Normandie"."""
    return any(
        name.first <= other.last and name.last < other.last and other.first <= name.last + _REACH
        for other in bearings.of("elsewhere")
    )


def _beside(name: Match[Clue], context: Sequence[Match[Clue]]) -> list[Match[Clue]]:
    """Return the words of context that are no part of the name itself."""
    return [match for match in context if match.end <= name.start or name.end <= match.start]


def _here(bearings: Bearings) -> list[str]:
    """Return the reasons to think that the post speaks of a place of ours, the surest first."""
    if bearings.places:
        return [_place_reason(place) for place in sorted(bearings.places, key=lambda place: -place.confidence)]
    if bearings.hints.territory and not bearings.elsewhere:
        return [f"source d’ici ({', '.join(bearings.hints.territory)})"]
    return []


_IN_FRENCH = {
    "departement": "département",
    "numero": "département",
    "ecole": "école",
    "cours_deau": "cours d’eau",
    "intercommunalite": "intercommunalité",
    "sante": "santé",
}


def _place_reason(place: Place) -> str:
    departements = f" ({', '.join(place.departements)})" if place.departements else ""
    return f"{_IN_FRENCH.get(place.kind, place.kind.replace('_', ' '))} : {place.name}{departements}"
