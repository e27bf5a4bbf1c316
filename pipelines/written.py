"""A post as its components read it: cut into words once, its hashtags, handles and links set apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.folding import Word, stem, words
from pipelines.hashtags import split_hashtag

TAG_SIGNS = frozenset("#＃@＠")
"""Begin hashtags and handles."""

_HASHTAG_SIGNS = frozenset("#＃")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Written:
    """A text, the sorted `spans` of its hashtags, handles and links, and its words.

    `bare` is the text, as long as it was, with bars in the place of hashtags, handles and whole links; `words` are
    those of `bare`. `terms` are what word lists are looked up in: the words outside `spans`, those that hashtags are
    made of ("#TransportScolaire": transport scolaire), and last each hashtag and handle whole, folded, without stem.
    """

    text: str
    spans: tuple[Span, ...]
    bare: str
    words: list[Word]
    terms: list[Word]

    @classmethod
    def of(cls, text: str, spans: Sequence[Span] = ()) -> "Written":
        """Build from a text and the spans of its entities."""
        apart = [(start, end) for start, end in spans if text[start] in TAG_SIGNS or "/" in text[start:end]]
        bare = _barred(text, apart)
        found = words(bare)
        outside = found if len(apart) == len(spans) else words(_barred(text, spans))
        return cls(text, tuple(spans), bare, found, _terms(text, spans, outside) if spans else found)


def _barred(text: str, spans: Iterable[Span]) -> str:
    """Return `text`, as long as it was, with bars in the place of each span."""
    parts, position = [], 0
    for start, end in spans:
        parts += [text[position:start], "|" * (end - start)]
        position = end
    return "".join([*parts, text[position:]])


def _terms(text: str, spans: Sequence[Span], outside: Sequence[Word]) -> list[Word]:
    inside: list[Word] = []
    tags: list[Word] = []
    for start, end in spans:
        name = text[start + 1 : end]
        if text[start] in _HASHTAG_SIGNS:
            inside += [Word(piece, name, start, end, stem(piece)) for piece in split_hashtag(name)]
        if text[start] in TAG_SIGNS:
            tags.append(Word("".join(word.folded for word in words(name)), name, start, end))
    return sorted([*outside, *inside], key=_start) + tags


def _start(word: Word) -> int:
    return word.start
