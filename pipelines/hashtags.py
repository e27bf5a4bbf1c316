"""Hashtags in a text: twitter-text's rules, but for `#a#b`, which Instagram, TikTok and others split in two."""

import re
import unicodedata
from collections.abc import Collection
from functools import cache, lru_cache
from typing import NamedTuple

from pipelines.folding import fold

_SIGN = re.compile("[#＃]")
_SIGNS = frozenset("#＃")
_NO_TAG_AFTER = frozenset("\ufe0f\u20e3")
_SPECIAL = frozenset(
    "_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\u00b7",
)
_EMOJI_VARIANTS = frozenset("\ufe0e\ufe0f")
_WHOLE_ONLY = frozenset({"", "x"})
_FIRST_ONLY = frozenset({"mastodon"})
_LONGEST_SPLIT = 100
_PIECES = re.compile("d+|u+(?!l)|u?l+")


class Hashtag(NamedTuple):
    """A tag at [start, end) of the text, sign included; `tag` is without it."""

    tag: str
    start: int
    end: int


@cache
def _is_letter(char: str) -> bool:
    return unicodedata.category(char)[0] in "LM" and char not in _EMOJI_VARIANTS


@cache
def _belongs_to_tag(char: str) -> bool:
    return _is_letter(char) or char in _SPECIAL or unicodedata.category(char) == "Nd"


def _shape(char: str) -> str:
    """Return d for a digit, u for a capital, l for any other letter or mark, - for what separates words."""
    if char.isdigit():
        return "d"
    if not _is_letter(char):
        return "-"
    return "u" if char.isupper() else "l"


def _end_of_tag(text: str, start: int) -> int:
    end = start
    while end < len(text) and _belongs_to_tag(text[end]):
        end += 1
    return end


def hashtags_in(text: str, platform: str = "") -> list[Hashtag]:
    """Return the hashtags of `text` in order, repeats included. An unknown platform gets the rules of twitter-text."""
    found = []
    last_end = -1
    for sign in _SIGN.finditer(text):
        start = sign.start()
        splits = start == last_end and platform not in _WHOLE_ONLY | _FIRST_ONLY
        last_end = end = _end_of_tag(text, start + 1)
        before = text[start - 1] if start else " "
        if not splits and (before == "&" or _belongs_to_tag(before)):
            continue
        if text[start + 1 : start + 2] in _NO_TAG_AFTER or text.startswith("://", end):
            continue
        if platform in _WHOLE_ONLY and text[end : end + 1] in _SIGNS:
            continue
        if any(map(_is_letter, text[start + 1 : end])):
            found.append(Hashtag(text[start + 1 : end], start, end))
    return found


@lru_cache(maxsize=8_192)
def _pieces(tag: str) -> tuple[str, ...]:
    shape = "".join(map(_shape, tag))
    return tuple(fold(tag[match.start() : match.end()]) for match in _PIECES.finditer(shape))


def split_hashtag(tag: str, lexicon: Collection[str] = frozenset()) -> list[str]:
    """Return the folded words of a tag: cut at capitals, digits and underscores (`LyceesEnColere`: lycees en colere).

    A piece that none of these cuts is cut into words of `lexicon` (folded) where they cover it whole, longest first.
    """
    pieces = _pieces(tag[:_LONGEST_SPLIT])
    if not lexicon:
        return list(pieces)
    return [word for piece in pieces for word in _covered(piece, lexicon) or [piece]]


def _covered(piece: str, lexicon: Collection[str]) -> list[str]:
    """Return the fewest words of `lexicon` that make up `piece`, [] if none do."""
    best: list[list[str] | None] = [[]]
    for end in range(1, len(piece) + 1):
        options = [
            [*head, piece[start:end]]
            for start in range(end)
            if (head := best[start]) is not None and piece[start:end] in lexicon
        ]
        best.append(min(options, key=len, default=None))
    return best[-1] or []
