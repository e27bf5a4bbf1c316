"""The questions of who searches: what was said with these words, there, then, each post once however pages turn."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from watcher.french import PARIS
from watcher.stores.journal.file import instant, milliseconds
from watcher.stores.queries.clauses import OFF_SUBJECT, Clause, PlacedPost, all_of, buckets, dated, undated, within
from watcher.stores.queries.paging import Bookmark, Paging

WALK = 1_000
"""Posts of one answer when all are read one after the other."""

_DAY = timedelta(days=1)

_UNDERSTOOD = "PHRASE|NOT|OR|WHITESPACE"
"""What is more than a word: "quotes", a minus before, a bar between. All else that people type is text."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: posts that stand in [`since`, `until`), of the values that are given, with all of `words`.

    Without a relevance, what is off subject is left out.
    """

    since: datetime
    until: datetime
    words: str = ""
    platform: str | None = None
    topic: str | None = None
    departement: str | None = None
    intent: str | None = None
    relevance: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found, the latest first, and where it ends when there is more."""

    posts: tuple[PlacedPost, ...]
    end: Bookmark | None


@dataclass(frozen=True, slots=True)
class DayCount:
    """Posts of one day of the region."""

    day: date
    posts: int


class Explorer(Paging):
    """The questions. Each raises what `Asking` says; no words, whatever is typed, are refused."""

    async def page(self, search: Search, limit: int, after: Bookmark | None = None) -> Found:
        """Return at most `limit` posts, those behind `after`.

        Of one `search`, pages that follow each other hold each post once, whatever is collected meanwhile.
        """
        filters = _filters(search)
        found = await self._latest(filters, limit + 1, search.until, since=search.since, after=after)
        shown = found[:limit]
        end = Bookmark(milliseconds(shown[-1].at), shown[-1].post.id) if len(found) > limit else None
        return Found(tuple(shown), end)

    async def days(self, search: Search) -> list[DayCount]:
        """Return how many posts were found on each day of the period, the empty ones too."""
        answer = await self._search(
            size=0,
            track_total_hits=False,
            query=all_of(within(search.since, search.until), *_filters(search)),
            aggs={
                "dated": {"filter": dated(search.until), "aggs": {"days": _by_day("published_at")}},
                "undated": {"filter": undated(search.until), "aggs": {"days": _by_day("collected_at")}},
            },
        )
        last = (search.until - timedelta(microseconds=1)).astimezone(PARIS).date()
        first = search.since.astimezone(PARIS).date()
        found = {first + number * _DAY: 0 for number in range((last - first).days + 1)}
        for bucket in [*buckets(answer, "dated", "days"), *buckets(answer, "undated", "days")]:
            found[instant(bucket["key"]).astimezone(PARIS).date()] += bucket["doc_count"]
        return [DayCount(day, posts) for day, posts in found.items()]

    async def walk(self, search: Search, limit: int) -> AsyncIterator[PlacedPost]:
        """Yield at most `limit` posts, the latest first."""
        after: Bookmark | None = None
        left = limit
        while left > 0:
            found = await self.page(search, min(left, WALK), after)
            for each in found.posts:
                yield each
            left -= len(found.posts)
            after = found.end
            if after is None:
                return


def _filters(search: Search) -> list[Clause]:
    terms = {
        "platform": search.platform,
        "topics": search.topic,
        "departements": search.departement,
        "intent": search.intent,
        "relevance": search.relevance,
    }
    filters: list[Clause] = [{"term": {name: value}} for name, value in terms.items() if value is not None]
    if search.relevance is None:
        filters.append({"bool": {"must_not": OFF_SUBJECT}})
    if search.words:
        filters.append(
            {
                "simple_query_string": {
                    "query": search.words,
                    "fields": ["title", "text"],
                    "default_operator": "and",
                    "flags": _UNDERSTOOD,
                }
            }
        )
    return filters


def _by_day(time_field: str) -> Clause:
    histogram = {"field": time_field, "calendar_interval": "day", "time_zone": PARIS.key, "min_doc_count": 1}
    return {"date_histogram": histogram}
