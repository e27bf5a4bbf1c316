"""Fields of life (rail, vineyard, hospital…) by their everyday words: what a topic's own list need not hold."""

from collections.abc import Iterable, Mapping

from pipelines.folding import fold
from pipelines.matching import stems

ROOT_SIGN = "*"
"""Ends a root: "vendang*" finds vendange, vendanger and vendangeuses."""

_SHORTEST_ROOT = 2

Hit = tuple[str, str]
"""A field and the term of its that was found."""


class Fields:
    """The terms of each field, compiled once. `phrases` are those of several words, to be looked up in a `Lexicon`."""

    def __init__(self, terms_by_field: Mapping[str, Iterable[str]]) -> None:
        self._roots: dict[str, list[Hit]] = {}
        self._words: dict[str, list[Hit]] = {}
        self.phrases: dict[str, list[str]] = {}
        for field, terms in terms_by_field.items():
            for term in terms:
                parts = stems(term)
                if term.endswith(ROOT_SIGN):
                    self._roots.setdefault(fold(term.removesuffix(ROOT_SIGN)), []).append((field, term))
                elif len(parts) == 1:
                    self._words.setdefault(parts[0], []).append((field, term))
                else:
                    self.phrases.setdefault(field, []).append(term)

    def of(self, folded: str, stem: str) -> tuple[Hit, ...]:
        """Return the words and roots that a word of a post is; none where it has no stem."""
        if not stem:
            return ()
        starts = (folded[:length] for length in range(_SHORTEST_ROOT, len(folded) + 1))
        return (*self._words.get(stem, ()), *(hit for start in starts for hit in self._roots.get(start, ())))
