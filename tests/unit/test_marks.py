"""What a reaction says, and what a change of reactions comes to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.alerts.marks import MEANINGS, Change, Mark, Marks, Reaction, changes, marks, meaning
from watcher.feedback import Verdict
from watcher.handling import Deed

USEFUL, NOISE, TAKEN, SEEN = Verdict.USEFUL, Verdict.NOISE, Deed.TAKEN, Deed.SEEN


@pytest.mark.parametrize(
    ("emoji", "mark"),
    [
        ("+1", USEFUL),
        ("thumbsup", USEFUL),
        ("+1::skin-tone-3", USEFUL),
        ("thumbsup::skin-tone-6", USEFUL),
        ("-1", NOISE),
        ("thumbsdown::skin-tone-2", NOISE),
        ("white_check_mark", TAKEN),
        ("heavy_check_mark", TAKEN),
        ("ballot_box_with_check", TAKEN),
        ("eyes", SEEN),
        ("zzz", Deed.SNOOZED),
        ("tada", None),
        ("+100", None),
        ("", None),
    ],
)
def test_an_emoji_says_one_thing_in_every_skin(emoji: str, mark: Mark | None) -> None:
    assert meaning(emoji) is mark


def test_two_skins_of_a_thumb_are_one_word_of_one_person() -> None:
    found = [Reaction("+1", ("U1",), 1), Reaction("+1::skin-tone-3", ("U1", "U2"), 2), Reaction("tada", ("U3",), 1)]
    assert marks(found, str.lower) == {("u1", USEFUL), ("u2", USEFUL)}


def test_who_is_left_out_of_a_list_cut_short_has_taken_nothing_back() -> None:
    before: Marks = frozenset({("u1", USEFUL), ("u1", TAKEN)})
    assert marks([Reaction("+1", ("U2",), 2)], str.lower, before) == {("u1", USEFUL), ("u2", USEFUL)}
    assert marks([Reaction("+1", ("U2",), 1)], str.lower, before) == {("u2", USEFUL)}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ([], [USEFUL], [(USEFUL, True)]),
        ([USEFUL], [USEFUL], []),
        ([USEFUL], [], [(USEFUL, False)]),
        ([USEFUL], [NOISE], [(NOISE, True)]),
        ([USEFUL], [USEFUL, NOISE], [(NOISE, True)]),
        ([USEFUL, NOISE], [USEFUL], [(USEFUL, True)]),
        ([USEFUL, NOISE], [], [(NOISE, False), (USEFUL, False)]),
        ([], [USEFUL, NOISE], []),
        ([TAKEN], [TAKEN, SEEN], [(SEEN, True)]),
        ([TAKEN, USEFUL], [USEFUL], [(TAKEN, False)]),
    ],
)
def test_the_last_word_counts(before: list[Mark], after: list[Mark], said: list[tuple[Mark, bool]]) -> None:
    found = changes(frozenset(("Anne", each) for each in before), frozenset(("Anne", each) for each in after))
    assert found == [Change("Anne", mark, is_made) for mark, is_made in said]


all_marks = st.frozensets(st.tuples(st.sampled_from(["Anne", "Bea"]), st.sampled_from(sorted(set(MEANINGS.values())))))


@given(st.lists(all_marks, max_size=6))
def test_whatever_came_before_who_says_one_thing_in_the_end_is_taken_at_that_word(readings: list[Marks]) -> None:
    verdicts: dict[str, Mark] = {}
    before: Marks = frozenset()
    for after in readings:
        for change in changes(before, after):
            if change.mark in {USEFUL, NOISE} and change.is_made:
                verdicts[change.person] = change.mark
            elif verdicts.get(change.person) is change.mark:
                del verdicts[change.person]
        before = after
    for person in ("Anne", "Bea"):
        said = {mark for whose, mark in before if whose == person and mark in {USEFUL, NOISE}}
        if len(said) < 2:
            assert {verdicts[person]} == said if said else person not in verdicts


@given(all_marks)
def test_a_reading_that_is_repeated_says_nothing_new(found: Marks) -> None:
    assert changes(found, found) == []
