"""The names of the region's places and what they stand for: read once from `pipelines/data`, looked up by word.

A name's trust says how much else it takes to believe it: `SURE` stands alone in any case, `PLAIN` needs its capital or
a preposition, `WEAK` (homonyms, short names, surnames) needs a reason, `WORD` (an ordinary word) a strong one.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cache
from importlib import resources
from itertools import pairwise

from pipelines.folding import Word, words

LARGE_TOWN = 9_000
"""Inhabitants from which a commune's name, where nothing else bears it, is sure in any case."""

_COMMUNE_DIGITS = 5
_DOMINANT = 5
_SHORTEST_PLAIN = 5
_DISTINCTIVE_WORDS = 3
_ABBREVIATIONS = {"st": "saint", "ste": "sainte"}
_CONTRACTIONS = {"le": ("au", "du"), "les": ("aux", "des"), "lo": ("al", "del")}
_SEPARATORS = frozenset({" ", "-", "'", "’", "\u2010", "\u2011", "\xa0", " & ", ", ", " - ", ". ", "."})
_ONLY_IN_ABBREVIATION = frozenset({". ", ".", ", "})


class Trust(IntEnum):
    """How much a bare name proves."""

    WORD = -2
    WEAK = 0
    PLAIN = 2
    SURE = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One place that a name may stand for. Codes are INSEE's.

    `rival_population` is that of the largest commune so named in another region, 0 without any.
    """

    name: str
    kind: str
    communes: tuple[str, ...]
    departements: tuple[str, ...]
    trust: Trust
    population: int = 0
    rival_population: int = 0


@dataclass(frozen=True, slots=True)
class Name:
    """A name as a sequence of folded words, and what it may stand for; no entry: it is of no place of the region.

    `trust` is that of the most trusted place so named. `elsewhere` is the kind of a place outside the region: commune,
    departement, region, pays, ville.
    """

    words: tuple[str, ...]
    entries: tuple[Entry, ...] = ()
    trust: Trust = Trust.WORD
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """`name` found in words [first, last) of a text."""

    name: Name
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names by their first two words, longest first, and by their words written together, as in a hashtag.

    The second word of a name of one word is "".
    """

    by_words: dict[str, dict[str, tuple[Name, ...]]]
    by_spelling: dict[str, Name]
    traps: dict[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)

    first_names: frozenset[str] = frozenset()

    def matches(self, text: str, found: Sequence[Word]) -> Iterator[Match]:
        """Yield the longest names in `found`, the words of `text`, from left to right, none overlapping."""
        spelled = tuple([_ABBREVIATIONS.get(word.folded, word.folded) for word in found])
        end = 0
        for index, first in enumerate(spelled):
            names = self.by_words.get(first)
            if names is None or index < end:
                continue
            second = spelled[index + 1] if index + 1 < len(spelled) else ""
            longer = names.get(second, ()) if second else ()
            here = [name for name in longer if spelled[index : index + len(name.words)] == name.words]
            joined = (name for name in here if _is_joined(text, found[index : index + len(name.words)]))
            name = next(joined, None) or next(iter(names.get("", ())), None)
            if name is not None:
                end = index + len(name.words)
                yield Match(name, index, end)


def _is_joined(text: str, found: Sequence[Word]) -> bool:
    """Say whether nothing stands between the words of a name but what belongs to one."""
    for before, word in pairwise(found):
        separator = text[before.end : word.start]
        if separator not in _SEPARATORS:
            return False
        if separator in _ONLY_IN_ABBREVIATION and before.folded not in _ABBREVIATIONS:
            return False
    return True


def folded_words(name: str) -> tuple[str, ...]:
    """Return the words by which `name` is looked up."""
    return tuple(_ABBREVIATIONS.get(word.folded, word.folded) for word in words(name))


def commune_names() -> dict[str, str]:
    """Return the official name of every commune of the region, by INSEE code."""
    return {row["code"]: row["name"] for row in _table("communes.csv")}


def _table(file: str) -> Iterator[dict[str, str]]:
    with resources.files("pipelines.data").joinpath(file).open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


def _commune_trust(name: str, population: int, rivals: int, set_by_hand: Trust | None, saints: frozenset[str]) -> Trust:
    """Decide a commune's trust. `rivals` are the inhabitants of the largest other commune so named, -1 without any."""
    if set_by_hand is not None and set_by_hand < Trust.PLAIN:
        return set_by_hand
    found = folded_words(name)
    if _is_saint(found, saints):
        return Trust.WEAK
    if rivals >= 0 and population < max(_DOMINANT * rivals, 1):
        return Trust.WEAK
    if population >= LARGE_TOWN or (rivals < 0 and len(found) >= _DISTINCTIVE_WORDS):
        return set_by_hand or Trust.SURE
    if set_by_hand is None and sum(map(len, found)) < _SHORTEST_PLAIN:
        return Trust.WEAK
    return Trust.PLAIN


def _is_saint(found: tuple[str, ...], first_names: frozenset[str]) -> bool:
    """Say whether a name is a mere saint's (Saint-Jean): of a feast, of a quarter, of a church everywhere."""
    return len(found) == len(("saint", "jean")) and found[0] in {"saint", "sainte"} and found[1] in first_names


def _communes(first_names: frozenset[str]) -> Iterator[Entry]:
    by_hand = {row["name"]: Trust[row["trust"].upper()] for row in _table("commune_trust.csv")}
    elsewhere = {
        " ".join(folded_words(row["name_folded"])): int(row["max_pop_elsewhere"]) for row in _table("homonyms.csv")
    }
    communes = list(_table("communes.csv"))
    departement_of = {row["code"]: row["departement"] for row in communes}
    former = [
        {
            "name": row["name"],
            "code": row["chef_lieu"],
            "departement": departement_of[row["chef_lieu"]],
            "population": "0",
        }
        for row in _table("former_communes.csv")
    ]
    populations: dict[str, list[int]] = {}
    for row in [*communes, *former]:
        populations.setdefault(" ".join(folded_words(row["name"])), []).append(int(row["population"]))
    for row in [*communes, *former]:
        key, population = " ".join(folded_words(row["name"])), int(row["population"])
        others = sorted(populations[key], reverse=True)
        others.remove(population)
        rivals = max([elsewhere.get(key, -1) or -1, *others])
        trust = _commune_trust(row["name"], population, rivals, by_hand.get(row["name"]), first_names)
        rival = population if _is_saint(folded_words(row["name"]), first_names) else elsewhere.get(key, 0)
        kind = "commune" if population else "ancienne_commune"
        yield Entry(
            row["name"],
            kind,
            (row["code"],),
            (row["departement"],),
            trust,
            population,
            rival,
        )


def _departements() -> Iterator[Entry]:
    for row in _table("departements.csv"):
        yield Entry(row["name"], "departement", (), (row["code"],), Trust[row["trust"].upper()])


def _sites(communes: Iterable[Entry]) -> Iterator[Entry]:
    """Yield the places of `places.csv`, named by commune as in `communes.csv`, with `/dd` if two bear the name."""
    by_name = {(entry.name, entry.departements[0]): entry for entry in communes if entry.kind == "commune"}
    for row in _table("places.csv"):
        departements = row["departements"].split()
        commune = by_name.get((row["commune"].partition("/")[0], departements[0]))
        yield Entry(
            row["name"],
            row["kind"],
            commune.communes if commune else (),
            tuple(sorted(departements)),
            Trust[row["trust"].upper()],
            commune.population if commune and row["kind"] == "commune" else 0,
        )


def _spellings(entry: Entry) -> Iterator[tuple[str, ...]]:
    """Yield the ways to write a name: as it is, and contracted with a preposition (au Vigan, du Vigan)."""
    found = folded_words(entry.name)
    yield found
    if len(found) > 1 and found[0] in _CONTRACTIONS:
        for contraction in _CONTRACTIONS[found[0]]:
            yield (contraction, *found[1:])


def _merged(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the entries with one for each place, the most trusted."""
    best: dict[tuple[tuple[str, ...], tuple[str, ...]], Entry] = {}
    for entry in entries:
        key = (entry.communes, entry.departements)
        if key not in best or entry.trust > best[key].trust:
            best[key] = replace(entry, population=max(entry.population, best[key].population if key in best else 0))
    return tuple(best.values())


def _name(spelling: tuple[str, ...], entries: tuple[Entry, ...]) -> Name:
    return Name(spelling, entries, max(entry.trust for entry in entries))


def build_gazetteer(extra: Mapping[str, Sequence[str]], exceptions: Iterable[str] = ()) -> Gazetteer:
    """Return the packaged gazetteer with the team's places, and the expressions that never count.

    A name of `extra` (to codes of départements and communes) that is packaged too takes its codes from `extra`.
    """
    entries, elsewhere, refused, traps, first_names = _packaged()
    places: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        for spelling in _spellings(entry):
            places.setdefault(spelling, []).append(entry)
    for added, codes in extra.items():
        spelling = folded_words(added)
        trust = max((entry.trust for entry in places.get(spelling, ())), default=Trust.SURE)
        communes = tuple(sorted(code for code in codes if len(code) == _COMMUNE_DIGITS))
        departements = tuple(sorted({code[:2] for code in codes}))
        places[spelling] = [Entry(added, "lieu", communes, departements, trust)]
    names = {spelling: _name(spelling, _merged(found)) for spelling, found in places.items()}
    names |= {spelling: Name(spelling) for spelling in refused}
    names |= {
        spelling: Name(spelling, elsewhere=kind) for spelling, kind in elsewhere.items() if spelling not in places
    }
    names |= {spelling: Name(spelling) for spelling in map(folded_words, exceptions)}
    names.pop((), None)
    by_words: dict[str, dict[str, tuple[Name, ...]]] = {}
    for name in sorted(names.values(), key=lambda name: -len(name.words)):
        first, second = (*name.words, "")[:2]
        by_second = by_words.setdefault(first, {})
        by_second[second] = (*by_second.get(second, ()), name)
    return Gazetteer(
        by_words=by_words,
        by_spelling={"".join(name.words): name for name in names.values()},
        traps=traps,
        first_names=first_names,
    )


_Packaged = tuple[
    list[Entry],
    dict[tuple[str, ...], str],
    list[tuple[str, ...]],
    dict[str, tuple[tuple[str, int], ...]],
    frozenset[str],
]


@cache
def _packaged() -> _Packaged:
    """Read the packaged tables once a process: places, elsewhere, exceptions, traps, first names."""
    names = resources.files("pipelines.data").joinpath("first_names.txt").read_text(encoding="utf-8")
    first_names = frozenset(folded_words(names))
    communes = list(_communes(first_names))
    entries = [*communes, *_departements(), *_sites(communes)]
    elsewhere = {folded_words(row["name"]): row["kind"] for row in _table("elsewhere.csv")}
    refused = [folded_words(row["expression"]) for row in _table("exceptions.csv")]
    traps: dict[str, tuple[tuple[str, int], ...]] = {}
    for row in _table("traps.csv"):
        phrases = tuple((f" {phrase} ", int(row["points"])) for phrase in row["context"].split("|"))
        traps[row["name"]] = (*traps.get(row["name"], ()), *phrases)
    return entries, elsewhere, refused, traps, first_names
