"""What each clue of a post is worth to each answer: a linear model, read from a table of numbers, fitted by ridge.

Adding up is all it does when posts are read, so that any verdict can be told clue by clue.
"""

import csv
import io
from collections import Counter
from collections.abc import KeysView, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

ALWAYS = "always"
"""The clue of every post."""

PENALTY = 10.0
"""Of 3, 5, 10 and 20, the best across hands, by little."""
_SEEN_TWICE = 2
"""A clue of one post alone teaches nothing."""


class LinearModel:
    """The weights: `answers` are columns, clues rows. Unchanged once made."""

    def __init__(self, answers: Sequence[str], clues: Sequence[str], weights: Matrix) -> None:
        self.answers = tuple(answers)
        self._rows = {clue: row for row, clue in enumerate(clues)}
        self._weights = weights

    @property
    def clues(self) -> KeysView[str]:
        """Return the names of the clues that have a weight."""
        return self._rows.keys()

    def scores(self, clues: Mapping[str, float]) -> dict[str, float]:
        """Return the score of each answer: near 1 where it is right of a post, near 0 where it is not."""
        known = [(row, value) for clue, value in clues.items() if (row := self._rows.get(clue)) is not None]
        if not known:
            return dict.fromkeys(self.answers, 0.0)
        rows, values = zip(*known, strict=True)
        sums: list[float] = (np.array(values) @ self._weights.take(rows, axis=0)).tolist()
        return dict(zip(self.answers, sums, strict=True))

    def table(self) -> str:
        """Return the model as CSV, weights in thousandths: what `parse` reads."""
        lines = io.StringIO()
        table = csv.writer(lines, lineterminator="\n")
        table.writerow(["clue", *self.answers])
        for clue, row in self._rows.items():
            table.writerow([clue, *np.rint(1000 * self._weights[row]).astype(int).tolist()])
        return lines.getvalue()


def parse(table: str) -> LinearModel:
    """Return the model that `LinearModel.table` wrote. Raises ValueError where the text is none."""
    header, *rows = csv.reader(table.splitlines()) if table else [[]]
    if header[:1] != ["clue"] or any(len(row) != len(header) for row in rows):
        raise ValueError("not a table of topic weights")
    weights = np.array([row[1:] for row in rows], dtype=np.float64) / 1000
    return LinearModel(header[1:], [row[0] for row in rows], weights)


class Fitted(NamedTuple):
    """A model, and what it would score each post (posts, answers) had it not learned from that post."""

    model: LinearModel
    left_out: Matrix


def fit(answers: Sequence[str], clues: Sequence[Mapping[str, float]], wanted: Matrix, trust: Matrix) -> Fitted:
    """Return the ridge regression of `wanted` (posts, answers; 1 where right, 0 not) on the posts' clues.

    `trust` says how many posts each post counts for. Solved in the posts' own space, which gives the scores of each
    post left out at once: y - a / diag(inverse), where a are the dual coefficients (Rifkin and Lippert, 2007).
    """
    seen = Counter(clue for of_post in clues for clue in of_post if clue != ALWAYS)
    names = sorted(clue for clue, posts in seen.items() if posts >= _SEEN_TWICE)
    column = {name: number for number, name in enumerate(names)}
    values = np.zeros((len(clues), len(names)))
    for post, of_post in enumerate(clues):
        for clue, value in of_post.items():
            if clue in column:
                values[post, column[clue]] = value
    base = np.average(wanted, axis=0, weights=trust)
    inverse = np.linalg.inv(values @ values.T + np.diag(PENALTY / trust))
    dual = inverse @ (wanted - base)
    left_out = wanted - dual / np.diag(inverse)[:, None]
    return Fitted(LinearModel(answers, [ALWAYS, *names], np.vstack([base, values.T @ dual])), left_out)
