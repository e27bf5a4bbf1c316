"""`watcher journal`: the file in which everything collected is written first."""

import asyncio

import typer
from rich.console import Console
from rich.progress import Progress

from watcher import app as house
from watcher.cli.folders import CONFIG, DATA, ConfigFolder, DataFolder
from watcher.upkeep.recovery import rebuild as refill

app = typer.Typer(
    no_args_is_help=True,
    help="""Le journal : le fichier où tout ce qui est collecté est noté d'abord.

    Il retient ce qui a déjà été vu, où en est chaque source, et ce qui attend Elasticsearch.
    """,
)


@app.callback()
def group() -> None:
    """Keep `rebuild` a command of its own, though it is the only one."""


@app.command()
def rebuild(config: ConfigFolder = CONFIG, data: DataFolder = DATA) -> None:
    """Retrouve dans Elasticsearch ce qui a déjà été collecté, quand le journal est perdu ou abîmé.

    Mettez d'abord le fichier abîmé de côté. Ensuite, les sources sont relues depuis le début, et rien n'est rangé deux
    fois. La commande peut être relancée sans risque.

    Exemples :

        watcher journal rebuild

        watcher journal rebuild --donnees var
    """
    console = Console()
    installation = house.installation_of(config, data)

    async def fill() -> int:
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task("Ouverture d'Elasticsearch", total=None)
            async with house.open_elastic(
                installation, lambda step: progress.update(task, description=step)
            ) as elastic:
                progress.update(task, description="Lecture d'Elasticsearch", total=await elastic.count())
                return await refill(journal, elastic, lambda count: progress.advance(task, count))

    journal = house.open_journal(data)
    try:
        found = asyncio.run(fill())
        console.print(f"{found} messages retrouvés ; le journal en connaît {journal.seen.count()}.")
    finally:
        journal.close()
