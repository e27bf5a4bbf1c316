"""The command line, in French: one file a group of commands. What they do is elsewhere; here it is asked and shown."""

import sys
from collections.abc import Sequence
from io import TextIOWrapper

import typer
from rich.console import Console

from watcher import log
from watcher.cli import (
    alert,
    backfilling,
    backtesting,
    check,
    collecting,
    deadletters,
    demo,
    digest,
    erase,
    es,
    evaluate,
    explaining,
    french,
    gaps,
    importing,
    journal,
    judging,
    kibana,
    page,
    preview,
    retag,
    sources,
    status,
    training,
    trying,
)
from watcher.errors import ConfigError, WatcherError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    help="""Écoute les messages publics qui parlent de la région, les lit, les range et les montre.

    Pour commencer :  watcher demo  (un monde d'essai),  watcher check  (vos réglages),  watcher run  (la veille).
    """,
)
app.command("run")(collecting.run)
app.command("once")(collecting.once)
app.command("try")(trying.try_)
app.command("check")(check.check)
app.command("status")(status.status)
app.command("backfill")(backfilling.backfill)
app.command("gaps")(gaps.gaps)
app.command("import")(importing.import_)
app.command("demo")(demo.demo)
app.command("digest")(digest.digest)
app.command("erase")(erase.erase)
app.command("preview")(preview.preview)
app.command("backtest")(backtesting.backtest)
app.command("feedback")(judging.feedback)
app.command("retag")(retag.retag)
app.command("train")(training.train)
app.command("explain")(explaining.explain)
app.command("evaluate")(evaluate.evaluate)
app.add_typer(sources.app, name="sources")
app.add_typer(alert.app, name="alert")
app.add_typer(es.app, name="es")
app.add_typer(deadletters.app, name="deadletters")
app.add_typer(journal.app, name="journal")
app.add_typer(kibana.app, name="kibana")
app.add_typer(page.app, name="page")

USAGE = 2
INTERRUPTED = 130


def main(args: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 it could not be, 2 wrong words or a wrong configuration."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # an old terminal shows « ? » for what it does not know
    log.configure(level="WARNING")
    complaints = Console(stderr=True)
    try:
        status = french.invoke(app, args)
    except french.UsageError as error:
        complaints.print(french.sentence(str(error.format_message())), markup=False)
        command = error.ctx.command_path if error.ctx else "watcher"
        complaints.print(f"Aide : {command} --help", markup=False)
        return USAGE
    except ConfigError as error:
        check.show_mistakes(complaints, error)
        return USAGE
    except WatcherError as error:
        complaints.print(str(error), style="red", markup=False)
        return 1
    except OSError as error:
        if error.filename is None:
            raise
        complaints.print(french.refusal(error), style="red", markup=False)
        return 1
    except typer.Abort:
        status = INTERRUPTED
    if status == INTERRUPTED:  # typer makes this status of Ctrl-C
        complaints.print("Arrêté à votre demande.")
    return status
