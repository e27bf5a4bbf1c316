"""A week's figures by platform or by topic, set beside those of the week before and of the year before. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from watcher.activity import Activity, Group
from watcher.digest.comparison import Fairness, against, cautions, fairness
from watcher.digest.document import Row, Section, Table
from watcher.digest.facts import Past, WeekFacts
from watcher.digest.morning import voices
from watcher.french import number, plural

_HEADS = ("Publications", "Semaine d'avant", "Un an avant", "Voix", "À répondre")
_NOTHING = Group()
_NO_SOURCES: Mapping[str, Sequence[str]] = MappingProxyType({})

Groups = Callable[[Activity], Mapping[str, Group]]
"""Gives the groups of an activity that are the rows of a table."""


def compared(
    head: str,
    facts: WeekFacts,
    groups: Groups,
    names: Mapping[str, str],
    sources: Mapping[str, Sequence[str]] = _NO_SOURCES,
) -> Section:
    """Return the part « Par plateforme » where `head` is « Plateforme ».

    `names` are those of the groups; `sources` are listened to for each, beside those that gave posts.
    """
    title = f"Par {head.lower()}"
    now, before = groups(facts.past.activity), groups(facts.before.activity)
    keys = sorted({*now, *before}, key=lambda key: (-_posts(now, key), -_posts(before, key), key))
    if not keys:
        return Section(title, "Rien, ni cette semaine ni la semaine d'avant.")
    pairs = {key: _Pair.of(key, groups, facts.past, facts.before, sources) for key in keys}
    year = facts.year_before
    then = {key: _Pair.of(key, groups, facts.past, year, sources) for key in keys} if year else {}
    most = max(_posts(each, key) for each in (now, before) for key in keys) or 1
    rows = [_row(names.get(key, key), pairs[key], then.get(key), most) for key in keys]
    notes = cautions(
        {names.get(k, k): pair.fair for k, pair in pairs.items()}, facts.past.hearing, facts.before.hearing
    )
    return Section(title, table=Table((head, *_HEADS), rows), notes=(*notes, *_of_year(then.values(), year)))


@dataclass(frozen=True, slots=True)
class _Pair:
    """One group of the week, and what it was in another."""

    now: Group
    before: Group
    fair: Fairness

    @classmethod
    def of(cls, key: str, groups: Groups, past: Past, before: Past, sources: Mapping[str, Sequence[str]]) -> "_Pair":
        now, then = groups(past.activity).get(key, _NOTHING), groups(before.activity).get(key, _NOTHING)
        return cls(now, then, fairness(now, then, past.hearing, before.hearing, sources.get(key, ())))

    @property
    def posts(self) -> str:
        """The posts of the other week, and the difference."""
        return against(self.now.posts, self.before.posts, self.fair)


def _row(name: str, pair: _Pair, year: _Pair | None, most: int) -> Row:
    now, before = pair.now, pair.before
    then = year.posts if year and year.before.posts else "pas de données"
    bars = [now.posts / most, *([] if pair.fair.is_withheld else [before.posts / most])]
    cells = (
        number(now.posts),
        pair.posts,
        then,
        voices(now.voices, now.nameless, now.posts),
        number(now.to_answer),
    )
    said = (
        f"{name} : {plural(now.posts, 'publication', 'publications')}, semaine d'avant : {pair.posts}, "
        f"un an avant : {then}, {number(now.to_answer)} à répondre"
    )
    return Row(name, cells, bars, said)


def _of_year(pairs: Iterable[_Pair], year: Past | None) -> Iterator[str]:
    if year is None:
        return
    if not year.activity.total.posts:
        yield f"Pas de données pour la semaine {year.week.number} de {year.week.year}."
    elif any(pair.before.posts and pair.fair.deaf for pair in pairs):
        yield "Un an avant : des sources manquaient alors, ou ont été ajoutées depuis (≈, ou non comparé)."


def _posts(groups: Mapping[str, Group], key: str) -> int:
    return groups.get(key, _NOTHING).posts
