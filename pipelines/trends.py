"""Emerging tags: those that more distinct voices use than their own past, schedule included, lets one expect. Pure.

A tag is used by an author, in a text. Every ten minutes the last hour is held against the tag's share of the stream
and against the same hours of the days and weeks before. Who repeats counts once, who copies hardly counts, crowds of
newcomers count little, and what comes all at once waits for a second tick: see `voices`.
"""

import math
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import chain
from statistics import median
from typing import Any, NamedTuple

from pipelines.sketches import Acquaintances, Shares, Snapshot

TICK_S = 600.0
WINDOW_TICKS = 6
HOUR_S = 3600.0
DAY_H, WEEK_H = 24, 168
MEMORY_H = 9 * DAY_H
THRESHOLD = 3.0
"""About one false alarm a day at 25,000 uses a day; far fewer on a smaller stream."""

MIN_USES = 4
DISPERSION = 0.6
"""The negative binomial's k: bursts of small tags are that heavy-tailed; learning it for each tag gained nothing."""

STEADY_DISPERSION = 0.02
"""The same for a tag whose own record stands as what is expected: what it may do, it has done."""

FLOOR = 0.15
RANK_HALFLIFE_S = 18 * HOUR_S
"""Mastodon's list halves a peak every 4 hours; real events outlast that, and 18 finds more of them again."""

Use = tuple[Hashable, Hashable]
"""An author and a text: whatever is equal where they are, so digests where names and words must not stay."""


Factor = Callable[[Hashable], float]


def as_usual(_: Hashable) -> float:
    """Expect of a tag what it usually is."""
    return 1.0


NOBODY: Mapping[Hashable, float] = {}
"""No author whose weight is not one."""


class Heard(NamedTuple):
    """What the last hour held of a tag: voices, and those that were to be expected.

    `record` is what an established tag has shown that it can do, 0 for another.
    """

    voices: float
    expected: float
    record: float = 0.0

    def score(self, voices: float) -> float:
        """Return how much so many voices surprise."""
        if voices <= self.expected:
            return 0.0
        score = surprise(voices, self.expected)
        if self.record:
            score = max(score, surprise(voices, max(0.7 * self.record, self.expected), STEADY_DISPERSION))
        return score


def voices(
    ticks: Sequence[Sequence[Use]], knows: Callable[[Hashable], bool], weights: Mapping[Hashable, float] = NOBODY
) -> float:
    """Return how many voices speak in a tag's uses, given tick by tick, the latest first.

    An author counts once, with a text of the latest tick; a text counts for two authors, and hardly for more. Authors
    nobody knew a day ago add four to every ten known ones at most, and one. Uses of a single tick are nothing yet.
    `weights` are those of the authors that count for less than a voice, or more.
    """
    told = list(chain.from_iterable(ticks))
    uses = len(told)
    spread = min(1.0, 2 * (uses - max(map(len, ticks))) / uses)
    if not spread:
        return 0.0
    first = dict(reversed(told))
    one: set[Hashable] = set()
    several: set[Hashable] = set()
    for text in first.values():
        (several if text in one else one).add(text)
    authors, texts, copied, known = len(first), len(one), len(several), sum(map(knows, first))
    spoken = texts + copied + 0.05 * (authors - texts - copied)
    candour = min(1.0, 1.5 * authors / uses, 3 * texts / authors, 2 * (known + 1) / authors)
    weight = sum(weights.get(author, 1.0) for author in first) / authors if weights else 1.0
    return min(spoken, 1.4 * known + 1) * candour * spread * weight


def surprise(observed: float, expected: float, k: float = DISPERSION) -> float:
    """Return the log10 likelihood ratio of a rate of `observed` over one of `expected`, negative binomial; 0 below."""
    if observed <= expected:
        return 0.0
    ratio = observed * math.log(observed / expected)
    return (ratio - (observed + 1 / k) * math.log((observed + 1 / k) / (expected + 1 / k))) / math.log(10)


def usual(heard: Mapping[int, float], hour: int) -> float:
    """Return the voices of this hour, give or take one, last week or on the days at which there were any."""
    at = heard.get
    days = [max(at(same - 1, 0.0), at(same, 0.0), at(same + 1, 0.0)) for same in range(hour - WEEK_H, hour, DAY_H)]
    present = [count for count in days if count]
    return max(days[0], median(present) if len(present) > 1 else 0.0)


def record(heard: Mapping[int, float], hour: int) -> float:
    """Return the most voices that an established tag had in an hour of the last nine days, this burst's apart."""
    if len(heard) < DAY_H:
        return 0.0
    before = [count for at, count in heard.items() if at < hour - 2]
    return max(before) if len(before) >= DAY_H else 0.0


class Emerging:
    """The detector: `observe` every use in the order of time, `tick` every ten minutes. One threshold for all tags.

    Memory is bounded: an hour of uses, `capacity` tags, nine days of hours in which a tag had four voices or more.
    """

    def __init__(self, capacity: int = 50_000, known_authors: int = 200_000) -> None:
        self._shares = Shares(capacity)
        self._authors = Acquaintances(known_authors)
        self._window: deque[Mapping[Hashable, list[Use]]] = deque(maxlen=WINDOW_TICKS)
        self._current: defaultdict[Hashable, list[Use]] = defaultdict(list)
        self._uses: dict[Hashable, int] = {}
        self._hours: dict[Hashable, dict[int, float]] = {}
        self._peaks: dict[Hashable, tuple[float, float]] = {}
        self._heard: dict[Hashable, Heard] = {}
        self._past: tuple[int, dict[Hashable, tuple[float, float]]] = (0, {})
        self._weights: dict[Hashable, float] = {}

    def observe(self, t: float, author: Hashable, tag: Hashable, text: Hashable, weight: float = 1.0) -> None:
        """Take one use of `tag` at `t`, seconds, by an author who counts for `weight` voices."""
        self._authors.meet(author, t)
        if weight != 1.0:
            self._weights[author] = weight
        self._current[tag].append((author, text))

    def remember(self, t: float, author: Hashable, tag: Hashable) -> None:
        """Take one use that comes too late for its tick: it enters what is usual, and is nobody's voice."""
        self._authors.meet(author, t)
        self._shares.add_late(tag)

    def tick(self, t: float, factor: Factor = as_usual, heard: float = 1.0) -> list[tuple[Hashable, float]]:
        """End the tick at `t` and return the tags that surprise, with their scores (log10 of a likelihood ratio).

        `factor` says how many times its usual each is to be expected now; what is infinitely expected never surprises.
        `heard` is the part of the stream that could be heard in this hour: the rest counts in what a share expects.
        """
        latest = self._slide()
        total = float(sum(self._uses.values()))
        self._shares.turn(t, total / WINDOW_TICKS)
        hour = int((t - 1) // HOUR_S)
        if self._past[0] != hour:
            self._past = (hour, {})
        self._heard = {
            tag: self._hear(tag, hour, total / heard, factor(tag))
            for tag, count in self._uses.items()
            if count >= MIN_USES
        }
        self._shares.add_all((tag, len(found)) for tag, found in latest.items() if tag not in self._heard)
        scores = [(tag, heard.score(heard.voices)) for tag, heard in self._heard.items()]
        surprising = [(tag, score) for tag, score in scores if score > 0]
        self._rank(t, surprising)
        if t % HOUR_S < TICK_S:
            self._forget(t)
        return surprising

    def heard(self, tag: Hashable) -> Heard:
        """Return what the last tick heard of `tag`."""
        return self._heard.get(tag, Heard(0.0, FLOOR))

    def age_s(self, tag: Hashable) -> float:
        """Return how long before the last tick the uses of `tag` in its hour began, in seconds."""
        ages = range(len(self._window), 0, -1)
        return next((age * TICK_S for age, tick in zip(ages, self._window, strict=True) if tag in tick), TICK_S)

    def beside(self, tag: Hashable, other: Hashable) -> float:
        """Return how much `tag` surprises in those posts of the last hour that do not use `other`, as a score."""
        others = {use for tick in self._window for use in tick.get(other, ())}
        ticks = [[use for use in tick.get(tag, ()) if use not in others] for tick in reversed(self._window)]
        return self.heard(tag).score(voices(ticks, self._authors.knows, self._weights)) if any(ticks) else 0.0

    def ranking(self, t: float) -> list[tuple[Hashable, float]]:
        """Return the tags to show, best first: each by its highest score, halved every eighteen hours since."""
        ranks = [(tag, peak * 0.5 ** ((t - at) / RANK_HALFLIFE_S)) for tag, (peak, at) in self._peaks.items()]
        return sorted(ranks, key=lambda rank: rank[1], reverse=True)

    def snapshot(self) -> dict[str, Any]:
        """Return what `restore` needs, as msgpack can hold it."""
        return {
            "shares": self._shares.snapshot(),
            "authors": self._authors.snapshot(),
            "window": list(self._window),
            "current": self._current,
            "hours": self._hours,
            "peaks": self._peaks,
            "weights": self._weights,
            "heard": self._heard,
        }

    def restore(self, snapshot: Snapshot) -> None:
        """Take the place of the detector that `snapshot` tells of: what follows is what would have followed there."""
        self._shares.restore(snapshot["shares"])
        self._authors.restore(snapshot["authors"])
        self._window = deque((_uses(tick) for tick in snapshot["window"]), maxlen=WINDOW_TICKS)
        self._current = defaultdict(list, _uses(snapshot["current"]))
        self._uses = dict(Counter(tag for tick in self._window for tag, found in tick.items() for _ in found))
        self._hours = {tag: dict(hours) for tag, hours in snapshot["hours"].items()}
        self._peaks = {tag: (peak, at) for tag, (peak, at) in snapshot["peaks"].items()}
        self._heard = {tag: Heard(*heard) for tag, heard in snapshot["heard"].items()}
        self._weights = dict(snapshot["weights"])
        self._past = (0, {})

    def _slide(self) -> Mapping[Hashable, list[Use]]:
        """Put the current tick into the window, in the place of the oldest, and return it."""
        latest, uses = self._current, self._uses
        self._current = defaultdict(list)
        if len(self._window) == WINDOW_TICKS:
            for tag, found in self._window[0].items():
                left = uses[tag] - len(found)
                if left:
                    uses[tag] = left
                else:
                    del uses[tag]
        for tag, found in latest.items():
            uses[tag] = uses.get(tag, 0) + len(found)
        self._window.append(latest)
        return latest

    def _hear(self, tag: Hashable, hour: int, total: float, factor: float) -> Heard:
        """Return what the hour held of `tag` among `total` uses, and count it in what will be usual."""
        heard = voices([tick.get(tag, ()) for tick in reversed(self._window)], self._authors.knows, self._weights)
        usual, record = self._before(tag, hour)
        share = self._shares.of(tag)
        self._shares.add(tag, min(heard, 3 + 5 * share * total) / WINDOW_TICKS)
        if heard >= MIN_USES:
            hours = self._hours.setdefault(tag, {})
            hours[hour] = max(hours.get(hour, 0.0), heard)
        return Heard(heard, factor * max(share * total, 0.85 * usual, FLOOR), factor * record)

    def _before(self, tag: Hashable, hour: int) -> tuple[float, float]:
        """Return what the days before make usual and the record at `hour`: the same for all ticks of that hour."""
        past = self._past[1]
        if tag not in past:
            heard = self._hours.get(tag)
            past[tag] = (usual(heard, hour), record(heard, hour)) if heard else (0.0, 0.0)
        return past[tag]

    def _rank(self, t: float, scores: Sequence[tuple[Hashable, float]]) -> None:
        for tag, score in scores:
            peak, at = self._peaks.get(tag, (0.0, t))
            if score > peak * 0.5 ** ((t - at) / RANK_HALFLIFE_S):
                self._peaks[tag] = (score, t)

    def _forget(self, t: float) -> None:
        """Let go, once an hour, of what has no rank any more, of weights of authors who left, and of old hours."""
        self._peaks = {
            tag: (peak, at)
            for tag, (peak, at) in self._peaks.items()
            if peak * 0.5 ** ((t - at) / RANK_HALFLIFE_S) >= 1
        }
        if self._weights:
            there = {author for tick in self._window for found in tick.values() for author, _ in found}
            self._weights = {author: weight for author, weight in self._weights.items() if author in there}
        oldest = int(t // HOUR_S) - MEMORY_H
        for hours in self._hours.values():
            while hours and (first := next(iter(hours))) < oldest:
                del hours[first]
        self._hours = {tag: hours for tag, hours in self._hours.items() if hours}


def _uses(tick: Mapping[Hashable, Sequence[Sequence[Any]]]) -> dict[Hashable, list[Use]]:
    return {tag: [(author, text) for author, text in found] for tag, found in tick.items()}
