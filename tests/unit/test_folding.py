"""Folding by case and accent."""

import pytest

from pipelines.folding import fold, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SÈTE", "sete"),
        ("Perpinyà", "perpinya"),
        ("cœur", "coeur"),
        ("L’Hérault", "l'herault"),
        ("e\u0301te\u0301", "ete"),
        ("हिन्दी", "हिन्दी"),
        ("", ""),
    ],
)
def test_case_accents_and_ligatures_fold(text: str, expected: str) -> None:
    assert fold(text) == expected


def test_words_keep_where_they_stand() -> None:
    text = "L'Isle-Jourdain, en été_2026"
    found = words(text)
    assert [word.folded for word in found] == ["l", "isle", "jourdain", "en", "ete", "2026"]
    assert all(text[word.start : word.end] == word.text for word in found)


def test_a_word_with_loose_accents_is_one_word() -> None:
    assert [word.folded for word in words("Se\u0300te")] == ["sete"]
