"""`watcher alert`: a message of trial to the team, by one of its rules."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console

from watcher import app as house
from watcher.cli.folders import CONFIG, DATA, ConfigFolder, DataFolder
from watcher.config import AlertRule, Config
from watcher.config.hints import instead

app = typer.Typer(no_args_is_help=True, help="Les alertes : essayer une règle.")

RuleName = Annotated[str, typer.Argument(metavar="RÈGLE", help="Le nom d'une règle d'alertes.yml.")]


@app.command("test")
def try_rule(rule: RuleName, config: ConfigFolder = CONFIG, data: DataFolder = DATA) -> None:
    """Envoie un message d'essai là où une règle d'alertes.yml envoie les siens, marqué comme essai.

    Exemple :

        watcher alert test crises
    """
    installation = house.installation_of(config, data)
    found = _rule(installation.config, rule)
    if installation.door is None:
        raise typer.BadParameter(
            "aucune clé n'est donnée : mettez WATCHER_SLACK_TOKEN, WATCHER_SLACK_WEBHOOK ou WATCHER_MATTERMOST_WEBHOOK "
            "dans l'environnement ou dans secrets.env."
        )
    channel = found.channel or installation.config.alerts.channel
    console = Console()
    with console.status("Envoi"):
        asyncio.run(house.try_rule(installation, found))
    console.print(f"Un message d'essai est dans {channel}.", markup=False)


def _rule(loaded: Config, name: str) -> AlertRule:
    rules = {rule.name: rule for rule in loaded.alerts.rules}
    if name not in rules:
        raise typer.BadParameter(f"la règle « {name} » n'existe pas : {instead(name, tuple(rules))}.")
    return rules[name]
