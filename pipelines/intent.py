"""Eighth component: what the author wants, and whether the team should answer. Sets `doc._.intent`, `to_answer`.

Each intent adds up what the clues of a post (`turns`, `wording`, its relevance, its platform) are worth to it
(`data/intent_weights.csv`); the highest sum wins. A post is to be answered when it is likely enough to be a need, a
question or an alarm that concerns the region: a need that is missed costs more than a false one, so the chance that is
enough is less than an even one.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens.underscore import Underscore

from pipelines.hints import Hints
from pipelines.weights import Weights, parse

Intent = Literal["demande_aide", "question", "plainte", "signalement", "remerciement", "information", "spam"]

_ANSWERED: dict[str, tuple[Intent, ...]] = {
    "institution": ("demande_aide", "question", "signalement", "plainte"),
    "territoire": ("demande_aide", "question", "signalement"),
}
"""What is answered where a post concerns the institution, or only the territory."""
_LIKELY_ENOUGH = 0.2
"""Chance from which a post is to be answered."""
_NOT_OURS = frozenset({"sport"})
"""Questions on these topics alone (the hour of a match) are not for a region to answer, unless they are put to it."""


def clues_of(read: Underscore) -> dict[str, float]:
    """Return the clues that the intent of a post is weighed from."""
    clues: dict[str, float] = read.turns | read.wording
    clues |= {f"concerns_{relevance}": 2 * chance for relevance, chance in read.relevance_odds.items()}
    clues[f"on_{read.hints.platform}"] = 1.0
    return clues


def chance_to_answer(intent: Mapping[str, float], relevance: Mapping[str, float]) -> float:
    """Return how likely a post is one that the region can answer or direct, from the odds of both readings."""
    return sum(relevance[where] * sum(intent[asked] for asked in asks) for where, asks in _ANSWERED.items())


def should_answer(chance: float, relevance: str, topics: Sequence[str], hints: Hints) -> bool:
    """Say whether a person would be helped by an answer that the region can give or direct."""
    if hints.is_own or hints.is_published or relevance == "hors_sujet":
        return False
    if topics and set(topics) <= _NOT_OURS and relevance != "institution":
        return False
    return chance >= _LIKELY_ENOUGH


class IntentReader:
    """The component: holds what each clue is worth, changes nothing after."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.intent` and `doc._.to_answer`."""
        read = doc._
        odds = self._weights.odds(clues_of(read))
        read.intent = max(odds, key=lambda intent: odds[intent])
        chance = chance_to_answer(odds, read.relevance_odds)
        read.to_answer = should_answer(chance, read.relevance, read.topics, read.hints)
        return doc


Doc.set_extension("intent", default="information", force=True)
Doc.set_extension("to_answer", default=False, force=True)


@Language.factory("intent")
def create_intent(
    nlp: Language,  # noqa: ARG001 - spaCy calls it by these names
    name: str,  # noqa: ARG001
    weights: str,
) -> Callable[[Doc], Doc]:
    """Return the component; `weights` is a table that `weights.parse` reads."""
    return IntentReader(Weights(parse(weights)))
