"""The pieces that the questions are put together from, in Elasticsearch's search DSL. Pure.

Plain search DSL only: no script, no runtime field, no ES|QL, since the embedded node has none.

A post is placed in time at its own date. Where it has none, or one that is still to come (a feed once said 2030),
it is placed at the time when we first collected it, so that a wrong date neither hides a post nor pins it on top.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from watcher.model import Post

Clause = Mapping[str, object]
"""One piece of Elasticsearch's search DSL."""

Answer = Mapping[str, Any]
"""What Elasticsearch answers to one search."""

OFF_SUBJECT: Clause = {"term": {"relevance": "hors_sujet"}}
"""What does not concern the region."""

FROM_OTHERS: Clause = {"bool": {"must_not": [OFF_SUBJECT, {"term": {"is_own": True}}]}}
"""What others say of the region, our own posts and what is off subject left out."""

_FACETS = 200  # more topics, sources, platforms or départements than a team will ever name


@dataclass(frozen=True, slots=True)
class PlacedPost:
    """A post, where it stands in time (see the module), and how many others are copies of it.

    `answered_at` is when an account of ours first answered it.
    """

    at: datetime
    post: Post
    copies: int = 0
    answered_at: datetime | None = None


def placed(post: Post, until: datetime) -> PlacedPost:
    """Return `post` where it stands for who looks at `until`."""
    if post.published_at is None or post.published_at >= until:
        return PlacedPost(post.collected_at, post)
    return PlacedPost(post.published_at, post)


def all_of(*filters: Clause) -> Clause:
    """Return what matches all of `filters`, without a score."""
    return {"bool": {"filter": list(filters)}}


def dated(until: datetime) -> Clause:
    """Return what stands before `until` by its own date."""
    return {"range": {"published_at": {"lt": until.isoformat()}}}


def undated(until: datetime) -> Clause:
    """Return what stands before `until` by the time of its collection, for want of a date that can be believed."""
    return {"bool": {"must_not": dated(until), "filter": {"range": {"collected_at": {"lt": until.isoformat()}}}}}


def within(since: datetime, until: datetime) -> Clause:
    """Return what stands in [`since`, `until`)."""
    start = {"gte": since.isoformat()}
    by_date = all_of(dated(until), {"range": {"published_at": start}})
    by_collection = all_of(undated(until), {"range": {"collected_at": start}})
    return {"bool": {"should": [by_date, by_collection], "minimum_should_match": 1}}


def newest(time_field: str) -> list[Clause]:
    """Return the order by `time_field`, the latest first; those of one time by id."""
    return [
        {time_field: {"order": "desc", "unmapped_type": "date"}},
        {"id": {"order": "desc", "unmapped_type": "keyword"}},
    ]


def facet(name: str) -> Clause:
    """Return the count by each value of the field `name`."""
    return {"terms": {"field": name, "size": _FACETS}}


def by_voice(**precision: int) -> Mapping[str, Clause]:
    """Return the aggregations that `voices` reads; `precision` is what Elasticsearch is asked for, its own without."""
    return {
        "authors": {"cardinality": {"field": "author", **precision}},
        "unsigned": {
            "filter": {"bool": {"must_not": {"exists": {"field": "author"}}}},
            "aggs": {"sources": {"cardinality": {"field": "source"}}},
        },
    }


def voices(bucket: Mapping[str, Any]) -> int:
    """Return the distinct voices of a bucket of `by_voice`: a source that names no author is one."""
    return int(bucket["authors"]["value"] + bucket["unsigned"]["sources"]["value"])


def buckets(answer: Answer, *path: str) -> Sequence[Mapping[str, Any]]:
    """Return the buckets at `path` in the aggregations; none where no index answered."""
    found: Mapping[str, Any] = answer.get("aggregations", {})
    for name in path:
        found = found.get(name, {})
    at_path: Sequence[Mapping[str, Any]] = found.get("buckets", ())
    return at_path


def counts(answer: Answer, *path: str) -> Mapping[str, int]:
    """Return how many documents each bucket at `path` holds."""
    return {bucket["key"]: bucket["doc_count"] for bucket in buckets(answer, *path)}
