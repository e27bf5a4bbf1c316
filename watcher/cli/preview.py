"""`watcher preview`: what topics would have caught, before they are put into use."""

import asyncio
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from watcher import app
from watcher.cli.drafts import content
from watcher.cli.folders import CONFIG, DATA, ConfigFolder, DataFolder
from watcher.clock import SystemClock
from watcher.config.hints import instead
from watcher.difference import Difference, Preview
from watcher.french import excerpt, number, plural
from watcher.upkeep.rereading import still_worded

Draft = Annotated[
    str,
    typer.Argument(
        metavar="FICHIER[#THEME]", help="Un fichier de thèmes, le vôtre ou un brouillon, et au besoin un thème."
    ),
]
Days = Annotated[int, typer.Option("--days", "--jours", min=1, max=366, help="Le nombre de jours à relire.")]

_BAR = 40
_LONGEST = 150


_NOTHING_TOLD = {"alertes.yml": b'canal: "#essai"', "calendrier.yml": b"reperes: []"}
"""A preview alerts nobody: a rule or a date on a topic that the draft leaves out must not stop it."""


def preview(draft: Draft, days: Days = 7, config: ConfigFolder = CONFIG, data: DataFolder = DATA) -> None:
    """Montre ce que vos thèmes auraient trouvé, et ne trouvent pas encore ; et l'inverse. Rien n'est changé.

    Les messages rangés sont relus avec le fichier donné, et comparés à ce qui est rangé. La veille peut tourner pendant
    ce temps.

    Exemples :

        watcher preview themes.yml#lycees

        watcher preview brouillon.yml --days 30
    """
    name, _, topic = draft.partition("#")
    console = Console()
    installation = app.installation_of(config, data, {"themes.yml": content(name, config), **_NOTHING_TOLD})
    names = {theme.id: theme.name for theme in installation.config.themes}
    if topic and topic not in names:
        raise typer.BadParameter(f"le thème « {topic} » n'est pas dans {name} : {instead(topic, sorted(names))}")
    now = SystemClock().now()

    async def look() -> Preview:
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task("Ouverture d'Elasticsearch", total=None)
            async with app.open_elastic(installation, lambda step: progress.update(task, description=step)) as elastic:
                since = now - timedelta(days=days)
                progress.update(task, description="Relecture", total=await elastic.count(still_worded(since)))
                return await app.preview(
                    installation, elastic, since=since, until=now, done=lambda count: progress.advance(task, count)
                )

    found = asyncio.run(look())
    console.print(f"{plural(found.read, 'message relu', 'messages relus')}, collectés depuis {days} jour(s).")
    if topic:
        _show_topic(console, names[topic], found.of(topic))
    else:
        _show_all(console, names, found)


def _show_all(console: Console, names: dict[str, str], found: Preview) -> None:
    table = Table(title="Thèmes", title_justify="left")
    table.add_column("thème", no_wrap=True)
    for figure in ("avant", "après", "gagnés", "perdus"):
        table.add_column(figure, justify="right", no_wrap=True)
    for topic in [*names, *sorted(set(found.differences) - set(names))]:
        change = found.of(topic)
        counts = (change.kept + change.lost, change.kept + change.gained, change.gained, change.lost)
        table.add_row(Text(names.get(topic, f"{topic} (retiré)")), *map(number, counts))
    console.print(table)
    console.print("Le détail d'un thème : ajoutez # et son identifiant au nom du fichier.")


def _show_topic(console: Console, name: str, change: Difference) -> None:
    table = Table(title=Text(name), title_justify="left")
    table.add_column("jour", no_wrap=True)
    for figure in ("gardés", "gagnés", "perdus"):
        table.add_column(figure, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    most = max((count.total for count in change.days), default=0)
    for count in change.days:
        bars = Text.assemble(
            (_bar(count.kept, most), "blue"), (_bar(count.gained, most), "green"), (_bar(count.lost, most), "red")
        )
        table.add_row(f"{count.day:%d/%m}", *map(number, (count.kept, count.gained, count.lost)), bars)
    table.add_section()
    table.add_row("total", *map(number, (change.kept, change.gained, change.lost)), "")
    console.print(table)
    for title, posts, style in (
        ("Ce qui serait trouvé et ne l'était pas", change.gained_examples, "green"),
        ("Ce qui était trouvé et ne le serait plus", change.lost_examples, "red"),
    ):
        if posts:
            console.print(f"\n{title}", style=style)
        for post in posts:
            said = " ".join(excerpt(f"{post.title} {post.text}").split())
            console.print(Text(f"  · {said[:_LONGEST]}"), soft_wrap=True)
    if not (change.gained or change.lost):
        console.print("Rien ne change pour ce thème.")


def _bar(count: int, most: int) -> str:
    return "█" * (-(-count * _BAR // most) if most else 0)
