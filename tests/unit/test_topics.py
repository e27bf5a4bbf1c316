"""Topics: what was learned finds the file's own examples, and the words that a team adds decide alone."""

import pytest
from spacy.language import Language

import pipelines
from pipelines.packaged import packaged_themes
from pipelines.themes import Theme
from pipelines.topics import chosen

HERE = " (Toulouse)"
"""Makes any post one of the territory: a post that is off subject has no topic."""


@pytest.fixture(scope="module")
def nlp() -> Language:
    return pipelines.build()


@pytest.mark.parametrize("theme", packaged_themes(), ids=lambda theme: theme.id)
def test_a_topic_finds_its_examples(nlp: Language, theme: Theme) -> None:
    missed = [example for example in theme.examples if theme.id not in nlp(example + HERE)._.topics]
    assert missed == []


def test_a_topic_of_words_alone_works_at_once() -> None:
    nlp = pipelines.build(themes=[Theme("chasse", "Chasse", ("chasseur", "sanglier"))])
    assert nlp("Les chasseurs de Toulouse")._.topics == ("chasse",)
    assert nlp("#SangliersEnVille à Toulouse")._.topics == ("chasse",)


def with_word(topic: str, word: str) -> list[Theme]:
    return [
        Theme(theme.id, theme.label, (*theme.words, word) if theme.id == topic else theme.words)
        for theme in packaged_themes()
    ]


def test_a_word_that_the_team_adds_decides_whatever_else_a_post_says(nlp: Language) -> None:
    post = "Le train de Toulouse en retard, le TER supprimé et un tee-shirt oublié en gare"
    assert nlp(post)._.topics[0] == "mobilites"
    taught = pipelines.build(themes=with_word("culture", "tee-shirt"))(post)._.topics
    assert taught == ("culture", "mobilites")


def test_an_exclusion_never_counts() -> None:
    nlp = pipelines.build(themes=[Theme("mobilites", "Mobilités", ("train", "ski lift"), exclusions=("en train de",))])
    assert nlp("À Toulouse, il est en train de pleuvoir")._.topics == ()
    assert nlp("À Toulouse, il est en train de prendre le train")._.topics == ("mobilites",)


def test_a_word_that_the_team_adds_does_not_count_in_an_exclusion() -> None:
    nlp = pipelines.build(themes=[Theme("chasse", "Chasse", ("chasse",), exclusions=("chasse aux œufs",))])
    assert nlp("La chasse aux œufs de Toulouse")._.topics == ()
    assert nlp("La chasse aux œufs de Toulouse, et la chasse")._.topics == ("chasse",)


def test_a_post_off_subject_has_no_topic(nlp: Language) -> None:
    assert nlp("Le TER de Rouen est supprimé")._.topics == ()


def test_a_subject_may_be_told_without_any_word_of_the_list() -> None:
    without = pipelines.build(themes=[Theme(theme.id, theme.label, ()) for theme in packaged_themes()])
    post = without("Toulouse : huit heures sur un brancard aux urgences, les infirmières sont à bout")
    assert post._.topics == ("sante",)


@pytest.mark.parametrize(
    ("scores", "added", "expected"),
    [
        ({"sport": 0.1, "culture": 0.2}, {}, ()),
        ({"sport": 0.9, "culture": 0.5, "sante": 0.6}, {}, ("sport", "sante")),
        ({"sport": 0.9, "culture": 0.3}, {}, ("sport",)),
        ({"sport": 0.3}, {}, ("sport",)),
        ({"sport": 0.9}, {"chasse": 1.0}, ("chasse", "sport")),
        ({"sport": 0.9}, {"chasse": 1.0, "sport": 2.0}, ("sport", "chasse")),
        ({"sport": 0.9}, {"chasse": 1.0, "pluie": 2.0, "vent": 3.0}, ("vent", "pluie")),
    ],
)
def test_at_most_two_topics_are_told_those_of_added_words_first(
    scores: dict[str, float], added: dict[str, float], expected: tuple[str, ...]
) -> None:
    assert chosen(scores, added) == expected
