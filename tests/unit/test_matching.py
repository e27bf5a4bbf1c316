"""The team's words are found whole, whatever their case, accents, number and gender, and in hashtags."""

import pytest

from pipelines.folding import Word, stem
from pipelines.hashtags import hashtags_in
from pipelines.matching import Lexicon, Match
from pipelines.mentions import mentions_in
from pipelines.written import Written


def terms(text: str) -> list[Word]:
    return Written.of(text, sorted((e.start, e.end) for e in [*hashtags_in(text), *mentions_in(text)])).terms


def found(text: str, *wanted: str) -> list[str]:
    return [match.term for match in Lexicon({"label": wanted}).find(terms(text))]


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("lycée", "Les LYCEES ferment"),
        ("lycéen", "une lycéenne en colère"),
        ("infirmier", "deux infirmières"),
        ("agriculteur", "une agricultrice"),
        ("conseil régional", "les conseils régionaux"),
        ("régional", "l'assemblée régionale"),
        ("transport scolaire", "le transport scolaire"),
        ("transport scolaire", "#TransportScolaire"),
        ("transport scolaire", "#transportscolaire"),
        ("lycée", "#LyceesEnColere"),
        ("AD'OCC", "merci à l’AD’OCC"),
        ("liO Occitanie", "bonjour @lio_Occitanie"),
        ("cœur", "les coeurs"),
    ],
)
def test_a_term_is_found_however_it_is_written(term: str, text: str) -> None:
    assert term in found(text, term)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("car", "une carte postale"),
        ("mac", "la machine"),
        ("train", "l'entrainement"),
        ("transport scolaire", "transport non scolaire"),
        ("liO", "@lio_Occitanie"),
        ("vent", "une vente"),
        ("port", "la porte"),
    ],
)
def test_a_term_is_not_found_inside_another_word(term: str, text: str) -> None:
    assert found(text, term) == []


def test_the_longest_of_one_label_wins() -> None:
    assert found("la formation professionnelle", "formation", "formation professionnelle") == [
        "formation professionnelle"
    ]


def test_each_label_has_its_own_matches() -> None:
    lexicon = Lexicon({"a": ["école de code"], "b": ["code"]})
    assert {match.label for match in lexicon.find(terms("une école de code"))} == {"a", "b"}


def test_a_match_says_where_it_is() -> None:
    text = "Au lycée agricole"
    assert Lexicon({"x": ["lycée agricole"]}).find(terms(text)) == [Match("x", "lycée agricole", 1, 2, 3, len(text))]


def test_a_term_without_a_letter_is_never_found() -> None:
    assert found("!!! *** ???", "***", "") == []


def test_characters_of_patterns_are_ordinary() -> None:
    assert found("le c++ (avancé)", "c++ (avancé)") == ["c++ (avancé)"]
    assert found("n'importe quoi", ".*") == []


@pytest.mark.parametrize(
    ("word", "expected"),
    [("bus", "bus"), ("chateaux", "chateau"), ("regionaux", "regional"), ("stress", "stress"), ("2026", "2026")],
)
def test_stems_are_what_forms_share(word: str, expected: str) -> None:
    assert stem(word) == expected
