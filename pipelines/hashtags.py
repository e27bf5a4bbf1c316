"""First component: hashtags, mentions and links, the platform's own where given, else read from the text.

Sets on the Doc: `hashtags_raw`, `hashtags`, `mentions`, `links`, `domains`, `entity_spans`. The rules of hashtags are
those of twitter-text, but for `#a#b`, which Instagram, TikTok, Facebook, Threads and others split in two.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from pipelines.folding import fold
from pipelines.hints import Hints
from pipelines.links import domain_of, links_in
from pipelines.mentions import mentions_in

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


def _preferring(given: tuple[str, ...] | None, read: list[str]) -> tuple[str, ...]:
    """Return the platform's own entities in the order and spelling of the text, then those that are not in it."""
    if given is None:
        return tuple(read)
    given_folded = {fold(entity) for entity in given}
    read_folded = {fold(entity) for entity in read}
    return (*(e for e in read if fold(e) in given_folded), *(e for e in given if fold(e) not in read_folded))


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def read_entities(doc: Doc) -> Doc:
    """Set the entity extensions of `doc` from its text and its hints."""
    text = doc.text
    hints: Hints = doc._.hints
    links = links_in(text)
    starts = [link.start for link in links]

    def is_in_link(position: int) -> bool:
        index = bisect_right(starts, position)
        return index > 0 and position < links[index - 1].end

    tags = [tag for tag in hashtags_in(text, hints.platform) if not is_in_link(tag.start)]
    mentions = [mention for mention in mentions_in(text, hints.platform) if not is_in_link(mention.start)]
    doc._.hashtags_raw = _preferring(hints.hashtags, [tag.tag for tag in tags])
    doc._.hashtags = _unique(map(fold, doc._.hashtags_raw))
    doc._.mentions = _preferring(hints.mentions, [mention.handle for mention in mentions])
    doc._.links = hints.links if hints.links is not None else tuple(link.url for link in links)
    doc._.domains = _unique(map(domain_of, doc._.links))
    spans = [(link.start, link.end) for link in links]
    spans += [(tag.start, tag.end) for tag in tags]
    spans += [(mention.start, mention.end) for mention in mentions]
    doc._.entity_spans = tuple(sorted(spans))
    return doc


Doc.set_extension("hints", default=Hints(), force=True)
for _name in ("hashtags_raw", "hashtags", "mentions", "links", "domains", "entity_spans"):
    Doc.set_extension(_name, default=(), force=True)


@Language.factory("hashtags")
def create_hashtags(nlp: Language, name: str) -> Callable[[Doc], Doc]:  # noqa: ARG001 - spaCy calls it by these names
    """Return the component, for `nlp.add_pipe("hashtags")`."""
    return read_entities
