"""What a period held, asked of Elasticsearch: the questions of the digests, answered with values.

Posts are placed in time as in `queries`. What is off subject, and what our own accounts wrote, counts nowhere here.
The names of those who wrote leave after a month (`upkeep.retention`): what must be told apart by name is then unknown,
and said to be.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from watcher.activity import AccountDay, Activity, Asked, Group, Span
from watcher.gaps import Fate, Gap
from watcher.model import GapCause, Post, PostId
from watcher.stores.documents import from_document, read, written
from watcher.stores.elastic import ACCOUNTS, TRENDS
from watcher.stores.journal.gaps import GAPS
from watcher.stores.queries.answers import Answering
from watcher.stores.queries.clauses import (
    FROM_OTHERS,
    Answer,
    Clause,
    all_of,
    buckets,
    by_voice,
    facet,
    placed,
    voices,
    within,
)
from watcher.stores.trends import trend_of
from watcher.trend import Trend

_MOST = 1_000  # more gaps, trends or figures of accounts than a week will ever have
_MOST_POSTS = 10_000  # what Elasticsearch gives at once; so many calls for an answer in a week are not read one by one
_AUTHORS_AT_ONCE = 5_000
_EXACT = 40_000  # the highest figure up to which Elasticsearch counts distinct voices with hardly an error

_MADE_GOOD: Clause = {"term": {"fate": Fate.HEARD.value}}
_PEOPLE: Clause = {"terms": {"author_kind": ["person", "unknown"]}}


class Activities(Answering):
    """The questions: see `Asking`. Spans are from a time on, which is in them, until another, which is not."""

    timeout_s = 30.0  # nobody waits for a digest as one does for a page

    async def of(self, span: Span) -> Activity:
        """Return what was said in `span`, by platform and by topic."""
        answer = await self._search(
            size=0,
            query=_posts(span),
            aggs={
                "total": {"filters": {"filters": [{"match_all": {}}]}, "aggs": _FIGURES},
                "platforms": {**facet("platform"), "aggs": _FIGURES},
                "topics": {**facet("topics"), "aggs": _FIGURES},
            },
        )
        total = [_group(bucket) for bucket in buckets(answer, "total")]
        return Activity(total[0] if total else Group(), _groups(answer, "platforms"), _groups(answer, "topics"))

    async def by_span(self, spans: Sequence[Span]) -> list[int]:
        """Return the posts of each of `spans`."""
        each = {"filters": {"filters": [within(*span) for span in spans]}}
        answer = await self._search(size=0, query=_posts(_whole(spans)), aggs={"spans": each})
        return [bucket["doc_count"] for bucket in buckets(answer, "spans")] or [0] * len(spans)

    async def writers(self, spans: Sequence[Span]) -> list[tuple[int, ...]]:
        """Return, for each person who wrote in one of `spans`, how many posts they wrote in each of them.

        Who is known to be a medium, an institution, a company or a program is no person.
        """
        query = _posts(_whole(spans), _PEOPLE)
        each = {"spans": {"filters": {"filters": [within(*span) for span in spans]}}}
        counts, after = list[tuple[int, ...]](), dict[str, Any]()
        while True:
            authors = {"size": _AUTHORS_AT_ONCE, "sources": [{"author": {"terms": {"field": "author"}}}], **after}
            answer = await self._search(size=0, query=query, aggs={"authors": {"composite": authors, "aggs": each}})
            found = buckets(answer, "authors")
            counts += [tuple(span["doc_count"] for span in author["spans"]["buckets"]) for author in found]
            if len(found) < _AUTHORS_AT_ONCE:
                return counts
            after = {"after": answer["aggregations"]["authors"]["after_key"]}

    async def asked(self, span: Span) -> list[Asked]:
        """Return the posts of `span` that call for an answer, and when an account of ours first answered each."""
        answer = await self._search(size=_MOST_POSTS, query=_posts(span, {"term": {"to_answer": True}}))
        posts = [from_document(hit["_source"]) for hit in answer["hits"]["hits"]]
        answers = await self.answers(posts) if posts else {}
        return [Asked(placed(post, span[1]).at, post, answers.get(post.id)) for post in posts]

    async def trends(self, span: Span) -> list[Trend]:
        """Return the trends that began before the end of `span` and were at their highest since its start."""
        since, until = map(written, span)
        alive = [{"range": {"since": {"lt": until}}}, {"range": {"peak_at": {"gte": since}}}]
        query = {"bool": {"filter": alive, "must_not": {"exists": {"field": "part_of"}}}}
        return [trend_of(hit) for hit in await self._documents(TRENDS, query)]

    async def quoted(self, ids: Collection[PostId]) -> Mapping[PostId, Post]:
        """Return those of the posts `ids` that are still there."""
        answer = await self._search(size=len(ids), query={"ids": {"values": list(ids)}})
        return {hit["_id"]: from_document(hit["_source"]) for hit in answer["hits"]["hits"]}

    async def gaps(self, span: Span) -> list[Gap]:
        """Return the gaps that touch `span` and were never made good: the journal forgets those of a year ago."""
        hits = await self._documents(GAPS, {"bool": {**_touching(span), "must_not": _MADE_GOOD}})
        return sorted(map(_gap, hits), key=lambda gap: (gap.since, gap.source))

    async def made_good(self, span: Span) -> int:
        """Return how many gaps that touch `span` were heard late."""
        query = {"bool": {**_touching(span), "must": _MADE_GOOD}}
        answer = await self._search(family=GAPS, query=query, size=0, track_total_hits=True)
        return int(answer["hits"].get("total", {}).get("value", 0))

    async def first_collected(self) -> Mapping[str, datetime]:
        """Return when the first post that is still kept of each source was collected."""
        sources = {"terms": {"field": "source", "size": _MOST}, "aggs": {"first": {"min": {"field": "collected_at"}}}}
        answer = await self._search(size=0, aggs={"sources": sources})
        return {
            bucket["key"]: datetime.fromtimestamp(bucket["first"]["value"] / 1000, UTC)
            for bucket in buckets(answer, "sources")
        }

    async def followers(self, first: date, last: date) -> list[AccountDay]:
        """Return the followers of our accounts on the days from `first` to `last`, as far as they were told."""
        days = {"range": {"day": {"gte": first.isoformat(), "lte": last.isoformat()}}}
        hits = await self._documents(ACCOUNTS, all_of(days, {"exists": {"field": "followers"}}))
        return [
            AccountDay(hit["platform"], hit["account"], date.fromisoformat(hit["day"]), hit["followers"])
            for hit in hits
        ]

    async def _documents(self, family: str, query: Clause) -> list[Mapping[str, Any]]:
        answer = await self._search(family=family, query=query, size=_MOST)
        return [hit["_source"] for hit in answer["hits"]["hits"]]


_FIGURES = {
    "to_answer": {"filter": {"term": {"to_answer": True}}},
    "sources": {"terms": {"field": "source", "size": _MOST}},
    "signed": {
        "filter": {"bool": {"must_not": {"exists": {"field": "blanked_at"}}}},
        "aggs": {
            **by_voice(precision_threshold=_EXACT),
        },
    },
}


def _posts(span: Span, *clauses: Clause) -> Clause:
    return all_of(FROM_OTHERS, within(*span), *clauses)


def _touching(span: Span) -> Mapping[str, list[Clause]]:
    since, until = map(written, span)
    lasting: Clause = {"bool": {"must_not": {"exists": {"field": "until"}}}}
    ended: Clause = {"bool": {"should": [{"range": {"until": {"gt": since}}}, lasting]}}
    return {"filter": [{"range": {"since": {"lt": until}}}, ended]}


def _whole(spans: Sequence[Span]) -> Span:
    return min(since for since, _ in spans), max(until for _, until in spans)


def _groups(answer: Answer, name: str) -> Mapping[str, Group]:
    return {bucket["key"]: _group(bucket) for bucket in buckets(answer, name)}


def _group(bucket: Mapping[str, Any]) -> Group:
    signed = bucket["signed"]
    return Group(
        posts=bucket["doc_count"],
        voices=voices(signed),
        nameless=bucket["doc_count"] - signed["doc_count"],
        to_answer=bucket["to_answer"]["doc_count"],
        by_source={source["key"]: source["doc_count"] for source in bucket["sources"]["buckets"]},
    )


def _gap(hit: Mapping[str, Any]) -> Gap:
    return Gap(
        source=hit["source"],
        platform=hit["platform"],
        cause=GapCause(hit["cause"]),
        since=datetime.fromisoformat(hit["since"]),
        until=read(hit.get("until")),
        fate=Fate(hit["fate"]),
        posts=hit.get("posts"),
    )
