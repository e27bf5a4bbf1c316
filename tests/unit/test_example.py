"""One example more or less in themes.yml: that line and no other."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.posts import a_post
from watcher.config.example import Taught, taught
from watcher.errors import ConfigError
from watcher.upkeep.examples import example_of

FILE = """# Les thèmes de l'équipe.
themes:

  lycees:
    nom: Lycées   # affiché
    mots: [lycée, internat]
    exemples:
      # trouvés en novembre
      - "Plus de chauffage à l'internat."
      - 'Le lycée ferme : il neige'
  bus:
    nom: Bus
    # les mots d'Anne
    mots:
      - bus
"""
WORDS = 'Le "car" de 8 h : jamais là # encore'


def with_example(text: str, topic: str, example: str = WORDS) -> str:
    return taught(text, example, [topic], most=60).text


def examples_of(text: str, topic: str) -> list[str]:
    return yaml.safe_load(text)["themes"][topic].get("exemples", [])


def test_an_example_is_one_line_more_before_the_others() -> None:
    more = with_example(FILE, "lycees")
    assert examples_of(more, "lycees")[0] == WORDS
    assert more.splitlines()[:8] == FILE.splitlines()[:8]
    assert more.splitlines()[8] == '      - "Le \\"car\\" de 8 h : jamais là # encore"'
    assert more.splitlines()[9:] == FILE.splitlines()[8:]


def test_a_topic_without_examples_gets_a_list_and_remarks_stay_where_they_were() -> None:
    more = with_example(FILE, "bus")
    assert examples_of(more, "bus") == [WORDS]
    assert "    nom: Bus\n    exemples:\n      - " in more
    assert "    # les mots d'Anne\n    mots:\n" in more


@pytest.mark.parametrize("topics", [("lycees",), ("bus",), ("lycees", "bus")])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_was_added_can_be_taken_back(topics: tuple[str, ...], newline: str) -> None:
    text = FILE.replace("\n", newline)
    more = taught(text, WORDS, topics, most=60)
    assert set(more.added) == set(topics)
    assert taught(more.text, WORDS, [], most=60) == Taught(text)


def test_it_is_of_its_topics_and_of_no_others() -> None:
    moved = with_example(with_example(FILE, "lycees"), "bus")
    assert (WORDS in examples_of(moved, "lycees"), WORDS in examples_of(moved, "bus")) == (False, True)


def test_it_is_there_once_and_no_topic_has_too_many() -> None:
    once = with_example(FILE, "lycees")
    assert taught(once, WORDS, ["lycees"], most=60) == Taught(once)
    assert taught(FILE, WORDS, ["lycees"], most=2) == Taught(FILE)


@given(st.text())
def test_any_words_of_a_post_come_back_as_they_went(text: str) -> None:
    example = example_of(a_post("a", text=text, title=""))
    if example:
        assert examples_of(with_example(FILE, "lycees", example), "lycees")[0] == example


@pytest.mark.parametrize(
    "text",
    [
        "themes:\n  lycees: {nom: Lycées, mots: [lycée], exemples: [un message entier]}\n",
        "themes:\n  lycees:\n    nom: Lycées\n    mots: [lycée]\n    exemples: [un message entier]\n",
        "themes:\n  lycees: {nom: Lycées\n",
    ],
    ids=["all on one line", "a list on one line", "broken"],
)
def test_a_shape_that_cannot_be_added_to_is_left_alone(text: str) -> None:
    with pytest.raises(ConfigError):
        with_example(text, "lycees")


def test_an_example_over_two_lines_is_not_cut_in_half() -> None:
    text = FILE.replace("- 'Le lycée ferme : il neige'", "- >-\n        Le lycée\n        ferme")
    assert "Le lycée ferme" in examples_of(text, "lycees")
    with pytest.raises(ConfigError, match="sans risque"):
        taught(text, "Le lycée ferme", [], most=60)
