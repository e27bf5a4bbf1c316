"""Fifth component: what the words of a post by themselves sound like. Sets `doc._.wording`, clues of the intent.

Each word, whatever its number and gender, is worth something to each relevance and to each intent
(`data/word_weights.csv`, written by `make train`): nobody lists "encore" among the signs of a complaint, posts do.
The intent weighs what these add up to beside everything else; relevance does not: towns of elsewhere are words too.
"""

from collections.abc import Callable, Iterable

from spacy.language import Language
from spacy.tokens import Doc

from pipelines.folding import Word
from pipelines.linear_model import ALWAYS, parse

CLUE = "sounds_"
"""Begins the clues of the wording, before the relevance or the intent."""

_SCALE = 4.0
"""Brings scores, most of them within 0.5 of another, to the size of the other clues: of 2, 4 and 6, by little."""


def words_of(terms: Iterable[Word]) -> dict[str, float]:
    """Return the words of `Written.terms` as clues of a linear model; whole hashtags and handles are none."""
    return {ALWAYS: 1.0} | {word.stem: 1.0 for word in terms if word.stem}


def clues_of(answers: Iterable[str], scores: Iterable[float]) -> dict[str, float]:
    """Return as clues what words are worth to each answer."""
    return {CLUE + answer: _SCALE * score for answer, score in zip(answers, scores, strict=True)}


Doc.set_extension("wording", default={}, force=True)


@Language.factory("wording")
def create_wording(
    nlp: Language,  # noqa: ARG001 - spaCy calls it by these names
    name: str,  # noqa: ARG001
    weights: str,
) -> Callable[[Doc], Doc]:
    """Return the component; `weights` is a table of `LinearModel`."""
    model = parse(weights)

    def read_wording(doc: Doc) -> Doc:
        read = doc._
        scores = model.scores(words_of(read.written.terms))
        read.wording = clues_of(scores, scores.values())
        return doc

    return read_wording
