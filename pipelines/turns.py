"""Fourth component: how a post is put. Sets `doc._.turns`: the clues, counted, that tell what its author wants.

Relevance and intent read them; `make train` weighs them.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens.underscore import Underscore

from pipelines.folding import fold, stem
from pipelines.matching import Lexicon, Match
from pipelines.written import Written

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
_SECOND_PERSON = frozenset(map(stem, "vous votre vos tu ton te ta tes".split()))
_UNITS = frozenset(map(stem, "h heure min minute jour semaine mois an annee".split()))
_ANGER = frozenset("😡🤬😤🙄👎🤡😠😒")
_WARMTH = frozenset("❤🙏🥹💛😍🧡💜🥰💙🤗")
_SIREN = frozenset("⚠🚨🔥🆘")
_LONG_WORDS = 45
_SHOUTED_LETTERS = 5
_OPENING, _CLOSING = 3, 4
"""Words at the head and at the end of a post, where thanks are meant."""
_WEARINESS = frozenset("🙄😌🙃💀👏🤡😤😡")
_OFFICIAL_NETWORK = "linkedin"
_STOPS = frozenset("?!.…")


def clues_of(read: Underscore, cues: Lexicon[str]) -> dict[str, float]:
    """Return how often each clue is found in a post, at most `_MOST_OF_A_KIND` times.

    The clues are the kinds of turns of `data/cues.toml` by their names, and how the post is written.
    """
    written = read.written
    found = cues.find(written.terms)
    manners = [match for match in found if match.label == "manners"]
    turns: dict[str, set[str]] = {}
    for match in found:
        if match.label != "thanks" or not any(_overlap(match, other) for other in manners):
            turns.setdefault(match.label, set()).add(match.term)
    clues: dict[str, float] = {label: len(of_kind) for label, of_kind in turns.items()}
    words = [word.stem for word in written.terms if word.stem]
    clues |= _writing(written) | _voice(words, read) | dict(_thanks(found, len(words)))
    clues["let_down"] = "service" in clues and "negation" in clues
    return {clue: min(float(count), _MOST_OF_A_KIND) for clue, count in clues.items() if count}


def _writing(written: Written) -> dict[str, float]:
    """Return what the signs of a text tell."""
    text, characters = written.text, set(written.text)
    return {
        "always": 1,
        "mark": "?" in characters,
        "marks": text.count("?"),
        "end_mark": _last_sign(written.bare) == "?",
        "exclamation": "!" in characters,
        "quote": not {"«", '"'}.isdisjoint(characters),
        "shouting": not text.isupper() and any(len(w) >= _SHOUTED_LETTERS and w.isupper() for w in text.split()),
        "anger": not _ANGER.isdisjoint(characters),
        "weariness": not _WEARINESS.isdisjoint(characters),
        "warmth": not _WARMTH.isdisjoint(characters),
        "siren": not _SIREN.isdisjoint(characters),
    }


def _last_sign(bare: str) -> str:
    """Return the last letter, digit or stop of a text, its hashtags, links and pictures apart; "" without any."""
    return next((char for char in reversed(bare) if char.isalnum() or char in _STOPS), "")


def _voice(words: Sequence[str], read: Underscore) -> dict[str, float]:
    """Return who speaks, to whom, for how long and with what beside the text."""
    hints = read.hints
    return {
        "first_person": not _FIRST_PERSON.isdisjoint(words),
        "second_person": not _SECOND_PERSON.isdisjoint(words),
        "duration": any(word[0].isdigit() and after in _UNITS for word, after in pairwise(words)),
        "numbers": sum(word.isdigit() for word in words),
        "long": len(words) > _LONG_WORDS,
        "hashtags": len(read.hashtags_raw),
        "mention": bool(read.mentions),
        "link": bool(read.links),
        "feed": hints.is_published,
        "career": hints.platform == _OFFICIAL_NETWORK,
    }


def _thanks(found: list[Match[str]], length: int) -> Iterator[tuple[str, float]]:
    """Yield whether thanks open or close a post of `length` words: in its midst it is seldom written for them."""
    thanks = [match for match in found if match.label in {"thanks", "manners"}]
    yield "thanks_first", any(match.first < _OPENING for match in thanks)
    yield "thanks_last", any(length - _CLOSING <= match.last < length for match in thanks)


def _overlap(one: Match[str], other: Match[str]) -> bool:
    return one.start < other.end and other.start < one.end


Doc.set_extension("turns", default={}, force=True)


@Language.factory("turns")
def create_turns(
    nlp: Language,  # noqa: ARG001 - spaCy calls it by these names
    name: str,  # noqa: ARG001
    cues: dict[str, list[str]],
) -> Callable[[Doc], Doc]:
    """Return the component; `cues` holds turns by kind."""
    lexicon: Lexicon[str] = Lexicon(cues)

    def read_turns(doc: Doc) -> Doc:
        doc._.turns = clues_of(doc._, lexicon)
        return doc

    return read_turns
