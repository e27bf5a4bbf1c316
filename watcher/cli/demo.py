"""`watcher demo`: the whole line on a written world that lives, with no account and no network."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from watcher import app, daemon, log, translation
from watcher.alerts.telling import titled
from watcher.cli.demo_tables import tell, tell_alert
from watcher.cli.judging import said_of
from watcher.clock import SteppedClock, SystemClock
from watcher.demo import hindsight, kibana, morning
from watcher.demo.check import expected, missing
from watcher.demo.findings import findings, observed
from watcher.demo.installation import forget, installation
from watcher.demo.play import Play, Turn
from watcher.demo.scenario import HISTORY, curtain
from watcher.demo.stage import Stage
from watcher.demo.stories import timeline
from watcher.demo.world import serve_world
from watcher.feedback import agreed, precision
from watcher.french import plural
from watcher.handling import Deed
from watcher.kibana import contents
from watcher.page import page
from watcher.web.server import serving

BANNER = "DÉMO : tout ce qui suit est écrit pour l'essai, rien de cela n'est arrivé."

TICK_S = 1.0
"""How long ten minutes of the written world last while somebody looks at the page."""

Headless = Annotated[bool, typer.Option("--headless", help="Ne pas attendre : afficher les tableaux et finir.")]
Port = Annotated[int, typer.Option(min=1024, max=65535, help="Le port de la page.")]


def demo(*, headless: Headless = False, port: Port = 8470) -> None:
    """Montre la veille sur un monde écrit pour l'essai : quinze jours de la région, sans compte ni réseau.

    Quinze jours de messages sont collectés, lus et rangés, puis trois heures se jouent : une crue éclate, un hashtag
    naît, des gens appellent à l'aide. Vos réglages et vos données ne sont pas touchés.
    Le code de sortie est 1 si quelque chose manque à l'arrivée.

    Exemples :

        watcher demo

        watcher demo --headless
    """
    console = Console()
    log.configure(level="ERROR")  # alerts are told as sentences
    forget()
    lacks = asyncio.run(_perform(console, None if headless else port))
    if lacks:
        raise typer.Exit(1)
    console.print("Ensuite : « watcher check » vérifie vos réglages, « watcher run » lance la veille.")


async def _perform(console: Console, port: int | None) -> list[str]:
    """Play the world, at `port` for who looks or else as fast as it goes, and tell what came of it and what lacks."""
    end, stop, stage = curtain(SystemClock().now()), asyncio.Event(), Stage()
    clock = SteppedClock(end - HISTORY)
    async with AsyncExitStack() as stack:
        if port is not None:
            url = await stack.enter_async_context(serving(stage, port=port))
            console.print(f"La page : {url}  (Ctrl-C pour arrêter)")
        world = await stack.enter_async_context(serve_world(timeline(end), clock))
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task("Ouverture", total=None)
            opening = app.open_house(installation(world), lambda step: progress.update(task, description=step))
            play = Play.in_house(await stack.enter_async_context(opening), world, clock)
        stage.page = page(play.house, BANNER)
        if port is not None:
            daemon.stop_on_signals(stop)  # not before: Ctrl-C ends an opening at once, a download included
        turns = [turn async for turn in _watched(console, play, stop, 0.0 if port is None else TICK_S)]
        stage.is_playing = False
        if stop.is_set():
            return []
        found = await findings(play.house, turns)
        seen, wanted = observed(found), expected(world.posts, world.link, end)
        labels = translation.labels(play.house.installation.config)
        objects = contents(play.house.installation.prefix, labels)
        digest = await play.morning()
        raised = [alert for turn in turns for alert in turn.alerts]
        alerts = {titled(alert.trend, labels.named): alert for alert in raised}
        again = await hindsight.replayed(play.house, clock.now())
        said, heard = play.spectators.words, hindsight.heard(play.house.journal, alerts)
        lacks = [
            *missing(seen, wanted),
            *world.slack.lacks([*(titled(each.trend, labels.named) for each in raised), digest.title]),
            *morning.lacks(world.slack.text_of(digest.title), wanted),
            *world.slack.unsigned({title: person for title, person, mark in said if mark is Deed.TAKEN}),
            *await kibana.lacks(objects),
            *hindsight.lacks(list(alerts.values()), again),
            *hindsight.unheard(said, heard, alerts),
        ]
        console.print(
            f"Rejeu des règles : {plural(again.posts, 'message', 'messages')}, "
            f"{plural(len(again.sent), 'alerte retrouvée', 'alertes retrouvées')}, précision "
            f"{said_of(precision(agreed(play.house.journal.judgements.all()).values()))}."
        )
        console.print(
            f"Kibana d'essai : {len(objects)} objets envoyés (vues, recherches, graphiques, tableaux de bord)."
        )
        told = ", ".join(sorted({each["channel"] for each in world.slack.threads}))
        console.print(
            f"Slack d'essai : {len(world.slack.threads)} fils, dans {told} ; "
            f"{plural(len(heard), 'réaction lue', 'réactions lues')}.",
            markup=False,
        )
        console.print(f"{digest.title} : {digest.summary}.", markup=False, highlight=False)
        tell(console, found, wanted, lacks, labels)
        if port is not None:
            console.print("Le monde écrit s'arrête là ; la page reste ouverte (Ctrl-C pour arrêter).")
            await stop.wait()
    return lacks


async def _watched(console: Console, play: Play, stop: asyncio.Event, tick_s: float) -> AsyncIterator[Turn]:
    """Yield the turns of the play, told as they come, until its end or `stop`; a live one lasts `tick_s`."""
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Quinze jours d'histoire", total=play.days)
        async for turn in play.history():
            progress.advance(task)
            yield turn
            if stop.is_set():
                return
    console.print("L'histoire est chargée ; les trois dernières heures se jouent.")
    turns = aiter(play.live())
    while not stop.is_set():
        played, _ = await asyncio.gather(anext(turns, None), _pause(stop, tick_s))
        if played is None:
            return
        for alert in played.alerts:
            tell_alert(console, alert)
        yield played


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait for `seconds`, or for `stop`."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
