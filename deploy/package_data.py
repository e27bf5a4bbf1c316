# ruff: noqa: INP001 - a script, not a package
"""Writes `pipelines/data/themes.json` and `territory.json` from the team's YAML, so that `pipelines` ships complete.

Run by `make data` after a change of `config/themes.yml` or `config/territoire.yml`; a test fails on drift.
"""

import json
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
DATA = ROOT / "pipelines" / "data"

_INSTITUTION = {
    "names": "noms",
    "ambiguous_names": "noms_ambigus",
    "duties": "competences",
    "accounts": "comptes",
    "services": "services",
    "people": "personnes",
}


def themes(config: Path) -> str:
    """Return `themes.yml` as the JSON that `pipelines.build` reads."""
    found = yaml.safe_load((config / "themes.yml").read_text(encoding="utf-8"))["themes"]
    return _json(
        [
            {
                "id": theme_id,
                "label": theme["nom"],
                "words": theme.get("mots", []),
                "examples": theme.get("exemples", []),
                "exclusions": theme.get("exclure", []),
            }
            for theme_id, theme in found.items()
        ],
    )


def territory(config: Path) -> str:
    """Return `territoire.yml` as the JSON that `pipelines.build` reads."""
    found = yaml.safe_load((config / "territoire.yml").read_text(encoding="utf-8"))
    return _json(
        {key: found["institution"].get(french, []) for key, french in _INSTITUTION.items()}
        | {
            "context": found.get("contexte", []),
            "elsewhere": found.get("autres_regions", []),
            "places": [
                {
                    "name": place["nom"],
                    "departements": place.get("departements", []),
                    "communes": place.get("communes", []),
                }
                for place in found.get("lieux", [])
            ],
            "exceptions": found.get("exceptions", []),
        },
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    (DATA / "themes.json").write_text(themes(ROOT / "config"), encoding="utf-8")
    (DATA / "territory.json").write_text(territory(ROOT / "config"), encoding="utf-8")
