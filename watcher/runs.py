"""How a run ended, kept in one transaction: the source's state, what it gives at this hour, and what was not heard."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

import structlog

from watcher.errors import StoreBusy
from watcher.gaps import Run, after_run
from watcher.habit import WEEK, WEEKS, expected
from watcher.model import RunReport, Source
from watcher.ports import CollectionJournal

log = structlog.get_logger()

_UNLOGGED = frozenset({"message", "unheard"})


def record(
    report: RunReport,
    source: Source,
    journal: CollectionJournal,
    started_at: datetime,
    now: datetime,
    *,
    can_go_back: bool,
) -> None:
    """Keep how a run of `source` ended, and log it in one line. A disk too full to keep it says so in the log alone."""
    try:
        before = journal.source_state(source.name)
        run = Run(source, before, report, started_at, now, journal.gaps.unsettled(source.name), can_go_back)
        journal.record_run(report, now, after_run(run, estimator(journal, source.name, now)))
    except StoreBusy:
        log.warning("run_not_recorded")
    told = {key: value for key, value in asdict(report).items() if key not in _UNLOGGED}
    log.info("run_finished", gaps=len(report.unheard), **told)


def estimator(journal: CollectionJournal, source: str, now: datetime) -> Callable[[datetime, datetime], int | None]:
    """Return what tells about how many posts `source` publishes between two times."""
    return lambda since, until: expected(journal.hours.of(source, now - (WEEKS + 1) * WEEK), since, until)
