"""What editors complete the YAML files from: written from the models, in French, and true of the files that ship."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from deploy.schemas import written
from watcher import collect
from watcher.config.hints import keys_at

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "config" / "schemas"
SCHEMAS: Mapping[str, Mapping[str, Any]] = {name: json.loads(text) for name, text in written().items()}
FILES = sorted((ROOT / "config").glob("*.yml"))


def faults(text: str, file: str) -> list[str]:
    """Return where an editor underlines `text`, written in `file`."""
    validator = Draft202012Validator(SCHEMAS[f"{Path(file).stem}.json"])
    return [error.json_path for error in validator.iter_errors(yaml.safe_load(text))]


def described(schema: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every key that can be written, with what an editor says of it."""
    for name, key in schema.get("properties", {}).items():
        yield f"{path}.{name}", key
        yield from described(key, f"{path}.{name}")
    inside = [schema.get("items"), *schema.get("oneOf", ()), *schema.get("patternProperties", {}).values()]
    for part in inside:
        if part:
            yield from described(part, f"{path}[{part.get('title', '')}]")


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_the_folder_holds_what_the_models_say(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == written()[name], "run: make schemas"
    Draft202012Validator.check_schema(SCHEMAS[name])


def test_nothing_else_is_in_the_folder() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(SCHEMAS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_shipped_file_is_right_to_an_editor(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8"), path.name) == []


@pytest.mark.parametrize(
    "keys",
    [
        'departements: [31, "09"]',
        "actif: non, intervalle: 30 min, auteurs: media",
        "budget: {euros_par_mois: 50, prix: {post: '0,005'}}",
    ],
)
def test_what_can_be_written_is_not_underlined(keys: str) -> None:
    source = f"{{nom: a, plateforme: rss, adresse: https://example.org/, {keys}}}"
    assert faults(f"sources: [{source}]", "sources.yml") == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_file_says_where_its_schema_is(path: Path) -> None:
    first, _, _ = path.read_text(encoding="utf-8").partition("\n")
    assert first == f"# yaml-language-server: $schema=schemas/{path.stem}.json"


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_every_key_has_a_title_and_a_description(name: str) -> None:
    found = list(described(SCHEMAS[name]))
    assert found
    assert [path for path, key in found if not (key.get("title") and key.get("description"))] == []
    assert [path for path, key in found if "$ref" in key or key.get("default", "") is None] == []


def test_a_source_has_the_keys_of_its_own_platform() -> None:
    one_of = SCHEMAS["sources.json"]["properties"]["sources"]["items"]["oneOf"]
    assert {branch["title"] for branch in one_of} == set(collect.find())
    for branch in one_of:
        assert set(keys_at(collect.find()[branch["title"]].Settings, ())) <= set(branch["properties"])


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("themes.yml", "themes: {lycees: {nom: Lycées, mot: [lycée]}}"),
        ("themes.yml", "themes: {Lycées: {nom: Lycées, mots: [lycée]}}"),
        ("veille.yml", "{nom: Veille, contact: x@example.org, conservation: {textes: 12}}"),
        ("sources.yml", "sources: [{nom: a, plateforme: rss}]"),
        ("sources.yml", "sources: [{nom: a, plateforme: rsss, adresse: https://example.org/}]"),
        ("sources.yml", "sources: [{nom: a, plateforme: rss, adresse: https://example.org/, hashtags: [b]}]"),
        ("sources.yml", "sources: [{nom: a, plateforme: rss, adresse: https://example.org/, actif: peut-être}]"),
        ("sources.yml", 'sources: [{nom: a, plateforme: rss, adresse: https://example.org/, departements: ["75"]}]'),
        ("territoire.yml", "{institution: {}, lieux: [{nom: Aubrac, communes: [abc]}]}"),
    ],
)
def test_a_slip_is_underlined(file: str, text: str) -> None:
    assert faults(text, file)
