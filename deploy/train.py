# ruff: noqa: INP001 - a script, not a package
"""Fits what each word and clue is worth to relevance and to intent, `pipelines/data/*_weights.csv`: `make train`.

Words by ridge regression (`pipelines/linear_model.py`); then the clues, what the words sound like among them, by a
multinomial logistic regression with an L2 penalty. Each post is repeated with three clues in ten forgotten at random,
so that no single clue is leant on.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

import pipelines
from deploy.labelled import ROOT, hands
from pipelines import Hints, intent, linear_model, wording
from pipelines.evaluate import INTENTS, RELEVANCES, LabelledPost
from pipelines.linear_model import ALWAYS
from pipelines.relevance import RelevanceReader

DATA = ROOT / "pipelines" / "data"

REPEATS = 4
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

STEPS = 400
RATE = 0.5
SEED = 20_261_124

Matrix = NDArray[np.float64]
Clues = Mapping[str, float]


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


class Tables(NamedTuple):
    """What was learned, as CSV: what a word is worth to relevance and intent, what a clue is worth to each of them."""

    word: str
    relevance: str
    intent: str


def learn(posts: Sequence[LabelledPost]) -> Tables:
    """Return what `posts` teach.

    The clues of a post hold what its words sound like to what the other posts taught, as it is of posts to come.
    """
    docs = list(_docs(posts))
    relevances, intents = [post.labels.relevance for post in posts], [post.labels.intent for post in posts]
    answers = (*RELEVANCES, *INTENTS)
    wanted = [[float(answer in pair) for answer in answers] for pair in zip(relevances, intents, strict=True)]
    words = [wording.words_of(doc._.written.terms) for doc in docs]
    heard = linear_model.fit(answers, words, np.array(wanted), np.ones(len(posts)))
    for doc, scores in zip(docs, heard.left_out.tolist(), strict=True):
        doc._.wording = wording.clues_of(answers, scores)
    weigh = _relevance_reader({})
    relevance = table([{ALWAYS: 1.0} | weigh.clues(doc._) for doc in docs], relevances, RELEVANCES)
    judge = _relevance_reader({"relevance": relevance})
    clues = [{ALWAYS: 1.0} | intent.clues_of(judge(doc)._) for doc in docs]
    silence = wording.clues_of(answers, heard.model.scores({ALWAYS: 1.0}).values())
    plain = [(answer, {ALWAYS: 1.0} | turn | silence) for answer, turn in PLAIN_TURNS] * PLAIN_COPIES
    told = table([*clues, *(turn for _, turn in plain)], [*intents, *(answer for answer, _ in plain)], INTENTS)
    return Tables(heard.model.table(), relevance, told)


def _docs(posts: Iterable[LabelledPost]) -> Iterator[Doc]:
    """Yield the posts as they are read before anything is decided by weights."""
    nlp = pipelines.build()
    for post in posts:
        doc = nlp.make_doc(post.text)
        doc._.hints = Hints(platform=post.platform)
        yield nlp(doc)


def _relevance_reader(tables: Mapping[str, str]) -> RelevanceReader:
    reader = pipelines.build(tables=tables).get_pipe("relevance")
    assert isinstance(reader, RelevanceReader)  # noqa: S101 - tells the type of the component
    return reader


def main() -> None:
    """Learn from every hand."""
    for decision, learned in learn([post for posts in hands().values() for post in posts])._asdict().items():
        (DATA / f"{decision}_weights.csv").write_text(learned, encoding="utf-8")


if __name__ == "__main__":
    main()
