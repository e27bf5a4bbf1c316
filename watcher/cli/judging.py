"""`watcher feedback`: what the team says of its alerts, and what that says of its rules."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from watcher import app
from watcher.alerts.routing import rule_for
from watcher.cli.folders import CONFIG, DATA, ConfigFolder, DataFolder
from watcher.clock import SystemClock
from watcher.feedback import Judgement, Precision, Verdict, advice, by_rule, by_rule_and_month
from watcher.french import plural
from watcher.stores.trends import alert_of, judged_write
from watcher.trend import Alert

NO_RULE = "(aucune règle)"

AlertId = Annotated[
    str,
    typer.Argument(metavar="[ALERTE]", help="L'identifiant d'une alerte ; « watcher backtest » et Kibana le montrent."),
]
Said = Annotated[str, typer.Argument(metavar="[utile|bruit]", help="Ce que vous en dites.")]
By = Annotated[str, typer.Option("--par", metavar="NOM", help="Qui le dit : le dernier avis de chacun compte.")]


def feedback(
    alert: AlertId = "", said: Said = "", by: By = "", config: ConfigFolder = CONFIG, data: DataFolder = DATA
) -> None:
    """Garde ce que vous dites d'une alerte, utile ou bruit ; sans rien, montre ce que cela dit de vos règles.

    Aucune règle n'est changée : quand assez d'avis le disent, un changement est proposé.

    Exemples :

        watcher feedback

        watcher feedback 0f3c… bruit --par Anne
    """
    console = Console()
    if alert:
        _judge(console, app.installation_of(config, data), alert, _verdict(said), by)
        return
    journal = app.open_journal(data)
    judgements = journal.judgements.all()
    journal.close()
    if not judgements:
        console.print("Personne n'a encore rien dit des alertes : la précision est inconnue.")
        return
    console.print(_table(judgements))
    for rule, figures in by_rule(judgements).items():
        if proposed := advice(rule, figures):
            console.print(proposed, markup=False)


def said_of(figures: Precision) -> str:
    """Return in French how precise alerts of which this is said are."""
    if figures.share is None:
        return "inconnue : aucune n'a été jugée"
    return f"{figures.share:.0%} ({plural(figures.useful, 'utile', 'utiles')}, {figures.noise} bruit)"


def _verdict(said: str) -> Verdict:
    if said not in set(Verdict):
        raise typer.BadParameter(f"dites « utile » ou « bruit », et non « {said} ».")
    return Verdict(said)


def _judge(console: Console, installation: app.Installation, name: str, verdict: Verdict, by: str) -> None:
    async def look() -> Alert | None:
        async with app.open_elastic(installation, app.silent) as elastic:
            return await alert_of(elastic, name)

    with console.status("Recherche de l'alerte"):
        found = asyncio.run(look())
    if found is None:
        raise typer.BadParameter(f"aucune alerte ne porte l'identifiant « {name} ».")
    rule = rule_for(found.trend, installation.config.alerts.rules)
    now = SystemClock().now()
    judgement = Judgement(found.id, by, verdict, rule.name if rule else NO_RULE, found.at, now)
    journal = app.open_journal(installation.data)
    others = [each.verdict for each in journal.judgements.all() if each.alert == found.id and each.person != by]
    journal.judge(judgement, judged_write(found, [*others, verdict], now))
    journal.close()
    console.print(f"C'est noté, {verdict} : {found.sentence}", markup=False)


def _table(judgements: list[Judgement]) -> Table:
    table = Table(title="Ce que les avis disent des règles", title_justify="left")
    for column in ("règle", "mois", "jugées", "précision"):
        table.add_column(column, justify="right" if column == "jugées" else "left")
    for (rule, month), figures in by_rule_and_month(judgements).items():
        table.add_row(Text(rule), month, str(figures.judged), said_of(figures))
    return table
