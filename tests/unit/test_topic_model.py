"""Clues of a post, what each is worth to each topic, and how that is learned and kept."""

import numpy as np
import pytest

from deploy.train_topics import DATA, labelled, written
from pipelines.evaluate import parse
from pipelines.fields import Fields
from pipelines.folding import words
from pipelines.linear_model import fit
from pipelines.linear_model import parse as parse_model
from pipelines.packaged import packaged_fields, packaged_table, packaged_themes, packaged_topic_posts
from pipelines.themes import TaughtPost, Theme
from pipelines.topic_clues import TopicClues
from pipelines.topic_training import Progress, Reading, examples_of, learn

CLUES = TopicClues(
    words={"vin": ["vigne", "cave coopérative"]},
    added={"vin": ["pampre"]},
    exclusions={"vin": ["pêche de vigne"]},
    fields={"vin.chai": ["vendang*", "mise en bouteille", "fût"]},
)


@pytest.mark.parametrize(
    ("text", "clue"),
    [
        ("La vigne", "listed:vin"),
        ("Les vendangeuses", "field:vin.chai"),
        ("des fûts", "fields:vin"),
        ("la mise en bouteille", "field:vin.chai"),
        ("les lycéennes", "word:lyceen"),
        ("les lycéennes", "root:lyce"),
        ("", "always"),
    ],
)
def test_a_clue_is_found(text: str, clue: str) -> None:
    assert CLUES.find(words(text)).clues[clue] > 0


def test_more_of_a_field_counts_more() -> None:
    once, twice = CLUES.find(words("vendange")).clues, CLUES.find(words("vendange en fût")).clues
    assert twice["field:vin.chai"] > once["field:vin.chai"]


def test_what_is_excluded_is_no_listed_word() -> None:
    found = CLUES.find(words("Une pêche de vigne"))
    assert "listed:vin" not in found.clues
    assert found.excluded == {"vin": {1, 2, 3}}


def test_an_added_word_is_told_apart() -> None:
    assert CLUES.find(words("Pampres et vigne")).added == {"vin": 1.3}


def test_a_root_finds_what_begins_so_and_nothing_else() -> None:
    fields = Fields({"vin": ["vend*"]})
    assert [fields.of(word, word) for word in ("vendange", "ven", "revendre")] == [(("vin", "vend*"),), (), ()]


def test_every_field_is_of_a_topic_that_ships() -> None:
    assert {field.partition(".")[0] for field in packaged_fields()} == {theme.id for theme in packaged_themes()}


def test_no_term_stands_twice_in_a_field() -> None:
    for terms in packaged_fields().values():
        assert len(terms) == len(set(terms))
        assert all(terms)


POSTS = [{"always": 1.0, "word:vin": 1.0}, {"always": 1.0, "word:but": 1.0}] * 10
WANTED = np.array([[1.0, 0.0], [0.0, 1.0]] * 10)


def test_a_clue_is_worth_what_it_comes_with() -> None:
    model = fit(["vin", "sport"], POSTS, WANTED, np.ones(20)).model
    scores = model.scores({"always": 1.0, "word:vin": 1.0})
    assert scores["vin"] > 0.7
    assert scores["sport"] < 0.3


def test_a_post_left_out_is_scored_as_if_it_had_never_been_there() -> None:
    posts, wanted = [*POSTS, {"always": 1.0, "word:vin": 1.0, "word:but": 1.0}], np.vstack([WANTED, [[1.0, 1.0]]])
    left_out = fit(["vin", "sport"], posts, wanted, np.ones(21)).left_out[-1]
    without = fit(["vin", "sport"], POSTS, WANTED, np.ones(20)).model.scores(posts[-1])
    assert left_out == pytest.approx(list(without.values()), abs=0.02)


def test_a_post_that_counts_for_more_weighs_more() -> None:
    disagreeing = np.array([[1.0, 0.0], [0.0, 1.0]])
    clues = [{"word:vin": 1.0}, {"word:vin": 1.0}]
    scores = fit(["vin", "sport"], clues, disagreeing, np.array([9.0, 1.0])).model.scores(clues[0] | {"always": 1.0})
    assert scores["vin"] > scores["sport"]


def test_a_model_is_read_back_as_written() -> None:
    model = fit(["vin", "sport"], POSTS, WANTED, np.ones(20)).model
    assert parse_model(model.table()).table() == model.table()


@pytest.mark.parametrize("text", ["", "clue,vin\nalways", "clue,vin\nalways,beaucoup", "mot,vin\nalways,1", "\x00"])
def test_what_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_model(text)


def test_nothing_is_learned_from_a_measuring_third() -> None:
    measured = {
        post.text
        for name in ("posts_dev", "written")
        for post in parse((DATA.parents[1] / f"tests/data/evaluation/{name}.jsonl").read_text("utf-8").splitlines())
        if post.is_held_out
    }
    assert measured
    assert measured.isdisjoint(post.text for post in packaged_topic_posts())


def test_the_packaged_posts_are_those_labelled() -> None:
    assert (DATA / "topic_posts.jsonl").read_text(encoding="utf-8") == written(labelled()), "run: make train"


def test_the_packaged_model_knows_every_topic_and_field() -> None:
    model = parse_model(packaged_table("topic"))
    assert model.answers == tuple(theme.id for theme in packaged_themes())
    assert {f"field:{field}" for field in packaged_fields()} <= model.clues


@pytest.mark.slow
def test_the_packaged_model_is_the_one_that_is_learned() -> None:
    themes = packaged_themes()
    learned = learn(themes, packaged_topic_posts(), examples_of(themes)).model.table()
    assert learned == packaged_table("topic"), "run: make train"


STALLS = tuple(f"Toulouse : {what} ce matin au carreau" for what in ("poireaux", "navets", "blettes", "courges"))
RAIN = [TaughtPost(f"Toulouse : averse et parapluie {day}", frozenset({"pluie"})) for day in range(12)]
RAIN += [TaughtPost(f"Toulouse : rien de neuf {day}", frozenset()) for day in range(12)]


def test_examples_teach_a_topic_that_labelled_posts_do_not_know() -> None:
    themes = [Theme("pluie", "Pluie", ("pluie",)), Theme("halles", "Halles", ("halles",), STALLS)]
    learned = learn(themes, RAIN, examples_of(themes))
    clues = TopicClues(words={}, added={}, exclusions={}, fields={}).find(
        words("Toulouse : panais ce matin au carreau")
    )
    scores = learned.model.scores(clues.clues)
    assert scores["halles"] > 0.5 > scores["pluie"]
    assert learned.progress["halles"] == Progress(len(STALLS), Reading(0, None), Reading(len(STALLS), None))
    assert learned.progress["pluie"] == Progress(0, Reading(0, 1.0), Reading(0, 1.0))


def test_an_example_speaks_for_its_topic_alone() -> None:
    themes = [Theme("pluie", "Pluie", ("pluie",)), Theme("halles", "Halles", ("halles",), ("averse et parapluie",))]
    scores = learn(themes, RAIN, examples_of(themes)).model.scores({"always": 1.0, "word:averse": 0.75})
    assert scores["pluie"] > 0.5


def test_an_example_of_two_topics_is_about_both() -> None:
    themes = [Theme(name, name, (name,), ("une averse aux halles",)) for name in ("pluie", "halles")]
    assert examples_of(themes) == [TaughtPost("une averse aux halles", frozenset({"pluie", "halles"}))]
