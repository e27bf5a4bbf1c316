"""`watcher es`: an embedded Elasticsearch that stays from one run of the daemon to the next."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from watcher.secrets import cache_folder
from watcher.stores.embedded import find
from watcher.stores.embedded import start as start_node
from watcher.stores.embedded.launch import HEAP_MB, PORT

app = typer.Typer(
    no_args_is_help=True,
    help="""L'Elasticsearch embarqué : le démarrer, l'arrêter, savoir s'il tourne.

    Il sert à essayer et à développer : il n'écoute que cette machine, sans mot de passe.

    `watcher run` et `watcher demo` démarrent le leur et l'arrêtent avec eux, ou utilisent celui qui tourne déjà.

    En production, indiquez un vrai Elasticsearch dans WATCHER_ELASTICSEARCH_URL.
    """,
)

FOLDER = Path("var/elasticsearch")
Folder = Annotated[Path, typer.Option("--dossier", help="Où sont les données ; elles restent après l'arrêt.")]
Port = Annotated[int, typer.Option("--port", min=1024, max=65000, help="S'il est pris, le premier libre ensuite.")]
Memory = Annotated[int, typer.Option("--memoire", min=256, help="Mémoire de travail, en Mo.")]


@app.command()
def start(folder: Folder = FOLDER, port: Port = PORT, heap_mb: Memory = HEAP_MB) -> None:
    """Démarre un Elasticsearch qui reste en marche jusqu'à `watcher es stop`.

    La première fois, ses composants sont téléchargés (45 Mo) et vérifiés un par un. Ensuite, plus besoin d'internet.

    Exemples :

        watcher es start

        watcher es start --port 9280 --memoire 1024
    """
    console = Console()
    node = find(folder)
    if node is not None:
        console.print(f"Elasticsearch tourne déjà : {node.url}")
        return
    with console.status("Vérification d'Elasticsearch") as shown:
        node = asyncio.run(
            start_node(folder, cache_folder(), heap_mb=heap_mb, port=port, keep_alive=True, progress=shown.update)
        )
    console.print(f"Elasticsearch est prêt : {node.url}")
    console.print("Pour l'arrêter : watcher es stop")


@app.command()
def stop(folder: Folder = FOLDER) -> None:
    """Arrête l'Elasticsearch de ce dossier. Les données restent.

    Exemple :

        watcher es stop
    """
    console = Console()
    node = find(folder)
    if node is None:
        console.print(f"Aucun Elasticsearch ne tourne sur {folder}.")
        return
    with console.status("Arrêt d'Elasticsearch"):
        node.stop()
    console.print("Elasticsearch est arrêté. Les données restent.")


@app.command()
def status(folder: Folder = FOLDER) -> None:
    """Dit si l'Elasticsearch de ce dossier tourne, et à quelle adresse.

    Le code de sortie est 0 s'il est prêt, 1 sinon.

    Exemple :

        watcher es status
    """
    console = Console()
    node = find(folder)
    if node is None:
        console.print(f"Aucun Elasticsearch ne tourne sur {folder}. Pour en démarrer un : watcher es start")
        raise typer.Exit(1)
    if not node.is_settled():
        console.print(f"Elasticsearch répond ({node.url}) mais n'est pas encore prêt.")
        raise typer.Exit(1)
    console.print(f"Elasticsearch est prêt : {node.url} (processus {node.pid})")
