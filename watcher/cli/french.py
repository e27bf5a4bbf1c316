"""Makes the command line speak French: typer writes its own sentences in English and offers no translation."""

import errno
import re
from collections.abc import Iterator, Sequence
from typing import Any

import typer
from typer import rich_utils

# typer keeps click's errors private; the public BadParameter is one of them.
UsageError: Any = typer.BadParameter.__bases__[0]

_PHRASES = tuple(
    (re.compile(pattern, re.DOTALL), french)
    for pattern, french in (
        (r"Missing command\.", "Il manque une commande."),
        (r"No such command '(.+?)'\. Did you mean (.+)\?", r"La commande « \1 » n'existe pas. Vouliez-vous dire \2 ?"),
        (r"No such command '(.+?)'\.?", r"La commande « \1 » n'existe pas."),
        (r"No such option: (\S+) \(Possible options: (.+)\)", r"L'option \1 n'existe pas. Options proches : \2."),
        (r"No such option: (\S+)", r"L'option \1 n'existe pas."),
        (r"Missing argument '(.+?)'\.", r"Il manque un argument : \1."),
        (r"Missing option '(\S+)' / '(\S+)'\.", r"Il manque l'option \1 (ou \2)."),
        (r"Missing option '(.+?)'\.", r"Il manque l'option \1."),
        (r"Got unexpected extra argument\(?s?\)? \((.+)\)", r"Il y a un argument de trop : \1."),
        (r"Option '(.+?)' requires an argument\.", r"L'option \1 demande une valeur."),
        (r"Option '(.+?)' does not take a value\.", r"L'option \1 ne prend pas de valeur."),
        (r"Invalid value for '(\S+)' / '\S+': (.+)", r"La valeur de \1 ne convient pas : \2"),
        (r"Invalid value for '?(.+?)'?: (.+)", r"La valeur de \1 ne convient pas : \2"),
        (r"Invalid value: (.+)", r"\1"),
        (r"[Ff]ile '?(.+?)'? does not exist\.", r"le fichier « \1 » n'existe pas."),
        (r"[Ff]ile '?(.+?)'? is a directory\.", r"« \1 » est un dossier, pas un fichier."),
        (r"(?:Value error, )?'(.*?)' does not match the formats? .+", r"« \1 » n'est pas une date comme 2026-11-23."),
        (r"(\S+) is not in the range x>=(\d+)\.?", r"il faut au moins \2."),
        (r"Input should be a valid integer.*", "il faut un nombre entier."),
        (r"Input should be a valid number.*", "il faut un nombre."),
        (r"Input should be greater than or equal to (\S+)", r"il faut au moins \1."),
        (r"Input should be less than or equal to (\S+)", r"il faut au plus \1."),
    )
)

_REFUSALS = {
    errno.EACCES: "vous n'en avez pas le droit",
    errno.EPERM: "vous n'en avez pas le droit",
    errno.EROFS: "ce disque ne se laisse pas écrire",
    errno.ENOSPC: "le disque est plein",
    errno.ENOENT: "cet endroit n'existe pas",
    errno.ENOTDIR: "un fichier se trouve à la place d'un dossier",
    errno.EEXIST: "un fichier se trouve à la place d'un dossier",
    errno.EISDIR: "un dossier se trouve à la place d'un fichier",
}


def refusal(error: OSError) -> str:
    """Return, in French, what the system refused and why."""
    why = _REFUSALS.get(error.errno or 0, error.strerror)
    return f"« {error.filename} » ne peut pas être ouvert ou écrit : {why}."


def sentence(message: str) -> str:
    """Return typer's English `message` in French; one that is not known stays as it is."""
    for pattern, french in _PHRASES:
        message = pattern.sub(french, message)
    return message


def command(app: typer.Typer) -> Any:
    """Return the command of `app`, its help pages in French."""
    rich_utils.COMMANDS_PANEL_TITLE = "Commandes"
    rich_utils.DEFAULT_STRING = "[par défaut : {}]"
    rich_utils.REQUIRED_LONG_STRING = "[obligatoire]"
    rich_utils.ENVVAR_STRING = "[variable : {}]"
    root: Any = typer.main.get_command(app)
    root.subcommand_metavar = "COMMANDE …"
    for each in _walk(root):
        option = each.get_help_option(typer.Context(each))
        if option is not None:
            option.help = "Afficher cette aide."
    return root


def invoke(app: typer.Typer, args: Sequence[str] | None) -> int:
    """Run `app` on `args` and return its exit status. Raises `UsageError` and what the commands raise."""
    result = command(app).main(args=args, prog_name="watcher", standalone_mode=False)
    return result if isinstance(result, int) else 0


def _walk(root: Any) -> Iterator[Any]:
    yield root
    for child in getattr(root, "commands", {}).values():
        yield from _walk(child)
