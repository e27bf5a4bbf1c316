"""What the demo tells: alerts as they come, then tables of all that was collected and read."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from watcher.cli.tables import show_runs
from watcher.demo.check import Expected
from watcher.demo.findings import Findings, observed, summed
from watcher.french import hour
from watcher.stores.queries import PlacedPost
from watcher.trend import Alert
from watcher.words import RELEVANCES, Labels


def tell_alert(console: Console, alert: Alert) -> None:
    """Print one alert."""
    console.print(f"  Alerte de {hour(alert.at)} : {alert.sentence}", style="yellow", markup=False, highlight=False)


def tell(console: Console, found: Findings, wanted: Expected, lacks: Sequence[str], labels: Labels) -> None:
    """Print what a whole play gave, and what of the written world is missing at its end."""
    totals = found.totals
    show_runs(console, summed(found.turns))
    console.print("Trois de ces sites sont malades exprès : la veille le dit, et les autres n'en souffrent pas.")
    console.print(_counts("Pertinence", totals.by_relevance, RELEVANCES))
    console.print(_counts("Thèmes", totals.by_topic, labels.topics))
    console.print(_counts("Départements", totals.by_departement, labels.departements))
    console.print(_hashtags(found))
    console.print(_calls([placed for placed in found.waiting if placed.post.url in wanted.calls], len(wanted.calls)))
    console.print(_alerts(alert for turn in found.turns for alert in turn.alerts))
    heard = len(wanted.waiting & observed(found).to_answer)
    console.print(f"À répondre : {len(found.waiting)} messages, dont {heard} des {len(wanted.waiting)} prévus.")
    if lacks:
        console.print("Il manque quelque chose :", style="red")
        for lack in lacks:
            console.print(f"  {lack}", style="red", markup=False)
    else:
        stored = sum(totals.by_source.values())
        console.print(f"Les {stored} messages écrits sont arrivés, chacun une seule fois.", style="green")


def _counts(title: str, counts: Mapping[str, int], names: Mapping[str, str]) -> Table:
    table = _table(title, title.lower().removesuffix("s"), "messages")
    for key, count in sorted(counts.items(), key=lambda pair: -pair[1]):
        table.add_row(Text(names.get(key, key)), str(count))
    return table


def _hashtags(found: Findings) -> Table:
    table = _table("Hashtags", "hashtag", "voix", "messages")
    for count in found.hashtags:
        table.add_row(Text(f"#{count.tag}"), str(count.voices), str(count.posts))
    return table


def _calls(heard: Sequence[PlacedPost], written: int) -> Table:
    table = Table(title=f"Appels à l'aide : {len(heard)} sur {written} sont dans « à répondre »", title_justify="left")
    table.add_column("heure", no_wrap=True)
    table.add_column("message", overflow="fold")
    for placed in heard:
        table.add_row(Text(hour(placed.at)), Text(placed.post.text))
    return table


def _alerts(alerts: Iterable[Alert]) -> Table:
    table = Table(title="Alertes", title_justify="left")
    table.add_column("heure", no_wrap=True)
    table.add_column("alerte", overflow="fold")
    for alert in alerts:
        table.add_row(Text(hour(alert.at)), Text(alert.sentence))
    return table


def _table(title: str, name: str, *figures: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(name)
    for figure in figures:
        table.add_column(figure, justify="right")
    return table
