"""The two folders that most commands speak of, as options."""

from pathlib import Path
from typing import Annotated

import typer

CONFIG = Path("config")
DATA = Path("var")

ConfigFolder = Annotated[Path, typer.Option("--config", help="Le dossier des réglages (YAML).")]
DataFolder = Annotated[Path, typer.Option("--donnees", help="Le dossier des données : journal, clé, Elasticsearch.")]
