"""What was not heard of two weeks, and what of them may be compared all the same. Pure.

The rule. A source is deaf where a gap of the ledger was never made good, and before the first post that we have of it.
The share that a group of posts lacks is the mean of its sources' deaf shares of the week, weighed by the posts that
each gave in the better of the two weeks. A comparison is fair while no source of the group was deaf; with care, and
said so, up to a tenth of either week; and not made at all beyond. A source that was deaf through both weeks tells
nothing of either, and changes nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.activity import Group, Span
from watcher.french import hour, number, paris, plural, weekday
from watcher.gaps import Gap

WITHHELD = 0.1
"""The share of a week that may be missing from what is compared."""

TELLING = 20
"""From so many posts on, a change is told in per cent; below, one post more would be « +50 % »."""

_NAMED = 3  # rows, sources and times that one sentence names
_NOUGHT = timedelta()


@dataclass(frozen=True, slots=True)
class Hearing:
    """A period, and the parts of it in which each source was deaf, in order, none of which touch each other."""

    span: Span
    deaf: Mapping[str, Sequence[Span]]

    def share(self, source: str) -> float:
        """Return how much of the period `source` was deaf, from 0 to 1."""
        lost = sum((until - since for since, until in self.deaf.get(source, ())), _NOUGHT)
        return lost / (self.span[1] - self.span[0])


def hearing(span: Span, gaps: Iterable[Gap], firsts: Mapping[str, datetime], listened: Collection[str]) -> Hearing:
    """Return what of `span` was not heard, by `gaps` that were never made good: see the module.

    `firsts` is when each source was first heard; of those that are not `listened` to, nothing is said.
    """
    since, until = span
    parts: dict[str, list[Span]] = {}
    for gap in gaps:
        parts.setdefault(gap.source, []).append((gap.since, gap.until or until))
    for source in listened:
        if source in firsts:
            parts.setdefault(source, []).append((since, firsts[source]))
    clipped = {
        source: [(max(begun, since), min(ended, until)) for begun, ended in spans] for source, spans in parts.items()
    }
    merged = {source: _merged(part for part in spans if part[0] < part[1]) for source, spans in clipped.items()}
    return Hearing(span, {source: spans for source, spans in merged.items() if spans})


@dataclass(frozen=True, slots=True)
class Fairness:
    """Whether a group of posts may be compared: its deaf sources, and the share of each week that they leave out."""

    deaf: tuple[str, ...] = ()
    share: float = 0.0
    share_before: float = 0.0

    @property
    def is_withheld(self) -> bool:
        """Tell whether too much is missing to compare at all."""
        return max(self.share, self.share_before) > WITHHELD


FAIR = Fairness()


def fairness(group: Group, before: Group, heard: Hearing, heard_before: Hearing, sources: Collection[str]) -> Fairness:
    """Return whether `group` may be compared with what it was `before`, given by `sources`."""
    names = {*sources, *group.by_source, *before.by_source}
    shares = {name: (heard.share(name), heard_before.share(name)) for name in names}
    shares = {name: both for name, both in shares.items() if min(both) < 1}
    weights = {name: max(group.by_source.get(name, 0), before.by_source.get(name, 0)) for name in shares}
    whole = sum(weights.values()) or 1
    lacking = [sum(weights[name] * both[week] for name, both in shares.items()) / whole for week in (0, 1)]
    deaf = sorted((name for name, both in shares.items() if max(both)), key=lambda name: (-weights[name], name))
    return Fairness(tuple(deaf), *lacking)


def change(value: int, before: int) -> str:
    """Return how much more or less `value` is: « +20 % », « −4 », « stable »."""
    if value == before:
        return "stable"
    sign = "+" if value > before else "−"
    if before < TELLING:
        return f"{sign}{abs(value - before)}"
    return f"{sign}{round(abs(value - before) / before * 100)}\u00a0%"


def when(part: Span, whole: Span) -> str:
    """Return when a source was deaf: « mardi 17 de 14 h à 18 h », « toute la semaine »."""
    since, until = part
    if part == whole:
        return "tout du long"
    last = until - timedelta(microseconds=1)  # midnight ends a day
    if paris(since).date() == paris(last).date():
        return f"{_day(since)} de {_clock(since)} à {_end(until)}"
    begins = "" if since == whole[0] else f"de {_day(since)} à {_clock(since)} "
    ends = "à la fin" if until == whole[1] else f"à {_day(last)} à {_end(until)}"
    return f"{begins}{ends}" if begins else f"du début {ends}"


def against(value: int, before: int, fair: Fairness) -> str:
    """Return what `before` was and how `value` differs: « 100 (+20 %) », with ≈ where that is to be taken with care."""
    if fair.is_withheld:
        return "non comparé"
    return f"{'≈ ' if fair.deaf else ''}{number(before)} ({change(value, before)})"


def cautions(judged: Mapping[str, Fairness], heard: Hearing, heard_before: Hearing) -> list[str]:
    """Return why what is `judged`, by name, is not simply compared; names of one reason share a sentence."""
    reasons: dict[tuple[bool, tuple[str, ...]], list[str]] = {}
    for name, fair in judged.items():
        if fair.deaf:
            reasons.setdefault((fair.is_withheld, fair.deaf), []).append(name)
    return [
        f"{_some(names)}, {'non comparé' if is_withheld else 'comparaison prudente'} : "
        f"{_deafness(deaf, heard, heard_before)}."
        for (is_withheld, deaf), names in reasons.items()
    ]


def _deafness(deaf: Sequence[str], heard: Hearing, heard_before: Hearing) -> str:
    told = []
    for source in deaf[:_NAMED]:
        weeks = (("", heard), ("la semaine d'avant, ", heard_before))
        parts = [f"{which}{when(part, each.span)}" for which, each in weeks for part in each.deaf.get(source, ())]
        told.append(f"{source} non écouté {_some(parts)}")
    left = len(deaf) - _NAMED
    more = [f"et {plural(left, 'autre source', 'autres sources')}"] if left > 0 else []
    return " ; ".join([*told, *more])


def _some(names: Sequence[str]) -> str:
    shown, left = names[:_NAMED], len(names) - _NAMED
    return ", ".join(shown) + (f" et {plural(left, 'autre', 'autres')}" if left > 0 else "")


def _merged(parts: Iterable[Span]) -> Sequence[Span]:
    merged: list[Span] = []
    for since, until in sorted(parts):
        if merged and since <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], until))
        else:
            merged.append((since, until))
    return merged


def _day(at: datetime) -> str:
    return f"{weekday(at)} {paris(at).day}"


def _clock(at: datetime) -> str:
    return hour(at).removesuffix("\u00a000")


def _end(at: datetime) -> str:
    return "minuit" if not (paris(at).hour or paris(at).minute) else _clock(at)
