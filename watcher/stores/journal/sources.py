"""Where each source stands in its platform, and how its runs ended: what `watcher status` tells."""

from datetime import datetime, timedelta

from watcher.model import Cursor, Outcome, RunReport, SourceState
from watcher.stores.journal.file import JournalFile, instant, milliseconds


def state_after(state: SourceState, report: RunReport, now: datetime) -> SourceState:
    """Return what is known of a source once a run has ended at `now` with `report`."""
    is_healthy = report.outcome.is_healthy
    return SourceState(
        name=state.name,
        last_run_at=now,
        last_ok_at=now if is_healthy else state.last_ok_at,
        last_new_at=now if report.new else state.last_new_at,
        not_before=None if report.retry_after_s is None else now + timedelta(seconds=report.retry_after_s),
        outcome=report.outcome,
        message=report.message,
        failures=state.failures + 1 if report.outcome.is_failure else 0,
        posts=state.posts + report.new,
    )


class Sources:
    """The table `sources`. Raises what `JournalFile` raises."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    def cursor(self, name: str) -> Cursor | None:
        """Return where source `name` stands, None before its first page."""
        rows = self._file.execute("SELECT cursor FROM sources WHERE name = ?", (name,))
        return Cursor(rows[0][0]) if rows and rows[0][0] is not None else None

    def move(self, name: str, cursor: Cursor) -> None:
        """Keep that source `name` stands at `cursor`."""
        self._file.execute(
            "INSERT INTO sources (name, cursor) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor",
            (name, cursor),
        )

    def state(self, name: str) -> SourceState:
        """Return what is known of source `name`."""
        return next(iter(self._where("name = ?", name)), SourceState(name))

    def keep(self, after: SourceState) -> None:
        """Keep what is known of a source now."""
        with self._file.transaction():
            self._file.execute("INSERT OR IGNORE INTO sources (name) VALUES (?)", (after.name,))
            self._file.execute(
                "UPDATE sources SET last_run_at = ?, last_ok_at = ?, last_new_at = ?, not_before = ?, outcome = ?,"
                " message = ?, failures = ?, posts = ? WHERE name = ?",
                (
                    _ms(after.last_run_at),
                    _ms(after.last_ok_at),
                    _ms(after.last_new_at),
                    _ms(after.not_before),
                    after.outcome,
                    after.message,
                    after.failures,
                    after.posts,
                    after.name,
                ),
            )

    def states(self) -> tuple[SourceState, ...]:
        """Return what is known of every source that ever ran, by name."""
        return self._where("1")

    def _where(self, condition: str, *values: object) -> tuple[SourceState, ...]:
        rows = self._file.execute(
            "SELECT name, last_run_at, last_ok_at, last_new_at, not_before, outcome, message, failures, posts"  # noqa: S608
            f" FROM sources WHERE {condition} ORDER BY name",
            values,
        )
        return tuple(
            SourceState(
                name=name,
                last_run_at=_at(last_run_at),
                last_ok_at=_at(last_ok_at),
                last_new_at=_at(last_new_at),
                not_before=_at(not_before),
                outcome=None if outcome is None else Outcome(outcome),
                message=message,
                failures=failures,
                posts=posts,
            )
            for name, last_run_at, last_ok_at, last_new_at, not_before, outcome, message, failures, posts in rows
        )


def _ms(at: datetime | None) -> int | None:
    return None if at is None else milliseconds(at)


def _at(ms: int | None) -> datetime | None:
    return None if ms is None else instant(ms)
