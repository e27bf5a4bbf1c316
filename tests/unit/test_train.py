"""The shipped weights are those that `make train` gives, and each clue of a post has one."""

import csv
from collections.abc import Mapping

import numpy as np
import pytest

from deploy.labelled import LABELLED, hands, posts_of
from deploy.train import ALWAYS, DATA, fit, table, written
from pipelines.evaluate import INTENTS, RELEVANCES
from pipelines.linear_model import parse
from pipelines.packaged import packaged_cues, packaged_table


@pytest.fixture(params=["relevance", "intent"])
def shipped(request: pytest.FixtureRequest) -> dict[str, dict[str, str]]:
    lines = (DATA / f"{request.param}_weights.csv").read_text(encoding="utf-8").splitlines()
    return {row["clue"]: row for row in csv.DictReader(lines)}


def test_every_kind_of_turn_has_weights(shipped: Mapping[str, object]) -> None:
    assert set(packaged_cues()) <= set(shipped)


def test_a_clue_weighs_for_the_answer_that_it_comes_with() -> None:
    counts = np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 1.0]] * 20)
    weights = fit(counts, np.array([INTENTS.index("question"), INTENTS.index("spam")] * 20), len(INTENTS))
    assert INTENTS[weights[1].argmax()] == "question"
    assert INTENTS[weights[2].argmax()] == "spam"


def test_the_same_posts_give_the_same_weights() -> None:
    found = [{ALWAYS: 1.0, "need": 2.0}, {ALWAYS: 1.0}]
    answers = ["institution", "hors_sujet"]
    assert table(found, answers, RELEVANCES) == table(found, answers, RELEVANCES)


def test_weights_are_read_by_people() -> None:
    text = written(["always"], INTENTS, np.full((1, len(INTENTS)), 0.25))
    assert text.splitlines() == ["clue," + ",".join(INTENTS), "always," + ",".join(["0.2"] * len(INTENTS))]


def test_nothing_is_learned_from_a_measuring_third() -> None:
    measured = {post.id for name in ("posts_dev", "written") for post in posts_of(LABELLED / f"{name}.jsonl")}
    learned = {post.id for posts in hands().values() for post in posts}
    assert measured & learned
    assert not any(post.is_held_out for hand in ("posts_dev", "written") for post in hands()[hand])


def test_every_word_of_the_shipped_table_speaks_of_relevance_and_intent() -> None:
    model = parse(packaged_table("word"))
    assert model.answers == (*RELEVANCES, *INTENTS)
    scores = model.scores({"merci": 1.0})
    assert max(INTENTS, key=lambda intent: scores[intent]) == "remerciement"
