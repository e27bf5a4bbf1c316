"""`watcher kibana`: what the team opens in Kibana, as a file or put there."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from watcher import app as house
from watcher import translation
from watcher.cli.folders import CONFIG, DATA, ConfigFolder, DataFolder
from watcher.kibana import SavedObject, contents, ndjson
from watcher.secrets import Secret, environment

app = typer.Typer(
    no_args_is_help=True,
    help="""Kibana : les vues, recherches et tableaux de bord de la veille, bâtis d'après vos réglages.

    Un thème ajouté dans themes.yml a sa recherche dès l'envoi suivant.
    """,
)

File = Annotated[Path, typer.Argument(metavar="[FICHIER]", help="Où écrire le fichier à importer.")]
Url = Annotated[str, typer.Option("--url", help="L'adresse de Kibana, chemin compris.")]
Space = Annotated[str, typer.Option("--espace", help="L'espace de Kibana. Sans cette option : celui par défaut.")]
Certificate = Annotated[Path | None, typer.Option("--ca", help="Le certificat qui signe celui de Kibana.", exists=True)]

FILE = Path("veille.ndjson")


@app.command()
def export(file: File = FILE, config: ConfigFolder = CONFIG, data: DataFolder = DATA) -> None:
    """Écrit le fichier à importer dans Kibana (Gestion › Objets enregistrés › Importer).

    Exemple :

        watcher kibana export
    """
    objects = _objects(config, data)
    file.write_text(ndjson(objects), encoding="utf-8")
    console = Console()
    console.print(f"{file} : {len(objects)} objets.", markup=False)
    console.print("Dans Kibana : Gestion › Objets enregistrés › Importer, en remplaçant ce qui existe.")


@app.command()
def push(
    url: Url, space: Space = "", ca: Certificate = None, config: ConfigFolder = CONFIG, data: DataFolder = DATA
) -> None:
    """Met les vues, recherches et tableaux de bord dans Kibana, à la place de ceux d'avant.

    La clé d'API est lue dans WATCHER_KIBANA_API_KEY. Ce que vous avez fait vous-mêmes dans Kibana n'est pas touché.

    Exemples :

        watcher kibana push --url https://kibana.exemple.fr

        watcher kibana push --url https://kibana.exemple.fr --espace veille
    """
    from watcher.kibana import push as pushing  # noqa: PLC0415 - a third of a second that no other command needs

    key = environment(data).get("WATCHER_KIBANA_API_KEY")
    console = Console()
    with console.status("Envoi"):
        count = pushing.push(
            _objects(config, data), pushing.Door(url.rstrip("/"), Secret(key) if key else None, space, ca)
        )
    console.print(f"{count} objets sont dans Kibana : ouvrez « Vue d'ensemble » dans Tableaux de bord.")


def _objects(config: Path, data: Path) -> list[SavedObject]:
    loaded = house.load_config(config, data)
    return contents(loaded.instance.elasticsearch.prefix, translation.labels(loaded))
