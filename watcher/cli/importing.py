"""`watcher import FILE`: an export of another tool, or of a platform's own studio."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from watcher import app, imports, log
from watcher.cli.folders import CONFIG, DATA, ConfigFolder, DataFolder
from watcher.french import plural
from watcher.imports.presets import Preset, packaged, written
from watcher.model import Outcome, RunReport

File = Annotated[Path, typer.Argument(metavar="FICHIER", exists=True, dir_okay=False, help="Le fichier exporté.")]
Named = Annotated[
    str, typer.Option("--preset", help="Un nom d'export connu, ou votre fichier YAML. Sans lui : reconnu.")
]
Skips = Annotated[bool, typer.Option("--ignorer-les-lignes-fautives", help="Importer les autres lignes tout de même.")]


def import_(
    file: File, preset: Named = "", skips: Skips = False, config: ConfigFolder = CONFIG, data: DataFolder = DATA
) -> None:
    """Importe un fichier exporté (CSV, XLSX, ou un objet JSON par ligne), dont chaque message est gardé une seule fois.

    Le fichier est lu en entier avant d'écrire quoi que ce soit. Après un arrêt, la même commande reprend là. Peut être
    lancé pendant que la veille tourne.

    Exemples :

        watcher import export.csv

        watcher import export.csv --preset meta-facebook
    """
    console = Console()
    installation = app.installation_of(config, data)
    log.configure(level="WARNING", secrets=installation.secrets)
    checked = imports.check(file, _presets(preset))
    console.print(f"Reconnu : {checked.preset.title}.", markup=False)
    if not checked.preset.is_verified:
        console.print("Ce modèle n'est pas vérifié sur un vrai export : relisez quelques messages.", style="yellow")
    for fault in checked.faults:
        console.print(f"  ligne {fault.line} : {fault.reason}", markup=False, highlight=False)
    if checked.faulty and not skips:
        faulty = plural(checked.faulty, "ligne fautive", "lignes fautives")
        console.print(
            f"{faulty} : rien n'est importé. Corrigez le fichier, ou ajoutez --ignorer-les-lignes-fautives.",
            style="red",
        )
        raise typer.Exit(1)
    report = asyncio.run(_imported(installation, checked, console, skips=skips))
    _tell(console, report, checked)


def _presets(name: str) -> tuple[Preset, ...]:
    if not name:
        return packaged()
    if name.endswith((".yml", ".yaml")):
        return (written(Path(name)),)
    if found := tuple(preset for preset in packaged() if preset.name == name):
        return found
    known = ", ".join(preset.name for preset in packaged())
    raise typer.BadParameter(f"le modèle « {name} » n'existe pas. Il y a : {known}.")


async def _imported(
    installation: app.Installation, checked: imports.Checked, console: Console, *, skips: bool
) -> RunReport:
    async with app.open_line(installation) as (line, _journal, _collectors):
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task("Import", total=None)
            return await imports.import_file(
                checked,
                line,
                skips_faults=skips,
                done=lambda reached: progress.update(task, description=f"Import, ligne {reached}"),
            )


def _tell(console: Console, report: RunReport, checked: imports.Checked) -> None:
    if report.outcome is Outcome.UNCHANGED:
        console.print("Ce fichier est déjà importé en entier, ou ne contient aucun message.")
        return
    counts = f"{plural(report.new, 'message neuf', 'messages neufs')}, {report.edited} modifiés"
    console.print(f"{counts}, {report.repeated} déjà connus, {report.dead} à part, {checked.without_words} sans texte.")
    if not report.outcome.is_healthy:
        console.print(f"{report.message} Relancez la même commande : elle reprendra là.", style="yellow")
        raise typer.Exit(1)
