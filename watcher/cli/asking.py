"""Questions at the terminal, in French: a wrong answer is told why, and asked again."""

import sys
from collections.abc import Callable

import typer

_SPOKEN = {"oui": True, "o": True, "non": False, "n": False}


def settle(option: str | None, question: str, default: str, problem: Callable[[str], str], *, ask: bool) -> str:
    """Return the answer that `option` gives, else the one asked for, else the default, once `problem` is silent.

    Raises `typer.BadParameter` with the problem of an answer that nobody can be asked to change.
    """
    if option is None and ask:
        return _asked(question, default, problem)
    answer = default if option is None else option.strip()
    check(answer, problem)
    return answer


def check(option: str | None, problem: Callable[[str], str]) -> None:
    """Raise `typer.BadParameter` with the problem of an option that is given."""
    if option is not None and (why := problem(option.strip())):
        raise typer.BadParameter(why)


def secret(question: str) -> str:
    """Return what is typed without showing it; what comes through a pipe is read as it comes."""
    answer: str = typer.prompt(
        question, default="", show_default=False, hide_input=sys.stdin.isatty(), prompt_suffix=" : "
    )
    return answer.strip()


def agreed(question: str) -> bool:
    """Tell whether the answer is yes, which it is unless somebody says no."""
    problem = "Répondez oui ou non."
    answer = _asked(f"{question} (oui ou non)", "oui", lambda said: "" if said.lower() in _SPOKEN else problem)
    return _SPOKEN[answer.lower()]


def _asked(question: str, default: str, problem: Callable[[str], str]) -> str:
    while True:
        said = typer.prompt(question, default=default, show_default=bool(default), prompt_suffix=" : ").strip()
        why = problem(said)
        if not why:
            return str(said)
        typer.echo(why)
