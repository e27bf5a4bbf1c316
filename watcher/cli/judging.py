"""`watcher feedback`: what the team says of its alerts, and what that says of its rules."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from watcher import app
from watcher.alerts.judging import NO_RULE, Judging
from watcher.cli.folders import CONFIG, DATA, ConfigFolder, DataFolder
from watcher.clock import SystemClock
from watcher.feedback import Judgement, Precision, Verdict, advice, by_rule, by_rule_and_month
from watcher.french import plural
from watcher.model import PostId

_UNALERTED = "une tendance, qui n'a pas donné d'alerte"

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
        _judge(console, config, data, alert, _verdict(said), by)
        return
    journal = app.open_journal(data)
    judgements = journal.judgements.all()
    journal.close()
    if not judgements:
        console.print("Personne n'a encore rien dit des alertes : la précision est inconnue.")
        return
    console.print(_table(judgements))
    for rule, figures in by_rule(judgements).items():
        if rule != NO_RULE and (proposed := advice(rule, figures)):
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


def _judge(console: Console, config: Path, data: Path, alert: str, verdict: Verdict, by: str) -> None:
    rules, journal = app.load_config(config, data).alerts.rules, app.open_journal(data)
    judging = Judging(journal, rules)
    known = judging.judge(PostId(alert), by, verdict, SystemClock().now())
    journal.close()
    if known is None:
        raise typer.BadParameter(f"aucune alerte des trois derniers mois ne porte l'identifiant « {alert} ».")
    console.print(f"C'est noté, {verdict} : {known or _UNALERTED}", markup=False)


def _table(judgements: list[Judgement]) -> Table:
    table = Table(title="Ce que les avis disent des règles", title_justify="left")
    for column in ("règle", "mois", "jugées", "précision"):
        table.add_column(column, justify="right" if column == "jugées" else "left")
    for (rule, month), figures in by_rule_and_month(judgements).items():
        table.add_row(Text(rule), month, str(figures.judged), said_of(figures))
    return table
