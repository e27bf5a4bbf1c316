"""`watcher explain "TEXTE"`: how one post would be read, and why."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from watcher import app, translation
from watcher.cli.folders import CONFIG, DATA, ConfigFolder, DataFolder
from watcher.words import INTENTS, RELEVANCES

Said = Annotated[str, typer.Argument(metavar="TEXTE", help="Le message, entre guillemets.")]


def explain(text: Said, config: ConfigFolder = CONFIG, data: DataFolder = DATA) -> None:
    """Lit un message avec vos réglages et dit ce qui en est compris, et pourquoi. Rien n'est gardé.

    Exemple :

        watcher explain "Le lycée de Lodève est fermé, qui peut m'aider ?"
    """
    installation = app.installation_of(config, data)
    read = installation.build_nlp()(text)._
    labels = translation.labels(installation.config)
    table = Table(show_header=False)
    table.add_column("", no_wrap=True)
    table.add_column("", overflow="fold")
    for name, values in (
        ("pertinence", [RELEVANCES[read.relevance]]),
        ("pourquoi", read.evidence),
        ("thèmes", [labels.topics[topic] for topic in read.topics]),
        ("intention", [INTENTS[read.intent]]),
        ("à répondre", ["oui" if read.to_answer else "non"]),
        ("communes", [f"{labels.communes[code]} ({code[:2]})" for code in read.communes]),
        ("départements", [labels.departements[code] for code in read.departements]),
        ("hashtags", read.hashtags_raw),
        ("langue", [read.lang]),
    ):
        table.add_row(Text(name), Text("\n".join(values) or "—"))
    Console().print(table)
