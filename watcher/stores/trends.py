"""Trends in Elasticsearch: the walk over the posts they are made of, what is said of each, and their documents."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from watcher.model import Post, PostId
from watcher.stores.documents import from_document, written
from watcher.stores.elastic import ALERTS, TRENDS, Elastic, our_errors
from watcher.stores.journal.file import instant, milliseconds
from watcher.stores.journal.outbox import Write
from watcher.trend import Alert, Hearing, Key, Kind, Trend, TrendState, Why, keyed, unkeyed

PAGE = 2_000
SAMPLE = 200
_STEMS = 12
_HOUR = timedelta(hours=1)
_LONGEST = timedelta(hours=26)
"""A trend lives a day and an hour at least; what comes later of its term explains another."""

_BACKGROUND = timedelta(days=28)

_FIELDS: Mapping[Kind, str] = {
    "hashtag": "hashtags",
    "theme": "topics",
    "commune": "communes",
    "departement": "departements",
    "plateforme": "platform",
    "site": "domains",
}
"""Where a post's document holds the terms of each kind; those of the others stand in its text."""

_HEARD = (
    "id platform source title text published_at collected_at author author_kind is_own is_repost is_truncated story"
    " relevance intent to_answer topics hashtags communes departements domains"
).split()
"""What the fold hears of a post, and what every post has: without the rest, they come half as fast again."""

_TO_CLOSE = timedelta(minutes=10)
"""How long after its end a tick closes: see `ticks.GRACE_S`."""

_NOT_OFF_SUBJECT = {"bool": {"must_not": {"term": {"relevance": "hors_sujet"}}}}


@dataclass(frozen=True, slots=True)
class Position:
    """Where a walk stands: after the post `id` among those stored at `stored_at_ms`."""

    stored_at_ms: int
    id: str = ""


@dataclass(frozen=True, slots=True)
class Walked:
    """One post, and where the walk stands behind it."""

    post: Post
    position: Position

    @property
    def stored_at(self) -> datetime:
        """When the post was first stored."""
        return instant(self.position.stored_at_ms)


@dataclass(frozen=True, slots=True)
class Sample:
    """The first posts of a trend, the stems that it uses more than others do, and its posts every ten minutes."""

    posts: tuple[Post, ...]
    stems: tuple[str, ...]
    curve: tuple[int, ...]


async def walk(elastic: Elastic, position: Position, until: datetime, size: int = PAGE) -> AsyncIterator[list[Walked]]:
    """Yield the posts stored from `position` on up to `until`, `size` at a time, but those off subject.

    Of each, what the fold hears and nothing else. The next page comes while one is folded. Raises `Unreachable`, and
    `Permanent` when Elasticsearch refuses.
    """
    coming = asyncio.create_task(_page(elastic, position, until, size))
    try:
        while page := await coming:
            coming = asyncio.create_task(_page(elastic, page[-1].position, until, size))
            yield page
    finally:
        coming.cancel()


async def _page(elastic: Elastic, after: Position, until: datetime, size: int) -> list[Walked]:
    stored = {"gte": after.stored_at_ms, "lte": milliseconds(until), "format": "epoch_millis"}
    answer = await _search(
        elastic,
        elastic.posts,
        query={"bool": {"filter": [_NOT_OFF_SUBJECT, {"range": {"stored_at": stored}}]}},
        sort=[{"stored_at": "asc"}, {"id": "asc"}],
        search_after=[after.stored_at_ms, after.id],
        source_includes=_HEARD,
        size=size,
    )
    return [Walked(from_document(hit["_source"]), Position(*hit["sort"])) for hit in answer["hits"]["hits"]]


async def sample(elastic: Elastic, trend: Trend) -> Sample:
    """Return posts of `trend`, from an hour before it began: what sets them apart from four weeks. Raises as `walk`.

    What was stored since its latest tick closed is left out, so that a back-test explains it as it was told.
    """
    begin = trend.since - _HOUR
    since = {"range": {"collected_at": {"gte": written(begin), "lt": written(begin + _LONGEST)}}}
    before = {"range": {"collected_at": {"gte": written(begin - _BACKGROUND), "lt": written(begin + _LONGEST)}}}
    known = _known(trend)
    answer = await _search(
        elastic,
        elastic.posts,
        query={"bool": {"filter": [_NOT_OFF_SUBJECT, since, known, _saying(trend)]}},
        sort=[{"collected_at": "asc"}, {"id": "asc"}],
        size=SAMPLE,
        aggs={
            "stems": {
                "significant_text": {
                    "field": "text",
                    "size": _STEMS,
                    "filter_duplicate_text": True,
                    "background_filter": {"bool": {"filter": [before, known]}},
                }
            },
            "curve": {
                "date_histogram": {
                    "field": "collected_at",
                    "fixed_interval": "10m",
                    "min_doc_count": 0,
                    "extended_bounds": {"min": written(trend.curve_start)},
                }
            },
        },
    )
    found = answer.get("aggregations", {})
    return Sample(
        tuple(from_document(hit["_source"]) for hit in answer["hits"]["hits"]),
        tuple(bucket["key"] for bucket in found.get("stems", {}).get("buckets", ())),
        tuple(bucket["doc_count"] for bucket in found.get("curve", {}).get("buckets", ())),
    )


async def beginning(elastic: Elastic, trend: Trend) -> list[Post]:
    """Return what was posted in the hour in which `trend` began, whatever it says. Raises as `walk`."""
    hour = {"range": {"collected_at": {"gte": written(trend.since), "lt": written(trend.since + _HOUR)}}}
    answer = await _search(
        elastic,
        elastic.posts,
        query={"bool": {"filter": [_NOT_OFF_SUBJECT, hour, _known(trend)]}},
        sort=[{"collected_at": "asc"}, {"id": "asc"}],
        size=PAGE,
    )
    return [from_document(hit["_source"]) for hit in answer["hits"]["hits"]]


async def posts_of(elastic: Elastic, ids: Sequence[PostId]) -> list[Post]:
    """Return the posts of those `ids` that are stored. Raises as `walk`."""
    answer = await _search(elastic, elastic.posts, query={"ids": {"values": list(ids)}}, size=len(ids))
    return [from_document(hit["_source"]) for hit in answer["hits"]["hits"]]


def _known(trend: Trend) -> Mapping[str, Any]:
    return {"range": {"stored_at": {"lt": written(trend.latest.at + _TO_CLOSE)}}}


def _saying(trend: Trend) -> Mapping[str, Any]:
    if trend.kind == "a_repondre":
        return {"term": {"to_answer": True}}
    if trend.kind in _FIELDS:
        return {"term": {_FIELDS[trend.kind]: trend.term}}
    return {"multi_match": {"query": trend.called, "type": "phrase", "fields": ["title", "text"]}}


def trend_write(trend: Trend) -> Write:
    """Return the write of what a trend has become; a later tick's takes its place."""
    return Write(TRENDS, trend.id, milliseconds(trend.latest.at), _body(trend))


def alert_write(alert: Alert) -> Write:
    """Return the write of an alert; told again, it is the same."""
    body = {"trend": alert.trend.id, "at": written(alert.at), "sentence": alert.sentence, **_named(alert.trend)}
    return Write(ALERTS, alert.id, milliseconds(alert.at), body)


def trend_of(document: Mapping[str, Any]) -> Trend:
    """Return the trend that a document tells of."""
    why = document.get("why", {})
    return Trend(
        kind=document["kind"],
        term=document["term"],
        since=datetime.fromisoformat(document["since"]),
        latest=Hearing(
            datetime.fromisoformat(document["heard_at"]), document["score"], document["voices"], document["expected"]
        ),
        peak=Hearing(
            datetime.fromisoformat(document["peak_at"]),
            document["peak"],
            document["peak_voices"],
            document["peak_expected"],
        ),
        state=TrendState(document["state"]),
        why=Why(
            terms=tuple(why.get("terms", ())),
            examples=tuple(map(PostId, why.get("examples", ()))),
            platforms=tuple(why.get("platforms", ())),
            departements=tuple(why.get("departements", ())),
            communes=tuple(why.get("communes", ())),
            authors=why.get("authors", 0),
            first=why.get("first", ""),
            first_platform=why.get("first_platform", ""),
            called=why.get("called", ""),
            curve=tuple(why.get("curve", ())),
        ),
        part_of=_key(document.get("part_of")),
        parts=tuple(map(unkeyed, document.get("parts", ()))),
        split_from=_key(document.get("split_from")),
    )


def _body(trend: Trend) -> dict[str, Any]:
    return {
        **_named(trend),
        "state": trend.state.value,
        "heard_at": written(trend.latest.at),
        "score": trend.latest.score,
        "voices": trend.latest.voices,
        "expected": trend.latest.expected,
        "peak": trend.peak.score,
        "peak_at": written(trend.peak.at),
        "peak_voices": trend.peak.voices,
        "peak_expected": trend.peak.expected,
        "why": {
            "terms": list(trend.why.terms),
            "examples": list(trend.why.examples),
            "platforms": list(trend.why.platforms),
            "departements": list(trend.why.departements),
            "communes": list(trend.why.communes),
            "authors": trend.why.authors,
            "first": trend.why.first,
            "first_platform": trend.why.first_platform,
            "called": trend.why.called,
            "curve": list(trend.why.curve),
        },
        "part_of": keyed(*trend.part_of) if trend.part_of else None,
        "parts": [keyed(*part) for part in trend.parts],
        "split_from": keyed(*trend.split_from) if trend.split_from else None,
    }


def _key(written: str | None) -> Key | None:
    return unkeyed(written) if written else None


def _named(trend: Trend) -> dict[str, Any]:
    return {"kind": trend.kind, "term": trend.term, "since": written(trend.since)}


async def _search(elastic: Elastic, index: str, **request: Any) -> Mapping[str, Any]:
    with our_errors():
        answer = await elastic.client.search(
            index=index, ignore_unavailable=True, allow_no_indices=True, track_total_hits=False, **request
        )
        return dict(answer)
