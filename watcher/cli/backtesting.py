"""`watcher backtest`: what a rule would have told of what is stored, before it is put into use."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from watcher import app
from watcher.backtest import Backtest, Sent, by_day
from watcher.backtest import backtest as play
from watcher.cli.drafts import content
from watcher.cli.folders import CONFIG, DATA, ConfigFolder, DataFolder
from watcher.cli.judging import said_of
from watcher.clock import SystemClock
from watcher.config.hints import instead
from watcher.feedback import Verdict, agreed, precision
from watcher.french import moment, plural
from watcher.model import PostId

Rule = Annotated[
    str,
    typer.Option(
        "--rule", "--regle", metavar="FICHIER#RÈGLE", help="Une règle d'alertes.yml, ou d'un brouillon de ce fichier."
    ),
]
Days = Annotated[int, typer.Option("--days", "--jours", min=1, max=366, help="Le nombre de jours à rejouer.")]


def backtest(rule: Rule, days: Days = 30, config: ConfigFolder = CONFIG, data: DataFolder = DATA) -> None:
    """Rejoue les messages rangés et dit ce qu'une règle aurait alerté, et quand. Rien n'est envoyé ni changé.

    Les heures calmes, le repos et la limite par heure valent comme en vrai, et les autres règles du fichier passent
    avant elle si elles sont écrites avant. La veille peut tourner pendant ce temps.

    Exemples :

        watcher backtest --rule alertes.yml#crises --days 30

        watcher backtest --rule "brouillon.yml#tout le reste"
    """
    name, _, wanted = rule.partition("#")
    console = Console()
    installation = app.installation_of(config, data, {"alertes.yml": content(name, config)})
    rules = [each.name for each in installation.config.alerts.rules]
    if wanted not in rules:
        raise typer.BadParameter(f"la règle « {wanted} » n'est pas dans {name} : {instead(wanted, rules)}")
    until = SystemClock().now()
    since = until - timedelta(days=days)
    journal = app.open_journal(data)

    async def look() -> Backtest:
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task("Ouverture d'Elasticsearch", total=None)
            async with app.open_elastic(installation, lambda step: progress.update(task, description=step)) as elastic:
                rehearsal = app.rehearsal(installation.config, journal, elastic, since, until)
                progress.update(task, description="Messages rejoués", total=await rehearsal.count(since, until))
                return await play(rehearsal, since=since, until=until, done=lambda count: progress.advance(task, count))

    try:
        found, verdicts = asyncio.run(look()), agreed(journal.judgements.all())
    finally:
        journal.close()
    console.print(
        f"{plural(found.posts, 'message rejoué', 'messages rejoués')}, dont les 28 jours d'avant, pour savoir "
        "ce qui est habituel.",
        highlight=False,
    )
    _show(console, wanted, days, found, verdicts)


def _show(console: Console, rule: str, days: int, found: Backtest, verdicts: Mapping[PostId, Verdict]) -> None:
    sent = found.of(rule)
    if not sent:
        console.print(f"En {days} jour(s), la règle « {rule} » n'aurait rien alerté.", markup=False)
        return
    table = Table(title=Text(f"Ce que la règle « {rule} » aurait alerté"), title_justify="left")
    for column in ("quand", "voix", "ce qui aurait été dit", "où", "avis", "identifiant"):
        table.add_column(column, justify="right" if column == "voix" else "left")
    for each in sent:
        table.add_row(
            moment(each.way.due_at, found.until),
            str(round(each.alert.trend.peak.voices)),
            Text(each.alert.sentence),
            Text(_where(each)),
            verdicts.get(each.alert.id, "?"),
            each.alert.id,
        )
    console.print(table)
    console.print(f"{plural(len(sent), 'alerte', 'alertes')} en {days} jour(s).", highlight=False)
    judged = [verdicts[each.alert.id] for each in sent if each.alert.id in verdicts]
    console.print(f"Précision d'après vos avis : {said_of(precision(judged))} ; {len(sent) - len(judged)} sans avis.")
    for day, count in sorted(by_day(sent).items()):
        console.print(f"  {day:%d/%m}  {count}", highlight=False)


def _where(sent: Sent) -> str:
    return sent.way.channel if sent.opens_a_thread else f"{sent.way.channel}, dans un fil déjà ouvert"
