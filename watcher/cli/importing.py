"""`watcher import FILE`: an export of another tool, or of a platform's own studio."""

import asyncio
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from watcher import app, imports, log
from watcher.cli.folders import CONFIG, DATA, ConfigFolder, DataFolder
from watcher.clock import SystemClock
from watcher.french import paris, plural
from watcher.imports.accounts import CheckedAccount, check_account, import_account
from watcher.imports.presets import AccountPreset, AnyPreset, packaged, recognised, written
from watcher.model import Outcome, RunReport

File = Annotated[Path, typer.Argument(metavar="FICHIER", exists=True, dir_okay=False, help="Le fichier exporté.")]
Named = Annotated[
    str, typer.Option("--preset", help="Un nom d'export connu, ou votre fichier YAML. Sans lui : reconnu.")
]
Skips = Annotated[bool, typer.Option("--ignorer-les-lignes-fautives", help="Importer les autres lignes tout de même.")]


Account = Annotated[
    str, typer.Option("--compte", metavar="NOM", help="Pour des chiffres de compte : de quel compte ils sont.")
]
Day = Annotated[
    datetime | None,
    typer.Option("--jour", formats=["%Y-%m-%d"], help="Pour des chiffres sans date : de quel jour ils sont."),
]


def import_(
    file: File,
    *,
    preset: Named = "",
    account: Account = "",
    day: Day = None,
    skips: Skips = False,
    config: ConfigFolder = CONFIG,
    data: DataFolder = DATA,
) -> None:
    """Importe un fichier exporté (CSV, XLSX, ou un objet JSON par ligne) : des messages, ou les chiffres d'un compte.

    Chaque message est gardé une seule fois.

    Le fichier est lu en entier avant d'écrire quoi que ce soit. Après un arrêt, la même commande reprend là. Peut être
    lancé pendant que la veille tourne.

    Exemples :

        watcher import export.csv

        watcher import export.csv --preset meta-facebook

        watcher import ages.csv --compte "Région Occitanie" --jour 2026-11-01
    """
    console = Console()
    installation = app.installation_of(config, data)
    log.configure(level="WARNING", secrets=installation.secrets)
    form, known = recognised(file, _presets(preset))
    console.print(f"Reconnu : {known.title}.", markup=False)
    if not known.is_verified:
        console.print("Ce modèle n'est pas vérifié sur un vrai export : relisez ce qu'il donne.", style="yellow")
    if isinstance(known, AccountPreset):
        if not (account or known.columns.account):
            raise typer.BadParameter("ce fichier ne dit pas de quel compte il est : ajoutez --compte NOM.")
        today = day.date() if day else paris(SystemClock().now()).date()
        _import_figures(check_account(file, form, known, account, today), console, data)
        return
    checked = imports.check(file, (known,))
    cure = "Corrigez le fichier, ou ajoutez --ignorer-les-lignes-fautives."
    _tell_faults(console, 0 if skips else checked.faulty, checked.faults, cure)
    report = asyncio.run(_imported(installation, checked, console, skips=skips))
    _tell(console, report, checked)


def _import_figures(checked: CheckedAccount, console: Console, data: Path) -> None:
    _tell_faults(console, checked.faulty, checked.faults, "Corrigez le fichier.")
    with closing(app.open_journal(data)) as journal:
        days = import_account(checked, journal, SystemClock().now())
    console.print(f"{plural(days, 'jour de chiffres', 'jours de chiffres')} : dans Kibana, « Nos comptes ».")


def _tell_faults(console: Console, faulty: int, faults: tuple[imports.Fault, ...], cure: str) -> None:
    """Show `faults`; where `faulty` rows stand in the way, stop."""
    for fault in faults:
        console.print(f"  ligne {fault.line} : {fault.reason}", markup=False, highlight=False)
    if faulty:
        console.print(f"{plural(faulty, 'ligne fautive', 'lignes fautives')} : rien n'est importé. {cure}", style="red")
        raise typer.Exit(1)


def _presets(name: str) -> tuple[AnyPreset, ...]:
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
