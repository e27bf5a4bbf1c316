"""Posts folded into trends, tick by tick, in the one order that the stores give them. Pure.

A tick is ten minutes of event time: when a post was published, as far as its collection makes that believable. It
closes ten minutes after its end, by the time of storing and not by the clock, so that live, after a restart and in a
rebuild the same posts make the same trends. What comes later enters what is usual, never a closed tick.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from pipelines.trends import THRESHOLD, TICK_S, Emerging
from watcher.model import Post
from watcher.spoken import Spoken, keyed, spoken, unkeyed
from watcher.trend import Hearing, Kind, Trend, TrendState, heard_again

GRACE_S = 600.0
_VERSION = 2

_TRENDS = TypeAdapter(list[Trend])


@dataclass(frozen=True, slots=True)
class Closed:
    """What one tick that ended at `at` changed: trends that are new, and all those that are not what they were."""

    at: datetime
    born: tuple[Trend, ...]
    changed: tuple[Trend, ...]


class Ticks:
    """The fold: `advance` to the time at which a post was stored, then `take` it."""

    def __init__(self) -> None:
        self._terms = Emerging()
        self._end: float | None = None
        self._waiting: list[Spoken] = []
        self._trends: dict[tuple[Kind, str], Trend] = {}

    @property
    def due_at_ms(self) -> int:
        """When the tick under way will close, in milliseconds since 1970; 0 before the first."""
        return 0 if self._end is None else int((self._end + GRACE_S) * 1000)

    def advance(self, stored_at: datetime) -> list[Closed]:
        """Close every tick that ended ten minutes or more before `stored_at`, and return what each changed."""
        seconds = stored_at.timestamp()
        if self._end is None:
            self._end = (seconds // TICK_S + 1) * TICK_S
        closed: list[Closed] = []
        while self._end + GRACE_S <= seconds:
            closed.append(self._close(self._end))
            self._end += TICK_S
        return closed

    def take(self, post: Post) -> None:
        """Take one post, stored at the time of the last advance or later."""
        said = spoken(post)
        if said is None:
            return
        if self._end is not None and said.t < self._end - TICK_S:
            for term in said.terms:
                self._terms.remember(said.met_at, said.author, term)
        else:
            self._waiting.append(said)

    def explain(self, trends: Iterable[Trend]) -> None:
        """Keep what explains those of `trends` that live on."""
        self._trends |= {trend.key: trend for trend in trends if trend.key in self._trends}

    def snapshot(self) -> Mapping[str, Any]:
        """Return what `restored` needs, as msgpack can hold it."""
        return {
            "version": _VERSION,
            "terms": self._terms.snapshot(),
            "end": self._end,
            "waiting": [astuple(said) for said in self._waiting],
            "trends": _TRENDS.dump_python(list(self._trends.values()), mode="json"),
        }

    def _close(self, end: float) -> Closed:
        for said in self._due(end):
            for term in said.terms:
                self._terms.observe(said.t, said.author, term, said.text)
        at = datetime.fromtimestamp(end, UTC)
        scores = {unkeyed(str(term)): score for term, score in sorted(self._terms.tick(end))}
        born = [
            self._born(key, at, score)
            for key, score in scores.items()
            if score >= THRESHOLD and key not in self._trends
        ]
        changed = list(self._changed(at, scores))
        self._trends |= {trend.key: trend for trend in (*born, *changed)}
        self._trends = {key: trend for key, trend in self._trends.items() if trend.state is not TrendState.OVER}
        return Closed(at, tuple(born), (*born, *changed))

    def _due(self, end: float) -> list[Spoken]:
        """Take out of what waits, in the order of time, what happened before `end`."""
        due = sorted((said for said in self._waiting if said.t < end), key=lambda said: said.t)
        self._waiting = [said for said in self._waiting if said.t >= end]
        return due

    def _born(self, key: tuple[Kind, str], at: datetime, score: float) -> Trend:
        heard = self._terms.heard(keyed(*key))
        hearing = Hearing(at, score, heard.voices, heard.expected)
        return Trend(*key, at - timedelta(seconds=heard.age_s), hearing, hearing)

    def _changed(self, at: datetime, scores: Mapping[tuple[Kind, str], float]) -> Iterator[Trend]:
        """Yield the trends known before that this tick made other than they were, and move them all on."""
        for key, trend in self._trends.items():
            heard = self._terms.heard(keyed(*key))
            hearing = Hearing(at, scores.get(key, 0.0), heard.voices, heard.expected)
            after = heard_again(trend, hearing)
            self._trends[key] = after
            if after != replace(trend, latest=hearing) or hearing.voices != trend.latest.voices:
                yield after


def restored(snapshot: Mapping[str, Any]) -> Ticks | None:
    """Return the fold that `snapshot` tells of, which goes on as that one would have; None for another version's."""
    if snapshot["version"] != _VERSION:
        return None
    ticks = Ticks()
    ticks._terms.restore(snapshot["terms"])  # noqa: SLF001 - of our own class
    ticks._end = snapshot["end"]  # noqa: SLF001
    ticks._waiting = [  # noqa: SLF001
        Spoken(t, met_at, author, text, tuple(terms)) for t, met_at, author, text, terms in snapshot["waiting"]
    ]
    ticks._trends = {trend.key: trend for trend in _TRENDS.validate_python(snapshot["trends"])}  # noqa: SLF001
    return ticks
