"""`watcher page`: the password of a page that is read from other machines."""

import typer
from rich.console import Console

from watcher import app as house
from watcher import secrets
from watcher.cli import asking
from watcher.cli.folders import CONFIG, DATA, ConfigFolder, DataFolder
from watcher.web.password import LONGEST, SHORTEST, hashed

VARIABLE = "WATCHER_PAGE_MOT_DE_PASSE"

app = typer.Typer(no_args_is_help=True, help="La page : son mot de passe.")


@app.callback()
def page() -> None:
    """La page : son mot de passe."""


@app.command("password")
def password(config: ConfigFolder = CONFIG, data: DataFolder = DATA) -> None:
    """Demande deux fois le mot de passe de la page, et n'en garde que l'empreinte, dans secrets.env.

    Il ne sert qu'à une page lue d'autres machines : voir « Ouvrir la page à d'autres machines » dans LISEZMOI.md.
    Le changer ferme toutes les sessions, au prochain démarrage de la veille.

    Exemple :

        watcher page password
    """
    named = house.load_config(config).instance.page.password
    variable = named.variable if named else VARIABLE
    typed = asking.secret("Le mot de passe de la page")
    if not SHORTEST <= len(typed) <= LONGEST:
        raise typer.BadParameter(f"il faut de {SHORTEST} à {LONGEST} caractères : une phrase se retient mieux.")
    if asking.secret("Encore une fois") != typed:
        raise typer.BadParameter("les deux ne sont pas les mêmes : rien n'est changé.")
    secrets.keep(data, variable, hashed(typed))
    console = Console()
    console.print(f"C'est gardé sous {variable}. Relancez la veille pour qu'il serve.", markup=False, soft_wrap=True)
    if named is None:
        console.print(
            f"Il manque, sous « page » dans veille.yml :  mot_de_passe: {variable}", markup=False, soft_wrap=True
        )
