"""Phrases that nobody listed: what makes one, and who takes it up."""

import pytest

from pipelines.phrases import WINDOW_TICKS, Phrases, marked, phrases, phrases_in
from watcher.stores.journal.folds import packed, unpacked


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Le lycée de Muret", ["lycée de Muret"]),
        ("L'eau potable coupée", ["potable coupée"]),
        ("Pont fermé, route coupée", ["Pont fermé", "fermé, route", "route coupée"]),
        ("C'est pour vous que je suis avec eux", []),
        ("Le car du lundi et le bus", []),
        ("", []),
    ],
)
def test_a_phrase_is_two_full_words_with_an_empty_one_between_at_the_most(text: str, found: list[str]) -> None:
    assert [words for _, words in phrases_in(text)] == found


@pytest.mark.parametrize("text", ["Le lycée de Muret !", "LYCÉES DE MURET", "lycee, muret"])
def test_a_phrase_is_the_same_in_other_letters_and_numbers(text: str) -> None:
    (phrase,) = phrases(marked(text)[1])
    assert [phrase] == [known for known, _ in phrases_in("lycée de Muret")]


def test_what_is_heard_in_a_text_is_what_is_found_again_in_it() -> None:
    text = "À Sommières, l'eau potable est coupée depuis ce matin : qui distribue des bouteilles ?"
    assert set(phrases(marked(text)[1])) == {phrase for phrase, _ in phrases_in(text)}


def test_a_phrase_is_taken_up_by_another_author_in_another_text() -> None:
    said = Phrases()
    assert said.taken_up(author=1, text=1, said=[7, 8]) == []
    assert said.taken_up(author=1, text=2, said=[7]) == []
    assert said.taken_up(author=2, text=1, said=[7]) == []
    assert said.taken_up(author=2, text=2, said=[7, 9]) == [7]


def test_after_an_hour_it_begins_anew() -> None:
    said = Phrases()
    said.taken_up(1, 1, [7])
    for _ in range(WINDOW_TICKS - 1):
        said.tick()
    assert said.taken_up(2, 2, [7]) == [7]
    said.tick()
    assert said.taken_up(3, 3, [7]) == []
    assert said.taken_up(4, 4, [7]) == [7]


def test_restored_it_goes_on() -> None:
    whole, restored = Phrases(), Phrases()
    whole.taken_up(1, 1, [7])
    whole.tick()
    whole.taken_up(2, 2, [8])
    restored.restore(unpacked(packed(whole.snapshot())))
    for said in (whole, restored):
        for _ in range(WINDOW_TICKS - 1):
            said.tick()
    assert restored.taken_up(3, 3, [7, 8]) == whole.taken_up(3, 3, [7, 8]) == [8]
