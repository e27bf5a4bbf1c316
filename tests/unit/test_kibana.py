"""What the team finds in Kibana: held to Kibana's own rules, and to the fields that Elasticsearch really has."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from watcher.kibana import contents, data_views, ndjson
from watcher.stores.elastic import TEMPLATES
from watcher.words import Labels

LABELS = Labels(
    topics={"lycees": "Lycées", "jeunesse": "Jeunesse", "crises": "Crises et alertes"},
    departements={"30": "Gard", "34": "Hérault"},
    communes={"34145": "Lunel"},
)
OBJECTS = [json.loads(line) for line in ndjson(contents("watcher-", LABELS)).splitlines()]
BY_KEY = {(each["type"], each["id"]): each for each in OBJECTS}
FLOORS = {"index-pattern": "8.0.0", "search": "8.0.0", "lens": "8.9.0", "dashboard": "8.9.0"}
ALLOWED = {
    "dashboard": (
        "title description kibanaSavedObjectMeta timeRestore timeFrom timeTo refreshInterval controlGroupInput "
        "panelsJSON optionsJSON hits version"
    ),
    "search": (
        "title description columns sort grid hideChart isTextBasedQuery kibanaSavedObjectMeta rowHeight rowsPerPage "
        "breakdownField usesAdHocDataView timeRestore timeRange refreshInterval viewMode hideAggregatedPreview hits "
        "version"
    ),
    "lens": "title description visualizationType state",
    "index-pattern": (
        "title name timeFieldName fields fieldAttrs fieldFormatMap runtimeFieldMap sourceFilters typeMeta"
    ),
}
"""The attributes that Kibana 8.9 to 9.x takes for each type (its own source, November 2026)."""

REAL = Path(__file__).parents[1] / "data" / "kibana" / "discover.ndjson"
"""Exported by a real Kibana: nicpenning/kibana-ctf @ e63c229, MIT (licence beside it)."""

EACH = pytest.mark.parametrize("each", OBJECTS, ids=lambda each: f"{each['type']}:{each['id']}")


def of(kind: str) -> list[Any]:
    return [each for each in OBJECTS if each["type"] == kind]


def leaves(properties: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for name, mapping in properties.items():
        if "properties" in mapping:
            yield from leaves(mapping["properties"], f"{above}{name}.")
        else:
            yield f"{above}{name}"
            yield from (f"{above}{name}.{sub}" for sub in mapping.get("fields", {}))


def fields(family: str) -> set[str]:
    return set(leaves(TEMPLATES[family]["template"]["mappings"]["properties"]))


def fields_behind(each: Any) -> set[str]:
    """The fields of the data view that an object reads."""
    [view] = {named["id"] for named in each["references"] if named["type"] == "index-pattern"}
    return fields(view.removeprefix("watcher-"))


# ---- the rules of Kibana


def test_no_two_objects_bear_the_same_name() -> None:
    assert len(BY_KEY) == len(OBJECTS)


@EACH
def test_an_object_holds_only_what_its_type_allows(each: Any) -> None:
    assert set(each) == {"type", "id", "attributes", "references", "coreMigrationVersion", "typeMigrationVersion"}
    assert set(each["attributes"]) <= set(ALLOWED[each["type"]].split())


@EACH
def test_an_object_bears_the_oldest_version_that_is_lifted(each: Any) -> None:
    assert each["coreMigrationVersion"] == "8.8.0"
    assert each["typeMigrationVersion"] == FLOORS[each["type"]]


@EACH
def test_what_an_object_names_is_in_the_file(each: Any) -> None:
    assert {(named["type"], named["id"]) for named in each["references"]} <= BY_KEY.keys()


@EACH
def test_the_json_inside_strings_is_json(each: Any) -> None:
    strings = {key: value for key, value in each["attributes"].items() if key.endswith("JSON")}
    strings |= each["attributes"].get("kibanaSavedObjectMeta", {})
    for value in strings.values():
        json.loads(value)


@pytest.mark.parametrize("each", of("search"), ids=lambda each: each["id"])
def test_a_search_names_its_index_as_kibana_looks_it_up(each: Any) -> None:
    source = json.loads(each["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])
    assert [named["name"] for named in each["references"]] == [source["indexRefName"]]
    assert source["indexRefName"] == "kibanaSavedObjectMeta.searchSourceJSON.index"


@pytest.mark.parametrize("each", of("lens"), ids=lambda each: each["id"])
def test_a_chart_names_its_layer_as_kibana_looks_it_up(each: Any) -> None:
    layers = each["attributes"]["state"]["datasourceStates"]["formBased"]["layers"]
    assert [named["name"] for named in each["references"]] == [
        f"indexpattern-datasource-layer-{layer}" for layer in layers
    ]


@pytest.mark.parametrize("each", of("lens"), ids=lambda each: each["id"])
def test_a_chart_draws_columns_that_it_has(each: Any) -> None:
    state = each["attributes"]["state"]
    [(name, layer)] = state["datasourceStates"]["formBased"]["layers"].items()
    assert set(layer["columnOrder"]) == set(layer["columns"])
    drawn = json.dumps(state["visualization"])
    used = re.findall(r'"(?:xAccessor|splitAccessor|metricAccessor|columnId)": "([^"]+)"', drawn)
    used += [
        accessor for found in re.findall(r'"accessors": \[([^\]]*)\]', drawn) for accessor in json.loads(f"[{found}]")
    ]
    assert set(used) == set(layer["columns"])
    assert set(re.findall(r'"layerId": "([^"]+)"', drawn)) == {name}


@pytest.mark.parametrize("each", of("dashboard"), ids=lambda each: each["id"])
def test_a_dashboard_names_its_panels_as_kibana_looks_them_up(each: Any) -> None:
    panels = json.loads(each["attributes"]["panelsJSON"])
    named = {named["name"]: (named["type"], named["id"]) for named in each["references"]}
    wanted = {f"{panel['panelIndex']}:{panel['panelRefName']}": panel["type"] for panel in panels}
    assert {name: kind for name, (kind, _) in named.items() if not name.startswith("controlGroup_")} == wanted
    assert all(panel["gridData"]["i"] == panel["panelIndex"] for panel in panels)


@pytest.mark.parametrize("each", of("dashboard"), ids=lambda each: each["id"])
def test_panels_fill_the_grid_of_48_and_never_overlap(each: Any) -> None:
    grids = [panel["gridData"] for panel in json.loads(each["attributes"]["panelsJSON"])]
    cells = [
        (x, y)
        for grid in grids
        for x in range(grid["x"], grid["x"] + grid["w"])
        for y in range(grid["y"], grid["y"] + grid["h"])
    ]
    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) == 47


def test_who_opens_a_topic_or_a_departement_chooses_it_on_top() -> None:
    chosen = {}
    for each in of("dashboard"):
        if controls := each["attributes"].get("controlGroupInput"):
            [(name, control)] = json.loads(controls["panelsJSON"]).items()
            assert any(named["name"] == f"controlGroup_{name}:optionsListDataView" for named in each["references"])
            chosen[each["attributes"]["title"]] = control["explicitInput"]["fieldName"]
    assert chosen == {"Un thème": "topics", "Départements": "departements"}


# ---- the fields of Elasticsearch


@pytest.mark.parametrize(
    ("family", "labels"),
    [
        ("posts", data_views.POST_LABELS),
        ("trends", data_views.TREND_LABELS),
        ("alerts", data_views.ALERT_LABELS),
        ("gaps", data_views.GAP_LABELS),
        ("sources", data_views.SOURCE_LABELS),
        ("accounts", data_views.ACCOUNT_LABELS),
    ],
)
def test_every_field_has_a_french_label_and_no_label_lacks_its_field(family: str, labels: Mapping[str, str]) -> None:
    assert set(labels) == fields(family)
    assert len(set(labels.values())) == len(labels)


@pytest.mark.parametrize("each", of("index-pattern"), ids=lambda each: each["id"])
def test_what_is_formatted_is_a_field(each: Any) -> None:
    known = fields(each["id"].removeprefix("watcher-"))
    assert set(json.loads(each["attributes"]["fieldFormatMap"])) <= known
    assert each["attributes"]["timeFieldName"] in known


@pytest.mark.parametrize("each", of("search"), ids=lambda each: each["id"])
def test_the_columns_of_a_search_are_fields(each: Any) -> None:
    known = fields_behind(each)
    assert set(each["attributes"]["columns"]) <= known
    assert {name for name, _ in each["attributes"]["sort"]} <= known


@pytest.mark.parametrize("each", of("lens"), ids=lambda each: each["id"])
def test_what_a_chart_counts_is_a_field(each: Any) -> None:
    layers = each["attributes"]["state"]["datasourceStates"]["formBased"]["layers"].values()
    read = {column["sourceField"] for layer in layers for column in layer["columns"].values()}
    assert read <= fields_behind(each) | {"___records___"}


# ---- the team's configuration


def test_an_address_can_be_clicked_and_ids_are_shown_as_names() -> None:
    formats = json.loads(BY_KEY["index-pattern", "watcher-posts"]["attributes"]["fieldFormatMap"])
    assert formats["url"]["id"] == "url"
    entries = formats["topics"]["params"]["lookupEntries"]
    assert {entry["key"]: entry["value"] for entry in entries} == LABELS.topics


def test_a_topic_of_the_team_has_its_search() -> None:
    searched = {each["attributes"]["title"] for each in of("search")}
    assert {f"Thème : {name}" for name in LABELS.topics.values()} <= searched
    more = contents("watcher-", Labels(topics={**LABELS.topics, "velo": "Vélo"}))
    assert "Thème : Vélo" in {each.attributes["title"] for each in more if each.kind == "search"}


def test_what_the_team_asked_for_is_there() -> None:
    titles = {(each["type"], each["attributes"].get("title")) for each in OBJECTS}
    searches = (
        "À répondre",
        "Crises",
        "Tendances",
        "Par département",
        "Nos comptes",
        "Hors sujet à relire",
        "Sources en panne",
    )
    boards = ("Vue d'ensemble", "Plateformes", "Un thème", "Départements", "Jeunesse")
    assert {("search", title) for title in searches} | {("dashboard", title) for title in boards} <= titles


def test_an_instance_of_another_prefix_reads_its_own_indices() -> None:
    views = [each for each in contents("demo-", LABELS) if each.kind == "index-pattern"]
    others = ["demo-trends", "demo-alerts", "demo-gaps", "demo-sources", "demo-accounts"]
    assert [each.attributes["title"] for each in views] == ["demo-posts-*", *others]
    assert not {each.id for each in contents("demo-", LABELS)} & {each["id"] for each in OBJECTS}


def test_a_search_and_a_data_view_have_the_shape_of_a_real_export() -> None:
    real = [json.loads(line) for line in REAL.read_text(encoding="utf-8").splitlines()]
    for each in [line for line in real if "type" in line]:
        ours = of(each["type"])[0]
        assert set(ours) <= set(each)
        assert set(each["attributes"]) - {"allowHidden"} <= set(ALLOWED[each["type"]].split())
        assert [named["name"] for named in ours["references"]] == [named["name"] for named in each["references"]]
