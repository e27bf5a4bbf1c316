"""How a question reaches Elasticsearch: what all the sets of questions stand on."""

from typing import Any, ClassVar

from elasticsearch import AsyncElasticsearch

from watcher.stores.elastic import POSTS, our_errors
from watcher.stores.queries.clauses import Answer


class Asking:
    """Questions to the indices that begin with `prefix`.

    Each raises `Unreachable` when Elasticsearch is away or busy, `Permanent` when it refuses. An index that does not
    exist yet holds nothing.
    """

    timeout_s: ClassVar[float] = 5.0
    """Who waits longer for a page has gone."""

    def __init__(self, client: AsyncElasticsearch, prefix: str) -> None:
        self._client = client.options(request_timeout=self.timeout_s)
        self._prefix = prefix

    async def _search(self, *, family: str = POSTS, **request: Any) -> Answer:
        with our_errors():
            answer = await self._client.search(
                index=f"{self._prefix}{family}", ignore_unavailable=True, allow_no_indices=True, **request
            )
            return dict(answer)
