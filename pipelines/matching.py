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
        for position, word in enumerate(terms):
            if not word.stem:
                tagged = self._tags.get(stem(word.folded), ())
                found += (Match(term.label, term.written, position, position, word.start, word.end) for term in tagged)
                continue
            followers = self._terms.get(word.stem)
            if followers is None:
                continue
            after = terms[position + 1].stem if position + 1 < len(terms) else ""
            phrases = followers.get(after, ()) if after else ()
            for term in (*phrases, *followers.get("", ())):
                last = position + len(term.parts) - 1
                if covered.get(term.label, 0) <= position and (
                    len(term.parts) <= _KEY or _is_at(term.parts, terms, position)
                ):
                    covered[term.label] = last + 1
                    found.append(Match(term.label, term.written, position, last, word.start, terms[last].end))
        return found


class _Term(NamedTuple, Generic[Label]):
    parts: tuple[str, ...]
    label: Label
    written: str


def _is_at(parts: tuple[str, ...], terms: Sequence[Word], position: int) -> bool:
    """Say whether a term whose first two words are known to be there goes on so."""
    if position + len(parts) > len(terms):
        return False
    return all(terms[position + offset].stem == parts[offset] for offset in range(_KEY, len(parts)))
