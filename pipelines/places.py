"""Third component: the places that a post names, to communes and départements, homonyms weighed.

Sets on the Doc: `places` (accepted), `places_refused` (with why), `communes`, `departements` (INSEE codes, sorted),
`elsewhere` (places of other regions). Reads `hints`, `lang` and `written`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from spacy.language import Language
from spacy.tokens import Doc

from pipelines.candidates import Candidate, candidates_in
from pipelines.case import Case, Evidence
from pipelines.clues import OURS
from pipelines.gazetteer import Entry, Gazetteer, build_gazetteer
from pipelines.hashtags import split_hashtag
from pipelines.homonyms import ACCEPTED, weigh, weigh_tag
from pipelines.written import TAG_SIGNS, Written

SURE = 0.5
"""Confidence from which a place is accepted."""

_CODES = frozenset("09 11 12 30 31 32 34 46 48 65 66 81 82".split())
_CODE = f"({'|'.join(sorted(_CODES))})"
_NO_DATE = r"(?!\s*(?:%|/|h\b|ème|janv|févr|mars|avril|mai\b|juin|juil|août|sept|octo|nove|déce))"
_NUMBERED = (
    re.compile(rf"\b(?:département|departement|dépt|dept)\.?\s*(?:du\s+|n°\s*)?{_CODE}\b"),
    re.compile(rf"\bdans le {_CODE}\b(?!\s*(?:%|/|h\b|ème))"),
    re.compile(rf"(?<![\w.,]){_CODE}\d{{3}}(?=\)|,?\s+[A-ZÀ-Ý][a-zà-ÿA-ZÀ-Ý'’\-])"),
    re.compile(rf"(?<=[A-Za-zÀ-ÿ] )\({_CODE}\)"),
    re.compile(
        rf"\b(?:ceux|gens|jeunes|habitants|lycéens|familles|communes|cars?|bus|trains?|nous) du {_CODE}\b{_NO_DATE}"
    ),
    re.compile(rf"\b(?:[Ee]t|[Pp]areil|aussi|même) pour le {_CODE}\b{_NO_DATE}"),
    re.compile(rf"\bdans le \d\d et le {_CODE}\b{_NO_DATE}"),
)
"""The département 34; dans le 34; 34000 Montpellier; (34); ceux du 34; et pour le 34; dans le 30 et le 34."""

_NUMBER_CONFIDENCE = 0.8
_LONGEST_READ = 10_000
_MOST_NAMES = 100
_DOMINANT = 3
_FAR_LARGER = 10
"""A town is meant by its short name, not the hamlet that bears it whole, when it is so many times larger."""
_DOUBT = 0.4
_DOUBT_KEPT = 0.6


@dataclass(frozen=True, slots=True)
class Place:
    """One name in [start, end) of the text, and what it stands for. `confidence` lies in [0, 1], accepted from 0.5."""

    name: str
    start: int
    end: int
    kind: str
    communes: tuple[str, ...]
    departements: tuple[str, ...]
    confidence: float
    reason: str

    @property
    def is_accepted(self) -> bool:
        """Say whether the name is taken for the place."""
        return self.confidence >= SURE


def find_places(
    written: Written, lang: str, territory: Sequence[str], gazetteer: Gazetteer
) -> tuple[list[Place], list[str]]:
    """Return every name that may be a place of the region, in order, and the names of places elsewhere.

    What is certain at first sight is evidence when each name is judged again.
    """
    if len(written.text) > _LONGEST_READ:
        written = Written.of(written.text[:_LONGEST_READ], [span for span in written.spans if span[1] <= _LONGEST_READ])
    text = written.text
    candidates = candidates_in(written, lang, gazetteer)
    ours = [candidate for candidate in candidates if candidate.match.name.entries][:_MOST_NAMES]
    others = [candidate for candidate in candidates if candidate.is_elsewhere]
    has_codes = any(word.folded[:2] in _CODES and word.folded.isdigit() for word in written.words)
    numbered = list(_numbered(written.bare)) if has_codes else []
    if not ours and not numbered:
        return [], [text[c.start : c.end] for c in others]
    at_sight = Evidence(
        departements=frozenset(territory),
        is_ours=_names_the_region(written),
        is_elsewhere=bool(others),
        is_set_elsewhere=any(candidate.is_set_in for candidate in others),
    )
    judged = [(candidate, _judged(candidate, at_sight, text, gazetteer)) for candidate in ours]
    accepted = [(candidate, place) for candidate, place in judged if place.is_accepted]
    certain = replace(at_sight, departements=at_sight.departements.union(p.departements[0] for p in numbered))
    evidence = {words: _joined(certain, accepted, words) for words in {c.match.name.words for c in ours}}
    places = [
        place if (known := evidence[c.match.name.words]) == at_sight else _judged(c, known, text, gazetteer)
        for c, place in judged
    ]
    places = _narrowed([*places, *numbered])
    return sorted(places, key=lambda place: place.start), [text[c.start : c.end] for c in others]


def _names_the_region(written: Written) -> bool:
    if not OURS.isdisjoint(word.folded for word in written.words):
        return True
    tags = (written.text[start + 1 : end] for start, end in written.spans if written.text[start] in TAG_SIGNS)
    return any(not OURS.isdisjoint(split_hashtag(tag)) for tag in tags)


def _joined(evidence: Evidence, accepted: Iterable[tuple[Candidate, Place]], words: tuple[str, ...]) -> Evidence:
    """Return the evidence with what names other than `words` add: a name is no evidence for itself."""
    rest = [(candidate, place) for candidate, place in accepted if candidate.match.name.words != words]
    departements = evidence.departements.union(code for _, place in rest for code in place.departements)
    neighbours = frozenset(index for c, _ in rest if c.tag is None for index in range(c.match.first, c.match.last))
    return replace(
        evidence,
        departements=departements,
        is_ours=evidence.is_ours or bool(departements),
        neighbours=neighbours,
    )


def _judged(candidate: Candidate, evidence: Evidence, text: str, gazetteer: Gazetteer) -> Place:
    """Return the candidate as a place, accepted or not."""
    name, start, end = candidate.match.name, candidate.start, candidate.end
    entry = _meant(name.entries, evidence.departements)
    if entry is None:
        return Place(text[start:end], start, end, name.entries[0].kind, (), (), 0.0, "plusieurs lieux portent ce nom")
    case = Case.of(candidate.post, candidate.match, entry, evidence, gazetteer)
    signals = weigh_tag(case, candidate.tag) if candidate.tag else weigh(case)
    confidence = _confidence(sum(signal.points for signal in signals))
    reason = ", ".join(f"{signal.reason} {signal.points:+d}" for signal in signals)
    return Place(text[start:end], start, end, entry.kind, entry.communes, entry.departements, confidence, reason)


def _meant(entries: Sequence[Entry], departements: frozenset[str]) -> Entry | None:
    """Return which of the places that bear a name is meant, None if nothing tells."""
    known = [entry for entry in entries if departements.intersection(entry.departements)] or list(entries)
    known.sort(key=lambda entry: (entry.trust, entry.population), reverse=True)
    largest = max(known, key=lambda entry: entry.population)
    first = largest if largest.population >= _FAR_LARGER * max(known[0].population, 1) > _FAR_LARGER else known[0]
    if all(entry.departements == first.departements for entry in known):
        return first
    second = next(entry for entry in known if entry is not first)
    is_dominant = first.trust > second.trust or first.population >= _DOMINANT * max(second.population, 1)
    return first if is_dominant else None


def _confidence(points: int) -> float:
    """Map points to [0, 1]: 0.6 at the threshold, each further point takes away 40 % of the doubt."""
    if points >= ACCEPTED:
        return 1 - _DOUBT * _DOUBT_KEPT ** (points - ACCEPTED)
    return _DOUBT * _DOUBT_KEPT ** (ACCEPTED - 1 - points)


def _numbered(text: str) -> Iterator[Place]:
    """Yield the départements that a post names by number."""
    for pattern in _NUMBERED:
        for match in pattern.finditer(text):
            span = (match[0], match.start(), match.end())
            yield Place(*span, "numero", (), (match[1],), _NUMBER_CONFIDENCE, "numéro du département")


def _narrowed(places: Iterable[Place]) -> list[Place]:
    """Reduce each place that spans several départements (Aubrac, Quercy) to those that the rest of the post names."""
    places = list(places)
    named = {place.departements[0] for place in places if place.is_accepted and len(place.departements) == 1}
    return [
        replace(place, departements=tuple(sorted(spanned & named)))
        if len(place.departements) > 1 and (spanned := set(place.departements)) & named
        else place
        for place in places
    ]


def create_places(places: Mapping[str, Sequence[str]], exceptions: Iterable[str] = ()) -> Callable[[Doc], Doc]:
    """Return the component, with the team's own places and expressions that never count.

    `places` gives the codes of each name, of départements or communes; a name that is packaged too keeps its trust.
    """
    gazetteer = build_gazetteer(places, exceptions)

    def read_places(doc: Doc) -> Doc:
        extensions = doc._
        territory = extensions.hints.territory
        found, elsewhere = find_places(extensions.written, extensions.lang, territory, gazetteer)
        accepted = tuple(place for place in found if place.is_accepted)
        extensions.places = accepted
        extensions.places_refused = tuple(place for place in found if not place.is_accepted)
        extensions.communes = tuple(sorted({code for place in accepted for code in place.communes}))
        extensions.departements = tuple(sorted({code for place in accepted for code in place.departements}))
        extensions.elsewhere = tuple(dict.fromkeys(elsewhere))
        return doc

    return read_places


for _name in ("places", "places_refused", "communes", "departements", "elsewhere"):
    Doc.set_extension(_name, default=(), force=True)


@Language.factory("places", default_config={"places": {}, "exceptions": []})
def create_places_component(
    nlp: Language,  # noqa: ARG001 - spaCy calls it by these names
    name: str,  # noqa: ARG001
    places: dict[str, list[str]],
    exceptions: list[str],
) -> Callable[[Doc], Doc]:
    """Return the component, for `nlp.add_pipe("places", config={"places": {"Matabiau": ["31"]}})`."""
    return create_places(places, exceptions)
