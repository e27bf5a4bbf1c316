"""`watcher try ADRESSE`: the first two minutes."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from watcher import app, trying
from watcher.model import Post
from watcher.web.words import INTENTS, RELEVANCES

EXCERPT_CHARS = 160

Address = Annotated[
    str, typer.Argument(metavar="ADRESSE", help="L'adresse d'un flux, d'un hashtag ou d'un compte Mastodon.")
]


def try_(address: Address) -> None:
    """Lit une adresse sans aucun réglage et montre dix messages comme ils seraient lus. Rien n'est gardé.

    Exemples :

        watcher try https://www.exemple.fr/rss.xml

        watcher try https://piaille.fr/tags/Occitanie
    """
    console = Console()
    with console.status("Lecture"):
        trial = asyncio.run(trying.try_address(address, allow_loopback=app.allows_loopback()))
    if not trial.report.outcome.is_healthy:
        console.print(trial.report.message, style="red", markup=False)
        console.print("Vérifiez l'adresse dans un navigateur : un flux, un hashtag ou un compte doit s'y montrer.")
        raise typer.Exit(1)
    if not trial.posts:
        console.print("Cette adresse est valable, mais elle ne donne aucun message pour le moment.", style="yellow")
        raise typer.Exit(1)
    table = Table(title=f"{trial.report.seen} messages, dont voici les premiers", title_justify="left", show_lines=True)
    for column in ("message", "pertinence", "thèmes", "lieux", "intention"):
        table.add_column(column, overflow="fold", ratio=4 if column == "message" else 1)
    for post in trial.posts:
        table.add_row(*_row(post))
    console.print(table)
    console.print("Pour l'écouter : ajoutez cette adresse à config/sources.yml (voir config/LISEZMOI.md),")
    console.print("puis vérifiez avec « watcher check ».")


def _row(post: Post) -> list[Text]:
    reading = post.reading
    if reading is None:
        return [Text(post.title or post.text)]
    said = post.title or post.text
    excerpt = said if len(said) <= EXCERPT_CHARS else f"{said[:EXCERPT_CHARS]}…"
    intent = INTENTS[reading.intent] + ("\n→ à répondre" if reading.to_answer else "")
    return [
        Text(excerpt),
        Text(RELEVANCES[reading.relevance]),
        Text(", ".join(reading.topics)),
        Text(", ".join(reading.departements)),
        Text(intent),
    ]
