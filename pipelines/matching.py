"""Finds the team's words and phrases in a post: whole words, whatever the case, accents, number and (mostly) gender.

Shared by relevance, topics and intent. No pattern of the team's is ever compiled: words are looked up in a table, so a
post costs time in proportion to its length, whatever the number of terms.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from spacy.language import Language
from spacy.tokens import Doc

from pipelines.folding import words
from pipelines.hashtags import split_hashtag

Label = TypeVar("Label")

_SHORTEST_INFLECTED = 4
"""Shorter words ("bus", "gaz", "RER") are left as they are."""

_TAG_SIGNS = "#＃"
_SIGNS = _TAG_SIGNS + "@＠"

_FEMININES = (
    ("trice", "teur", 7),
    ("enne", "en", 6),
    ("iere", "ier", 6),
    ("euse", "eur", 6),
    ("elle", "el", 7),
    ("ante", "ant", 8),
    ("ente", "ent", 8),
    ("ive", "if", 6),
    ("ale", "al", 6),
    ("ee", "e", 4),
)
"""(ending, what stands for it, shortest word): enough for nouns and adjectives; verbs are left to the word lists."""


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return what singular and plural, masculine and feminine of a folded French word have in common, approximately.

    Not a lemma: "lyceennes" and "lyceen" give "lyceen", "regionaux" and "regionale" give "regional".
    """
    if len(word) < _SHORTEST_INFLECTED or not word.isalpha():
        return word
    if word.endswith("aux") and not word.endswith("eaux") and len(word) > _SHORTEST_INFLECTED:
        return word[:-3] + "al"
    if word[-1] in "sx" and word[-2] != "s":
        word = word[:-1]
    for ending, masculine, shortest in _FEMININES:
        if len(word) >= shortest and word.endswith(ending):
            return word[: -len(ending)] + masculine
    return word


class Token(NamedTuple):
    """One word of a post, reduced by `stem`, at [start, end) of its text.

    `tag` is a whole hashtag or handle, folded and without underscores or dots; such a token has no stem.
    """

    stem: str
    start: int
    end: int
    tag: str = ""


def tokens(text: str, entities: Sequence[tuple[int, int]] = ()) -> tuple[Token, ...]:
    """Return the words of `text`, then its hashtags and mentions whole, in order.

    `entities` are the sorted spans of hashtags, mentions and links: the words of a hashtag are those that it is made of
    ("#TransportScolaire": transport scolaire); links and mentions give none.
    """
    found: list[Token] = []
    tags: list[Token] = []
    position = 0
    for start, end in (*entities, (len(text), len(text))):
        between = words(text[position:start])
        found += [Token(stem(word.folded), position + word.start, position + word.end) for word in between]
        sign, name = text[start : start + 1], text[start + 1 : end]
        if sign and sign in _TAG_SIGNS:
            found += [Token(stem(part), start, end) for part in split_hashtag(name)]
        if sign and sign in _SIGNS:
            tags.append(Token("", start, end, "".join(word.folded for word in words(name))))
        position = max(position, end)
    return (*found, *tags)


class Match(NamedTuple, Generic[Label]):
    """A term found: `first` and `last` are positions in the tokens, `start` and `end` in the text."""

    label: Label
    term: str
    first: int
    last: int
    start: int
    end: int


def stems(term: str) -> tuple[str, ...]:
    """Return the stems of a term's words, in order; empty when it has no letter or digit."""
    return tuple(stem(word.folded) for word in words(term))


class Lexicon(Generic[Label]):
    """Terms, each under one or several labels, compiled once; stateless afterwards."""

    def __init__(self, terms_by_label: Mapping[Label, Iterable[str]]) -> None:
        self._words: dict[str, list[_Term[Label]]] = {}
        self._phrases: dict[tuple[str, str], list[_Term[Label]]] = {}
        self._tags: dict[str, list[_Term[Label]]] = {}
        for label, terms in terms_by_label.items():
            for written in terms:
                self._add(label, written)
        for found in self._phrases.values():
            found.sort(key=lambda term: -len(term.parts))

    def _add(self, label: Label, written: str) -> None:
        parts = stems(written)
        if not parts:
            return
        term = _Term(parts, label, written)
        if len(parts) == 1:
            self._words.setdefault(parts[0], []).append(term)
        else:
            self._phrases.setdefault((parts[0], parts[1]), []).append(term)
        self._tags.setdefault(stem("".join(word.folded for word in words(written))), []).append(term)

    def find(self, tokens: Sequence[Token]) -> list[Match[Label]]:
        """Return the terms found, in order; of the terms of one label that share a word, the longest from the left."""
        found: list[Match[Label]] = []
        covered: dict[Label, int] = {}
        for position, token in enumerate(tokens):
            if token.tag:
                terms = self._tags.get(stem(token.tag), ())
                found += (Match(term.label, term.written, position, position, token.start, token.end) for term in terms)
                continue
            after = tokens[position + 1].stem if position + 1 < len(tokens) else ""
            for term in (*self._phrases.get((token.stem, after), ()), *self._words.get(token.stem, ())):
                last = position + len(term.parts) - 1
                if covered.get(term.label, 0) <= position and _is_at(term.parts, tokens, position):
                    covered[term.label] = last + 1
                    found.append(Match(term.label, term.written, position, last, token.start, tokens[last].end))
        return found


class _Term(NamedTuple, Generic[Label]):
    parts: tuple[str, ...]
    label: Label
    written: str


def _is_at(parts: tuple[str, ...], tokens: Sequence[Token], position: int) -> bool:
    """Say whether a term whose first two words are known to be there goes on so."""
    if position + len(parts) > len(tokens):
        return False
    return all(tokens[position + offset].stem == parts[offset] for offset in range(2, len(parts)))


def read_words(doc: Doc) -> Doc:
    """Set `doc._.words`, the tokens that the lexicons are looked up in. Reads `entity_spans`."""
    doc._.words = tokens(doc.text, doc._.entity_spans)
    return doc


Doc.set_extension("words", default=(), force=True)


@Language.factory("matching")
def create_matching(nlp: Language, name: str) -> Callable[[Doc], Doc]:  # noqa: ARG001 - spaCy calls it by these names
    """Return the component."""
    return read_words
