"""Posts folded into trends, tick by tick, in the one order that the stores give them. Pure.

A tick is ten minutes of event time: when a post was published, as far as its collection makes that believable. It
closes ten minutes after its end, by the time of storing and not by the clock, so that live, after a restart and in a
rebuild the same posts make the same trends. What comes later enters what is usual, never a closed tick.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from pydantic import TypeAdapter

from pipelines.folding import fold
from pipelines.sketches import digest
from pipelines.trends import THRESHOLD, TICK_S, Emerging, Heard
from watcher.model import Post, Reading
from watcher.trend import Hearing, Kind, Trend, TrendState, heard_again

GRACE_S = 600.0
EVENT_REACH = timedelta(hours=24)
_VERSION = 1

KINDS: Mapping[Kind, Callable[[Reading], Sequence[str]]] = {
    "hashtag": lambda reading: reading.hashtags,
    "theme": lambda reading: reading.topics,
    "commune": lambda reading: reading.communes,
}
"""What is watched, and where a post says it."""

_TRENDS = TypeAdapter(list[Trend])


@dataclass(frozen=True, slots=True)
class Closed:
    """What one tick that ended at `at` changed: trends that are new, and all those that are not what they were."""

    at: datetime
    born: tuple[Trend, ...]
    changed: tuple[Trend, ...]


@dataclass(frozen=True, slots=True)
class _Use:
    """A term, at a time in seconds, by digests of who and what: nothing of it can be read back."""

    t: float
    kind: Kind
    term: str
    author: int
    text: int


class Ticks:
    """The fold: `advance` to the time at which a post was stored, then `take` it."""

    def __init__(self) -> None:
        self._detectors = {kind: Emerging() for kind in KINDS}
        self._end: float | None = None
        self._waiting: list[_Use] = []
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
        t = event_time(post).timestamp()
        is_late = self._end is not None and t < self._end - TICK_S
        for use in _uses(post, t):
            if is_late:
                met_at = min(t, (post.published_at or post.collected_at).timestamp())
                self._detectors[use.kind].remember(met_at, use.author, use.term)
            else:
                self._waiting.append(use)

    def explain(self, trends: Iterable[Trend]) -> None:
        """Keep what explains those of `trends` that live on."""
        self._trends |= {trend.key: trend for trend in trends if trend.key in self._trends}

    def snapshot(self) -> str:
        """Return what `restored` needs, as JSON."""
        return json.dumps(
            {
                "version": _VERSION,
                "detectors": {kind: detector.snapshot() for kind, detector in self._detectors.items()},
                "end": self._end,
                "waiting": [[use.t, use.kind, use.term, use.author, use.text] for use in self._waiting],
                "trends": _TRENDS.dump_python(list(self._trends.values()), mode="json"),
            },
            separators=(",", ":"),
        )

    def _close(self, end: float) -> Closed:
        due = sorted((use for use in self._waiting if use.t < end), key=lambda use: use.t)
        self._waiting = [use for use in self._waiting if use.t >= end]
        for use in due:
            self._detectors[use.kind].observe(use.t, use.author, use.term, use.text)
        at, born, changed = datetime.fromtimestamp(end, UTC), [], []
        for kind, detector in self._detectors.items():
            scores = {str(term): score for term, score in detector.tick(end)}
            for term, score in scores.items():
                if score >= THRESHOLD and (kind, term) not in self._trends:
                    born.append(_born(kind, term, at, score, detector.heard(term)))
            for trend in [known for known in self._trends.values() if known.kind == kind]:
                heard = detector.heard(trend.term)
                hearing = Hearing(at, scores.get(trend.term, 0.0), heard.voices, heard.expected)
                after = heard_again(trend, hearing)
                self._trends[trend.key] = after
                if after != replace(trend, latest=hearing) or hearing.voices != trend.latest.voices:
                    changed.append(after)
        self._trends |= {trend.key: trend for trend in born}
        self._trends = {key: trend for key, trend in self._trends.items() if trend.state is not TrendState.OVER}
        return Closed(at, tuple(born), (*born, *changed))


def restored(snapshot: str) -> Ticks | None:
    """Return the fold that `snapshot` tells of, which goes on as that one would have; None for another version's."""
    kept = json.loads(snapshot)
    if kept["version"] != _VERSION:
        return None
    ticks = Ticks()
    for kind, detector in ticks._detectors.items():  # noqa: SLF001 - of our own class
        detector.restore(kept["detectors"][kind])
    ticks._end = kept["end"]  # noqa: SLF001
    ticks._waiting = [_Use(*use) for use in kept["waiting"]]  # noqa: SLF001
    ticks._trends = {trend.key: trend for trend in _TRENDS.validate_python(kept["trends"])}  # noqa: SLF001
    return ticks


def event_time(post: Post) -> datetime:
    """Return when a post happened: its own date, but neither after its collection nor over a day before it."""
    published_at = post.published_at or post.collected_at
    return min(max(published_at, post.collected_at - EVENT_REACH), post.collected_at)


def _uses(post: Post, t: float) -> Iterator[_Use]:
    if post.reading is None or post.reading.relevance == "hors_sujet":
        return
    author = digest(post.author or f"\x1f{post.source}")
    text = digest(" ".join(fold(f"{post.title} {post.text}").split()))
    for kind, terms in KINDS.items():
        for term in terms(post.reading):
            yield _Use(t, kind, term, author, text)


def _born(kind: Kind, term: str, at: datetime, score: float, heard: Heard) -> Trend:
    hearing = Hearing(at, score, heard.voices, heard.expected)
    return Trend(kind, term, at - timedelta(seconds=heard.age_s), hearing, hearing)
