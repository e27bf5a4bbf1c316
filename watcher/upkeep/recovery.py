"""A lost journal found again: what it had seen is read back from Elasticsearch, so that nothing is collected anew."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from watcher.stores.documents import from_document
from watcher.stores.elastic import Elastic, StoredDocument
from watcher.stores.journal import Journal
from watcher.stores.journal.file import milliseconds
from watcher.stores.journal.seen import UNKNOWN, Sighting, sighting_of

BATCH = 500


async def rebuild(journal: Journal, elastic: Elastic, done: Callable[[int], None]) -> int:
    """Fill the journal with the posts that Elasticsearch holds, and return how many it did not know.

    `done` is told of each batch of posts looked at. What the journal knows better stays; cursors, dead letters and
    native ids are not in Elasticsearch and do not come back. Raises what both stores raise; may be run again.
    """
    found = 0
    batch: list[Sighting] = []
    async for stored in elastic.documents():
        batch.append(sighting_in(stored))
        if len(batch) == BATCH:
            found += journal.seen.put_missing(batch)
            done(len(batch))
            batch = []
    found += journal.seen.put_missing(batch)
    done(len(batch))
    return found


def sighting_in(stored: StoredDocument) -> Sighting:
    """Return what the journal keeps of a post, from its document. What was blanked cannot be compared any more."""
    sighting = replace(sighting_of(from_document(stored.body), None), native_id=None, version=stored.version)
    if "stored_at" in stored.body:
        sighting = replace(sighting, stored_at=milliseconds(datetime.fromisoformat(stored.body["stored_at"])))
    return replace(sighting, content_hash=UNKNOWN) if "blanked_at" in stored.body else sighting
