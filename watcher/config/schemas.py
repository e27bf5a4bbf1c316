"""What an editor needs to complete and explain the keys of the YAML files: JSON Schemas, from the models. Pure.

What spans several keys (a budget without prices), and whether a département is ours, it leaves to the models.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from watcher.config.alerts import AlertsModel
from watcher.config.calendar import CalendarModel
from watcher.config.durations import in_words
from watcher.config.models import InstanceModel, SourceModel, ThemesModel
from watcher.config.team import TeamModel
from watcher.config.territory import TerritoryModel

Schema = Mapping[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _InTeamWords(GenerateJsonSchema):
    """Says `oui`, `non` and `15 min` as the team does, and of a group what the key that holds it says."""

    def bool_schema(self, schema: core_schema.BoolSchema) -> JsonSchemaValue:
        return {"enum": ["oui", "non", True, False]}

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])  # a key that is not wanted is not written

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        return made if made.get("default") else {key: value for key, value in made.items() if key != "default"}

    def encode_default(self, dft: Any) -> Any:
        if isinstance(dft, timedelta):
            return in_words(dft)
        if isinstance(dft, bool):
            return "oui" if dft else "non"
        return super().encode_default(dft)

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        return {key: value for key, value in made.items() if key not in {"title", "description"}}


def schemas(settings_by_platform: Mapping[str, type[BaseModel]]) -> Mapping[str, Schema]:
    """Return the schema of each YAML file, by its name. A source has the keys of its own platform and no other."""
    return {
        "veille.yml": _whole("La veille elle-même", _of(InstanceModel)),
        "sources.yml": _whole("Ce que la veille écoute", _sources(settings_by_platform)),
        "themes.yml": _whole("De quoi parlent les messages", _of(ThemesModel)),
        "territoire.yml": _whole("Ce qui fait qu'un message concerne la Région", _of(TerritoryModel)),
        "alertes.yml": _whole("Qui est alerté, de quoi et quand", _of(AlertsModel)),
        "calendrier.yml": _whole("Ce à quoi il faut s'attendre, et quand", _of(CalendarModel)),
        "equipe.yml": _whole("Qui travaille avec la veille", _of(TeamModel)),
    }


def _whole(title: str, schema: Schema) -> Schema:
    return {"$schema": _DIALECT, "title": title, **schema}


def _sources(settings_by_platform: Mapping[str, type[BaseModel]]) -> Schema:
    one_of = [_source(platform, settings) for platform, settings in sorted(settings_by_platform.items())]
    listed = {
        "title": "Sources",
        "description": "La liste de toutes les sources",
        "type": "array",
        "items": {"oneOf": one_of},
    }
    return {
        "type": "object",
        "properties": {"sources": listed},
        "required": ["sources"],
        "additionalProperties": False,
    }


def _source(platform: str, settings: type[BaseModel]) -> Schema:
    common, own = _of(SourceModel), _of(settings)
    properties = {**common["properties"], **own["properties"]}
    properties["plateforme"] = {**properties["plateforme"], "const": platform}
    required = [*common["required"], *own.get("required", [])]
    return {**common, "title": platform, "properties": properties, "required": required}


def _of(model: type[BaseModel]) -> Schema:
    """Return the schema of `model` in one piece: many editors show nothing of what stands beside a reference."""
    made = model.model_json_schema(by_alias=True, schema_generator=_InTeamWords)
    inlined: Schema = _inlined({key: value for key, value in made.items() if key != "$defs"}, made.get("$defs", {}))
    return inlined


def _inlined(part: Any, definitions: Mapping[str, Any]) -> Any:
    if isinstance(part, list):
        return [_inlined(item, definitions) for item in part]
    if not isinstance(part, dict):
        return part
    name = str(part.get("$ref", "")).rpartition("/")[2]
    here = {**definitions.get(name, {}), **{key: value for key, value in part.items() if key != "$ref"}}
    if "patternProperties" in here:
        here["additionalProperties"] = False
    return {key: _inlined(value, definitions) for key, value in here.items()}
