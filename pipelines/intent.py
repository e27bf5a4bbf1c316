"""Last component: what the author wants, and whether the team should answer. Sets `doc._.intent` and `doc._.to_answer`.

Each intent adds up what the clues of a post (`turns.clues_of`) are worth to it (`data/intent_weights.csv`, fitted by
`make train`); the highest sum wins. A need that is missed costs more than a false one, so a post that nearly asks is to
be answered too.
"""

from collections.abc import Callable, Mapping, Sequence
from math import inf
from typing import Literal

from spacy.language import Language
from spacy.tokens import Doc

from pipelines.hints import Hints
from pipelines.matching import Lexicon
from pipelines.turns import clues_of

Intent = Literal["demande_aide", "question", "plainte", "signalement", "remerciement", "information", "spam"]

Weights = Mapping[Intent, Mapping[str, float]]

_ANSWERED: dict[str, frozenset[str]] = {
    "institution": frozenset({"demande_aide", "question", "signalement", "plainte"}),
    "territoire": frozenset({"demande_aide", "question", "signalement"}),
    "hors_sujet": frozenset(),
}
_BENEFIT_OF_DOUBT = 1.5
"""By how much a need, a question or an alarm may be the weaker reading of a post and still be answered."""
_NOT_OURS = frozenset({"sport"})
"""Questions on these topics alone (the hour of a match) are not for a region to answer, unless they are put to it."""


def scores_of(clues: Mapping[str, float], weights: Weights) -> dict[Intent, float]:
    """Return how much speaks for each intent."""
    return {
        intent: sum(worth.get(clue, 0.0) * count for clue, count in clues.items()) for intent, worth in weights.items()
    }


def should_answer(scores: Mapping[Intent, float], relevance: str, topics: Sequence[str], hints: Hints) -> bool:
    """Say whether a person would be helped by an answer that the region can give or direct."""
    if hints.is_own or hints.is_published:
        return False
    if topics and set(topics) <= _NOT_OURS and relevance != "institution":
        return False
    asks = max((score for intent, score in scores.items() if intent in _ANSWERED[relevance]), default=-inf)
    says = max(score for intent, score in scores.items() if intent not in _ANSWERED[relevance])
    return asks >= says - _BENEFIT_OF_DOUBT


class IntentReader:
    """The component: holds the compiled cues, changes nothing after."""

    def __init__(self, cues: Mapping[str, Sequence[str]], weights: Weights) -> None:
        self._cues: Lexicon[str] = Lexicon(cues)
        self._weights = weights

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.intent` and `doc._.to_answer`."""
        read = doc._
        scores = scores_of(clues_of(read, self._cues), self._weights)
        read.intent = max(scores, key=lambda intent: scores[intent])
        read.to_answer = should_answer(scores, read.relevance, read.topics, read.hints)
        return doc


Doc.set_extension("intent", default="information", force=True)
Doc.set_extension("to_answer", default=False, force=True)


@Language.factory("intent")
def create_intent(
    nlp: Language,  # noqa: ARG001 - spaCy calls it by these names
    name: str,  # noqa: ARG001
    cues: dict[str, list[str]],
    weights: dict[Intent, dict[str, float]],
) -> Callable[[Doc], Doc]:
    """Return the component; `cues` holds turns by kind, `weights` what a clue is worth to an intent."""
    return IntentReader(cues, weights)
