"""`watcher erase`: somebody's right to be forgotten."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console

from watcher import app, collect
from watcher.cli.folders import CONFIG, DATA, ConfigFolder, DataFolder
from watcher.config.hints import instead

Posts = Annotated[list[str] | None, typer.Option("--post", help="L'identifiant ou l'adresse d'un message.")]
Author = Annotated[str, typer.Option("--auteur", help="Le nom de compte de la personne, avec ou sans @.")]
Platform = Annotated[str, typer.Option("--plateforme", help="La plateforme de ce compte (rss, mastodon…).")]
Yes = Annotated[bool, typer.Option("--oui", help="Ne pas demander confirmation.")]


def erase(
    post: Posts = None,
    author: Author = "",
    platform: Platform = "",
    config: ConfigFolder = CONFIG,
    data: DataFolder = DATA,
    yes: Yes = False,
) -> None:
    """Efface des messages, ou tout ce qu'une personne a écrit, partout et pour toujours.

    Ce qui est effacé ne revient pas, même si la plateforme le donne encore. La veille peut tourner pendant ce temps.

    Exemples :

        watcher erase --auteur @jeanne --plateforme mastodon

        watcher erase --post 3f2c9a… --post https://exemple.org/article
    """
    author, platform, post = author.strip(), platform.strip(), [each.strip() for each in post or [] if each.strip()]
    if not post and not author:
        raise typer.BadParameter("dites ce qu'il faut effacer : --post ou --auteur")
    if author and not platform:
        raise typer.BadParameter("dites sur quelle plateforme est ce compte : --plateforme")
    if author and platform not in (known := sorted(collect.find())):
        raise typer.BadParameter(f"la plateforme « {platform} » n'existe pas : {instead(platform, known)}")
    console = Console()
    what = f"tout ce que « {author} » a écrit sur {platform}" if author else f"{len(post)} message(s)"
    if not yes and not typer.confirm(f"Effacer {what}, pour toujours ?"):
        raise typer.Abort
    installation = app.installation_of(config, data)
    with console.status("Recherche et effacement"):
        done = asyncio.run(app.erase(installation, posts=post, author=author, platform=platform))
    console.print(outcome(done.found, author))
    if done.waiting:
        console.print(f"{done.waiting} écriture(s) attendent Elasticsearch : elles partiront avec la veille.")
    if done.examples:
        console.print(
            f"{done.examples} exemple(s) tirés de messages effacés sont encore dans themes.yml, qui ne peut pas être "
            "réécrit : « watcher check » dit pourquoi, et la veille les en retirera."
        )


def outcome(found: int, author: str) -> str:
    """Return what was erased, and what becomes of what was not found."""
    if found:
        return f"Effacé : {found} message(s). Ce qui est effacé ne reviendra pas."
    if author:
        return f"Aucun message de « {author} » n'est connu. S'il en vient un, il ne sera pas gardé."
    return "Aucun de ces messages n'est connu : vérifiez l'adresse. Ceux donnés par leur identifiant ne viendront plus."
