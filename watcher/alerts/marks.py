"""What a reaction says: which emoji mean what, and what a change of them comes to. Pure.

A person's last word counts: of two contrary marks the one that came last, and of two that were found together none.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from watcher.feedback import Verdict
from watcher.handling import Deed

Mark = Verdict | Deed

MEANINGS: Mapping[str, Mark] = {
    "+1": Verdict.USEFUL,
    "thumbsup": Verdict.USEFUL,
    "-1": Verdict.NOISE,
    "thumbsdown": Verdict.NOISE,
    "white_check_mark": Deed.TAKEN,
    "heavy_check_mark": Deed.TAKEN,
    "ballot_box_with_check": Deed.TAKEN,
    "eyes": Deed.SEEN,
    "zzz": Deed.SNOOZED,
}
"""By Slack's names; a skin tone follows them as « +1::skin-tone-3 »."""

Marks = frozenset[tuple[str, Mark]]
"""Marks, each with the person whose it is."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """One emoji under a message: who chose it, and how many did; a long list of who is cut short."""

    emoji: str
    users: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Change:
    """A mark that a person made, or took back."""

    person: str
    mark: Mark
    is_made: bool


def meaning(emoji: str) -> Mark | None:
    """Return what an emoji says, None for one that says nothing here."""
    return MEANINGS.get(emoji.partition("::")[0])


def marks(reactions: Iterable[Reaction], name: Callable[[str], str], before: Marks = frozenset()) -> Marks:
    """Return what `reactions` say, by the `name` of each person.

    Who is missing from a list that is cut short has taken nothing back: what was there `before` stays.
    """
    found = set[tuple[str, Mark]]()
    for reaction in reactions:
        mark = meaning(reaction.emoji)
        if mark is None:
            continue
        found |= {(name(user), mark) for user in reaction.users}
        if len(reaction.users) < reaction.count:
            found |= {made for made in before if made[1] == mark}
    return frozenset(found)


def changes(before: Marks, after: Marks) -> list[Change]:
    """Return what changed from one reading to the next, by person."""
    people = sorted({person for person, _ in before ^ after})
    return [change for person in people for change in _changes(person, _of(person, before), _of(person, after))]


def _of(person: str, all_marks: Marks) -> set[Mark]:
    return {mark for whose, mark in all_marks if whose == person}


def _changes(person: str, before: AbstractSet[Mark], after: AbstractSet[Mark]) -> Iterator[Change]:
    yield from _verdict(person, _verdicts(before), _verdicts(after))
    for deed in Deed:
        if (deed in before) != (deed in after):
            yield Change(person, deed, deed in after)


def _verdicts(found: AbstractSet[Mark]) -> set[Verdict]:
    return {mark for mark in found if isinstance(mark, Verdict)}


def _verdict(person: str, before: AbstractSet[Verdict], after: AbstractSet[Verdict]) -> Iterator[Change]:
    if before == after:
        return
    if not after:
        yield from (Change(person, verdict, is_made=False) for verdict in sorted(before))
    chosen = after if len(after) == 1 else after - before
    if len(chosen) == 1:
        yield from (Change(person, verdict, is_made=True) for verdict in chosen)
