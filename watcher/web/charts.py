"""Where people look rather than read: the geometry of a chart, which a template draws as SVG. Pure.

Across, everything is in per cent of the drawing's width, so that bars stretch with the screen while letters keep
their size; down, in pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.french import day, moment, number, paris, plural, weekday
from watcher.stores.queries import HourCount
from watcher.trend import CURVE_STEP, Trend
from watcher.web.axis import Axis
from watcher.web.unheard import ALL_HEARD, EVERYTHING_HEARD, Listening, Unheard, unheard

HEIGHT = 236
TOP = 14  # room for the scale's highest figure
FLOOR = 210
CURVE_HEIGHT = 64
_GAP = 0.22  # of a bar's place
_STEPS = (1, 2, 4, 6, 8)


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour. `is_open`: the hour is not over, its figure will grow."""

    x: float
    y: float
    width: float
    height: float
    title: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Level:
    """One line of the scale."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class DayMark:
    """Where a day begins. `label` is empty when its name would not fit."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class VolumeChart:
    """Posts hour by hour, drawn, and in one sentence for those who do not see the drawing."""

    bars: tuple[Bar, ...]
    levels: tuple[Level, ...]
    days: tuple[DayMark, ...]
    sentence: str
    unheard: Unheard = ALL_HEARD


def volume_chart(hours: Sequence[HourCount], now: datetime, listening: Listening = EVERYTHING_HEARD) -> VolumeChart:
    """Return the chart of `hours`: one or more, which follow each other without a hole."""
    place = 100 / len(hours)
    top = ceiling(max(count.posts for count in hours))
    scale = (FLOOR - TOP) / top
    return VolumeChart(
        bars=bars([(f"{moment(hour.start, now)} : ", hour.posts) for hour in hours], FLOOR, scale, last_is_open=True),
        levels=tuple(Level(round(FLOOR - value * scale, 1), number(value)) for value in levels(top)),
        days=_days(hours, place),
        sentence=_sentence(hours, now),
        unheard=unheard(listening, Axis.of_slots(hours[0].start, timedelta(hours=1), len(hours)), now),
    )


@dataclass(frozen=True, slots=True)
class Curve:
    """Posts of one trend every ten minutes, drawn small, and in one sentence."""

    bars: tuple[Bar, ...]
    unheard: Unheard
    sentence: str


def curve(trend: Trend, now: datetime, listening: Listening = EVERYTHING_HEARD) -> Curve | None:
    """Return the drawing of a trend, its highest bar as high as the drawing; None where there is nothing to draw."""
    posts = trend.why.curve
    if not any(posts):
        return None
    top = max(posts)
    said = ", ".join(map(str, posts))
    silent = unheard(listening, Axis.of_slots(trend.curve_start, CURVE_STEP, len(posts)), now)
    sentence = f"Publications par dix minutes : {said}. {number(top)} au plus fort. {silent.sentence}".rstrip()
    return Curve(bars([("", count) for count in posts], CURVE_HEIGHT, CURVE_HEIGHT / top), silent, sentence)


def bars(
    counts: Sequence[tuple[str, int]], floor: float, scale: float, *, last_is_open: bool = False
) -> tuple[Bar, ...]:
    """Return a bar for each of `counts` that is not 0, side by side on `floor`, `scale` pixels a post.

    A count comes with what its title says before how many posts there are.
    """
    place = 100 / len(counts)
    return tuple(
        Bar(
            x=round((index + _GAP / 2) * place, 3),
            y=round(floor - posts * scale, 1),
            width=round(place * (1 - _GAP), 3),
            height=round(posts * scale, 1),
            title=f"{when}{plural(posts, 'publication', 'publications')}",
            is_open=last_is_open and index == len(counts) - 1,
        )
        for index, (when, posts) in enumerate(counts)
        if posts
    )


def ceiling(highest: int) -> int:
    """Return the first of 1, 2, 4, 6, 8, 10, 20, 40… that is not below `highest`."""
    power = 1
    while True:
        for step in _STEPS:
            if step * power >= highest:
                return step * power
        power *= 10


def levels(top: int) -> tuple[int, ...]:
    """Return the figures that the scale up to `top` names."""
    return (top,) if top == 1 else (top // 2, top)


def _days(hours: Sequence[HourCount], place: float) -> tuple[DayMark, ...]:
    starts = [index for index, count in enumerate(hours) if index == 0 or paris(count.start).hour == 0]
    ends = [*starts[1:], len(hours)]
    widths = [end - start for start, end in zip(starts, ends, strict=True)]
    return tuple(
        DayMark(round(start * place, 3), _day_label(hours[start].start) if width * place > 18 else "")  # noqa: PLR2004 - per cent that a day's name takes on a phone
        for start, width in zip(starts, widths, strict=True)
    )


def _day_label(start: datetime) -> str:
    return f"{weekday(start)[:3]}. {paris(start).day}"


def _sentence(hours: Sequence[HourCount], now: datetime) -> str:
    total = sum(count.posts for count in hours)
    if not total:
        return f"Aucune publication en {len(hours)} heures."
    busiest = max(hours, key=lambda count: count.posts)
    start, end = paris(busiest.start).hour, paris(busiest.start + timedelta(hours=1)).hour
    return (
        f"{plural(total, 'publication', 'publications')} en {len(hours)} heures. Le plus : {number(busiest.posts)}, "
        f"{day(busiest.start, now)} entre {start}\u00a0h et {end}\u00a0h."
    )
