"""Finds the team's words and phrases in a post: whole words, whatever the case, accents, number and (mostly) gender.

Shared by relevance, topics and intent. No pattern of the team's is ever compiled: words are looked up in a table, so a
post costs time in proportion to its length, whatever the number of terms.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from pipelines.folding import Word, stem, words

Label = TypeVar("Label")

_KEY = 2
"""Stems by which a term is held."""


class Match(NamedTuple, Generic[Label]):
    """A term found: `first` and `last` are positions in the words searched, `start` and `end` in the text."""

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
    """Terms, each under one or several labels, compiled once; stateless afterwards.

    They are held by their first two stems, the longest first; the second of a single word is "".
    """

    def __init__(self, terms_by_label: Mapping[Label, Iterable[str]]) -> None:
        self._terms: dict[str, dict[str, list[_Term[Label]]]] = {}
        self._tags: dict[str, list[_Term[Label]]] = {}
        for label, terms in terms_by_label.items():
            for written in terms:
                self._add(label, written)
        for followers in self._terms.values():
            for found in followers.values():
                found.sort(key=lambda term: -len(term.parts))

    def _add(self, label: Label, written: str) -> None:
        parts = stems(written)
        if not parts:
            return
        first, second = (*parts, "")[:2]
        term = _Term(parts, label, written)
        self._terms.setdefault(first, {}).setdefault(second, []).append(term)
        self._tags.setdefault(stem("".join(word.folded for word in words(written))), []).append(term)

    def find(self, terms: Sequence[Word]) -> list[Match[Label]]:
        """Return what is found in `Written.terms`, in order; of what shares a label and a word, the longest."""
        found: list[Match[Label]] = []
        covered: dict[Label, int] = {}
        written = tuple([word.stem for word in terms])
        for position, followers in enumerate(map(self._terms.get, written)):
            if followers is None:
                continue
            after = written[position + 1] if position + 1 < len(written) else ""
            phrases = followers.get(after, ()) if after else ()
            for parts, label, term in (*phrases, *followers.get("", ())):
                end = position + len(parts)
                if covered.get(label, 0) <= position and (end - position <= _KEY or written[position:end] == parts):
                    covered[label] = end
                    found.append(Match(label, term, position, end - 1, terms[position].start, terms[end - 1].end))
        return found + self._tagged(terms) if "" in written else found

    def _tagged(self, terms: Sequence[Word]) -> list[Match[Label]]:
        """Return what hashtags and handles are when they are read whole: words without stem, last of all."""
        return [
            Match(term.label, term.written, position, position, word.start, word.end)
            for position, word in enumerate(terms)
            if not word.stem
            for term in self._tags.get(stem(word.folded), ())
        ]


class _Term(NamedTuple, Generic[Label]):
    parts: tuple[str, ...]
    label: Label
    written: str
