"""Last component: what the author wants, and whether the team should answer. Sets `doc._.intent` and `doc._.to_answer`.

A post is a few clues, counted (`clues_of`): turns of `data/cues.toml`, a question mark, the first person… Each intent
adds up what its clues are worth to it (`data/intent_weights.csv`); the highest sum wins. A need that is missed costs
more than a false one, so a post that nearly asks is to be answered too.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from math import inf
from typing import Literal

from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens.underscore import Underscore

from pipelines.folding import fold, stem
from pipelines.hints import Hints
from pipelines.matching import Lexicon, Match

Intent = Literal["demande_aide", "question", "plainte", "signalement", "remerciement", "information", "spam"]

Weights = Mapping[Intent, Mapping[str, float]]

_MOST_OF_A_KIND = 3
"""More cues of a kind prove nothing more."""

_FIRST_PERSON = frozenset(
    stem(word)
    for word in (
        "je j jai jsuis jveux jsp chui moi mon ma mes nous notre nos",
        "ieu soi sèm nosautres jo meu meva mi i my we our",
    )
    for word in fold(word).split()
)
_UNITS = frozenset(map(stem, "h heure min minute jour semaine mois an annee".split()))
_ANGER = frozenset("😡🤬😤🙄👎🤡😠😒")
_WARMTH = frozenset("❤🙏🥹💛😍🧡💜🥰💙🤗")
_SIREN = frozenset("⚠🚨🔥🆘")
_LONG_WORDS = 45
_SHOUTED_LETTERS = 5
_VOICELESS = frozenset({"media", "company", "bot", "institution"})
_ANSWERED: dict[str, frozenset[str]] = {
    "institution": frozenset({"demande_aide", "question", "signalement", "plainte"}),
    "territoire": frozenset({"demande_aide", "question", "signalement"}),
    "hors_sujet": frozenset(),
}
_BENEFIT_OF_DOUBT = 1.0
"""By how much a need, a question or an alarm may be the weaker reading of a post and still be answered."""
_NOT_OURS = frozenset({"sport"})
"""Questions on these topics alone (the hour of a match) are not for a region to answer, unless they are put to it."""


def clues_of(read: Underscore, cues: Lexicon[str]) -> dict[str, float]:
    """Return how often each clue is found in a post, at most `_MOST_OF_A_KIND` times."""
    text, terms, hints = read.written.text, read.written.terms, read.hints
    found = cues.find(terms)
    manners = [match for match in found if match.label == "manners"]
    turns: dict[str, set[str]] = {}
    for match in found:
        if match.label != "thanks" or not any(_overlap(match, other) for other in manners):
            turns.setdefault(match.label, set()).add(match.term)
    words = [word.stem for word in terms if word.stem]
    clues: dict[str, float] = {label: len(of_kind) for label, of_kind in turns.items()}
    characters = set(text)
    clues |= {
        "always": 1,
        "mark": "?" in characters,
        "exclamation": "!" in characters,
        "first_person": not _FIRST_PERSON.isdisjoint(words),
        "duration": any(word[0].isdigit() and after in _UNITS for word, after in pairwise(words)),
        "long": len(words) > _LONG_WORDS,
        "shouting": not text.isupper() and any(len(w) >= _SHOUTED_LETTERS and w.isupper() for w in text.split()),
        "anger": not _ANGER.isdisjoint(characters),
        "warmth": not _WARMTH.isdisjoint(characters),
        "siren": not _SIREN.isdisjoint(characters),
        "hashtags": len(read.hashtags_raw),
        "mention": bool(read.mentions),
        "link": bool(read.links),
        "feed": _is_published(hints),
    }
    return {clue: min(float(count), _MOST_OF_A_KIND) for clue, count in clues.items() if count}


def _is_published(hints: Hints) -> bool:
    """Say whether a publication speaks, not a person: a feed of comments, told so by its source, is people."""
    return hints.author_kind in _VOICELESS or (hints.platform == "rss" and hints.author_kind != "person")


def _overlap(one: Match[str], other: Match[str]) -> bool:
    return one.start < other.end and other.start < one.end


def scores_of(clues: Mapping[str, float], weights: Weights) -> dict[Intent, float]:
    """Return how much speaks for each intent."""
    return {
        intent: sum(worth.get(clue, 0.0) * count for clue, count in clues.items()) for intent, worth in weights.items()
    }


def should_answer(scores: Mapping[Intent, float], relevance: str, topics: Sequence[str], hints: Hints) -> bool:
    """Say whether a person would be helped by an answer that the region can give or direct."""
    if hints.is_own or _is_published(hints):
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
