"""Back in time, to hear what a gap left out: page by page, within the budget, and on from where it was cut.

The everyday reading keeps its own cursor, and may go on meanwhile: ids make what both bring one post.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from pydantic import TypeAdapter

from watcher.collect import cut_short
from watcher.errors import Fatal, Permanent, Transient
from watcher.flow import Line, take_page
from watcher.gaps import Fate, backfilled
from watcher.model import Cursor, Outcome, Page, RunReport, Source, Unheard
from watcher.ports import Backfilling, Collector
from watcher.stores.journal import Journal

log = structlog.get_logger()

Done = Callable[[RunReport, Page], None]
"""Is told of each page once it is stored, with what was done so far."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far the backfill of [`since`, `until`) has come: after `cursor`, without what the platform gives no more."""

    since: datetime
    until: datetime
    cursor: str | None = None
    lost: tuple[Unheard, ...] = ()


_PLACE = TypeAdapter(Place)


async def backfill(
    source: Source,
    collector: Collector,
    line: Line,
    journal: Journal,
    *,
    since: datetime,
    until: datetime | None = None,
    done: Done = lambda _report, _page: None,
) -> RunReport:
    """Read what `source` published in [`since`, `until`), now where None, and settle the gaps that lie there.

    One that was cut by an error or a stop goes on from its last page when it is asked for again with the same `since`.
    The report says how it ended. Raises `Fatal` for a platform that cannot be asked for its past.
    """
    if not isinstance(collector, Backfilling):
        raise Fatal(f"« {source.name} » : cette plateforme ({source.platform}) ne permet pas de revenir en arrière.")
    place = _resumed(journal, source, since, until) or Place(since, until or line.clock.now())
    fetch = line.fetch_for(source, collector)
    report = RunReport(source.name, Outcome.UNCHANGED)
    cursor = Cursor(place.cursor) if place.cursor else None
    try:
        async for page in collector.backfill(fetch, source.settings, place.since, place.until, cursor):
            report = await take_page(page, source, line, report, moves=False)
            place = replace(place, cursor=page.cursor, lost=(*place.lost, *page.unheard))
            journal.set_state(_key(source), _PLACE.dump_json(place).decode())
            done(report, page)
    except (Transient, Permanent) as error:
        return cut_short(report, error)
    _settle(journal, source, place, line.clock.now())
    log.info("backfilled", source=source.name, new=report.new, lost=len(place.lost))
    return report


def fillable(journal: Journal, source: Source) -> list[tuple[datetime, datetime]]:
    """Return the intervals of `source` that a backfill could still fill, the oldest first."""
    found = journal.gaps.unsettled(source.name)
    return [(gap.since, gap.until) for gap in found if gap.fate is Fate.OPEN and gap.until]


def _resumed(journal: Journal, source: Source, since: datetime, until: datetime | None) -> Place | None:
    kept = journal.state(_key(source))
    place = _PLACE.validate_json(kept) if kept else None
    return place if place and place.since == since and until in {None, place.until} else None


def _settle(journal: Journal, source: Source, place: Place, now: datetime) -> None:
    open_gaps = [gap for gap in journal.gaps.unsettled(source.name) if gap.fate is Fate.OPEN]
    settled = [piece for gap in open_gaps for piece in backfilled(gap, place.since, place.until, place.lost)]
    journal.keep_gaps(settled, now)
    journal.set_state(_key(source), "")


def _key(source: Source) -> str:
    return f"backfill:{source.name}"
