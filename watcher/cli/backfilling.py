"""`watcher backfill SOURCE`: what a gap left out, as far as the platform still gives it."""

import asyncio
from datetime import date, datetime, time
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from watcher import app, log
from watcher.cli.collecting import choose
from watcher.cli.folders import CONFIG, DATA, ConfigFolder, DataFolder
from watcher.clock import SystemClock
from watcher.config.durations import duration
from watcher.french import PARIS, moment, plural
from watcher.model import Page, RunReport, Source
from watcher.upkeep import backfilling

Name = Annotated[str, typer.Argument(metavar="SOURCE", help="Le nom de la source, comme dans sources.yml.")]
Since = Annotated[
    str, typer.Option("--since", help="Depuis quand : 2026-11-01, ou « 30 jours ». Sans elle : chaque trou.")
]
Until = Annotated[str, typer.Option("--until", help="Jusqu'à quand, sous la même forme. Sans elle : maintenant.")]


def backfill(
    source: Name, since: Since = "", until: Until = "", config: ConfigFolder = CONFIG, data: DataFolder = DATA
) -> None:
    """Relit le passé d'une source, pour combler un trou, dans les limites de son budget.

    Peut être lancé pendant que la veille tourne. Après un arrêt (Ctrl-C, panne, budget), la même commande reprend là.

    Exemples :

        watcher backfill youtube-region

        watcher backfill mastodon-piaille --since 2026-11-01

        watcher backfill x-region --since "7 jours"
    """
    console = Console()
    installation = app.installation_of(config, data)
    log.configure(level="WARNING", secrets=installation.secrets)
    [chosen] = choose(installation.config.sources, source)
    now = SystemClock().now()
    begins, ends = _time(since, now), _time(until, now)
    if begins and begins >= (ends or now):
        raise typer.BadParameter("--since doit être avant --until, et dans le passé.")

    reports = asyncio.run(_filled(installation, chosen, begins, ends, console))
    if not reports:
        console.print("Aucun trou à combler pour cette source. Pour relire quand même : --since 2026-11-01.")
        return
    found = plural(sum(report.new for report in reports), "message neuf", "messages neufs")
    seen = sum(report.seen for report in reports)
    console.print(f"{found} sur {seen} lus ; la veille les range dans Elasticsearch dès qu'elle tourne.")
    if not reports[-1].outcome.is_healthy:
        console.print(f"{reports[-1].message} Relancez la même commande : elle reprendra là.", style="yellow")
        raise typer.Exit(1)


async def _filled(
    installation: app.Installation, source: Source, since: datetime | None, until: datetime | None, console: Console
) -> list[RunReport]:
    """Read the interval that was asked for, else each gap in turn until one cannot be read to its end."""
    reports: list[RunReport] = []
    async with app.open_line(installation) as (line, journal, collectors):
        now = line.clock.now()
        intervals = [(since, until)] if since else backfilling.fillable(journal, source)
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task("Lecture", total=None)

            def done(report: RunReport, page: Page) -> None:
                dates = [post.published_at for post in page.posts if post.published_at]
                reached = f", page du {moment(min(dates), now)}" if dates else ""
                found = plural(report.new, "message neuf", "messages neufs")
                progress.update(task, description=f"{found} sur {report.seen} lus{reached}")

            for begins, ends in intervals:
                collector = collectors[source.platform]
                reports.append(
                    await backfilling.backfill(source, collector, line, journal, since=begins, until=ends, done=done)
                )
                if not reports[-1].outcome.is_healthy:
                    break
    return reports


def _time(text: str, now: datetime) -> datetime | None:
    """Return the time that the team wrote: a day of the region, or so long ago. Raises `BadParameter`."""
    if not text:
        return None
    if (length := duration(text)) is not None:
        return now - length
    try:
        return datetime.combine(date.fromisoformat(text), time(), PARIS).astimezone(now.tzinfo)
    except ValueError as error:
        raise typer.BadParameter(f"« {text} » n'est pas une date : écrivez 2026-11-01, ou « 30 jours ».") from error
