"""What platforms deleted without telling us: every day the posts that we still know by name are asked for again.

The journal forgets those names with the identifiers (30 days as shipped), and so the sweep ends there too.
"""

from collections.abc import Sequence
from datetime import datetime

import structlog

from watcher.model import Deletion, Source
from watcher.ports import Clock, Fetch, Sparing, Sweepable
from watcher.stores.journal import Journal
from watcher.stores.journal.seen import Sighting

log = structlog.get_logger()

BATCH = 500
"""Many at once, so that those of one server travel together; few enough that a stop loses little."""


async def sweep(
    source: Source, collector: Sweepable, fetch: Fetch, journal: Journal, clock: Clock, *, batch: int = BATCH
) -> int:
    """Ask once for every post of `source`, and return how many were gone. They leave as if the platform had said so.

    What is cut goes on from where it stood, whatever ended it.
    """
    place, asked, gone = f"sweep:{source.name}", 0, 0
    while known := journal.seen.named(source.name, after=journal.state(place) or "", limit=batch):
        native_ids = _due(known, collector, clock.now())
        lost = await collector.still_there(fetch, source.settings, native_ids) if native_ids else ()
        gone += _delete(source, sorted(lost), journal, clock)
        asked += len(native_ids)
        journal.set_state(place, known[-1].id)
    journal.set_state(place, "")
    log.info("source_swept", source=source.name, asked=asked, gone=gone)
    return gone


def _due(known: Sequence[Sighting], collector: Sweepable, now: datetime) -> list[str]:
    """Return the native ids to ask for today: all of them, unless the platform bills its answers."""
    days = collector.sweep_days if isinstance(collector, Sparing) else None
    due = (one for one in known if days is None or one.days_known(now) in days)
    return [sighting.native_id for sighting in due if sighting.native_id]


def _delete(source: Source, native_ids: Sequence[str], journal: Journal, clock: Clock) -> int:
    deletions = [Deletion(native_id=native_id) for native_id in native_ids]
    committed = journal.commit_page(
        source.name, source.platform, (), deletions=deletions, dead=(), cursor=None, now=clock.now()
    )
    return committed.deleted
