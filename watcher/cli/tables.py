"""The tables that several commands print."""

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from watcher.model import RunReport
from watcher.web.words import OUTCOMES


def runs_table(reports: Iterable[RunReport]) -> Table:
    """Return what each run did: how it ended, and its posts, read, new, edited, seen before, set apart."""
    table = Table(title="Sources", title_justify="left")
    table.add_column("source", no_wrap=True)
    table.add_column("état")
    for figure in ("lus", "nouveaux", "modifiés", "déjà vus", "mis de côté"):
        table.add_column(figure, justify="right")
    table.add_column("ce qui s'est passé", overflow="fold")
    for report in reports:
        style = "green" if report.outcome.is_healthy else "red"
        counts = (report.seen, report.new, report.edited, report.repeated, report.dead)
        state = Text(OUTCOMES[report.outcome], style)
        table.add_row(Text(report.source), state, *(str(count) for count in counts), Text(report.message))
    return table
