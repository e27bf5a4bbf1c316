"""Topics are the team's words: those of the file find its own examples, and a new topic works at once."""

import pytest
from spacy.language import Language

import pipelines
from pipelines.examples import learned
from pipelines.packaged import packaged_themes
from pipelines.themes import Theme

HERE = " (Toulouse)"
"""Makes any post one of the territory: a post that is off subject has no topic."""


@pytest.fixture(scope="module")
def nlp() -> Language:
    return pipelines.build()


@pytest.mark.parametrize("theme", packaged_themes(), ids=lambda theme: theme.id)
def test_the_words_of_a_topic_find_its_examples(nlp: Language, theme: Theme) -> None:
    missed = [example for example in theme.examples if theme.id not in nlp(example + HERE)._.topics]
    assert missed == []


def test_a_topic_of_words_alone_works_at_once() -> None:
    nlp = pipelines.build(themes=[Theme("chasse", "Chasse", ("chasseur", "sanglier"))])
    assert nlp("Les chasseurs de Toulouse")._.topics == ("chasse",)
    assert nlp("#SangliersEnVille à Toulouse")._.topics == ("chasse",)


def test_an_exclusion_never_counts() -> None:
    nlp = pipelines.build(themes=[Theme("mobilites", "Mobilités", ("train",), exclusions=("en train de",))])
    assert nlp("À Toulouse, il est en train de pleuvoir")._.topics == ()
    assert nlp("À Toulouse, il est en train de prendre le train")._.topics == ("mobilites",)


def test_a_post_off_subject_has_no_topic(nlp: Language) -> None:
    assert nlp("Le TER de Rouen est supprimé")._.topics == ()


def test_at_most_two_topics_are_kept() -> None:
    themes = [Theme(name, name, (name,)) for name in ("pain", "vin", "sel", "miel")]
    assert len(pipelines.build(themes)("Toulouse : pain, vin, sel, miel")._.topics) == 2


def test_the_surest_topic_comes_first(nlp: Language) -> None:
    assert nlp("Toulouse : le TER et le car scolaire, quand on est étudiant")._.topics[0] == "mobilites"


def test_examples_teach_the_words_that_they_share() -> None:
    stall = [f"Le maraîchage bio à Toulouse, saison {number}" for number in range(3)]
    market = Theme("legumes", "Légumes", ("carotte",), examples=tuple(stall))
    other = Theme("meteo", "Météo", ("pluie",), examples=("La pluie sur Toulouse", "Toulouse sous la pluie"))
    nlp = pipelines.build(themes=[market, other])
    assert nlp("Du maraîchage à Toulouse")._.topics == ("legumes",)
    assert nlp("La saison de Toulouse")._.topics == ("legumes",)


def test_a_word_of_few_examples_or_of_many_topics_is_not_taught() -> None:
    rain, sun = ["Toulouse, averse", "Toulouse, averse", "Toulouse"], ["Toulouse", "Toulouse et Albi", "Toulouse"]
    assert learned({"pluie": rain, "soleil": sun}) == {"pluie": [], "soleil": []}
