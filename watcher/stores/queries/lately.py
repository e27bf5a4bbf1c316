"""The question of who looks after sources: what each gave last."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from watcher.stores.documents import from_document, written
from watcher.stores.queries.asking import Asking
from watcher.stores.queries.clauses import PlacedPost, buckets, facet, placed

REACH = timedelta(days=7)
"""A source that gave nothing for so long is told as silent: its last post is no longer of use."""


class Lately(Asking):
    """The question. It raises what `Asking` says."""

    async def by_source(self, until: datetime) -> Mapping[str, PlacedPost]:
        """Return the post that each source gave last before `until`, off subject or not, where it gave one lately."""
        collected = {"gte": written(until - REACH), "lt": written(until)}
        answer = await self._search(
            size=0,
            track_total_hits=False,
            query={"bool": {"filter": {"range": {"collected_at": collected}}}},
            aggs={
                "sources": {
                    **facet("source"),
                    "aggs": {"last": {"top_hits": {"size": 1, "sort": [{"collected_at": "desc"}, {"id": "desc"}]}}},
                }
            },
        )
        return {
            bucket["key"]: placed(from_document(bucket["last"]["hits"]["hits"][0]["_source"]), until)
            for bucket in buckets(answer, "sources")
        }
