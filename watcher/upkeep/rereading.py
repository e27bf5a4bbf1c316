"""Stored posts read again, after the team has changed its topics or its territory: `watcher retag`.

What a platform gave beside the text (its hashtags, mentions and links) was read once and stays as it was read. So does
the story. A post whose words were blanked is left alone.
"""

import random
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog

from watcher.drain import drain
from watcher.model import Post, Reading
from watcher.ports import Clock, Reader
from watcher.stores.documents import from_document, to_document, written
from watcher.stores.elastic import Elastic, StoredDocument
from watcher.stores.journal import Journal
from watcher.stores.journal.outbox import Write

log = structlog.get_logger()
_rng = random.SystemRandom()

BATCH = 200
"""Posts of one transaction: read in under a second, so that a command that is stopped loses little."""

_STORE_S_OWN = ("stored_at", "blanked_at")

Territories = Mapping[str, tuple[str, ...]]
"""The départements that the audience of each source lives in, by the source's name."""


@dataclass(frozen=True, slots=True)
class Reread:
    """What a new reading did, in posts: those read again, those whose reading changed, and those it fails on."""

    read: int = 0
    changed: int = 0
    failed: int = 0

    def __add__(self, other: "Reread") -> "Reread":
        return Reread(self.read + other.read, self.changed + other.changed, self.failed + other.failed)


def still_worded(since: datetime) -> Mapping[str, Any]:
    """Return the query for posts collected since that time whose words are still there."""
    words = [{"exists": {"field": "text"}}, {"exists": {"field": "title"}}]
    collected = {"range": {"collected_at": {"gte": written(since)}}}
    return {"bool": {"filter": [collected], "should": words, "minimum_should_match": 1}}


async def retag(
    journal: Journal,
    elastic: Elastic,
    reader: Reader,
    territories: Territories,
    *,
    since: datetime,
    clock: Clock,
    done: Callable[[int], None],
) -> Reread:
    """Read again what was collected from `since` on, and send what changed to Elasticsearch, by the outbox.

    `done` is told of each batch of posts read. May be stopped and run again at any time: what was written then is read
    alike and not written twice. Raises what both stores and the reader raise.
    """
    total = Reread()
    async for batch in reread(elastic, reader, still_worded(since), territories):
        pairs = [(stored, post) for stored, post in batch if post is not None]
        writes = [write for stored, post in pairs if (write := _change(stored, post))]
        changed = len(journal.rewrite(writes, clock.now()))
        await drain(journal, elastic, clock, _rng)  # the outbox stays small, whether a daemon runs or not
        total += Reread(len(batch), changed, len(batch) - len(pairs))
        done(len(batch))
    log.info("retag_finished", read=total.read, changed=total.changed, failed=total.failed)
    return total


async def reread(
    elastic: Elastic, reader: Reader, query: Mapping[str, Any], territories: Territories
) -> AsyncGenerator[list[tuple[StoredDocument, Post | None]]]:
    """Yield the stored posts that match `query`, in batches, each as it is read now; None for one that cannot be."""
    batch: list[StoredDocument] = []
    async for stored in elastic.documents(query):
        batch.append(stored)
        if len(batch) == BATCH:
            yield await _read(batch, reader, territories)
            batch = []
    if batch:
        yield await _read(batch, reader, territories)


async def _read(
    batch: Sequence[StoredDocument], reader: Reader, territories: Territories
) -> list[tuple[StoredDocument, Post | None]]:
    before = [from_document(stored.body) for stored in batch]
    results = await reader.read([_as_collected(post, territories) for post in before])
    return [
        (stored, _with_entities_of(post, result) if isinstance(result, Post) else None)
        for stored, post, result in zip(batch, before, results, strict=True)
    ]


def _as_collected(post: Post, territories: Territories) -> Post:
    """Return `post` with what its first reading was told beside the text, as far as it is kept."""
    territory = territories.get(post.source, ())
    if post.reading is None:
        return replace(post, territory=territory)
    return replace(post, territory=territory, hashtags=post.reading.hashtags_raw, mentions=post.reading.mentions)


def _with_entities_of(before: Post, after: Post) -> Post:
    if before.reading is None or after.reading is None:
        return after
    return replace(after, reading=_keeping_entities(before.reading, after.reading))


def _keeping_entities(before: Reading, after: Reading) -> Reading:
    return replace(
        after,
        hashtags=before.hashtags,
        hashtags_raw=before.hashtags_raw,
        mentions=before.mentions,
        domains=before.domains,
    )


def _change(stored: StoredDocument, post: Post) -> Write | None:
    """Return the write that puts a new reading in the old one's place, None where both say the same."""
    body = to_document(post) | {key: stored.body[key] for key in _STORE_S_OWN if key in stored.body}
    return None if body == stored.body else Write(stored.index, stored.id, stored.version + 1, body)
