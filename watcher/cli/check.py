"""`watcher check`: every mistake of the configuration at once, and what to type instead."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from watcher import app, preflight
from watcher.cli.folders import CONFIG, DATA, ConfigFolder, DataFolder
from watcher.config import Config
from watcher.errors import ConfigError
from watcher.preflight import Check

Online = Annotated[bool, typer.Option("--online", help="Essaie aussi chaque source, Slack, le journal, Elasticsearch.")]

REFUSED = 2


def check(config: ConfigFolder = CONFIG, data: DataFolder = DATA, *, online: Online = False) -> None:
    """Vérifie vos réglages : toutes les erreurs d'un coup, avec le fichier, la ligne et quoi écrire à la place.

    Avec --online, lit un message de chaque source, vérifie la clé de Slack et ouvre le journal et Elasticsearch. Rien
    n'est gardé ni envoyé.
    Le code de sortie est 0 quand tout est bon, 2 sinon.

    Exemples :

        watcher check

        watcher check --online
    """
    console = Console()
    try:
        loaded = app.load_config(config)
    except ConfigError as error:
        show_mistakes(console, error)
        raise typer.Exit(REFUSED) from error
    console.print(summary(loaded), markup=False, soft_wrap=True)
    if not loaded.sources:
        console.print("Aucune source n'est active : il n'y a rien à écouter. Voir sources.yml.", style="red")
        raise typer.Exit(REFUSED)
    if online and not _all_answer(console, config, data):
        raise typer.Exit(REFUSED)
    console.print("Tout est bon.", style="green")


def show_mistakes(console: Console, error: ConfigError) -> None:
    """Print each mistake: where it is, what it is, what to type instead; then how many there are."""
    for mistake in error.mistakes:
        console.print(Text(mistake.place, "bold"), soft_wrap=True)
        console.print(Text(f"  {mistake.message}", "red"), soft_wrap=True)
        if mistake.hint:
            console.print(Text(f"  → {mistake.hint}"), soft_wrap=True)
    files = len({mistake.file for mistake in error.mistakes})
    console.print(f"\n{_counted(len(error.mistakes), 'erreur')} dans {_counted(files, 'fichier')}.", style="bold")
    console.print("Corrigez, enregistrez, puis relancez : watcher check")


def summary(loaded: Config) -> str:
    """Return what the configuration holds, in one sentence."""
    parts = [
        _counted(len(loaded.sources), "source active", "sources actives"),
        _counted(len(loaded.paused), "source au repos", "sources au repos"),
        _counted(len(loaded.themes), "thème"),
        _counted(sum(len(theme.words) for theme in loaded.themes), "mot"),
        _counted(len(loaded.territory.places), "lieu ajouté", "lieux ajoutés"),
    ]
    return f"{loaded.instance.name} : {', '.join(parts)}."


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count} {one}" if count < 2 else f"{count} {many or one + 's'}"  # noqa: PLR2004 - French: 0 and 1 are singular


def _all_answer(console: Console, config: Path, data: Path) -> bool:
    installation = app.installation_of(config, data)

    async def run() -> list[Check]:
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task(
                "Essai", total=len(installation.config.sources) + 2 + (installation.door is not None)
            )
            return await preflight.preflight(
                installation,
                done=lambda _: progress.advance(task),
                progress=lambda step: progress.update(task, description=step),
            )

    checks = asyncio.run(run())
    console.print(checks_table(checks))
    return not any(check.problem for check in checks)


def checks_table(checks: Sequence[Check]) -> Table:
    """Return what each thing tried gave, the problems first."""
    table = Table(title="Essais", title_justify="left")
    for column in ("quoi", "état", "ce qui a été trouvé"):
        table.add_column(column, overflow="fold")
    for check in sorted(checks, key=lambda check: not check.problem):
        state = Text("à voir", "red") if check.problem else Text("bon", "green")
        table.add_row(Text(check.name), state, Text(check.problem or check.found))
    return table
