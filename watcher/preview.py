"""What the team's topics would catch of the posts that are stored, before they are put into use. Nothing is written."""

from collections.abc import Callable
from contextlib import aclosing
from datetime import datetime

from watcher.difference import Comparison, Preview, differences
from watcher.ports import Reader
from watcher.stores.documents import from_document
from watcher.stores.elastic import Elastic
from watcher.upkeep.rereading import Territories, reread, still_worded


async def preview(
    elastic: Elastic,
    reader: Reader,
    territories: Territories,
    *,
    since: datetime,
    until: datetime,
    at_most: int | None = None,
    done: Callable[[int], None] = lambda _: None,
) -> Preview:
    """Read again with `reader` what was collected from `since` on, `at_most` so many posts, and compare.

    `done` is told of each batch of posts read. What cannot be read is left out. Raises what Elasticsearch and the
    reader raise.
    """
    query = still_worded(since)
    found, read = await elastic.count(query), 0
    compared: list[Comparison] = []
    async with aclosing(reread(elastic, reader, query, territories)) as batches:
        async for batch in batches:
            read += len(batch)
            compared += [
                Comparison(from_document(stored.body), post.reading.topics)
                for stored, post in batch
                if post is not None and post.reading is not None
            ]
            done(len(batch))
            if at_most is not None and read >= at_most:
                break
    return Preview(since, until, read, max(found, read), differences(compared, since, until))
