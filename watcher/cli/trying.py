"""`watcher try ADRESSE`: the first two minutes."""

import asyncio
import shlex
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from watcher import app, catalog, trying
from watcher.catalog import State
from watcher.model import Outcome, Post
from watcher.secrets import environment
from watcher.trying import Trial
from watcher.words import INTENTS, RELEVANCES

EXCERPT_CHARS = 160

Address = Annotated[
    str,
    typer.Argument(
        metavar="ADRESSE",
        help="L'adresse d'un flux, d'un hashtag ou d'un compte ; #motdièse et @compte@instance aussi.",
    ),
]


def try_(address: Address) -> None:
    """Lit une adresse sans aucun réglage et montre dix messages comme ils seraient lus. Rien n'est gardé.

    Exemples :

        watcher try https://www.exemple.fr/rss.xml

        watcher try https://piaille.fr/tags/Occitanie

        watcher try "#Occitanie"
    """
    console = Console()
    with console.status("Lecture"):
        trial = asyncio.run(trying.try_address(address, environment(), allow_loopback=app.allows_loopback()))
    show(console, trial, address)
    if not trial.posts:
        raise typer.Exit(1)
    console.print(f"Pour l'écouter : watcher sources add {shlex.quote(address)}", markup=False, soft_wrap=True)


def show(console: Console, trial: Trial, address: str = "") -> None:
    """Print what a trial gave, or why it gave nothing; what its platform asks where `address` is one's own site."""
    if not trial.report.outcome.is_healthy:
        console.print(trial.report.message, style="red", markup=False)
        platform = catalog.of_address(address)
        wants_key = trial.report.outcome is Outcome.AUTH_REFUSED
        if platform and (wants_key or platform.name != trying.guess(address)[0]):
            console.print(f"{platform.title} : {platform.state}. {platform.gives}", markup=False)
            console.print(f"Prix : {platform.price}. Clé : {platform.key}.", markup=False)
            if platform.state is State.READY:
                console.print(f"Avec cette clé : watcher sources add --plateforme {platform.name}", markup=False)
        else:
            console.print("Vérifiez l'adresse dans un navigateur : un flux, un hashtag ou un compte doit s'y montrer.")
    elif trial.posts:
        console.print(_table(trial))
    else:
        console.print("Cette adresse est valable, mais elle ne donne aucun message pour le moment.", style="yellow")


def _table(trial: Trial) -> Table:
    table = Table(title=f"{trial.report.seen} messages, dont voici les premiers", title_justify="left", show_lines=True)
    for column in ("message", "pertinence", "thèmes", "lieux", "intention"):
        table.add_column(column, overflow="fold", ratio=4 if column == "message" else 1)
    for post in trial.posts:
        table.add_row(*_row(post))
    return table


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
