"""Posts stored in the real Elasticsearch, under the prefix of one test."""

from collections.abc import AsyncIterator, Sequence

import pytest

from watcher.model import Post
from watcher.ports import OutboxRow
from watcher.stores.documents import to_document
from watcher.stores.elastic import Elastic


@pytest.fixture
async def elastic(es_url: str, es_prefix: str) -> AsyncIterator[Elastic]:
    """Give the cluster with its templates, and nothing in it."""
    elastic = Elastic(es_url, prefix=es_prefix)
    await elastic.ensure_templates()
    yield elastic
    await elastic.close()


async def store(elastic: Elastic, posts: Sequence[Post]) -> None:
    """Make `posts` searchable."""
    rows = [
        OutboxRow(seq, "posts-2026.11.01", post.id, 1, to_document(post), attempts=0) for seq, post in enumerate(posts)
    ]
    assert {answer.status for answer in await elastic.bulk(rows)} == {201}
    await elastic.refresh()
