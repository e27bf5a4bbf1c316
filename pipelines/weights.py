"""What each clue of a post is worth to each answer of a decision: a table that `make train` fits, added up here."""

import csv
from collections.abc import Mapping
from math import exp

Table = Mapping[str, Mapping[str, float]]
"""By answer, then by clue, as in `data/relevance_weights.csv` and `data/intent_weights.csv`."""


def parse(table: str) -> Table:
    """Return the weights of a CSV file: a row for each clue, a column for each answer."""
    rows = list(csv.DictReader(table.splitlines()))
    answers = [column for column in rows[0] if column != "clue"]
    return {answer: {row["clue"]: float(row[answer]) for row in rows} for answer in answers}


class Weights:
    """A table compiled once; stateless afterwards."""

    def __init__(self, table: Table) -> None:
        self._answers = tuple(table)
        self._nothing = (0.0,) * len(self._answers)
        clues = dict.fromkeys(clue for worth in table.values() for clue in worth)
        self._worth = {clue: tuple(table[answer].get(clue, 0.0) for answer in self._answers) for clue in clues}

    def odds(self, clues: Mapping[str, float]) -> dict[str, float]:
        """Return how likely each answer is, in [0, 1], all together 1; a clue without weight tells nothing."""
        told = [
            worth if count == 1 else tuple(count * each for each in worth)
            for clue, count in clues.items()
            if (worth := self._worth.get(clue))
        ]
        sums = [sum(column) for column in zip(self._nothing, *told, strict=True)]
        highest = max(sums)
        powers = [exp(total - highest) for total in sums]
        whole = sum(powers)
        return {answer: power / whole for answer, power in zip(self._answers, powers, strict=True)}
