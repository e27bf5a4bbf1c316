"""Which trends are one event: what another's posts explain is told with it, until they explain it no more. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from watcher.trend import CALM, PHRASE, SPIKE, Key, Kind, Trend

TELLING: Mapping[Kind, int] = {"hashtag": 3, "mot": 3, "lien": 3, "site": 2, "commune": 2, PHRASE: 1}
"""How well the terms of a kind name an event; those of the others hardly do."""

APART = 3.0
"""The score that a part must reach without the posts of the trend that it was told with, to be told on its own."""

Beside = Callable[[Trend, Trend], float]
"""Tells how much a trend still surprises when the posts of another are left out: a score."""


def joined(trends: Iterable[Trend], beside: Beside) -> list[Trend]:
    """Return `trends`, each told with the one that explains it, if there is one: the better name, then the older.

    What is said of nothing else than of that one is its part; phrases are not named among parts, words explain it
    anyway. A part that another trend's posts no longer explain is told on its own again, and says from whom it split.
    """
    ordered = sorted(trends, key=lambda trend: (-_tells(trend), trend.since, trend.key))
    by_key = {trend.key: _split(trend, ordered, beside) for trend in ordered}
    for place, trend in enumerate(ordered):
        for other in ordered[place + 1 :]:
            _join(by_key, trend, other, beside)
    return [_with_parts(by_key[trend.key], by_key.values()) for trend in ordered]


def _tells(trend: Trend) -> int:
    return TELLING.get(trend.kind, 0)


def _split(trend: Trend, others: Iterable[Trend], beside: Beside) -> Trend:
    whole = next((other for other in others if other.key == trend.part_of), None)
    if trend.part_of is None or (whole and beside(trend, whole) < APART) or (not whole and trend.latest.score < APART):
        return trend
    return replace(trend, part_of=None, split_from=trend.part_of)


def _join(by_key: dict[Key, Trend], better: Trend, other: Trend, beside: Beside) -> None:
    """Make `other` a part of `better` where that explains it, or the reverse where their names tell as much."""
    if by_key[better.key].part_of or by_key[other.key].part_of:
        return
    if other.latest.score >= SPIKE and beside(other, better) < CALM:
        by_key[other.key] = replace(by_key[other.key], part_of=better.key)
    elif _tells(better) == _tells(other) and better.latest.score >= SPIKE and beside(better, other) < CALM:
        by_key[better.key] = replace(by_key[better.key], part_of=other.key)


def _with_parts(trend: Trend, others: Iterable[Trend]) -> Trend:
    parts = tuple(sorted(other.key for other in others if other.part_of == trend.key and other.kind != PHRASE))
    return trend if parts == trend.parts else replace(trend, parts=parts)
