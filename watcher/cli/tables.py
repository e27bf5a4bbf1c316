"""The tables that several commands print."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from watcher.model import RunReport
from watcher.words import OUTCOMES


def show_runs(console: Console, reports: Sequence[RunReport]) -> None:
    """Print what each run did, in posts, then what went wrong and where."""
    table = Table(title="Sources", title_justify="left")
    table.add_column("source", no_wrap=True)
    table.add_column("état", no_wrap=True)
    for figure in ("lus", "neufs", "modifiés", "déjà vus", "à part"):
        table.add_column(figure, justify="right", no_wrap=True)
    for report in reports:
        style = "green" if report.outcome.is_healthy else "red"
        counts = (report.seen, report.new, report.edited, report.repeated, report.dead)
        state = Text(OUTCOMES[report.outcome], style)
        table.add_row(Text(report.source), state, *(str(count) for count in counts))
    console.print(table)
    for report in reports:
        if report.message:
            console.print(f"  {report.source} : {report.message}", markup=False, highlight=False)
