"""How a post bears on the region: the clues, counted, that its relevance is weighed from. `make train` weighs them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pipelines.hints import Hints
from pipelines.matching import Match
from pipelines.places import Place

Clue = Literal["name", "proper", "ambiguous", "duty", "service", "person", "context", "elsewhere"]

_MOST_OF_A_KIND = 2
_MOST_PLACES = 3
_ASKING = frozenset({"mark", "question", "need", "whom", "stuck", "report", "alerting"})


@dataclass(frozen=True, slots=True)
class Bearings:
    """What was found in a post, and where it comes from.

    `elsewhere` are the names of other regions and of their places, `refused` counts the names that were taken for no
    place; `accounts` and `hosts` are the institution's own among the post's mentions and links; `is_addressed`: it
    greets someone, and says "you".
    """

    found: Sequence[Match[Clue]] = ()
    places: Sequence[Place] = ()
    refused: int = 0
    elsewhere: tuple[str, ...] = ()
    hints: Hints = field(default_factory=Hints)
    lang: str = "fr"
    accounts: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    is_spam: bool = False
    is_addressed: bool = False

    def of(self, *kinds: Clue) -> list[Match[Clue]]:
        """Return the matches of these kinds, in the order of the text."""
        return [match for match in self.found if match.label in kinds]


def clues_of(bearings: Bearings, verdict: str, turns: Mapping[str, float]) -> dict[str, float]:
    """Return the clues with their counts: `turns` as they are, the others by names that say what they are.

    `verdict` is what `judgement` alone makes of the post. Where the post is set makes the same word mean more or less:
    "la Région" beside Bordeaux is another one.
    """
    situation = _situation(bearings)
    clues = dict(turns)
    clues[f"rules_{verdict}"] = 1.0
    clues[situation] = 1.0
    clues[f"{situation}_on_{bearings.hints.platform}"] = 0.5
    clues[f"on_{bearings.hints.platform}"] = 1.0
    clues[f"in_{bearings.lang}"] = 1.0
    clues[f"{situation}_asks"] = not _ASKING.isdisjoint(turns)
    clues[f"{situation}_others"] = min(len(bearings.elsewhere), _MOST_OF_A_KIND)
    for label, count in Counter(match.label for match in _said(bearings)).items():
        clues[f"says_{label}"] = min(count, _MOST_OF_A_KIND)
        clues[f"{situation}_says_{label}"] = 1.0
    clues |= _places(bearings)
    clues["advertises"] = bearings.is_spam
    clues["addressed"] = bearings.is_addressed
    return {clue: float(count) for clue, count in clues.items() if count}


def _said(bearings: Bearings) -> Iterator[Match[Clue]]:
    """Yield what was found, without the words of context that are a part of a name ("région" in "la Région")."""
    names = bearings.of("proper", "ambiguous", "elsewhere")
    for match in bearings.found:
        is_part = any(match.start < name.end and name.start < match.end for name in names)
        if match.label != "context" or not is_part:
            yield match


def _situation(bearings: Bearings) -> str:
    """Return where a post is set: a place of ours, or a feed of ours, with or without another territory's."""
    if bearings.places:
        return "here_and_elsewhere" if bearings.elsewhere else "here"
    if bearings.elsewhere:
        return "elsewhere"
    return "here" if bearings.hints.territory else "nowhere"


def _places(bearings: Bearings) -> dict[str, float]:
    places = bearings.places
    departements = {code for place in places for code in place.departements}
    clues: dict[str, float] = {f"place_{place.kind}": 1.0 for place in places}
    clues["places"] = min(len(places), _MOST_PLACES)
    clues["departements"] = min(len(departements), _MOST_PLACES)
    clues["surest_place"] = max((place.confidence for place in places), default=0.0)
    clues["refused_places"] = min(bearings.refused, _MOST_OF_A_KIND)
    return clues
