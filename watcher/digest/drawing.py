"""Where people look rather than read: the drawings of a digest's page, as geometry that its template turns into SVG.

Pure. In units of the drawing, which the page stretches as a whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from watcher.digest.document import Column
from watcher.french import plural

WIDTH = 700
HEIGHT = 190
FLOOR = 160
TOP = 22
SPARK_WIDTH = 150
SPARK_HEIGHT = 30
_GAP = 0.24  # of a day's place
_LETTERS = 22


@dataclass(frozen=True, slots=True)
class Box:
    """One rectangle, and what it says."""

    x: float
    y: float
    width: float
    height: float
    title: str = ""


@dataclass(frozen=True, slots=True)
class DayColumn:
    """One day: its bar, the level of the week before, where it was deaf, and its words."""

    bar: Box
    before: Box | None
    deaf: Sequence[Box]
    middle: float
    label: str
    posts: int

    @property
    def is_high(self) -> bool:
        """Tell whether its bar has room for its figure."""
        return self.bar.height >= _LETTERS


def columns(days: Sequence[Column]) -> list[DayColumn]:
    """Return the drawing of `days`, the highest as high as the drawing."""
    place = WIDTH / len(days)
    top = max([1, *(day.posts for day in days), *(day.before or 0 for day in days)])
    scale = (FLOOR - TOP) / top
    drawn = []
    for number, day in enumerate(days):
        left, width = (number + _GAP / 2) * place, (1 - _GAP) * place
        height = day.posts * scale
        drawn.append(
            DayColumn(
                bar=Box(left, FLOOR - height, width, height, plural(day.posts, "publication", "publications")),
                before=None if day.before is None else Box(left - 4, FLOOR - day.before * scale, width + 8, 2),
                deaf=[
                    Box(number * place + since * place, TOP, (until - since) * place, FLOOR - TOP)
                    for since, until in day.deaf
                ],
                middle=(number + 0.5) * place,
                label=day.label,
                posts=day.posts,
            )
        )
    return drawn


def spark(curve: Sequence[int]) -> list[Box]:
    """Return the bars of posts every ten minutes, the highest as high as the drawing."""
    place, top = SPARK_WIDTH / len(curve), max(curve)
    return [
        Box(
            number * place,
            SPARK_HEIGHT * (1 - count / top),
            place * 0.8,
            SPARK_HEIGHT * count / top,
            plural(count, "publication", "publications"),
        )
        for number, count in enumerate(curve)
        if count
    ]
