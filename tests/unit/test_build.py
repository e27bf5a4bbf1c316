"""The pipeline is whole without any file of the team's, and what ships is what the team's files say."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import pipelines
from deploy.package_data import territory, themes
from pipelines.compose import COMPONENTS
from pipelines.packaged import packaged_territory, packaged_themes
from pipelines.territory import LocalName, Territory

ROOT = Path(__file__).parents[2]
DATA = ROOT / "pipelines" / "data"


@pytest.mark.parametrize(("written", "file"), [(themes, "themes.json"), (territory, "territory.json")])
def test_the_packaged_data_are_those_of_config(written: Callable[[Path], str], file: str) -> None:
    assert (DATA / file).read_text(encoding="utf-8") == written(ROOT / "config"), "run: make data"


def test_components_are_in_the_order_that_each_needs() -> None:
    assert tuple(pipelines.build().pipe_names) == COMPONENTS
    expected = "entities language places turns wording relevance topics intent stories"
    assert " ".join(COMPONENTS) == expected


def test_the_fifteen_topics_of_the_guide_ship() -> None:
    guide = (
        "lycees formation mobilites jeunesse economie environnement agriculture sante culture sport tourisme numerique "
        "crises institution solidarites"
    )
    assert [theme.id for theme in packaged_themes()] == guide.split()


def test_another_territory_can_be_read() -> None:
    brittany = Territory(names=("Région Bretagne",), places=(LocalName("Brocéliande", ("35",)),))
    nlp = pipelines.build(territory=brittany)
    assert nlp("La Région Bretagne")._.relevance == "institution"
    assert nlp("Balade à Brocéliande")._.departements == ("35",)


def test_a_place_of_the_team_names_communes_too() -> None:
    ours = Territory(places=(LocalName("la Paillade", communes=("34172",)),))
    read = pipelines.build(territory=ours)("Concert à la Paillade")._
    assert (read.communes, read.departements) == (("34172",), ("34",))


def test_the_configuration_of_the_pipeline_is_json() -> None:
    assert json.loads(json.dumps(pipelines.build().config))["nlp"]["pipeline"] == list(COMPONENTS)


def test_no_term_is_given_twice() -> None:
    ours = packaged_territory()
    for terms in (
        ours.names,
        ours.ambiguous_names,
        ours.duties,
        ours.services,
        *(theme.words for theme in packaged_themes()),
    ):
        assert len(terms) == len({term.casefold() for term in terms})


def test_build_can_be_asked_for_again_and_again() -> None:
    assert pipelines.build is pipelines.build
    assert pipelines.build().pipe_names == pipelines.build().pipe_names
