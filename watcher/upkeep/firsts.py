"""Who spoke first, put right: a post told earlier than its story's first may be collected after it."""

import structlog

from watcher.ports import Clock
from watcher.stores.elastic import Elastic
from watcher.stores.journal import Journal
from watcher.stores.journal.outbox import Write

log = structlog.get_logger()


async def correct_firsts(journal: Journal, elastic: Elastic, clock: Clock) -> int:
    """Let posts that were overtaken say so no longer, by the outbox, and return how many did.

    What Elasticsearch does not show yet, or has in an older version, waits for another turn. Raises what both stores
    raise.
    """
    overtaken = journal.stories.overtaken()
    if not overtaken:
        return 0
    writes, right = [], []
    async for stored in elastic.documents({"ids": {"values": overtaken}}):
        if stored.body.get("is_first"):
            writes.append(Write(stored.index, stored.id, stored.version + 1, {**stored.body, "is_first": False}))
        else:
            right.append(stored.id)
    written = journal.rewrite(writes, clock.now())
    journal.stories.corrected([*written, *right])
    log.info("firsts_corrected", count=len(written), waiting=len(overtaken) - len(written) - len(right))
    return len(written)
