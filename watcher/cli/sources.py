"""`watcher sources`: what can be listened to, and one source more."""

import asyncio
import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from functools import partial
from typing import Annotated, Any

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table
from rich.text import Text

from watcher import adding, catalog, collect, log, trying
from watcher import app as house
from watcher.adding import Question
from watcher.catalog import State
from watcher.cli import asking
from watcher.cli.collecting import choose
from watcher.cli.folders import CONFIG, DATA, ConfigFolder, DataFolder
from watcher.cli.trying import show
from watcher.config.config import DEFAULT_INTERVAL
from watcher.config.durations import in_words
from watcher.config.hints import instead
from watcher.config.models import SourceModel
from watcher.secrets import Secret, environment, keep

app = typer.Typer(no_args_is_help=True, help="Les sources : ce qui peut être écouté, et en ajouter une.")

_STYLES = {State.READY: "green", State.PLANNED: "yellow"}
_QUESTIONS = {
    "nom": "Son nom",
    "auteurs": "Qui y écrit : media, institution, personne, entreprise, robot ou inconnu",
    "intervalle": "Temps entre deux lectures",
    "departements": "Départements de son public, par numéros : 31,34 (ou rien)",
}
_PROPOSED = {"auteurs": "inconnu", "intervalle": in_words(DEFAULT_INTERVAL), "departements": ""}

Address = Annotated[
    str | None,
    typer.Argument(metavar="[ADRESSE]", help="L'adresse d'un flux, d'un hashtag ou d'un compte. Sans elle : demandée."),
]
PlatformName = Annotated[str | None, typer.Option("--plateforme", help="La plateforme, quand il n'y a pas d'adresse.")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--reglage", metavar="CLÉ=VALEUR", help="Une clé de la plateforme ; peut être répété."),
]
Name = Annotated[str | None, typer.Option("--nom", help="Son nom : minuscules sans accent, chiffres et tirets.")]
Departements = Annotated[
    str | None, typer.Option("--departements", help="Où vit son public, par numéros : 31,34. Rien : inconnu.")
]
Authors = Annotated[
    str | None,
    typer.Option("--auteurs", help="Qui y écrit : media, institution, personne, entreprise, robot ou inconnu."),
]
Interval = Annotated[str | None, typer.Option("--intervalle", help="Le temps entre deux lectures : 15 min, 2 h.")]
Yes = Annotated[bool, typer.Option("--oui", help="Ne demande rien : prend ce qui est donné, et ce qui est proposé.")]


@app.command("catalog")
def catalog_() -> None:
    """Montre chaque plateforme : ce qu'elle donne, son prix, où demander une clé, et si la veille sait la lire.

    Exemple :

        watcher sources catalog
    """
    table = Table(title="Plateformes", title_justify="left", show_lines=True, expand=True)
    for column, ratio in (("plateforme", 3), ("ici", 2), ("ce qu'elle donne", 6), ("prix", 3), ("clé", 6)):
        table.add_column(column, overflow="fold", ratio=ratio)
    for each in catalog.PLATFORMS:
        name = Text.assemble((each.title, "bold"), "" if each.state is not State.READY else f"\n{each.name}")
        table.add_row(name, Text(each.state, _STYLES[each.state]), Text(each.gives), Text(each.price), Text(each.key))
    console = Console()
    console.print(table)
    console.print("Prix et conditions relevés en novembre 2026 : vérifiez-les avant de vous engager.")
    console.print("Pour écouter une source : watcher sources add")


@app.command("test")
def try_again(
    name: Annotated[str, typer.Argument(metavar="NOM", help="Le nom de la source, comme dans sources.yml.")],
    config: ConfigFolder = CONFIG,
    data: DataFolder = DATA,
) -> None:
    """Lit une page d'une source de sources.yml, avec sa clé, et montre dix messages comme ils seraient lus.

    Une source au repos peut être essayée aussi. Rien n'est gardé, mais ce que la plateforme compte est compté.

    Exemple :

        watcher sources test ladepeche
    """
    console = Console()
    installation = house.installation_of(config, data)
    log.configure(level="WARNING", secrets=installation.secrets)
    [source] = choose((*installation.config.sources, *installation.config.paused), name)
    with console.status("Lecture"):
        trial = asyncio.run(trying.try_source(installation, source))
    show(console, trial)
    if not trial.posts:
        raise typer.Exit(1)


@app.command()
def add(
    address: Address = None,
    platform: PlatformName = None,
    setting: Settings = None,
    name: Name = None,
    departements: Departements = None,
    authors: Authors = None,
    interval: Interval = None,
    yes: Yes = False,
    config: ConfigFolder = CONFIG,
    data: DataFolder = DATA,
) -> None:
    """Ajoute une source : montre ce qu'elle donne, demande le reste, et l'écrit à la fin de sources.yml.

    Rien d'autre ne change dans ce fichier, et rien n'est écrit si le résultat contient une erreur. Un secret est mis à
    part, dans le fichier secrets.env du dossier des données.

    Exemples :

        watcher sources add https://www.exemple.fr/rss.xml

        watcher sources add https://piaille.fr/tags/Occitanie --nom piaille --departements 31,34 --oui

        watcher sources add --plateforme mastodon
    """
    console = Console()
    loaded = house.load_config(config, data)
    taken = [source.name for source in (*loaded.sources, *loaded.paused)]
    if address and platform:
        raise typer.BadParameter("donnez une ADRESSE ou --plateforme, pas les deux.")
    options = {"nom": name, "auteurs": authors, "intervalle": interval, "departements": departements}
    problems = {"nom": partial(_name_problem, taken)} | {
        key: partial(_problem, SourceModel, key) for key in ("auteurs", "intervalle", "departements")
    }
    for key, option in options.items():
        asking.check(option, problems[key])
    platform, given, secrets = _source(address, platform, setting or (), environment(data), taken, ask=not yes)
    log.configure(level="WARNING", secrets=[Secret(value) for value in secrets.values()])
    variables = {**environment(data), **secrets}
    with console.status("Lecture"), closing(house.open_journal(data)) as journal:
        trial = asyncio.run(
            trying.try_settings(
                platform, given, variables, allow_loopback=house.allows_loopback(), purses=journal.purses
            )
        )
    show(console, trial, address or "")
    if not trial.report.outcome.is_healthy:
        console.print("Rien n'a été ajouté.")
        raise typer.Exit(1)

    proposed = {"nom": adding.propose_name(platform, given, taken), **_PROPOSED}
    said = {
        key: asking.settle(options[key], question, proposed[key], problems[key], ask=not yes)
        for key, question in _QUESTIONS.items()
    }
    if not yes and not asking.agreed(f"Ajouter « {said['nom']} » à {config / 'sources.yml'} ?"):
        console.print("Rien n'a été ajouté.")
        raise typer.Exit(1)
    common = {"nom": said["nom"], "plateforme": platform, "intervalle": said["intervalle"], "auteurs": said["auteurs"]}
    where = {"departements": _items(said["departements"])} if said["departements"] else {}
    adding.add(config, {**common, **where, **given})
    for variable, value in secrets.items():
        keep(data, variable, value)
    console.print(
        f"« {said['nom']} » est ajoutée. Relancez la veille (watcher run) pour qu'elle l'écoute.", markup=False
    )


def _source(
    address: str | None,
    platform: str | None,
    options: Sequence[str],
    variables: Mapping[str, str],
    taken: Collection[str],
    *,
    ask: bool,
) -> tuple[str, dict[str, Any], dict[str, str]]:
    """Return the platform, its settings in YAML's words, and the new values of the secrets that they name."""
    guessed: dict[str, Any] = {}
    if address:
        platform, guessed = trying.guess(address.strip())
    else:
        platform = asking.settle(platform, _which(), "", _platform_problem, ask=ask)
    model = collect.find()[platform].Settings
    asked = adding.questions(model)
    given = {**guessed, **_from_options(options, asked)}
    secrets: dict[str, str] = {}
    if ask and not address:
        given, secrets = _answered(platform, model, asked, given, taken)
    if wrong := _faults(model, given):
        raise typer.BadParameter(wrong)
    named = [given[question.key] for question in asked if question.is_secret and question.key in given]
    for variable in named if ask else ():
        if variable not in variables and variable not in secrets and (value := asking.secret(f"Valeur de {variable}")):
            secrets[variable] = value
    return platform, given, secrets


def _answered(
    platform: str, model: type[BaseModel], asked: Sequence[Question], given: Mapping[str, Any], taken: Collection[str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the settings, `given` and asked for until nothing is wrong with them, and the secrets by variable."""
    while True:
        answers, secrets = dict(given), dict[str, str]()
        for question in asked:
            if question.key in given:
                continue
            if question.is_secret:
                if value := asking.secret(f"{question.title} (ne s'affichera pas ; Entrée s'il n'en faut pas)"):
                    name = adding.propose_name(platform, answers, taken)
                    variable = f"WATCHER_{name}_{question.key}".upper().replace("-", "_")
                    answers[question.key], secrets[variable] = variable, value
                continue
            if answer := asking.settle(None, _words(question), "", partial(_problem, model, question.key), ask=True):
                answers[question.key] = _items(answer) if question.is_list else answer
        wrong = _faults(model, answers)
        if not wrong:
            return answers, secrets
        typer.echo(wrong)


def _words(question: Question) -> str:
    several = " ; des virgules entre eux" if question.is_list else ""
    return f"{question.description}{several}{'' if question.is_required else ' (Entrée pour rien)'}"


def _faults(model: type[BaseModel], given: Mapping[str, Any]) -> str:
    return " ".join(_said(mistake.message, mistake.hint) for mistake in adding.faults(model, given))


def _from_options(options: Sequence[str], asked: Sequence[Question]) -> dict[str, Any]:
    lists = {question.key for question in asked if question.is_list}
    pairs = [option.partition("=") for option in options]
    return {key.strip(): _items(value) if key.strip() in lists else value.strip() for key, _, value in pairs}


def _items(answer: str) -> list[str]:
    return [part.strip() for part in answer.split(",") if part.strip()]


def _which() -> str:
    return f"La plateforme ({', '.join(each.name for each in catalog.PLATFORMS if each.state is State.READY)})"


def _platform_problem(name: str) -> str:
    known = {each.name: each for each in catalog.PLATFORMS}
    if not name:
        return "Dites quoi ajouter : une ADRESSE, ou --plateforme."
    if name not in known:
        return _said(f"la plateforme « {name} » n'existe pas", instead(name, tuple(known)))
    each = known[name]
    return "" if each.state is State.READY else f"{each.title} : {each.state}. {each.gives} Clé : {each.key}."


def _name_problem(taken: Collection[str], name: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", name):
        return "Un nom s'écrit en minuscules sans accent, chiffres et tirets : la-depeche."
    return f"Le nom « {name} » est déjà pris." if name in {other.casefold() for other in taken} else ""


def _problem(model: type[BaseModel], key: str, answer: str) -> str:
    """Return what is wrong with the answer about one key; an empty one is wrong where the key is required."""
    (question,) = (each for each in adding.questions(model) if each.key == key)
    if not answer:
        return f"Il faut une réponse. {question.description}" if question.is_required else ""
    value: Mapping[str, Any] = {key: _items(answer) if question.is_list else answer}
    own = [mistake for mistake in adding.faults(model, value) if mistake.key.split(" › ")[0] == key]
    return " ".join(_said(mistake.message, mistake.hint) for mistake in own)


def _said(message: str, hint: str) -> str:
    return f"{message[:1].upper()}{message[1:]}{f' : {hint}' if hint else ''}."
