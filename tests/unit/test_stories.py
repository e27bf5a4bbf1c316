"""Copies of a text know each other; the same event in other words, and a template used twice, do not."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

import pipelines
from pipelines.signatures import SAMPLE, Signature, contained, is_same_story, sample
from tests.fakes.stories import Pair, pairs

NEWS = (
    "La mairie de Lunel informe que l'eau sera coupée jeudi 26 novembre de 8 h à 16 h dans le quartier du Mas de "
    "Brousse en raison de travaux sur le réseau."
)


@pytest.fixture(scope="module")
def nlp() -> Language:
    return pipelines.build()


def joined(nlp: Language, one: str, other: str) -> bool:
    signatures: list[Signature | None] = [nlp(text)._.signature for text in (one, other)]
    return all(signatures) and is_same_story(*(signature for signature in signatures if signature))


@pytest.mark.parametrize(
    ("part", "count"), [("shown", 200), pytest.param("held", 100, id="written after the rules, and never tuned on")]
)
def test_written_pairs_are_told_apart(nlp: Language, part: str, count: int) -> None:
    told = [(pair, joined(nlp, pair.one, pair.other)) for pair in pairs(part)]
    right = sum(pair.is_same for pair, is_joined in told if is_joined)

    assert len(told) == count
    assert right / sum(is_joined for _, is_joined in told) >= 0.97, _wrong(told)
    assert right / sum(pair.is_same for pair, _ in told) >= 0.85, _wrong(told)


def _wrong(told: list[tuple[Pair, bool]]) -> list[Pair]:
    return [pair for pair, is_joined in told if pair.is_same != is_joined]


@pytest.mark.parametrize(
    "copy",
    [
        f"Lunel : l'eau coupée demain\n{NEWS} Lire la suite",
        f"(AFP) - {NEWS[:100]}…",
        f"Avec un bébé c'est pratique… {NEWS} @mairie #Lunel #eau https://lien.example.org/1",
        NEWS.upper(),
    ],
    ids=["another title", "cut", "with a comment", "shouted"],
)
def test_a_copy_is_known(nlp: Language, copy: str) -> None:
    assert joined(nlp, NEWS, copy)


@pytest.mark.parametrize(
    ("written", "instead"),
    [("jeudi 26 novembre", "mardi 1er décembre"), ("Lunel", "Millau")],
    ids=["another day", "another town"],
)
def test_a_template_used_twice_is_two_stories(nlp: Language, written: str, instead: str) -> None:
    assert not joined(nlp, NEWS, NEWS.replace(written, instead))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Bonne journée à tous !",
        "Joyeux Noël et bonnes fêtes de fin d'année à toutes et à tous les Occitans !",
        "@mairie @region #Toulouse #Metro #TER #Bus #Velo #Occitanie #sud #photo https://lien.example.org/a 😀 😀 😀",
    ],
)
def test_what_many_say_has_no_signature(nlp: Language, text: str) -> None:
    assert nlp(text)._.signature is None


@given(st.sets(st.text(max_size=3), max_size=SAMPLE), st.sets(st.text(max_size=3), max_size=SAMPLE - 1))
def test_small_sets_are_compared_exactly(one: set[str], other: set[str]) -> None:
    smaller = min(len(one), len(other))
    expected = len(one & other) / smaller if smaller else 1.0

    assert contained(sample(one), sample(other)) == expected


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 0.75, 1.0])
@pytest.mark.parametrize("size", [200, 900])
def test_large_sets_are_compared_rightly_on_average(share: float, size: int) -> None:
    rng, errors = Random(7), []
    for _ in range(60):
        one = {str(rng.random()) for _ in range(200)}
        common = sorted(one)[: round(200 * share)]
        other = {*common, *(str(rng.random()) for _ in range(size - len(common)))}
        errors.append(contained(sample(one), sample(other)) - share)

    assert abs(sum(errors) / len(errors)) < 0.05
    assert max(map(abs, errors)) < 0.5
