"""`watcher status`: how the sources go, what waits, and what was set apart."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from rich.console import Console
from rich.table import Table
from rich.text import Text

from watcher import app
from watcher.cli.folders import CONFIG, DATA, ConfigFolder, DataFolder
from watcher.clock import SystemClock
from watcher.drain import load_state
from watcher.errors import WatcherError
from watcher.french import moment
from watcher.gaps import Fate
from watcher.health import Condition, SourceHealth, by_urgency
from watcher.reloading import last_edit
from watcher.upkeep.checkup import standings
from watcher.words import Edit

_STYLES = {Condition.RUNNING: "green", Condition.WAITING: "dim", Condition.BROKEN: "red", Condition.TO_AUTHORISE: "red"}
_OTHERWISE = "yellow"
_RECENT = timedelta(days=7)


def status(config: ConfigFolder = CONFIG, data: DataFolder = DATA) -> None:
    """Dit comment va chaque source, et pourquoi ; ce qui attend Elasticsearch ; ce qui a été mis de côté.

    Peut être lancé pendant que la veille tourne.

    Exemple :

        watcher status
    """
    console = Console()
    journal = app.open_journal(data)
    now = SystemClock().now()
    _show_edit(console, last_edit(journal), now)
    installation = app.installation_of(config, data)
    loaded = installation.config
    healths = by_urgency(standings(journal, loaded.sources, loaded.paused, now), now)
    console.print(_table(healths, now))
    for health in healths:
        if health.why:
            console.print(f"  {health.state.name} : {health.why} {health.advice}", markup=False, highlight=False)
        for line in health.spent:
            console.print(f"  {health.state.name} : {line}", markup=False, highlight=False)
    gaps = [gap for gap in journal.gaps.between(now - _RECENT, now) if gap.fate is not Fate.HEARD]
    console.print(f"Trous d'écoute en 7 jours : {len(gaps)} (watcher gaps)", highlight=False)
    drain = load_state(journal)
    console.print(f"Elasticsearch : {asyncio.run(_elasticsearch(installation))}")
    console.print(f"En attente d'Elasticsearch : {journal.waiting()}. {drain.message}", markup=False)
    if installation.door:
        console.print(f"En attente de Slack : {journal.messages.count()}")
    console.print(f"Mis de côté, à relire : {journal.dead_letters.count()} (watcher deadletters list)")
    journal.close()


def _show_edit(console: Console, edit: Edit, now: datetime) -> None:
    if edit.trouble:
        console.print(edit.trouble, style="red", markup=False, soft_wrap=True)
    if edit.sentence and edit.at:
        console.print(f"Réglages pris {moment(edit.at, now)} : {edit.sentence}", markup=False, soft_wrap=True)


async def _elasticsearch(installation: app.Installation) -> str:
    elastic = await app.find_elastic(installation)
    if elastic is None:
        return "arrêté (il démarre avec « watcher run » ou « watcher es start »)"
    try:
        return f"en marche, {await elastic.count()} messages rangés"
    except WatcherError as error:
        return str(error)
    finally:
        await elastic.close()


def _table(healths: Sequence[SourceHealth], now: datetime) -> Table:
    table = Table(title="Sources", title_justify="left")
    for column in ("source", "état", "dernière lecture", "messages"):
        table.add_column(column, no_wrap=True, justify="right" if column == "messages" else "left")
    for health in healths:
        last = moment(health.state.last_run_at, now) if health.state.last_run_at else "jamais"
        state = Text(health.condition, _STYLES.get(health.condition, _OTHERWISE))
        table.add_row(Text(health.state.name), state, last, str(health.state.posts))
    return table
