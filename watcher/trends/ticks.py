"""Posts folded into trends, tick by tick, in the one order that the stores give them. Pure.

A tick is ten minutes of event time: when a post was published, as far as its collection makes that believable. It
closes ten minutes after its end, by the time of storing and not by the clock, so that live, after a restart and in a
rebuild the same posts make the same trends. What comes later enters what is usual, never a closed tick.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any

from pydantic import TypeAdapter

from pipelines.phrases import Phrases
from pipelines.sketches import Shares
from pipelines.trends import THRESHOLD, TICK_S, Emerging
from pipelines.volumes import THRESHOLD as RECORD
from pipelines.volumes import Volumes
from watcher.model import Post
from watcher.trend import (
    PHRASE,
    SOURCE,
    SPIKE,
    Calendar,
    Hearing,
    Key,
    Kind,
    Trend,
    TrendState,
    heard_again,
    keyed,
    no_calendar,
    unkeyed,
)
from watcher.trends.events import joined
from watcher.trends.spoken import NOTHING, Listener, Spoken, Watchlist

GRACE_S = 600.0

VOLUMES: frozenset[Kind] = frozenset({"theme", "departement", "plateforme", "a_repondre"})
"""What is spoken of every day, by its nature: a spike breaks its own record."""

YOUNG_S = 3 * 86_400.0
"""A fold that began later has heard too few days to tell what is spoken of every day."""

LEAST_HEARD = 0.05
"""Of less of the stream nobody can tell what the rest would have said."""

_VOLUMES = tuple(keyed(kind, "") for kind in sorted(VOLUMES))

_VERSION = 7

_TRENDS = TypeAdapter(list[Trend])


@dataclass(frozen=True, slots=True)
class Closed:
    """What one tick that ended at `at` changed: all trends that are not what they were, and those that are news.

    News are trends that are new or have just split from another, and that no other tells.
    """

    at: datetime
    news: tuple[Trend, ...]
    changed: tuple[Trend, ...]


class Ticks:
    """The fold: `advance` to the time at which a post was stored, then `take` it."""

    def __init__(self, watchlist: Watchlist = NOTHING, calendar: Calendar = no_calendar) -> None:
        self._watchlist = watchlist
        self._calendar = calendar
        self._listener = Listener(watchlist)
        self._terms = Emerging()
        self._volumes = Volumes()
        self._phrases = Phrases()
        self._sources = Shares()
        self._hinted: set[Key] = set()
        self._begin: float | None = None
        self._end: float | None = None
        self._waiting: list[Spoken] = []
        self._trends: dict[Key, Trend] = {}

    @property
    def due_at_ms(self) -> int:
        """When the tick under way will close, in milliseconds since 1970; 0 before the first."""
        return 0 if self._end is None else int((self._end + GRACE_S) * 1000)

    def advance(self, stored_at: datetime) -> list[Closed]:
        """Close every tick that ended ten minutes or more before `stored_at`, and return what each changed."""
        seconds = stored_at.timestamp()
        if self._end is None:
            self._begin = self._end = (seconds // TICK_S + 1) * TICK_S
        closed: list[Closed] = []
        while self._end + GRACE_S <= seconds:
            closed.append(self._close(self._end))
            self._end += TICK_S
        return closed

    def take(self, post: Post) -> None:
        """Take one post, stored at the time of the last advance or later."""
        said = self._listener.spoken(post)
        if said is None:
            return
        if self._end is not None and said.t < self._end - TICK_S:
            for term in said.terms:
                self._terms.remember(said.met_at, said.author, term)
            self._sources.add_late(said.source)
        else:
            self._waiting.append(said)

    def explain(self, trends: Iterable[Trend]) -> None:
        """Keep what explains those of `trends` that live on."""
        self._trends |= {trend.key: trend for trend in trends if trend.key in self._trends}

    def snapshot(self) -> Mapping[str, Any]:
        """Return what `restored` needs, as msgpack can hold it."""
        return {
            "version": _VERSION,
            "watchlist": self._watchlist.signature,
            "terms": self._terms.snapshot(),
            "volumes": self._volumes.snapshot(),
            "phrases": self._phrases.snapshot(),
            "sources": self._sources.snapshot(),
            "hinted": sorted(self._hinted),
            "begin": self._begin,
            "end": self._end,
            "waiting": self._waiting,
            "trends": _TRENDS.dump_python(list(self._trends.values()), mode="json"),
        }

    def _close(self, end: float) -> Closed:
        due = self._due(end)
        self._sources.turn(end, len(due))
        for said in due:
            self._sources.add(said.source, 1)
            self._observe(said)
        self._phrases.tick()
        excess = self._volumes.tick(end, TICK_S)
        at = datetime.fromtimestamp(end, UTC)
        found = self._terms.tick(end, lambda term: self._calendar(unkeyed(str(term)), at), self._heard(at))
        scores = {unkeyed(str(term)): score for term, score in sorted(found)}
        before = self._trends
        heard = {key: heard_again(trend, self._hearing(key, at, scores)) for key, trend in before.items()}
        loud = {key for key, score in scores.items() if self._is_loud(key, score, excess.get(keyed(*key), 0.0), end)}
        for key in sorted(loud - before.keys()):
            if key[0] != PHRASE or key in self._hinted:
                heard[key] = self._born(key, self._hearing(key, at, scores))
        self._hinted = {key for key in loud if key[0] == PHRASE}
        self._trends = {
            trend.key: trend
            for trend in joined(heard.values(), self._beside)
            if trend.key in before or not (trend.kind == PHRASE and trend.part_of)
        }
        changed = [trend for trend in self._trends.values() if _is_other(trend, before.get(trend.key))]
        news = [trend for trend in changed if trend.part_of is None and _was_untold(trend, before.get(trend.key))]
        self._trends = {key: trend for key, trend in self._trends.items() if trend.state is not TrendState.OVER}
        return Closed(at, tuple(news), tuple(changed))

    def _heard(self, at: datetime) -> float:
        """Return what part of the stream could be heard in the hour before `at`, by what each source usually gives."""
        silent = sum(
            share * (1 - min(1.0, self._calendar((SOURCE, str(source)), at)))
            for source, share in self._sources.all().items()
        )
        return max(1 - silent, LEAST_HEARD)

    def _observe(self, said: Spoken) -> None:
        phrases = self._phrases.taken_up(said.author, said.text, said.phrases)
        for term in (*said.terms, *(keyed(PHRASE, f"{phrase:016x}") for phrase in phrases)):
            self._terms.observe(said.t, said.author, term, said.text, said.weight)
            if term.startswith(_VOLUMES):
                self._volumes.observe(said.t, term)

    def _due(self, end: float) -> list[Spoken]:
        """Take out of what waits, in the order of time, what happened before `end`."""
        due = sorted((said for said in self._waiting if said.t < end), key=lambda said: said.t)
        self._waiting = [said for said in self._waiting if said.t >= end]
        return due

    def _is_loud(self, key: Key, score: float, excess: float, end: float) -> bool:
        if key[0] in VOLUMES and (self._begin is None or end < self._begin + YOUNG_S):
            return False
        return score >= THRESHOLD or (score >= SPIKE and excess >= RECORD)

    def _hearing(self, key: Key, at: datetime, scores: Mapping[Key, float]) -> Hearing:
        """Return what was heard; what nothing can be compared with, across a gap, is what was to be expected."""
        heard = self._terms.heard(keyed(*key))
        expected = heard.expected if isfinite(heard.expected) else heard.voices
        return Hearing(at, scores.get(key, 0.0), heard.voices, expected)

    def _born(self, key: Key, hearing: Hearing) -> Trend:
        age = timedelta(seconds=self._terms.age_s(keyed(*key)))
        return Trend(*key, hearing.at - age, hearing, hearing)

    def _beside(self, trend: Trend, other: Trend) -> float:
        return self._terms.beside(keyed(*trend.key), keyed(*other.key))


def restored(
    snapshot: Mapping[str, Any], watchlist: Watchlist = NOTHING, calendar: Calendar = no_calendar
) -> Ticks | None:
    """Return the fold that `snapshot` tells of, which goes on as that one would have.

    None for one of another version, or made when something else was watched: what was not heard has no past.
    """
    if snapshot["version"] != _VERSION or snapshot["watchlist"] != watchlist.signature:
        return None
    ticks = Ticks(watchlist, calendar)
    ticks._terms.restore(snapshot["terms"])  # noqa: SLF001 - of our own class
    ticks._volumes.restore(snapshot["volumes"])  # noqa: SLF001
    ticks._phrases.restore(snapshot["phrases"])  # noqa: SLF001
    ticks._sources.restore(snapshot["sources"])  # noqa: SLF001
    ticks._hinted = {(kind, term) for kind, term in snapshot["hinted"]}  # noqa: SLF001
    ticks._begin, ticks._end = snapshot["begin"], snapshot["end"]  # noqa: SLF001
    ticks._waiting = [  # noqa: SLF001
        Spoken(t, source, met_at, author, text, weight, tuple(terms), tuple(phrases))
        for t, source, met_at, author, text, weight, terms, phrases in snapshot["waiting"]
    ]
    ticks._trends = {trend.key: trend for trend in _TRENDS.validate_python(snapshot["trends"])}  # noqa: SLF001
    return ticks


def _is_other(trend: Trend, before: Trend | None) -> bool:
    """Tell whether there is more to say of `trend` than that another tick has passed."""
    if before is None:
        return True
    return trend.latest.voices != before.latest.voices or trend != replace(before, latest=trend.latest)


def _was_untold(trend: Trend, before: Trend | None) -> bool:
    return before is None or (trend.split_from is not None and before.part_of is not None)
