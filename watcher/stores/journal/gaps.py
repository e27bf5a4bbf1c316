"""The gap ledger, here and as Elasticsearch holds it for all, and the habits that its estimates come from."""

from collections.abc import Iterable
from datetime import datetime

from watcher.gaps import Fate, Gap
from watcher.habit import Hours, start_of_hour
from watcher.model import GapCause, document_id
from watcher.stores.documents import written
from watcher.stores.journal.file import JournalFile, instant, milliseconds
from watcher.stores.journal.outbox import Write

GAPS = "gaps"
"""The index, without the instance's prefix."""

_COLUMNS = "source, platform, cause, since, until, fate, posts"


class Gaps:
    """The table `gaps`. Raises what `JournalFile` raises."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    def put(self, gaps: Iterable[Gap]) -> None:
        """Keep `gaps`; each takes the place of what was known of it."""
        self._file.execute_many(
            f"INSERT OR REPLACE INTO gaps ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - our names
            [
                (
                    gap.source,
                    gap.platform,
                    gap.cause,
                    milliseconds(gap.since),
                    None if gap.until is None else milliseconds(gap.until),
                    gap.fate,
                    gap.posts,
                )
                for gap in gaps
            ],
        )

    def unsettled(self, source: str) -> list[Gap]:
        """Return the gaps of `source` that last, or that a backfill could still fill; the oldest first."""
        return self._where("source = ? AND fate IN ('lasting', 'open')", source)

    def between(self, since: datetime, until: datetime) -> list[Gap]:
        """Return the gaps of every source that touch [`since`, `until`); the oldest first."""
        return self._where("since < ? AND (until IS NULL OR until > ?)", milliseconds(until), milliseconds(since))

    def prune(self, before: datetime) -> int:
        """Remove what was over before that time, and return how many."""
        rows = self._file.execute("DELETE FROM gaps WHERE until < ? RETURNING since", (milliseconds(before),))
        return len(rows)

    def _where(self, condition: str, *values: object) -> list[Gap]:
        rows = self._file.execute(
            f"SELECT {_COLUMNS} FROM gaps WHERE {condition} ORDER BY since",  # noqa: S608 - the literals above
            values,
        )
        return [
            Gap(
                source,
                platform,
                GapCause(cause),
                instant(since),
                None if until is None else instant(until),
                Fate(fate),
                posts,
            )
            for source, platform, cause, since, until, fate, posts in rows
        ]


class HeardHours:
    """The table `hours`: what each source gave in each hour in which it was read. Raises what `JournalFile` raises."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    def add(self, source: str, at: datetime, posts: int) -> None:
        """Count `posts` new ones of a run at `at`; none is heard too."""
        self._file.execute(
            "INSERT INTO hours (source, hour, posts) VALUES (?, ?, ?)"
            " ON CONFLICT (source, hour) DO UPDATE SET posts = posts + excluded.posts",
            (source, milliseconds(start_of_hour(at)), posts),
        )

    def of(self, source: str, since: datetime) -> Hours:
        """Return the posts of `source` by hour from `since` on."""
        rows = self._file.execute(
            "SELECT hour, posts FROM hours WHERE source = ? AND hour >= ?", (source, milliseconds(since))
        )
        return {instant(hour): posts for hour, posts in rows}

    def prune(self, before: datetime) -> None:
        """Forget the hours before that time."""
        self._file.execute("DELETE FROM hours WHERE hour < ?", (milliseconds(before),))


def gap_write(gap: Gap, now: datetime) -> Write:
    """Return the write of what is known of a gap at `now` (`templates/gaps.json`): what is known later replaces it."""
    key = f"{gap.source}\x1f{gap.cause}\x1f{milliseconds(gap.since)}"
    body: dict[str, str | int | None] = {
        "source": gap.source,
        "platform": gap.platform,
        "cause": gap.cause.value,
        "since": written(gap.since),
        "fate": gap.fate.value,
        "told_at": written(now),
    }
    if gap.until is not None:
        body["until"] = written(gap.until)
    if gap.posts is not None:
        body["posts"] = gap.posts
    return Write(GAPS, document_id(key), milliseconds(now), body)
