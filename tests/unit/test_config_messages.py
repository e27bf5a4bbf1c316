"""Pydantic's errors in French, whichever they are, and the hints beside them."""

from typing import Any, get_args

import pytest
from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

from tests.fakes.settings import FeedSettings
from watcher.config.hints import instead, keys_at, nearest
from watcher.config.load import parse
from watcher.config.messages import mistakes_of
from watcher.config.models import ThemesModel
from watcher.config.territory import TerritoryModel
from watcher.config.validation import checked

DOCUMENT = parse("adresse: 3\nordre: x\n", "sources.yml")
LIMITS = "ge gt le lt multiple_of min_length max_length actual_length field_type expected error class method_name"
CONTEXT = dict.fromkeys(LIMITS.split(), 3)


@pytest.mark.parametrize("kind", get_args(ErrorType))
def test_every_error_of_pydantic_has_a_french_sentence(kind: Any) -> None:
    error = ErrorDetails(type=kind, loc=("adresse",), msg="Input should be something", input="3", ctx=CONTEXT)
    (mistake,) = mistakes_of([error], FeedSettings, DOCUMENT)
    assert (mistake.line, mistake.key) == (1, "adresse")
    assert mistake.message
    assert "should" not in mistake.message
    assert "{" not in mistake.message


class Hashtag(BaseModel):
    """A model whose author wrote a French error of their own."""

    model_config = ConfigDict(extra="forbid")

    hashtag: str = Field(alias="mot_diese")

    @field_validator("hashtag")
    @classmethod
    def _has_no_sign(cls, value: str) -> str:
        if value.startswith("#"):
            raise ValueError("le mot-dièse s'écrit sans son #")
        return value


def test_the_french_sentence_of_a_platform_is_shown_as_it_is() -> None:
    document = parse('mot_diese: "#tram"\n', "sources.yml")
    _, (mistake,) = checked(Hashtag, document, document.tree)
    assert (mistake.line, mistake.column, mistake.message) == (1, 12, "le mot-dièse s'écrit sans son #")


def test_a_key_missing_because_it_is_misspelt_is_told_once() -> None:
    document = parse("mot_dise: tram\n", "sources.yml")
    _, (mistake,) = checked(Hashtag, document, document.tree)
    assert mistake.hint == "vouliez-vous dire « mot_diese » ?"


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("thèmes", ["themes", "lieux"], "vouliez-vous dire « themes » ?"),
        ("Intervale", ["intervalle", "adresse"], "vouliez-vous dire « intervalle » ?"),
        ("compte de la region", ["compte_de_la_region"], "vouliez-vous dire « compte_de_la_region » ?"),
        ("xyz", ["themes", "lieux"], "ce qui existe : themes, lieux"),
        ("", ["themes"], "ce qui existe : themes"),
        ("xyz", [], ""),
    ],
)
def test_a_hint_names_the_nearest_or_all(word: str, known: list[str], hint: str) -> None:
    assert instead(word, known) == hint


@pytest.mark.parametrize("known", [[], ["Ω"], ["adresse"]])
def test_nothing_is_near_a_word_unlike_all(known: list[str]) -> None:
    assert nearest("zzz", known) is None


@pytest.mark.parametrize(
    ("loc", "keys"),
    [
        ((), {"institution", "contexte", "autres_regions", "lieux", "exceptions", "comptes_publics"}),
        (("lieux", 3), {"nom", "departements", "communes"}),
        (("lieux", 3, "nom"), set()),
        (("inconnue",), set()),
    ],
)
def test_the_keys_of_a_group_are_known(loc: tuple[str | int, ...], keys: set[str]) -> None:
    assert set(keys_at(TerritoryModel, loc)) == keys


def test_the_keys_inside_a_mapping_are_known() -> None:
    assert set(keys_at(ThemesModel, ("themes", "lycees"))) == {"nom", "mots", "exemples", "exclure"}
