"""Last component: what the author wants, and whether the team should answer. Sets `doc._.intent` and `doc._.to_answer`.

A post is a few clues, counted (`clues_of`): cues from `data/cues.toml`, a question mark, the first person… Each intent
adds up what its clues are worth; the highest sum wins. A need that is missed costs more than a false one.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Literal

from spacy.language import Language
from spacy.tokens import Doc

from pipelines.folding import fold
from pipelines.hints import Hints
from pipelines.matching import Lexicon, Match, stem

Intent = Literal["demande_aide", "question", "plainte", "signalement", "remerciement", "information", "spam"]

_MOST_OF_A_KIND = 3
"""More cues of a kind prove nothing more."""

_WEIGHTS: dict[Intent, dict[str, float]] = {
    "demande_aide": {
        "always": -0.5,
        "need": 1.5,
        "need_weak": 0.4,
        "question_weak": 0.3,
        "mark": 0.3,
        "first_person": 0.4,
        "greeting": 0.3,
        "long": 0.3,
        "duration": 0.3,
        "thanks": -0.3,
        "report_weak": -0.2,
    },
    "question": {
        "question": 1.0,
        "question_weak": 0.4,
        "mark": 1.5,
        "greeting": 0.4,
        "need": -0.3,
        "complaint_weak": -0.3,
        "report": -0.2,
        "report_weak": -0.2,
        "first_person": -0.2,
        "rhetorical": -0.5,
    },
    "plainte": {
        "always": 0.1,
        "complaint": 1.3,
        "complaint_weak": 0.6,
        "duration": 0.3,
        "shouting": 0.3,
        "anger": 0.4,
        "rhetorical": 0.4,
        "mark": -0.3,
        "need": -0.2,
        "feed": -0.5,
        "spam": -0.2,
    },
    "signalement": {
        "always": -0.5,
        "report": 1.0,
        "report_weak": 0.9,
        "siren": 0.4,
        "mention": 0.25,
        "complaint_weak": -0.3,
        "thanks": -0.3,
        "spam": -0.3,
        "feed": -0.5,
    },
    "remerciement": {
        "always": -0.3,
        "thanks": 1.6,
        "warmth": 0.5,
        "exclamation": 0.3,
        "hashtags": 0.1,
        "mark": -0.6,
        "complaint_weak": -0.3,
        "complaint": -0.3,
        "news": -0.3,
        "need": -0.1,
    },
    "information": {
        "always": 1.8,
        "news": 0.3,
        "feed": 1.5,
        "hashtags": 0.1,
        "exclamation": 0.2,
        "need": -0.4,
        "question": -0.4,
        "complaint": -0.6,
        "report": -0.4,
        "thanks": -0.5,
        "spam": -0.5,
        "mark": -0.6,
        "mention": -0.3,
        "greeting": -0.3,
        "first_person": -0.1,
    },
    "spam": {"always": -0.6, "spam": 1.5, "spam_weak": 0.3, "link": 0.2, "report": -0.5, "first_person": -0.2},
}
"""What each clue is worth to each intent: a regularised fit on two thirds of the labelled posts, then rounded."""

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
_NOT_OURS = frozenset({"sport"})
"""Questions on these topics alone (the hour of a match) are not for a region to answer, unless they are put to it."""


def clues_of(doc: Doc, cues: Lexicon[str]) -> dict[str, float]:
    """Return how often each clue is found in a post, at most `_MOST_OF_A_KIND` times."""
    text, tokens, hints = doc.text, doc._.words, doc._.hints
    found = cues.find(tokens)
    manners = [match for match in found if match.label == "manners"]
    terms: dict[str, set[str]] = {}
    for match in found:
        if match.label != "thanks" or not any(_overlap(match, other) for other in manners):
            terms.setdefault(match.label, set()).add(match.term)
    words = [token.stem for token in tokens if token.stem]
    clues: dict[str, float] = {label: len(of_kind) for label, of_kind in terms.items()}
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
        "hashtags": len(doc._.hashtags_raw),
        "mention": bool(doc._.mentions),
        "link": bool(doc._.links),
        "feed": hints.platform == "rss" or hints.author_kind in _VOICELESS,
    }
    return {clue: min(float(count), _MOST_OF_A_KIND) for clue, count in clues.items() if count}


def _overlap(one: Match[str], other: Match[str]) -> bool:
    return one.start < other.end and other.start < one.end


def intent_of(clues: Mapping[str, float]) -> Intent:
    """Return the intent whose clues weigh most; between equals, the one that costs most to miss."""
    scores = {
        intent: sum(weight * clues.get(clue, 0.0) for clue, weight in weights.items())
        for intent, weights in _WEIGHTS.items()
    }
    return max(scores, key=lambda intent: scores[intent])


def should_answer(intent: Intent, relevance: str, topics: Sequence[str], hints: Hints) -> bool:
    """Say whether a person would be helped by an answer that the region can give or direct."""
    if hints.is_own or hints.platform == "rss" or hints.author_kind in _VOICELESS:
        return False
    if relevance == "territoire" and intent == "question" and topics and set(topics) <= _NOT_OURS:
        return False
    return intent in _ANSWERED[relevance]


class IntentReader:
    """The component: holds the compiled cues, changes nothing after."""

    def __init__(self, cues: Mapping[str, Sequence[str]]) -> None:
        self._cues: Lexicon[str] = Lexicon(cues)

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.intent` and `doc._.to_answer`."""
        doc._.intent = intent_of(clues_of(doc, self._cues))
        doc._.to_answer = should_answer(doc._.intent, doc._.relevance, doc._.topics, doc._.hints)
        return doc


Doc.set_extension("intent", default="information", force=True)
Doc.set_extension("to_answer", default=False, force=True)


@Language.factory("intent")
def create_intent(
    nlp: Language,  # noqa: ARG001 - spaCy calls it by these names
    name: str,  # noqa: ARG001
    cues: dict[str, list[str]],
) -> Callable[[Doc], Doc]:
    """Return the component for `nlp.add_pipe("intent", config={"cues": …})`."""
    return IntentReader(cues)
