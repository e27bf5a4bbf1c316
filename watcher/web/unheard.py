"""Where a chart must not be believed: the stretches in which a source was not heard, hatched and said. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from watcher.french import day, paris, plural, readable
from watcher.gaps import Fate, Gap
from watcher.web.axis import Axis

_TOLD = 3
_NAMED = 2


@dataclass(frozen=True, slots=True)
class Listening:
    """How many sources there are, and what was not heard of them."""

    sources: int = 0
    gaps: Sequence[Gap] = ()


EVERYTHING_HEARD = Listening()


@dataclass(frozen=True, slots=True)
class Hatch:
    """A stretch of the drawing: `x` and `width` in per cent of it. It is faint where most sources were heard."""

    x: float
    width: float
    title: str
    is_faint: bool


@dataclass(frozen=True, slots=True)
class Unheard:
    """What was not heard while a drawing's time went by: hatched, and in one sentence, which is empty for nothing."""

    hatches: tuple[Hatch, ...] = ()
    sentence: str = ""


ALL_HEARD = Unheard()


@dataclass(frozen=True, slots=True)
class _Stretch:
    """From the slot `first` to the slot `last`, both included, `sources` were not heard."""

    first: int
    last: int
    sources: tuple[str, ...]
    is_over: bool


def unheard(listening: Listening, axis: Axis, now: datetime) -> Unheard:
    """Return what of the gaps makes the drawing lie.

    What was heard late is drawn where it belongs, and what was missing all along bends nothing: neither is told.
    """
    stretches = _stretches(listening.gaps, axis, now)
    told = [f"{_named(each.sources)}, {_when(each, axis, now)}" for each in stretches]
    more = f" ; et {plural(len(told) - _TOLD, 'autre fois', 'autres fois')}" if len(told) > _TOLD else ""
    sentence = f"Hachuré, ce qui n'a pas été entendu : {' ; '.join(told[:_TOLD])}{more}." if told else ""
    return Unheard(tuple(_hatches(stretches, told, axis, listening.sources)), sentence)


def _stretches(gaps: Iterable[Gap], axis: Axis, now: datetime) -> list[_Stretch]:
    """Return the gaps widened to whole slots, those of the same slots together, the oldest first."""
    sources: dict[tuple[int, int, bool], list[str]] = defaultdict(list)
    for gap in gaps:
        until = gap.until or now
        is_all_along = gap.since <= axis.start and (gap.until is None or gap.until >= axis.end)
        if gap.fate is Fate.HEARD or is_all_along or gap.since >= axis.end or until <= axis.start:
            continue
        last = axis.slot_of(until - timedelta.resolution)
        names = sources[axis.slot_of(gap.since), last, gap.until is not None]
        if gap.source not in names:
            names.append(gap.source)
    return [_Stretch(first, last, tuple(names), is_over) for (first, last, is_over), names in sorted(sources.items())]


def _hatches(stretches: Sequence[_Stretch], told: Sequence[str], axis: Axis, sources: int) -> Iterator[Hatch]:
    """Yield what to hatch, no part of the drawing twice."""
    silent: list[set[str]] = [set() for _ in range(axis.slots)]
    for each in stretches:
        for slot in range(each.first, each.last + 1):
            silent[slot].update(each.sources)
    place = 100 / axis.slots
    for is_faint, run in groupby(range(axis.slots), lambda slot: _is_faint(len(silent[slot]), sources)):
        if is_faint is not None:
            slots = [*run]
            titles = [
                said
                for each, said in zip(stretches, told, strict=True)
                if each.first <= slots[-1] and each.last >= slots[0]
            ]
            x, width = round(slots[0] * place, 3), round(len(slots) * place, 3)
            yield Hatch(x, width, f"Pas entendu : {' ; '.join(titles)}", is_faint)


def _is_faint(silent: int, sources: int) -> bool | None:
    """Return whether most sources were heard; None where all were."""
    return silent * 2 < sources if silent else None


def _named(sources: Sequence[str]) -> str:
    names = [readable(name) for name in sources[:_NAMED]]
    if len(sources) > _NAMED:
        return f"{names[0]} et {len(sources) - 1} autres sources"
    return " et ".join(names)


def _when(stretch: _Stretch, axis: Axis, now: datetime) -> str:
    """Return the stretch as one says it: « hier entre 14 h et 16 h », « depuis aujourd'hui à 9 h »."""
    begin, end = axis.edges[stretch.first], axis.edges[stretch.last + 1]
    if axis.is_daily:
        return _which_days(stretch, begin, end, now)
    if not stretch.is_over:
        return f"depuis {day(begin, now)} à {_clock(begin)}"
    if paris(begin).date() == paris(end).date():
        return f"{day(begin, now)} entre {_clock(begin)} et {_clock(end)}"
    return f"entre {day(begin, now)} à {_clock(begin)} et {day(end, now)} à {_clock(end)}"


def _which_days(stretch: _Stretch, begin: datetime, end: datetime, now: datetime) -> str:
    if not stretch.is_over:
        return f"depuis {day(begin, now)}"
    if stretch.first == stretch.last:
        return day(begin, now)
    return f"entre {day(begin, now)} et {day(end - timedelta(hours=1), now)}"


def _clock(at: datetime) -> str:
    local = paris(at)
    return f"{local.hour}\u00a0h\u00a0{local.minute:02}" if local.minute else f"{local.hour}\u00a0h"
