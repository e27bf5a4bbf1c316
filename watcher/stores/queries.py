"""What people look at, asked of Elasticsearch: the page's and the demo's questions, answered with values.

Plain search DSL only: no script, no runtime field, no ES|QL, since the embedded node has none.

A post is placed in time at its own date. Where it has none, or one that is still to come (a feed once said 2030),
it is placed at the time when we first collected it, so that a wrong date neither hides a post nor pins it on top.
"""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from elastic_transport import ObjectApiResponse
from elasticsearch import AsyncElasticsearch

from watcher.model import Post, PostId
from watcher.stores.documents import from_document
from watcher.stores.elastic import POSTS, TRENDS, our_errors
from watcher.stores.trends import trend_of
from watcher.trend import Trend, TrendState

Clause = Mapping[str, object]
"""One piece of Elasticsearch's search DSL."""

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_TIMEOUT_S = 5.0  # who waits longer for a page has gone
_FACETS = 200  # more topics, sources, platforms or départements than a team will ever name
_PER_SHOWN = 3  # posts looked at for each that is shown: some are copies
_CANDIDATES = 10  # tags looked at for each that is shown: the order by voices differs from the order by posts


@dataclass(frozen=True, slots=True)
class Selection:
    """Which posts are asked for. `set_aside` asks for those off subject, which every other question leaves out."""

    topic: str | None = None
    departement: str | None = None
    to_answer: bool = False
    set_aside: bool = False


EVERYTHING = Selection()


@dataclass(frozen=True, slots=True)
class PlacedPost:
    """A post, where it stands in time (see the module), and how many others are copies of it.

    `answered_at` is when an account of ours first answered it.
    """

    at: datetime
    post: Post
    copies: int = 0
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HashtagCount:
    """How many posts bear a tag, and how many distinct voices wrote them; a source that names no author is one."""

    tag: str
    posts: int
    voices: int


@dataclass(frozen=True, slots=True)
class ShownTrend:
    """A trend, and those of its examples that were not erased since."""

    trend: Trend
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class HourCount:
    """Posts of one hour, which starts at `start` (UTC)."""

    start: datetime
    posts: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Posts of a period. What is off subject counts in `by_relevance` and `by_source` only."""

    posts: int = 0
    to_answer: int = 0
    by_relevance: Mapping[str, int] = field(default_factory=dict)
    by_source: Mapping[str, int] = field(default_factory=dict)
    by_topic: Mapping[str, int] = field(default_factory=dict)
    by_platform: Mapping[str, int] = field(default_factory=dict)
    by_departement: Mapping[str, int] = field(default_factory=dict)


class Queries:
    """The questions. Each raises `Unreachable` when Elasticsearch is away or busy, `Permanent` when it refuses.

    An index that does not exist yet holds no post.
    """

    def __init__(self, client: AsyncElasticsearch, prefix: str) -> None:
        self._client = client.options(request_timeout=_TIMEOUT_S)
        self._index = f"{prefix}{POSTS}"
        self._trends = f"{prefix}{TRENDS}"

    async def latest(self, limit: int, until: datetime, selection: Selection = EVERYTHING) -> list[PlacedPost]:
        """Return at most `limit` posts placed before `until`, the latest first."""
        kept = _kept(selection)
        dated, undated = await asyncio.gather(
            self._search(size=limit, query=_all_of(*kept, _dated(until)), sort=_newest("published_at")),
            self._search(size=limit, query=_all_of(*kept, _undated(until)), sort=_newest("collected_at")),
        )
        hits = [*dated["hits"]["hits"], *undated["hits"]["hits"]]
        placed = [_placed(from_document(hit["_source"]), until) for hit in hits]
        posts = sorted(placed, key=lambda placed: (placed.at, placed.post.id), reverse=True)[:limit]
        answers = await self.answers([placed.post.id for placed in posts])
        return [replace(placed, answered_at=answers.get(placed.post.id)) for placed in posts]

    async def answers(self, ids: Collection[PostId]) -> Mapping[PostId, datetime]:
        """Return when an account of ours first answered those of `ids` that it answered, directly below them."""
        answer = await self._search(
            size=0,
            query=_all_of({"term": {"is_own": True}}, {"terms": {"reply_to": list(ids)}}),
            aggs={
                "answered": {
                    "terms": {"field": "reply_to", "size": max(len(ids), 1)},
                    "aggs": {"said": {"min": {"field": "published_at"}}, "read": {"min": {"field": "collected_at"}}},
                }
            },
        )
        first = {
            PostId(bucket["key"]): bucket["said"]["value"] or bucket["read"]["value"]
            for bucket in _buckets(answer, "answered")
        }
        return {post_id: datetime.fromtimestamp(ms / 1000, UTC) for post_id, ms in first.items()}

    async def latest_stories(self, limit: int, until: datetime, selection: Selection = EVERYTHING) -> list[PlacedPost]:
        """Return what `latest` does, but of copies only the latest, with their number.

        Who waits for an answer is always there, copied or not.
        """
        placed = list(_one_a_story(await self.latest(limit * _PER_SHOWN, until, selection)))[:limit]
        stories = [each.post.story for each in placed if each.post.story]
        answer = await self._search(
            size=0, query=_all_of({"terms": {"story": stories}}), aggs={"told": _facet("story")}
        )
        told = _counts(answer, "told")
        return [replace(each, copies=told.get(each.post.story or "", 1) - 1) for each in placed]

    async def top_hashtags(
        self, since: datetime, until: datetime, limit: int, selection: Selection = EVERYTHING
    ) -> list[HashtagCount]:
        """Return the period's tags, folded, those of most voices first: who repeats one tag remains one voice."""
        unsigned = {"bool": {"must_not": {"exists": {"field": "author"}}}}
        answer = await self._search(
            size=0,
            query=_all_of(*_kept(selection), _within(since, until)),
            aggs={
                "tags": {
                    "terms": {"field": "hashtags", "size": limit * _CANDIDATES},
                    "aggs": {
                        "authors": {"cardinality": {"field": "author"}},
                        "unsigned": {"filter": unsigned, "aggs": {"sources": {"cardinality": {"field": "source"}}}},
                    },
                }
            },
        )
        counts = [
            HashtagCount(
                tag=bucket["key"],
                posts=bucket["doc_count"],
                voices=bucket["authors"]["value"] + bucket["unsigned"]["sources"]["value"],
            )
            for bucket in _buckets(answer, "tags")
        ]
        return sorted(counts, key=lambda count: (-count.voices, -count.posts, count.tag))[:limit]

    async def volume_by_hour(
        self, since: datetime, until: datetime, selection: Selection = EVERYTHING
    ) -> list[HourCount]:
        """Return every hour from the one that holds `since` to the one before `until`, the empty ones too."""
        answer = await self._search(
            size=0,
            query=_all_of(*_kept(selection), _within(since, until)),
            aggs={
                "dated": {"filter": _dated(until), "aggs": {"hours": _by_hour("published_at")}},
                "undated": {"filter": _undated(until), "aggs": {"hours": _by_hour("collected_at")}},
            },
        )
        counts = dict.fromkeys(_hours(since, until), 0)
        for bucket in [*_buckets(answer, "dated", "hours"), *_buckets(answer, "undated", "hours")]:
            counts[datetime.fromtimestamp(bucket["key"] / 1000, UTC)] += bucket["doc_count"]
        return [HourCount(start, posts) for start, posts in counts.items()]

    async def totals(self, since: datetime, until: datetime) -> Totals:
        """Return the period's figures, by what the page filters on."""
        kept: Clause = {
            "filter": _all_of(*_kept(EVERYTHING)),
            "aggs": {
                "topics": _facet("topics"),
                "platforms": _facet("platform"),
                "departements": _facet("departements"),
                "to_answer": {"filter": {"term": {"to_answer": True}}},
            },
        }
        answer = await self._search(
            size=0,
            query=_all_of(_within(since, until)),
            aggs={"relevance": _facet("relevance"), "sources": _facet("source"), "kept": kept},
        )
        found = answer.get("aggregations", {}).get("kept")
        if found is None:
            return Totals()
        return Totals(
            posts=found["doc_count"],
            to_answer=found["to_answer"]["doc_count"],
            by_relevance=_counts(answer, "relevance"),
            by_source=_counts(answer, "sources"),
            by_topic=_counts(answer, "kept", "topics"),
            by_platform=_counts(answer, "kept", "platforms"),
            by_departement=_counts(answer, "kept", "departements"),
        )

    async def trends(self, now: datetime, limit: int) -> list[ShownTrend]:
        """Return the last day's trends that are neither over nor part of another, at most `limit`, the best first."""
        answer = await self._search(
            index=self._trends,
            size=limit * _CANDIDATES,
            query={
                "bool": {
                    "filter": {"range": {"peak_at": {"gte": (now - _DAY).isoformat()}}},
                    "must_not": [{"term": {"state": TrendState.OVER.value}}, {"exists": {"field": "part_of"}}],
                }
            },
            sort=[{"peak_at": {"order": "desc", "unmapped_type": "date"}}],
        )
        trends = [trend_of(hit["_source"]) for hit in answer["hits"]["hits"]]
        trends = sorted(trends, key=lambda trend: trend.rank(now), reverse=True)[:limit]
        ids = [post_id for trend in trends for post_id in trend.why.examples]
        found = await self._search(size=len(ids), query={"ids": {"values": ids}})
        posts = {hit["_id"]: from_document(hit["_source"]) for hit in found["hits"]["hits"]}
        return [ShownTrend(trend, tuple(posts[i] for i in trend.why.examples if i in posts)) for trend in trends]

    async def _search(self, *, index: str | None = None, **request: Any) -> ObjectApiResponse[Any]:
        with our_errors():
            return await self._client.search(
                index=index or self._index, ignore_unavailable=True, allow_no_indices=True, **request
            )


def _all_of(*filters: Clause) -> Clause:
    return {"bool": {"filter": list(filters)}}


def _dated(until: datetime) -> Clause:
    return {"range": {"published_at": {"lt": until.isoformat()}}}


def _undated(until: datetime) -> Clause:
    return {"bool": {"must_not": _dated(until), "filter": {"range": {"collected_at": {"lt": until.isoformat()}}}}}


def _within(since: datetime, until: datetime) -> Clause:
    start = {"gte": since.isoformat()}
    dated = _all_of(_dated(until), {"range": {"published_at": start}})
    undated = _all_of(_undated(until), {"range": {"collected_at": start}})
    return {"bool": {"should": [dated, undated], "minimum_should_match": 1}}


def _kept(selection: Selection) -> list[Clause]:
    off_subject = {"term": {"relevance": "hors_sujet"}}
    filters: list[Clause] = [off_subject if selection.set_aside else {"bool": {"must_not": off_subject}}]
    if selection.topic is not None:
        filters.append({"term": {"topics": selection.topic}})
    if selection.departement is not None:
        filters.append({"term": {"departements": selection.departement}})
    if selection.to_answer:
        filters.append({"term": {"to_answer": True}})
    return filters


def _newest(time_field: str) -> list[Clause]:
    return [
        {time_field: {"order": "desc", "unmapped_type": "date"}},
        {"id": {"order": "desc", "unmapped_type": "keyword"}},
    ]


def _by_hour(time_field: str) -> Clause:
    return {"date_histogram": {"field": time_field, "fixed_interval": "1h", "min_doc_count": 1}}


def _facet(name: str) -> Clause:
    return {"terms": {"field": name, "size": _FACETS}}


def _hours(since: datetime, until: datetime) -> Iterator[datetime]:
    hour = since.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    while hour < until:
        yield hour
        hour += _HOUR


def _buckets(answer: ObjectApiResponse[Any], *path: str) -> Sequence[Mapping[str, Any]]:
    """Return the buckets at `path` in the aggregations; none where no index answered."""
    found: Mapping[str, Any] = answer.get("aggregations", {})
    for name in path:
        found = found.get(name, {})
    buckets: Sequence[Mapping[str, Any]] = found.get("buckets", ())
    return buckets


def _counts(answer: ObjectApiResponse[Any], *path: str) -> Mapping[str, int]:
    return {bucket["key"]: bucket["doc_count"] for bucket in _buckets(answer, *path)}


def _one_a_story(placed: Iterable[PlacedPost]) -> Iterator[PlacedPost]:
    """Yield the first of each story, and all those that wait for an answer or tell no story."""
    told: set[str] = set()
    for each in placed:
        is_waiting = each.post.reading is not None and each.post.reading.to_answer
        if each.post.story is None or is_waiting or each.post.story not in told:
            yield each
        if each.post.story is not None:
            told.add(each.post.story)


def _placed(post: Post, until: datetime) -> PlacedPost:
    if post.published_at is None or post.published_at >= until:
        return PlacedPost(post.collected_at, post)
    return PlacedPost(post.published_at, post)
