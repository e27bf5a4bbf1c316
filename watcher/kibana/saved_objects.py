"""Kibana's saved objects, as its import takes them: one line of JSON each.

The versions are the oldest that Kibana lifts by itself (8.9 to 9.x): an older server would refuse a newer one, and
without any, every old migration runs on today's form.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["index-pattern", "search", "lens", "dashboard"]

CORE_VERSION = "8.8.0"
TYPE_VERSIONS: Mapping[Kind, str] = {
    "index-pattern": "8.0.0",
    "search": "8.0.0",
    "lens": "8.9.0",
    "dashboard": "8.9.0",
}


@dataclass(frozen=True, slots=True)
class Reference:
    """One object named by another. Kibana looks it up by `name`, which follows its rules to the letter."""

    name: str
    kind: Kind
    id: str


@dataclass(frozen=True, slots=True)
class SavedObject:
    """One saved object. `attributes` holds only what the type allows, with JSON inside strings where Kibana has it."""

    kind: Kind
    id: str
    attributes: Mapping[str, Any]
    references: tuple[Reference, ...] = ()

    @property
    def line(self) -> str:
        """The object as a line of an import file."""
        return written(
            {
                "type": self.kind,
                "id": self.id,
                "attributes": self.attributes,
                "references": [{"type": named.kind, "id": named.id, "name": named.name} for named in self.references],
                "coreMigrationVersion": CORE_VERSION,
                "typeMigrationVersion": TYPE_VERSIONS[self.kind],
            }
        )


def written(value: object) -> str:
    """Return `value` as Kibana's JSON, accents as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def ndjson(objects: Iterable[SavedObject]) -> str:
    """Return the import file of `objects`."""
    return "".join(f"{each.line}\n" for each in objects)
