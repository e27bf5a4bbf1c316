"""What each clue of a post is worth to each answer of a decision: a table that `make train` fits, added up here."""

from collections.abc import Mapping, Sequence
from itertools import repeat
from math import exp

Table = Mapping[str, Mapping[str, float]]
"""By answer, then by clue, as in `data/relevance_weights.csv` and `data/intent_weights.csv`."""


class Weights:
    """A table compiled once; stateless afterwards."""

    def __init__(self, table: Table) -> None:
        self._answers = tuple(table)
        clues = dict.fromkeys(clue for worth in table.values() for clue in worth)
        self._worth = {clue: tuple(table[answer].get(clue, 0.0) for answer in self._answers) for clue in clues}

    def odds(self, clues: Mapping[str, float]) -> dict[str, float]:
        """Return how likely each answer is, in [0, 1], all together 1; a clue without weight tells nothing."""
        sums: Sequence[float] = tuple(repeat(0.0, len(self._answers)))
        for clue, count in clues.items():
            if worth := self._worth.get(clue):
                sums = [total + count * each for total, each in zip(sums, worth, strict=True)]
        highest = max(sums)
        powers = [exp(total - highest) for total in sums]
        return {answer: power / sum(powers) for answer, power in zip(self._answers, powers, strict=True)}
