"""Folding by case, accent, number and gender: how words of posts, tags and word lists are compared."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_DIACRITICS = re.compile("[\u0300-\u036f]")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "ʼ": "'"})
_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
_RUN = re.compile(r"\w+")


_SHORTEST_INFLECTED = 4
"""Shorter words ("bus", "gaz", "RER") are left as they are."""

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


class Word(NamedTuple):
    """A run of letters and digits: `text` as written at [start, end) of the post, `folded`, and reduced by `stem`."""

    folded: str
    text: str
    start: int
    end: int
    stem: str = ""


def fold(text: str) -> str:
    """Return `text` without case, accents of the Latin script, ligatures and curly apostrophes.

    Marks that carry vowels in other scripts stay. The result may be longer or shorter than `text`.
    """
    if text.isascii():
        return text.lower()
    lowered = text.casefold().translate(_LIGATURES)
    return unicodedata.normalize("NFC", _DIACRITICS.sub("", unicodedata.normalize("NFD", lowered)))


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


@lru_cache(maxsize=65_536)
def _folded_and_stem(written: str) -> tuple[str, str]:
    folded = fold(written)
    return folded, stem(folded)


def words(text: str) -> list[Word]:
    """Return the words of `text` in order. Apostrophes, hyphens, underscores and signs separate words."""
    found = []
    for match in _WORD.finditer(text):
        written = match[0]
        folded, reduced = _folded_and_stem(written)
        found.append(Word(folded, written, match.start(), match.end(), reduced))
    return found


def stems_in(text: str) -> list[str]:
    """Return the stems of the words of `text` in order: those of `words` where letters are composed, and faster."""
    return [_folded_and_stem(run)[1] for run in _RUN.findall(text)]
