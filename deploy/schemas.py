# ruff: noqa: INP001 - a script, not a package
"""Writes `config/schemas/`: from them an editor completes and explains the keys of the team's YAML files.

Run by `make schemas` after a change of a model or of a platform's keys; a test fails on drift.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from watcher import collect
from watcher.config.schemas import schemas

FOLDER = Path(__file__).parent.parent / "config" / "schemas"


def written() -> Mapping[str, str]:
    """Return what each file of the folder holds, by name."""
    settings = {name: found.Settings for name, found in collect.find().items()}
    return {
        f"{Path(file).stem}.json": json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        for file, schema in schemas(settings).items()
    }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in written().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
