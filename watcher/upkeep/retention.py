"""Forgetting on time, every hour: what must not be kept longer leaves Elasticsearch and the journal (design.md 5).

Off-subject posts are dropped; who wrote is blanked, then what was written; the counts stay. Every change goes through
the outbox, like any other write.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog

from watcher.model import Lease
from watcher.stores.documents import written
from watcher.stores.elastic import Elastic, StoredDocument
from watcher.stores.journal import Journal

log = structlog.get_logger()

IDENTIFYING = frozenset({"author", "url", "mentions", "reply_to", "conversation"})
WRITTEN = frozenset({"title", "text", "hashtags_raw"})
BATCH = 500

EVERY = timedelta(hours=1)
"""Between two passes: the shortest lease is of two days."""

Change = Callable[[Mapping[str, Any], datetime], Mapping[str, Any]]


class Ages(Protocol):
    """How long things are kept; `config.Retention` is one."""

    @property
    def identifiers(self) -> timedelta:
        """Who wrote, and where to find it."""
        ...

    @property
    def texts(self) -> timedelta:
        """What was written."""
        ...

    @property
    def off_subject(self) -> timedelta:
        """Posts that do not concern the region."""
        ...

    @property
    def dead_letters(self) -> timedelta:
        """What could not be processed."""
        ...


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What one pass of forgetting did, in posts and in dead letters."""

    dropped: int = 0
    anonymised: int = 0
    blanked: int = 0
    letters: int = 0


@dataclass(frozen=True, slots=True)
class Lent:
    """What one platform lends us by its `lease`, and the names of the sources that brought it."""

    platform: str
    sources: frozenset[str]
    lease: Lease

    def due(self, now: datetime) -> datetime:
        """Return the time before which what was collected goes now: the next pass would come too late for it."""
        return now - self.lease.words + EVERY


async def retain(journal: Journal, elastic: Elastic, ages: Ages, now: datetime, lent: Sequence[Lent] = ()) -> Forgotten:
    """Forget what is past its age at `now`. Raises what the journal and Elasticsearch raise; may be run again."""
    oldest, old = now - ages.texts, now - ages.identifiers
    journal.gaps.prune(oldest)
    letters = journal.prune(now - ages.dead_letters, now)  # first: it needs no Elasticsearch
    letters += sum(journal.dead_letters.prune(each.due(now), each.sources) for each in lent)
    dropped = await _forget(journal, elastic, off_subject(now - ages.off_subject), None, now)
    blanked = await _forget(journal, elastic, still_written(oldest), without_words, now)
    anonymised = await _forget(journal, elastic, still_named(oldest, old), without_names, now)
    for each in lent:  # last: a change of names alone, of the same pass, would bring the words back
        blanked += await _forget(journal, elastic, still_lent(each, now), without_words, now)
    log.info("retention_finished", dropped=dropped, anonymised=anonymised, blanked=blanked)
    return Forgotten(dropped, anonymised, blanked, letters)


def off_subject(before: datetime) -> Mapping[str, Any]:
    """Return the query for off-subject posts collected before that time."""
    return {"bool": {"filter": [{"term": {"relevance": "hors_sujet"}}, _collected(before)]}}


def still_named(since: datetime, before: datetime) -> Mapping[str, Any]:
    """Return the query for posts collected between those times whose author was not blanked yet.

    What is older loses its words too, in a change that must not be undone by this one while both wait in the outbox.
    """
    return {"bool": {"filter": [_collected(before, since)], "must_not": [{"exists": {"field": "blanked_at"}}]}}


def still_written(before: datetime) -> Mapping[str, Any]:
    """Return the query for posts collected before that time that still have words."""
    words = [{"exists": {"field": field}} for field in sorted(WRITTEN)]
    return {"bool": {"filter": [_collected(before)], "should": words, "minimum_should_match": 1}}


def still_lent(lent: Lent, now: datetime) -> Mapping[str, Any]:
    """Return the query for posts that still have words of a platform that lends them no longer."""
    query = still_written(lent.due(now))["bool"]
    ours = [{"term": {"is_own": True}}] if lent.lease.spares_own else []
    return {"bool": {**query, "filter": [*query["filter"], {"term": {"platform": lent.platform}}], "must_not": ours}}


def without_names(body: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return a document that no longer tells who wrote, nor where."""
    kept = {key: value for key, value in body.items() if key not in IDENTIFYING}
    return kept | {"blanked_at": written(now)}


def without_words(body: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return a document that no longer tells what was written, nor by whom: what it counts for stays."""
    return without_names({key: value for key, value in body.items() if key not in WRITTEN}, now)


def _collected(before: datetime, since: datetime | None = None) -> Mapping[str, Any]:
    return {"range": {"collected_at": {"lt": written(before)} | ({"gte": written(since)} if since else {})}}


async def _forget(
    journal: Journal, elastic: Elastic, query: Mapping[str, Any], change: Change | None, now: datetime
) -> int:
    count = 0
    async for batch in _batches(elastic.documents(query)):
        journal.forget([stored.write(change(stored.body, now) if change else None, now) for stored in batch])
        count += len(batch)
    return count


async def _batches(documents: AsyncIterator[StoredDocument]) -> AsyncIterator[list[StoredDocument]]:
    batch: list[StoredDocument] = []
    async for document in documents:
        batch.append(document)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
