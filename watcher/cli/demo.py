"""`watcher demo`: the whole line on a written world, with no account and no network."""

import asyncio
from collections.abc import Mapping
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from watcher import app, daemon, log
from watcher.cli.tables import show_runs
from watcher.clock import SystemClock
from watcher.demo.check import expected, missing
from watcher.demo.findings import Findings, findings, observed
from watcher.demo.installation import forget, installation
from watcher.demo.world import World, serve_world
from watcher.web.words import RELEVANCES, Labels

BANNER = "DÉMO : tout ce qui suit est écrit pour l'essai, rien de cela n'est arrivé."

Headless = Annotated[bool, typer.Option("--headless", help="Ne pas attendre : afficher les tableaux et finir.")]
Port = Annotated[int, typer.Option(min=1024, max=65535, help="Le port de la page.")]


def demo(*, headless: Headless = False, port: Port = 8470) -> None:
    """Montre la veille sur un monde écrit pour l'essai : des sites de la région, sans compte ni réseau.

    Tout est collecté, lu, rangé et montré ; vos réglages et vos données ne sont pas touchés.
    Le code de sortie est 1 si quelque chose manque à l'arrivée.

    Exemples :

        watcher demo

        watcher demo --headless
    """
    console = Console()
    log.configure(level="WARNING")
    forget()
    lacks = asyncio.run(_perform(console, None if headless else port))
    if lacks:
        raise typer.Exit(1)
    console.print("Ensuite : « watcher check » vérifie vos réglages, « watcher run » lance la veille.")


async def _perform(console: Console, port: int | None) -> list[str]:
    """Collect the world once, tell what came of it and what is missing, then go on at `port` where one is given."""
    async with serve_world(SystemClock().now()) as world:
        installed = installation(world)
        with Progress(console=console, transient=True) as progress:
            opening = app.open_house(installed, lambda step: progress.update(task, description=step))
            task = progress.add_task("Ouverture", total=len(installed.config.sources))
            async with opening as house:
                progress.update(task, description="Collecte")
                once = await daemon.once(house, installed.config.sources, done=lambda _: progress.advance(task))
                found = await findings(house, once.runs)
                progress.stop()
                lacks = _tell(console, world, found, app.labels(installed.config))
                if port is not None:
                    await _live(console, house, port)
    return lacks


async def _live(console: Console, house: app.House, port: int) -> None:
    stop = asyncio.Event()
    daemon.stop_on_signals(stop)
    await daemon.live(
        house,
        house.installation.config.sources,
        stop,
        port=port,
        banner=BANNER,
        ready=lambda url: console.print(f"La page : {url}  (Ctrl-C pour arrêter)"),
    )
    console.print("La démonstration est arrêtée.")


def _tell(console: Console, world: World, found: Findings, labels: Labels) -> list[str]:
    show_runs(console, found.runs)
    console.print("Trois de ces sites sont malades exprès : la veille le dit, et les autres n'en souffrent pas.")
    totals = found.totals
    console.print(_counts("Pertinence", totals.by_relevance, RELEVANCES))
    console.print(_counts("Thèmes", totals.by_topic, labels.topics))
    console.print(_counts("Départements", totals.by_departement, labels.departements))
    seen, wanted = observed(found), expected(world)
    console.print(_waiting(found, len(seen.to_answer & wanted.to_answer), len(wanted.to_answer)))
    console.print(_hashtags(found))
    lacks = missing(seen, wanted)
    if lacks:
        console.print("Il manque quelque chose :", style="red")
        for lack in lacks:
            console.print(f"  {lack}", style="red", markup=False)
    else:
        console.print("Tout ce qui était écrit est arrivé, une seule fois.", style="green")
    return lacks


def _counts(title: str, counts: Mapping[str, int], names: Mapping[str, str]) -> Table:
    table = _table(title, title.lower().removesuffix("s"), "messages")
    for key, count in sorted(counts.items(), key=lambda pair: -pair[1]):
        table.add_row(Text(names.get(key, key)), str(count))
    return table


def _waiting(found: Findings, heard: int, written: int) -> Table:
    title = f"À répondre : {heard} personnes entendues sur les {written} qui attendent une réponse"
    table = Table(title=title, title_justify="left")
    table.add_column("source", no_wrap=True)
    table.add_column("message", overflow="fold")
    for placed in found.waiting:
        table.add_row(Text(placed.post.source), Text(placed.post.text))
    return table


def _hashtags(found: Findings) -> Table:
    table = _table("Hashtags", "hashtag", "voix", "messages")
    for count in found.hashtags:
        table.add_row(Text(f"#{count.tag}"), str(count.voices), str(count.posts))
    return table


def _table(title: str, name: str, *figures: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(name)
    for figure in figures:
        table.add_column(figure, justify="right")
    return table
