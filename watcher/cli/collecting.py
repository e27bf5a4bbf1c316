"""`watcher run` and `watcher once`: the daemon, and one pass without waiting."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from watcher import app, daemon, log
from watcher.cli.folders import CONFIG, DATA, ConfigFolder, DataFolder
from watcher.cli.tables import show_runs
from watcher.config.hints import instead
from watcher.errors import Fatal
from watcher.french import plural
from watcher.model import Source
from watcher.reloading import Edits

Only = Annotated[str, typer.Option("--sources", help="Seulement ces sources : leurs noms, séparés par des virgules.")]
Port = Annotated[int | None, typer.Option(min=1024, max=65535, help="Le port de la page, au lieu de celui du réglage.")]


def run(config: ConfigFolder = CONFIG, data: DataFolder = DATA, sources: Only = "", port: Port = None) -> None:
    """Lance la veille : collecte, lecture, rangement et page, jusqu'à Ctrl-C.

    Exemples :

        watcher run

        watcher run --sources ladepeche-toulouse,midilibre-une
    """
    console = Console()
    # Before the reading: what is saved meanwhile is found later.
    edits = Edits(config, hide=lambda secrets: log.configure(level="INFO", secrets=secrets))
    installation = app.installation_of(config, data)
    log.configure(level="INFO", secrets=installation.secrets)
    chosen = choose(installation.config.sources, sources)
    only = {source.name for source in chosen} if sources else None
    page_port = port or installation.config.instance.page.port

    async def live() -> None:
        with console.status("Ouverture") as shown:
            opening = app.open_house(installation, shown.update)
            house = await opening.__aenter__()
        stop = asyncio.Event()
        daemon.stop_on_signals(stop)  # not before: Ctrl-C ends an opening at once, a download included
        try:
            await daemon.live(house, chosen, stop, port=page_port, ready=ready, edits=edits, only=only)
        finally:
            await opening.__aexit__(None, None, None)

    def ready(url: str) -> None:
        console.print(
            f"La veille tourne : {plural(len(chosen), 'source', 'sources')}. La page : {url}  (Ctrl-C pour arrêter)"
        )

    asyncio.run(live())
    console.print("La veille est arrêtée. Rien n'est perdu.")


def once(config: ConfigFolder = CONFIG, data: DataFolder = DATA, sources: Only = "") -> None:
    """Fait un tour de toutes les sources, range ce qu'elles ont donné, dit ce qui va et ce qui ne va pas.

    Le code de sortie est 0 si toutes les sources ont répondu et si tout est rangé, 1 sinon.

    Exemples :

        watcher once

        watcher once --sources ladepeche-toulouse
    """
    console = Console()
    installation = app.installation_of(config, data)
    log.configure(level="WARNING", secrets=installation.secrets)
    chosen = choose(installation.config.sources, sources)

    async def collect() -> daemon.OnceReport:
        with Progress(console=console, transient=True) as progress:
            opening = progress.add_task("Ouverture", total=None)
            async with app.open_house(installation, lambda step: progress.update(opening, description=step)) as house:
                progress.remove_task(opening)
                task = progress.add_task("Collecte", total=len(chosen))
                return await daemon.once(house, chosen, done=lambda _: progress.advance(task))

    report = asyncio.run(collect())
    show_runs(console, report.runs)
    if report.waiting:
        console.print(f"{report.waiting} messages attendent Elasticsearch. {report.drain.message}", style="yellow")
    if report.waiting or not all(each.outcome.is_healthy for each in report.runs):
        raise typer.Exit(1)


def choose(sources: Sequence[Source], names: str) -> list[Source]:
    """Return the sources that `names` lists, all of them when it is empty. Raises `Fatal` for one that is not there."""
    by_name = {source.name: source for source in sources}
    wanted = [name.strip() for name in names.split(",") if name.strip()] or list(by_name)
    for name in wanted:
        if name not in by_name:
            raise Fatal(f"La source « {name} » n'est pas parmi les sources actives : {instead(name, list(by_name))}")
    if not wanted:
        raise Fatal("Aucune source active dans sources.yml : il n'y a rien à écouter.")
    return [by_name[name] for name in wanted]
