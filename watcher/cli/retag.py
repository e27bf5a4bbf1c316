"""`watcher retag`: stored posts read again with the topics of today."""

import asyncio
from contextlib import closing
from datetime import date, datetime, time
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from watcher import app, translation
from watcher.cli.folders import CONFIG, DATA, ConfigFolder, DataFolder
from watcher.clock import SystemClock
from watcher.french import PARIS
from watcher.upkeep import rereading
from watcher.upkeep.rereading import Reread

Since = Annotated[
    str,
    typer.Option("--since", "--depuis", metavar="AAAA-MM-JJ", help="Le jour de collecte à partir duquel relire."),
]


def retag(since: Since, config: ConfigFolder = CONFIG, data: DataFolder = DATA) -> None:
    """Relit les messages déjà rangés, quand vos thèmes ou votre territoire ont changé.

    La veille peut tourner pendant ce temps. Arrêtée par Ctrl-C, la commande peut être relancée sans risque : ce qui est
    déjà juste n'est pas réécrit. Les messages dont le texte est effacé (durées de veille.yml) restent tels quels.

    Exemple :

        watcher retag --since 2026-11-01
    """
    start = _midnight(since)
    console = Console()
    installation = app.installation_of(config, data)

    async def read_again() -> Reread:
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task("Ouverture d'Elasticsearch", total=None)
            async with (
                app.open_elastic(installation, lambda step: progress.update(task, description=step)) as elastic,
                app.open_reader(installation) as reader,
            ):
                total = await elastic.count(rereading.still_worded(start))
                progress.update(task, description="Relecture", total=total)
                return await rereading.retag(
                    journal,
                    elastic,
                    reader,
                    translation.territories(installation.config),
                    since=start,
                    clock=SystemClock(),
                    done=lambda count: progress.advance(task, count),
                )

    with closing(app.open_journal(data)) as journal:
        console.print(outcome(asyncio.run(read_again())))
        if waiting := journal.waiting():
            console.print(f"{waiting} écriture(s) attendent Elasticsearch : elles partiront avec la veille.")


def outcome(done: Reread) -> str:
    """Return, in French, what a new reading changed."""
    if not done.read:
        return "Aucun message à relire : rien n'a été collecté depuis ce jour, ou les textes sont déjà effacés."
    failed = f" {done.failed} n'ont pas pu être relus et restent tels quels." if done.failed else ""
    return f"{done.read} messages relus, {done.changed} mis à jour.{failed}"


def _midnight(day: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(day.strip()), time(), PARIS)
    except ValueError as error:
        raise typer.BadParameter(f"écrivez le jour ainsi : 2026-11-01, et non « {day} »") from error
