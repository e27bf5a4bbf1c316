"""`watcher deadletters`: what could not be processed, why, and another try once the cause is mended."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from watcher import app as house
from watcher.cli.folders import DATA, DataFolder
from watcher.clock import SystemClock
from watcher.errors import Permanent
from watcher.french import moment
from watcher.model import KeptLetter
from watcher.stores.journal import Journal

app = typer.Typer(
    no_args_is_help=True,
    help="""Les éléments mis de côté : ce qui n'a pas pu être traité, et pourquoi.

    Rien n'est perdu : une fois la cause réparée, demandez un nouvel essai avec « watcher deadletters replay ».
    """,
)

_LAST = 2**63 - 1  # the journal counts no further

Number = Annotated[
    int, typer.Argument(help="Son numéro, donné par « watcher deadletters list ».", metavar="NUMÉRO", min=1, max=_LAST)
]
MaybeNumber = Annotated[int | None, typer.Argument(help="Le numéro d'un élément.", metavar="NUMÉRO", min=1, max=_LAST)]
All = Annotated[bool, typer.Option("--all", help="Tous les éléments mis de côté.")]

_STEPS = {"map": "lecture", "normalise": "mise en forme", "tag": "analyse", "store": "rangement", "send": "envoi"}


@app.command("list")
def list_(data: DataFolder = DATA) -> None:
    """Montre ce qui a été mis de côté, du plus récent au plus ancien.

    Exemple :

        watcher deadletters list
    """
    console = Console()
    now = SystemClock().now()
    with _journal(data) as journal:
        letters = journal.dead_letters.letters()
    if not letters:
        console.print("Rien n'a été mis de côté.")
        return
    table = Table(title="Mis de côté", title_justify="left")
    for column in ("n°", "quand", "source", "étape", "essais", "raison"):
        table.add_column(column, overflow="fold", justify="right" if column in ("n°", "essais") else "left")
    for kept in letters:
        reason = Text(kept.letter.error)
        if kept.is_replaying:
            reason.append("\nnouvel essai demandé", "yellow")
        when, step = moment(kept.at, now), _STEPS.get(kept.letter.step, kept.letter.step)
        table.add_row(str(kept.id), when, Text(kept.letter.source), step, str(kept.tries), reason)
    console.print(table)
    console.print("Voir un élément : watcher deadletters show NUMÉRO. Réessayer : watcher deadletters replay NUMÉRO")


@app.command()
def show(number: Number, data: DataFolder = DATA) -> None:
    """Montre un élément mis de côté : d'où il vient, ce qui s'est passé, ce qu'il contient.

    Exemple :

        watcher deadletters show 12
    """
    console = Console()
    with _journal(data) as journal:
        kept = _letter(journal, number)
    letter = kept.letter
    facts = {
        "source": letter.source,
        "étape": _STEPS.get(letter.step, letter.step),
        "quand": moment(kept.at, SystemClock().now()),
        "essais": str(kept.tries),
        "raison": letter.error,
    }
    for name, value in facts.items():
        console.print(Text.assemble((f"{name} : ", "bold"), value))
    console.print(Text(f"\n{_readable(letter.payload)}"))


@app.command()
def replay(number: MaybeNumber = None, everything: All = False, data: DataFolder = DATA) -> None:
    """Demande un nouvel essai, une fois la cause réparée. La veille peut tourner pendant ce temps.

    Le nouvel essai a lieu au prochain passage de la source (watcher run ou watcher once).

    Exemples :

        watcher deadletters replay 12

        watcher deadletters replay --all
    """
    if (number is None) is not everything:
        raise typer.BadParameter("donnez un numéro, ou --all pour tout réessayer")
    console = Console()
    with _journal(data) as journal:
        letters = journal.dead_letters.letters() if number is None else [_letter(journal, number)]
        count = journal.dead_letters.replay(letters, SystemClock().now())
    console.print(f"Nouveaux essais demandés : {count}. Leur résultat, après ce passage : watcher deadletters list")
    if count < len(letters):
        console.print(
            f"Pas réessayés, parce qu'illisibles dès la source : {len(letters) - count}. "
            "Ce que la source donne encore sera relu à son prochain passage."
        )


@contextmanager
def _journal(data: DataFolder) -> Iterator[Journal]:
    journal = house.open_journal(data)
    try:
        yield journal
    finally:
        journal.close()


def _letter(journal: Journal, number: int) -> KeptLetter:
    kept = journal.dead_letters.letter(number)
    if kept is None:
        raise Permanent(f"Aucun élément mis de côté ne porte le numéro {number} : voyez « watcher deadletters list ».")
    return kept


def _readable(payload: str) -> str:
    """Return a payload laid out for reading; it is JSON unless a source gave something else."""
    try:
        return json.dumps(json.loads(payload), ensure_ascii=False, indent=2)
    except ValueError:
        return payload
