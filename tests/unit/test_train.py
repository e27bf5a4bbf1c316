"""The shipped weights of intents are those that `make train` gives, and each clue of a post has one."""

import csv

import numpy as np
import pytest

from deploy.train import WEIGHTS, fit, written
from pipelines.evaluate import INTENTS
from pipelines.packaged import packaged_cues


@pytest.fixture
def shipped() -> dict[str, dict[str, str]]:
    return {row["clue"]: row for row in csv.DictReader(WEIGHTS.read_text(encoding="utf-8").splitlines())}


def test_every_kind_of_turn_has_weights(shipped: dict[str, dict[str, str]]) -> None:
    assert set(packaged_cues()) <= set(shipped)


def test_a_clue_weighs_for_the_intent_that_it_comes_with() -> None:
    counts = np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 1.0]] * 20)
    weights = fit(counts, np.array([INTENTS.index("question"), INTENTS.index("spam")] * 20))
    assert INTENTS[weights[1].argmax()] == "question"
    assert INTENTS[weights[2].argmax()] == "spam"


def test_the_same_posts_give_the_same_weights() -> None:
    counts, intents = np.array([[1.0, 2.0], [1.0, 0.0]]), np.array([0, 1])
    assert written(["always", "need"], fit(counts, intents)) == written(["always", "need"], fit(counts, intents))


def test_weights_are_read_by_people() -> None:
    text = written(["always"], np.full((1, len(INTENTS)), 0.25))
    assert text.splitlines() == ["clue," + ",".join(INTENTS), "always," + ",".join(["0.2"] * len(INTENTS))]
