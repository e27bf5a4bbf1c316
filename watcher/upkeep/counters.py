"""Counters of stored posts, brought up to date where a page was read again anyway: no call is made for them.

That is neither an edit nor another voice: the words, the story and the time of storing stay.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog

from watcher.ports import Clock
from watcher.stores.elastic import Elastic
from watcher.stores.journal import Journal
from watcher.stores.journal.outbox import Write

log = structlog.get_logger()

AT_ONCE = 500

YOUNG = timedelta(hours=48)
"""While a post spreads, each move counts; later one of a tenth."""

_TENTH = 10

FOLLOWED = timedelta(days=60)
"""No page is read again for longer, but those of the year's own posts, whose counters hardly move."""


async def recount(journal: Journal, elastic: Elastic, clock: Clock) -> int:
    """Let the documents whose counters moved enough tell them, by the outbox, and return how many will.

    What Elasticsearch does not show yet waits for its next move. Raises what both stores raise.
    """
    waiting, now = journal.counters.waiting(AT_ONCE), clock.now()
    if not waiting:
        return 0
    writes = [
        Write(stored.index, stored.id, stored.version + 1, body)
        async for stored in elastic.documents({"ids": {"values": list(waiting)}})
        if (body := recounted(stored.body, waiting[stored.id], now))
    ]
    written = journal.rewrite(writes, now)
    journal.counters.compared(list(waiting))
    journal.counters.prune(now - FOLLOWED)
    log.info("counters_moved", compared=len(waiting), written=len(written))
    return len(written)


def recounted(body: Mapping[str, Any], counts: Mapping[str, int], now: datetime) -> dict[str, Any] | None:
    """Return the document `body` with `counts`, None where they did not move enough. Off subject, none are kept."""
    if body.get("relevance") == "hors_sujet":
        return None
    before: Mapping[str, int] = body.get("metrics", {})
    moves = {name: abs(count - before.get(name, 0)) for name, count in counts.items()}
    is_young = now - datetime.fromisoformat(body.get("published_at") or body["collected_at"]) < YOUNG
    is_enough = any(move and (is_young or move * _TENTH >= before.get(name, 0)) for name, move in moves.items())
    return {**body, "metrics": {**before, **counts}} if is_enough else None
