"""The questions of who compares platforms: what each gives of what is said, and what our own accounts get there."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from watcher.stores.documents import read
from watcher.stores.elastic import ACCOUNTS
from watcher.stores.journal.file import instant
from watcher.stores.queries.asking import Asking
from watcher.stores.queries.clauses import (
    FROM_OTHERS,
    Answer,
    Clause,
    all_of,
    buckets,
    by_voice,
    counts,
    facet,
    voices,
    within,
)

ENGAGED = ("likes", "comments", "replies", "reposts", "quotes", "shares", "saves")
"""The counters of what people did with a post; having seen it is no deed."""

_ACTIVE_FROM = 2
_MOST_ACTIVE = 50_000
_ACCOUNTS = 50


@dataclass(frozen=True, slots=True)
class Heard:
    """What one platform gave in a period, our own posts and what is off subject left out.

    `voices` are distinct authors, a source that names none being one; `active` those who wrote twice at least, None
    where they are too many to be counted. `topics` are posts by topic; `since` is when its first post was collected.
    """

    posts: int = 0
    about_us: int = 0
    voices: int = 0
    active: int | None = 0
    to_answer: int = 0
    topics: Mapping[str, int] = field(default_factory=dict)
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Own:
    """What our accounts on one platform got in a period.

    `followers` are those of all of them, as they were counted last, at `counted_at`; None where nobody counted them.
    `engagement` adds up the counters of our posts as they were read last, None where they have none.
    """

    posts: int = 0
    engagement: int | None = None
    followers: int | None = None
    counted_at: datetime | None = None

    @property
    def per_thousand(self) -> float | None:
        """Return the engagement for a thousand followers, None where one of the two is not known."""
        return 1_000 * self.engagement / self.followers if self.engagement is not None and self.followers else None


@dataclass(frozen=True, slots=True)
class Compared:
    """What is known of each platform, by its name."""

    heard: Mapping[str, Heard] = field(default_factory=dict)
    own: Mapping[str, Own] = field(default_factory=dict)


class Platforms(Asking):
    """The questions. Each raises what `Asking` says."""

    async def compared(self, since: datetime, until: datetime) -> Compared:
        """Return what each platform gave in [`since`, `until`), and what our accounts there got."""
        period = within(since, until)
        heard, own, firsts, followers = await asyncio.gather(
            self._search(
                size=0,
                track_total_hits=False,
                query=_told(period),
                aggs=_by_platform(_HEARD),
                filter_path="-**.active.buckets",  # their number is enough
            ),
            self._search(size=0, track_total_hits=False, query=_ours(period), aggs=_by_platform(_OWN)),
            self._search(size=0, track_total_hits=False, aggs=_by_platform(_FIRST)),
            self._search(
                family=ACCOUNTS,
                size=0,
                track_total_hits=False,
                query=_counted(since, until),
                aggs=_by_platform(_LATEST),
            ),
        )
        began = {bucket["key"]: instant(int(bucket["first"]["value"])) for bucket in _platforms(firsts)}
        heard_of = {bucket["key"]: bucket for bucket in _platforms(heard)}
        return Compared(
            heard={name: _heard(heard_of.get(name), first) for name, first in began.items()},
            own=_own(own, followers),
        )


def _told(period: Clause) -> Clause:
    return all_of(FROM_OTHERS, period)


def _ours(period: Clause) -> Clause:
    return all_of({"term": {"is_own": True}}, period)


def _counted(since: datetime, until: datetime) -> Clause:
    days = {"gte": since.date().isoformat(), "lte": until.date().isoformat()}
    return all_of({"range": {"day": days}}, {"exists": {"field": "followers"}})


def _by_platform(inside: Mapping[str, Clause]) -> Mapping[str, Clause]:
    return {"platforms": {**facet("platform"), "aggs": inside}}


_HEARD: Mapping[str, Clause] = {
    "about_us": {"filter": {"term": {"relevance": "institution"}}},
    "to_answer": {"filter": {"term": {"to_answer": True}}},
    **by_voice(),
    "active": {"terms": {"field": "author", "min_doc_count": _ACTIVE_FROM, "size": _MOST_ACTIVE}},
    "actives": {"stats_bucket": {"buckets_path": "active>_count"}},
    "topics": facet("topics"),
}
_OWN: Mapping[str, Clause] = {name: {"stats": {"field": f"metrics.{name}"}} for name in ENGAGED}
_FIRST: Mapping[str, Clause] = {"first": {"min": {"field": "collected_at"}}}
_LATEST: Mapping[str, Clause] = {
    "accounts": {
        "terms": {"field": "account", "size": _ACCOUNTS},
        "aggs": {"latest": {"top_hits": {"size": 1, "sort": [{"day": "desc"}], "_source": ["followers", "asked_at"]}}},
    }
}


def _platforms(answer: Answer) -> Any:
    return buckets(answer, "platforms")


def _heard(bucket: Mapping[str, Any] | None, first: datetime) -> Heard:
    if bucket is None:
        return Heard(since=first)
    active = bucket["active"]
    return Heard(
        posts=bucket["doc_count"],
        about_us=bucket["about_us"]["doc_count"],
        voices=voices(bucket),
        active=None if active["sum_other_doc_count"] else bucket["actives"]["count"],
        to_answer=bucket["to_answer"]["doc_count"],
        topics=counts({"aggregations": bucket}, "topics"),
        since=first,
    )


def _own(posts: Answer, figures: Answer) -> Mapping[str, Own]:
    told = {bucket["key"]: bucket for bucket in _platforms(posts)}
    accounts = {bucket["key"]: _latest(bucket) for bucket in _platforms(figures)}
    found = {}
    for name in {**told, **accounts}:
        sums = [told[name][metric] for metric in ENGAGED] if name in told else []
        is_counted = any(each["count"] for each in sums)
        latest = accounts.get(name, [])
        found[name] = Own(
            posts=told[name]["doc_count"] if name in told else 0,
            engagement=int(sum(each["sum"] for each in sums)) if is_counted else None,
            followers=sum(each["followers"] for each in latest) if latest else None,
            counted_at=read(min(each["asked_at"] for each in latest)) if latest else None,
        )
    return found


def _latest(platform: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the last figures of each account of a platform."""
    return [bucket["latest"]["hits"]["hits"][0]["_source"] for bucket in platform["accounts"]["buckets"]]
