# ruff: noqa: INP001 - a script, not a package
"""Fits what each clue is worth to each intent, and writes `pipelines/data/intent_weights.csv`. Run by `make train`.

A multinomial logistic regression with an L2 penalty, on labelled posts without their measuring third. Each post is
repeated with three clues in ten forgotten at random, so that no single turn is leant on.
"""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language

import pipelines
from pipelines import Hints
from pipelines.evaluate import INTENTS, LabelledPost, parse
from pipelines.matching import Lexicon
from pipelines.packaged import packaged_cues
from pipelines.turns import clues_of

ROOT = Path(__file__).parent.parent
WEIGHTS = ROOT / "pipelines" / "data" / "intent_weights.csv"
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


def clues(nlp: Language, posts: Sequence[LabelledPost]) -> list[dict[str, float]]:
    """Return the clues of each post."""
    cues: Lexicon[str] = Lexicon(packaged_cues())
    found = []
    for post in posts:
        doc = nlp.make_doc(post.text)
        doc._.hints = Hints(platform=post.platform)
        found.append(clues_of(nlp(doc)._, cues))
    return found


def fit(counts: Matrix, intents: NDArray[np.int64], repeats: int = REPEATS) -> Matrix:
    """Return weights (clues, intents) for `counts` (posts, clues), the first of which is `ALWAYS` and not penalised."""
    rng = np.random.default_rng(SEED)
    kept = rng.random((repeats, *counts.shape)) >= FORGOTTEN
    kept[:, :, 0] = True
    seen = np.concatenate([counts, *(counts * mask for mask in kept)])
    wanted = np.eye(len(INTENTS))[np.tile(intents, repeats + 1)]
    penalty = np.full((counts.shape[1], 1), PENALTY / len(counts))
    penalty[0] = 0
    weights = np.zeros((counts.shape[1], len(INTENTS)))
    speed = np.zeros_like(weights)
    for _ in range(STEPS):
        scores = seen @ weights
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        error = odds / odds.sum(axis=1, keepdims=True) - wanted
        speed = 0.9 * speed - RATE / 5 * (seen.T @ error / len(seen) + penalty * weights)
        weights += speed
    return weights


def written(names: Sequence[str], weights: Matrix) -> str:
    """Return the weights as CSV, to one decimal."""
    lines = io.StringIO()
    table = csv.writer(lines, lineterminator="\n")
    table.writerow(["clue", *INTENTS])
    for name, worth in zip(names, weights, strict=True):
        table.writerow([name, *(f"{value:.1f}" for value in worth)])
    return lines.getvalue()


def main() -> None:
    """Fit on every labelled post that is not for measuring."""
    lines = (
        line for file in sorted(LABELLED.glob("*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines()
    )
    posts = [post for post in parse(lines) if not post.is_held_out]
    found = clues(pipelines.build(), posts) + [{ALWAYS: 1.0} | turn for _, turn in PLAIN_TURNS] * PLAIN_COPIES
    names = [ALWAYS, *sorted({name for of_post in found for name in of_post} - {ALWAYS})]
    counts = np.array([[of_post.get(name, 0.0) for name in names] for of_post in found])
    wanted = [post.labels.intent for post in posts] + [intent for intent, _ in PLAIN_TURNS] * PLAIN_COPIES
    intents = np.array([INTENTS.index(intent) for intent in wanted])
    WEIGHTS.write_text(written(names, fit(counts, intents)), encoding="utf-8")


if __name__ == "__main__":
    main()
