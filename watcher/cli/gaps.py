"""`watcher gaps`: what was not heard, from when to when, why, about how much, and what became of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from watcher import app
from watcher.cli.folders import DATA, DataFolder
from watcher.clock import SystemClock
from watcher.french import moment
from watcher.gaps import Fate, Gap
from watcher.words import FATES, GAP_CAUSES

_STYLES = {Fate.LASTING: "red", Fate.LOST: "red", Fate.OPEN: "yellow", Fate.HEARD: "green"}

Days = Annotated[int, typer.Option("--jours", min=1, help="Combien de jours en arrière.")]
All = Annotated[bool, typer.Option("--tout", help="Aussi ce qui a été rattrapé depuis.")]


def gaps(data: DataFolder = DATA, days: Days = 30, everything: All = False) -> None:
    """Dit ce qui n'a pas été entendu : quelle source, de quand à quand, pourquoi, combien à peu près.

    Un trou « à combler » peut encore l'être avec « watcher backfill ».

    Exemples :

        watcher gaps

        watcher gaps --jours 7 --tout
    """
    console = Console()
    journal = app.open_journal(data)
    now = SystemClock().now()
    found = journal.gaps.between(now - timedelta(days=days), now)
    journal.close()
    shown = [gap for gap in found if everything or gap.fate is not Fate.HEARD]
    if shown:
        console.print(_table(shown, now))
    else:
        console.print("Aucun trou : tout ce que les plateformes donnaient a été entendu.", style="green")
    if len(found) > len(shown):
        console.print(f"Rattrapés depuis : {len(found) - len(shown)} (--tout les montre).", highlight=False)


def _table(found: Sequence[Gap], now: datetime) -> Table:
    table = Table(title="Ce qui n'a pas été entendu", title_justify="left")
    for column in ("source", "de", "à", "pourquoi", "messages", "ce qu'il en est"):
        table.add_column(column, justify="right" if column == "messages" else "left")
    for gap in found:
        table.add_row(
            Text(gap.source),
            moment(gap.since, now),
            moment(gap.until, now) if gap.until else "…",
            GAP_CAUSES[gap.cause],
            "?" if gap.posts is None else f"environ {gap.posts}",
            Text(FATES[gap.fate], _STYLES[gap.fate]),
        )
    return table
