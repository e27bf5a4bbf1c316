"""Posts day by day, drawn as `charts` draws those of hours. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from watcher.french import date_of, number, plural
from watcher.stores.queries.explorer import DayCount
from watcher.web.axis import Axis
from watcher.web.charts import FLOOR, TOP, DayMark, Level, VolumeChart, bars, ceiling, levels
from watcher.web.unheard import EVERYTHING_HEARD, Listening, unheard

_ROOM = 12  # per cent of the width that a name takes on a phone


def day_chart(days: Sequence[DayCount], now: datetime, listening: Listening = EVERYTHING_HEARD) -> VolumeChart:
    """Return the chart of `days`: one or more, which follow each other without a hole."""
    place = 100 / len(days)
    top = ceiling(max(count.posts for count in days))
    scale = (FLOOR - TOP) / top
    return VolumeChart(
        bars=bars([(f"{date_of(count.day)} : ", count.posts) for count in days], FLOOR, scale),
        levels=tuple(Level(round(FLOOR - value * scale, 1), number(value)) for value in levels(top)),
        days=tuple(_marks(days, place)),
        sentence=_sentence(days),
        unheard=unheard(listening, Axis.of_days(days[0].day, days[-1].day), now),
    )


def _marks(days: Sequence[DayCount], place: float) -> Iterator[DayMark]:
    """Yield a mark where a month begins, or on Mondays of a shorter period, named where there is room."""
    is_short = len(days) <= 62  # noqa: PLR2004 - two months
    free_from = 0.0
    for index, count in enumerate(days):
        if index and not (count.day.weekday() == 0 if is_short else count.day.day == 1):
            continue
        x = index * place
        has_room = free_from <= x <= 100 - _ROOM
        yield DayMark(round(x, 3), _short(count.day) if has_room else "")
        free_from = x + _ROOM if has_room else free_from


def _short(day: date) -> str:
    return f"{day:%d/%m}"


def _sentence(days: Sequence[DayCount]) -> str:
    total = sum(count.posts for count in days)
    span = "ce jour-là" if len(days) == 1 else f"en {len(days)} jours"
    if not total:
        return f"Aucune publication {span}."
    busiest = max(days, key=lambda count: count.posts)
    most = f" Le plus : {number(busiest.posts)}, le {date_of(busiest.day)}." if len(days) > 1 else ""
    return f"{plural(total, 'publication', 'publications')} {span}.{most}"
