"""The questions of the first page: the latest posts, their figures, and what more voices speak of than was expected."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from watcher.model import Post
from watcher.stores.documents import from_document
from watcher.stores.elastic import TRENDS
from watcher.stores.queries.answers import Answering
from watcher.stores.queries.clauses import (
    OFF_SUBJECT,
    Clause,
    PlacedPost,
    all_of,
    buckets,
    by_voice,
    counts,
    dated,
    facet,
    undated,
    voices,
    within,
)
from watcher.stores.queries.paging import Paging
from watcher.stores.trends import trend_of
from watcher.trend import Trend, TrendState

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
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


class Queries(Answering, Paging):
    """The questions. Each raises what `Asking` says."""

    async def latest(self, limit: int, until: datetime, selection: Selection = EVERYTHING) -> list[PlacedPost]:
        """Return at most `limit` posts placed before `until`, the latest first."""
        posts = await self._latest(_kept(selection), limit, until)
        answers = await self.answers([each.post for each in posts]) if posts else {}
        return [replace(each, answered_at=answers.get(each.post.id)) for each in posts]

    async def latest_stories(self, limit: int, until: datetime, selection: Selection = EVERYTHING) -> list[PlacedPost]:
        """Return what `latest` does, but of copies only the latest, with their number.

        Who waits for an answer is always there, copied or not.
        """
        shown = list(_one_a_story(await self.latest(limit * _PER_SHOWN, until, selection)))[:limit]
        stories = [each.post.story for each in shown if each.post.story]
        answer = await self._search(
            size=0, track_total_hits=False, query=all_of({"terms": {"story": stories}}), aggs={"told": facet("story")}
        )
        told = counts(answer, "told")
        return [replace(each, copies=told.get(each.post.story or "", 1) - 1) for each in shown]

    async def top_hashtags(
        self, since: datetime, until: datetime, limit: int, selection: Selection = EVERYTHING
    ) -> list[HashtagCount]:
        """Return the period's tags, folded, those of most voices first: who repeats one tag remains one voice."""
        answer = await self._search(
            size=0,
            track_total_hits=False,
            query=all_of(*_kept(selection), within(since, until)),
            aggs={
                "tags": {
                    "terms": {"field": "hashtags", "size": limit * _CANDIDATES},
                    "aggs": by_voice(),
                }
            },
        )
        found = [
            HashtagCount(tag=bucket["key"], posts=bucket["doc_count"], voices=voices(bucket))
            for bucket in buckets(answer, "tags")
        ]
        return sorted(found, key=lambda count: (-count.voices, -count.posts, count.tag))[:limit]

    async def volume_by_hour(
        self, since: datetime, until: datetime, selection: Selection = EVERYTHING
    ) -> list[HourCount]:
        """Return every hour from the one that holds `since` to the one before `until`, the empty ones too."""
        answer = await self._search(
            size=0,
            track_total_hits=False,
            query=all_of(*_kept(selection), within(since, until)),
            aggs={
                "dated": {"filter": dated(until), "aggs": {"hours": _by_hour("published_at")}},
                "undated": {"filter": undated(until), "aggs": {"hours": _by_hour("collected_at")}},
            },
        )
        found = dict.fromkeys(_hours(since, until), 0)
        for bucket in [*buckets(answer, "dated", "hours"), *buckets(answer, "undated", "hours")]:
            found[datetime.fromtimestamp(bucket["key"] / 1000, UTC)] += bucket["doc_count"]
        return [HourCount(start, posts) for start, posts in found.items()]

    async def totals(self, since: datetime, until: datetime) -> Totals:
        """Return the period's figures, by what the page filters on."""
        kept: Clause = {
            "filter": all_of(*_kept(EVERYTHING)),
            "aggs": {
                "topics": facet("topics"),
                "platforms": facet("platform"),
                "departements": facet("departements"),
                "to_answer": {"filter": {"term": {"to_answer": True}}},
            },
        }
        answer = await self._search(
            size=0,
            track_total_hits=False,
            query=all_of(within(since, until)),
            aggs={"relevance": facet("relevance"), "sources": facet("source"), "kept": kept},
        )
        found = answer.get("aggregations", {}).get("kept")
        if found is None:
            return Totals()
        return Totals(
            posts=found["doc_count"],
            to_answer=found["to_answer"]["doc_count"],
            by_relevance=counts(answer, "relevance"),
            by_source=counts(answer, "sources"),
            by_topic=counts(answer, "kept", "topics"),
            by_platform=counts(answer, "kept", "platforms"),
            by_departement=counts(answer, "kept", "departements"),
        )

    async def trends(self, now: datetime, limit: int) -> list[ShownTrend]:
        """Return the last day's trends that are neither over nor part of another, at most `limit`, the best first."""
        answer = await self._search(
            family=TRENDS,
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


def _kept(selection: Selection) -> list[Clause]:
    filters: list[Clause] = [OFF_SUBJECT if selection.set_aside else {"bool": {"must_not": OFF_SUBJECT}}]
    if selection.topic is not None:
        filters.append({"term": {"topics": selection.topic}})
    if selection.departement is not None:
        filters.append({"term": {"departements": selection.departement}})
    if selection.to_answer:
        filters.append({"term": {"to_answer": True}})
    return filters


def _by_hour(time_field: str) -> Clause:
    return {"date_histogram": {"field": time_field, "fixed_interval": "1h", "min_doc_count": 1}}


def _hours(since: datetime, until: datetime) -> Iterator[datetime]:
    hour = since.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    while hour < until:
        yield hour
        hour += _HOUR


def _one_a_story(latest: Iterable[PlacedPost]) -> Iterator[PlacedPost]:
    """Yield the first of each story, and all those that wait for an answer or tell no story."""
    told: set[str] = set()
    for each in latest:
        is_waiting = each.post.reading is not None and each.post.reading.to_answer
        if each.post.story is None or is_waiting or each.post.story not in told:
            yield each
        if each.post.story is not None:
            told.add(each.post.story)
