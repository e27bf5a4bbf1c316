"""What ships with the package: topics, territory and cues. Its only input or output, through importlib.resources."""

import json
import tomllib
from importlib import resources

from pipelines.territory import LocalName, Territory
from pipelines.themes import Theme


def packaged_themes() -> tuple[Theme, ...]:
    """Return the topics that ship with the package, those of `config/themes.yml`."""
    return tuple(
        Theme(entry["id"], entry["label"], *(tuple(entry[key]) for key in ("words", "examples", "exclusions")))
        for entry in json.loads(_data("themes.json"))
    )


def packaged_territory() -> Territory:
    """Return the territory that ships with the package, that of `config/territoire.yml`."""
    entry = json.loads(_data("territory.json"))
    local_names = tuple(LocalName(place["name"], tuple(place["departements"])) for place in entry.pop("places"))
    return Territory(places=local_names, **{key: tuple(terms) for key, terms in entry.items()})


def packaged_cues() -> dict[str, list[str]]:
    """Return what people write when they need, ask, complain, warn, thank or sell, by kind."""
    return tomllib.loads(_data("cues.toml"))


def _data(file: str) -> str:
    return resources.files("pipelines.data").joinpath(file).read_text(encoding="utf-8")
