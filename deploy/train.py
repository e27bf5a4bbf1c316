# ruff: noqa: INP001 - a script, not a package
"""Fits what each clue is worth to relevance and to intent: `pipelines/data/*_weights.csv`. Run by `make train`.

A multinomial logistic regression with an L2 penalty, on labelled posts without their measuring third. Each post is
repeated with three clues in ten forgotten at random, so that no single clue is leant on.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens.underscore import Underscore

import pipelines
from pipelines import Hints, intent
from pipelines.evaluate import INTENTS, RELEVANCES, LabelledPost, parse
from pipelines.relevance import RelevanceReader

ROOT = Path(__file__).parent.parent
DATA = ROOT / "pipelines" / "data"
LABELLED = ROOT / "tests" / "data" / "evaluation"
ALWAYS = "always"

REPEATS = 8
FORGOTTEN = 0.3
PENALTY = 2.0
"""Of 0.7, 2 and 5, the best in cross-validation, by little."""

_ASKED = {"mark": 1.0, "marks": 1.0, "end_mark": 1.0}
PLAIN_TURNS: tuple[tuple[str, dict[str, float]], ...] = (
    ("demande_aide", {"need": 1}),
    ("demande_aide", {"need": 1} | _ASKED),
    ("demande_aide", {"need": 1, "need_weak": 1, "mark": 1, "marks": 1}),
    ("question", {"question": 1} | _ASKED),
    ("plainte", {"complaint": 1}),
    ("signalement", {"report": 1}),
    ("remerciement", {"thanks": 1, "thanks_first": 1}),
    ("spam", {"spam": 1}),
)
PLAIN_COPIES = 3
"""A post of one plain turn is what the turn says: told to the fit, since labelled posts are seldom that short."""

STEPS = 600
RATE = 0.5
SEED = 20_261_124

Matrix = NDArray[np.float64]
Clues = Mapping[str, float]


def read(nlp: Language, posts: Sequence[LabelledPost], clues_of: Callable[[Underscore], Clues]) -> list[Clues]:
    """Return the clues of each post."""
    found = []
    for post in posts:
        doc = nlp.make_doc(post.text)
        doc._.hints = Hints(platform=post.platform)
        found.append({ALWAYS: 1.0, **clues_of(nlp(doc)._)})
    return found


def fit(counts: Matrix, answers: NDArray[np.int64], number: int, repeats: int = REPEATS) -> Matrix:
    """Return weights (clues, answers) for `counts` (posts, clues), the first of which is `ALWAYS` and not penalised.

    `answers` holds the right one of each post, below `number`.
    """
    rng = np.random.default_rng(SEED)
    kept = rng.random((repeats, *counts.shape)) >= FORGOTTEN
    kept[:, :, 0] = True
    seen = np.concatenate([counts, *(counts * mask for mask in kept)])
    wanted = np.eye(number)[np.tile(answers, repeats + 1)]
    penalty = np.full((counts.shape[1], 1), PENALTY / len(counts))
    penalty[0] = 0
    weights = np.zeros((counts.shape[1], number))
    speed = np.zeros_like(weights)
    for _ in range(STEPS):
        scores = seen @ weights
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        error = odds / odds.sum(axis=1, keepdims=True) - wanted
        speed = 0.9 * speed - RATE / 5 * (seen.T @ error / len(seen) + penalty * weights)
        weights += speed
    return weights


def table(found: Sequence[Clues], answers: Sequence[str], among: Sequence[str]) -> str:
    """Return what each clue is worth to each answer, as CSV, to one decimal."""
    names = [ALWAYS, *sorted({name for of_post in found for name in of_post} - {ALWAYS})]
    counts = np.array([[of_post.get(name, 0.0) for name in names] for of_post in found])
    return written(names, among, fit(counts, np.array([among.index(answer) for answer in answers]), len(among)))


def written(names: Sequence[str], among: Sequence[str], weights: Matrix) -> str:
    """Return the weights as CSV, to one decimal."""
    lines = io.StringIO()
    rows = csv.writer(lines, lineterminator="\n")
    rows.writerow(["clue", *among])
    for name, worth in zip(names, weights, strict=True):
        rows.writerow([name, *(f"{value:.1f}" for value in worth)])
    return lines.getvalue()


def relevance_table(posts: Sequence[LabelledPost]) -> str:
    """Return the weights of relevance, fitted on `posts`."""
    nlp = pipelines.build()
    reader = dict(nlp.pipeline)["relevance"]
    assert isinstance(reader, RelevanceReader)  # noqa: S101 - tells the type of the component
    return table(read(nlp, posts, reader.clues), [post.labels.relevance for post in posts], RELEVANCES)


def intent_table(posts: Sequence[LabelledPost]) -> str:
    """Return the weights of intents, fitted on `posts` and on plain turns; relevance must be fitted before."""
    found = read(pipelines.build(), posts, intent.clues_of)
    plain = [(wanted, {ALWAYS: 1.0} | turn) for wanted, turn in PLAIN_TURNS] * PLAIN_COPIES
    wanted = [post.labels.intent for post in posts] + [answer for answer, _ in plain]
    return table([*found, *(turn for _, turn in plain)], wanted, INTENTS)


def labelled() -> list[LabelledPost]:
    """Return every labelled post that is not for measuring."""
    files = sorted(LABELLED.rglob("*.jsonl"))
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [post for post in parse(lines) if not post.is_held_out]


def main() -> None:
    """Fit on every labelled post that is not for measuring."""
    posts = labelled()
    (DATA / "relevance_weights.csv").write_text(relevance_table(posts), encoding="utf-8")
    (DATA / "intent_weights.csv").write_text(intent_table(posts), encoding="utf-8")


if __name__ == "__main__":
    main()
