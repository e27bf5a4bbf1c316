"""`watcher digest`: a digest of any morning or week, written when one wants it. Nothing is sent."""

import asyncio
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from watcher import app
from watcher.cli.folders import CONFIG, DATA, ConfigFolder, DataFolder
from watcher.clock import SystemClock
from watcher.config import DigestsConfig
from watcher.digest.desk import keep, made
from watcher.digest.edition import Morning, Week, due
from watcher.french import moment
from watcher.newsroom import desk_of

Day = Annotated[
    datetime | None,
    typer.Option("--day", "--jour", formats=["%Y-%m-%d"], help="Le matin de ce jour, comme 2026-11-23."),
]
_USUAL = time(8, 30)
"""The hour of a morning's digest where the team wants none of its own."""

WeekName = Annotated[str | None, typer.Option("--week", "--semaine", help="Cette semaine, comme 2026-W47.")]


def digest(day: Day = None, week: WeekName = None, config: ConfigFolder = CONFIG, data: DataFolder = DATA) -> None:
    """Écrit le bilan d'un matin ou d'une semaine, à lire ou à imprimer, et dit où il est. Rien n'est envoyé.

    Sans option : le dernier bilan du matin. La veille peut tourner pendant ce temps.

    Exemples :

        watcher digest

        watcher digest --day 2026-11-23

        watcher digest --week 2026-W47
    """
    installation = app.installation_of(config, data)
    now = SystemClock().now()
    edition = _edition(day.date() if day else None, week, installation.config.alerts.digests, now)
    console = Console()

    async def write() -> Path:
        journal = app.open_journal(data)
        try:
            with console.status("Lecture de ce qui est rangé"):
                async with app.open_elastic(installation) as elastic:
                    desk = desk_of(installation, journal, elastic)
                    return keep(desk, await made(desk, edition, now))
        finally:
            journal.close()

    console.print(f"Le bilan est dans {asyncio.run(write())}", markup=False, soft_wrap=True)


def _edition(day: date | None, week: str | None, hours: DigestsConfig, now: datetime) -> Morning | Week:
    """Return what is asked for. Raises `typer.BadParameter` for what is not over yet, or no week at all."""
    if day and week:
        raise typer.BadParameter("choisissez un jour ou une semaine, pas les deux.")
    at = hours.morning or _USUAL
    if week is not None:
        edition: Morning | Week = _week(week)
    else:
        edition = Morning(day, at) if day else next(each.edition for each in due(now, at, None))
    first = edition.monday if isinstance(edition, Week) else edition.day
    if not 1970 < first.year < 9999:  # noqa: PLR2004 - what a clock can tell on either side of it
        raise typer.BadParameter("cette date est trop lointaine.")
    ready_at = edition.span[1]
    if ready_at > now:
        raise typer.BadParameter(f"ce bilan ne peut pas encore être fait : il faut attendre {moment(ready_at, now)}.")
    return edition


def _week(text: str) -> Week:
    try:
        year, _, number = text.upper().partition("-W")
        return Week(int(year), int(number))
    except ValueError:
        raise typer.BadParameter(
            f"« {text} » n'est pas une semaine : écrivez l'année et son numéro, comme 2026-W47."
        ) from None
