"""Fourth component: does a post concern the region? Sets `doc._.relevance` and `doc._.evidence`, the reasons in French.

Evidence is weighed, no single word is taken for granted: a name that only the region bears is enough, a name that
others bear too needs a reason and no sign of another territory, a place must be ours. A post wrongly thrown away is
never seen again, so doubt keeps it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens.underscore import Underscore

from pipelines.folding import Word, fold
from pipelines.hints import Hints
from pipelines.matching import Lexicon, Match
from pipelines.places import Place
from pipelines.spam import is_spam

Relevance = Literal["institution", "territoire", "hors_sujet"]
Clue = Literal["name", "proper", "ambiguous", "duty", "service", "person", "context", "elsewhere", "spam", "spam_weak"]

_REACH = 3
"""Words between "conseil régional" and the name that completes it ("… de la Nouvelle-Aquitaine")."""
_MOST_REASONS = 3
_SEVERAL = 2
_GREETINGS = frozenset({"bonjour", "bonsoir", "bjr"})
_YOU = frozenset({"vous", "votre", "vos"})
_REGIONAL = "égional"
"""Belongs to a regional authority: a name with it is ours unless another territory is named."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided, and why, in French, the weightiest reason first."""

    relevance: Relevance
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clues:
    """What was found in a post, and where it comes from.

    `elsewhere` are the names of other regions' places; `accounts` and `hosts` are the institution's own among the
    post's mentions and links; `is_addressed`: it greets someone, and says "vous".
    """

    found: Sequence[Match[Clue]] = ()
    places: Sequence[Place] = ()
    elsewhere: tuple[str, ...] = ()
    hints: Hints = field(default_factory=Hints)
    accounts: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    is_spam: bool = False
    is_addressed: bool = False

    def of(self, *kinds: Clue) -> list[Match[Clue]]:
        """Return the matches of these kinds, in the order of the text."""
        return [match for match in self.found if match.label in kinds]


def weigh(clues: Clues) -> Verdict:
    """Decide from what was found; never reads the text itself."""
    elsewhere = [*clues.elsewhere, *(match.term for match in clues.of("elsewhere"))]
    if institution := _institution(clues, elsewhere):
        return _verdict("institution", institution)
    if clues.is_spam:
        return _verdict("hors_sujet", ["publicité ou arnaque"])
    if (here := _here(clues, elsewhere)) and not _is_one_of_many(clues, elsewhere):
        return _verdict("territoire", here)
    return _verdict("hors_sujet", [f"ailleurs : {name}" for name in elsewhere] or ["aucun lieu d’ici"])


def _institution(clues: Clues, elsewhere: Sequence[str]) -> list[str]:
    """Return the reasons to think that the post concerns the institution, none if it does not."""
    if named := _named(clues):
        return named
    if clues.is_spam:
        return []
    here = _here(clues, elsewhere)
    names = [match for match in clues.of("proper", "ambiguous") if not _is_completed_elsewhere(match, clues)]
    if names and not here and not elsewhere:
        proper = [match for match in names if match.label == "proper"]
        context = _beside(names[0], clues.of("context"))
        here = [f"contexte : « {match.term} »" for match in context] or ["écrit comme un nom propre"] * len(proper)
    if names and here:
        return [f"parle de « {names[0].term} »", *here]
    duties = clues.of("duty")
    if duties and clues.is_addressed and not elsewhere:
        here = [*here, "s’adresse à vous"]
    return [f"compétence de la Région : « {duties[0].term} »", *here] if duties and here else []


def _is_one_of_many(clues: Clues, elsewhere: Sequence[str]) -> bool:
    """Say whether the only place of ours is a town among several of elsewhere: a tour, results, a list."""
    ours = {fold(place.name) if place.kind == "commune" else "" for place in clues.places}
    return len(ours - {""}) == len(ours) == 1 and len(set(map(fold, elsewhere))) >= _SEVERAL


def _verdict(relevance: Relevance, reasons: Sequence[str]) -> Verdict:
    return Verdict(relevance, tuple(dict.fromkeys(reasons))[:_MOST_REASONS])


def _named(clues: Clues) -> list[str]:
    """Return the reasons that are the institution's alone."""
    return [
        *(["publié par un compte de la Région"] if clues.hints.is_own else []),
        *(f"s’adresse à @{account}" for account in clues.accounts),
        *(f"lien vers {host}" for host in clues.hosts),
        *(f"nomme « {match.term} »" for match in clues.of("name", "person")),
        *(f"service de la Région : {match.term}" for match in clues.of("service")),
    ]


def _is_completed_elsewhere(name: Match[Clue], clues: Clues) -> bool:
    """Say whether a name goes on into another territory's: "la Région Bretagne", "conseil régional de Normandie"."""
    return any(
        name.first <= other.last and name.last < other.last and other.first <= name.last + _REACH
        for other in clues.of("elsewhere")
    )


def _beside(name: Match[Clue], context: Sequence[Match[Clue]]) -> list[Match[Clue]]:
    """Return the words of context that are no part of the name itself."""
    return [match for match in context if match.end <= name.start or name.end <= match.start]


def _here(clues: Clues, elsewhere: Sequence[str]) -> list[str]:
    """Return the reasons to think that the post speaks of a place of ours, the surest first."""
    if clues.places:
        return [_place_reason(place) for place in sorted(clues.places, key=lambda place: -place.confidence)]
    if clues.hints.territory and not elsewhere:
        return [f"source d’ici ({', '.join(clues.hints.territory)})"]
    return []


_IN_FRENCH = {
    "departement": "département",
    "ecole": "école",
    "cours_deau": "cours d’eau",
    "intercommunalite": "intercommunalité",
    "sante": "santé",
}


def _place_reason(place: Place) -> str:
    departements = f" ({', '.join(place.departements)})" if place.departements else ""
    return f"{_IN_FRENCH.get(place.kind, place.kind.replace('_', ' '))} : {place.name}{departements}"


def _as_written(match: Match[Clue], text: str) -> Match[Clue]:
    """Return an ambiguous name as a proper one: "la Région" and "liO" by their capital, "conseil régional" as it is."""
    written = text[match.start + 1 : match.end]
    is_proper = written != written.lower() or _REGIONAL in match.term
    return match._replace(label="proper") if match.label == "ambiguous" and is_proper else match


def _is_addressed(terms: Sequence[Word]) -> bool:
    found = {word.folded for word in terms}
    return not (_GREETINGS.isdisjoint(found) or _YOU.isdisjoint(found))


class RelevanceReader:
    """The component: holds the compiled names of a territory, changes nothing after."""

    def __init__(self, names: Mapping[Clue, Sequence[str]], accounts: Iterable[str], hosts: Iterable[str]) -> None:
        self._lexicon: Lexicon[Clue] = Lexicon(names)
        self._accounts = frozenset(map(fold, accounts))
        self._hosts = frozenset(map(fold, hosts))

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.relevance` and `doc._.evidence`."""
        extensions = doc._
        verdict = weigh(self._clues(extensions))
        extensions.relevance, extensions.evidence = verdict.relevance, verdict.evidence
        return doc

    def _clues(self, read: Underscore) -> Clues:
        text, terms = read.written.text, read.written.terms
        found = [_as_written(match, text) for match in self._lexicon.find(terms)]
        strong, weak = ({match.term for match in found if match.label == kind} for kind in ("spam", "spam_weak"))
        return Clues(
            found=found,
            places=read.places,
            elsewhere=read.elsewhere,
            hints=read.hints,
            accounts=tuple(handle for handle in read.mentions if fold(handle).partition("@")[0] in self._accounts),
            hosts=tuple(host for host in read.domains if host.removeprefix("www.") in self._hosts),
            is_addressed=_is_addressed(terms),
            is_spam=is_spam(
                len(strong),
                len(weak),
                words=sum(1 for word in terms if word.stem),
                tags=len(read.hashtags_raw),
                links=len(read.links),
            ),
        )


Doc.set_extension("relevance", default="hors_sujet", force=True)
Doc.set_extension("evidence", default=(), force=True)


@Language.factory("relevance")
def create_relevance(
    nlp: Language,  # noqa: ARG001 - spaCy calls it by these names
    name: str,  # noqa: ARG001
    names: dict[Clue, list[str]],
    accounts: list[str],
    hosts: list[str],
) -> Callable[[Doc], Doc]:
    """Return the component; `names` holds terms by clue, `accounts` handles, `hosts` host names."""
    return RelevanceReader(names, accounts, hosts)
