"""Folding by case and accent: the one way in which words of posts, tags and word lists are compared."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_DIACRITICS = re.compile("[\u0300-\u036f]")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "ʼ": "'"})
_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")


class Word(NamedTuple):
    """A run of letters and digits: `text` as written at [start, end) of the post, and `folded`."""

    folded: str
    text: str
    start: int
    end: int


def fold(text: str) -> str:
    """Return `text` without case, accents of the Latin script, ligatures and curly apostrophes.

    Marks that carry vowels in other scripts stay. The result may be longer or shorter than `text`.
    """
    if text.isascii():
        return text.lower()
    lowered = text.casefold().translate(_LIGATURES)
    return unicodedata.normalize("NFC", _DIACRITICS.sub("", unicodedata.normalize("NFD", lowered)))


@lru_cache(maxsize=65_536)
def _fold_word(word: str) -> str:
    return fold(word)


def words(text: str) -> list[Word]:
    """Return the words of `text` in order. Apostrophes, hyphens, underscores and signs separate words."""
    found = []
    for match in _WORD.finditer(text):
        written = match[0]
        found.append(Word(_fold_word(written), written, *match.span()))
    return found
