"""What is remembered in bounded memory, against exact counts."""

from collections import Counter
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.sketches import Acquaintances, Shares, digest
from pipelines.trends import Emerging, Use, voices
from watcher.stores.journal.folds import packed, unpacked

HOUR_S, DAY_S = 3600.0, 86_400.0

uses = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 5)), min_size=1, max_size=200)
ticks = st.lists(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 8)), min_size=1, max_size=20), min_size=1, max_size=6
)


@settings(max_examples=200, deadline=timedelta(seconds=1))
@given(uses, st.integers(5, 12))
def test_a_share_is_never_too_high_and_too_low_by_what_is_said_at_the_most(
    told: list[tuple[int, int]], capacity: int
) -> None:
    shares, exact = Shares(capacity, halflife_s=1e12), Counter[int]()
    for n, (tag, count) in enumerate(told):
        shares.turn(float(n), count)
        shares.add(tag, count)
        exact[tag] += count
        assert len(shares) <= capacity + 1
    for tag, count in exact.items():
        share = count / exact.total()
        assert share - shares.missing - 1e-6 <= shares.of(tag) <= share + 1e-6


@settings(max_examples=50, deadline=timedelta(seconds=1))
@given(st.floats(0, 400), st.floats(0, 400))
def test_what_is_older_by_a_halflife_weighs_half(first: float, gap: float) -> None:
    shares = Shares(halflife_s=DAY_S)
    shares.turn(first * DAY_S, 1)
    shares.add("a", 1)
    shares.turn((first + gap) * DAY_S, 1)
    shares.add("b", 1)
    weight = 0.5**gap
    assert abs(shares.of("a") - weight / (1 + weight)) < 1e-6


def test_every_author_of_long_ago_is_known_and_hardly_any_stranger() -> None:
    authors = Acquaintances(capacity=5_000)
    for n in range(5_000):
        authors.meet(digest(f"connu{n}"), n * 10.0)
    authors.meet(digest("aujourd'hui"), 4 * DAY_S)
    assert all(authors.knows(digest(f"connu{n}")) for n in range(5_000))
    assert sum(authors.knows(digest(f"inconnu{n}")) for n in range(5_000)) <= 100


@settings(max_examples=50, deadline=timedelta(seconds=2))
@given(st.lists(st.tuples(st.integers(0, 8), st.floats(0, 200)), min_size=1, max_size=60))
def test_nobody_is_known_within_a_day_and_everybody_after_two(met: list[tuple[int, float]]) -> None:
    authors, first = Acquaintances(capacity=1_000), dict[int, float]()
    for author, hour in sorted(met, key=lambda each: each[1]):
        authors.meet(digest(author), hour * HOUR_S)
        first.setdefault(author, hour)
        for other, since in first.items():
            if hour - since < 24:
                assert not authors.knows(digest(other))
            elif hour - since >= 48:
                assert authors.knows(digest(other))


@given(ticks)
def test_there_are_never_more_voices_than_authors(told: list[list[Use]]) -> None:
    heard = voices(told, lambda _: True)
    authors = {author for tick in told for author, _ in tick}
    assert 0 <= heard <= len(authors)


@settings(max_examples=25, deadline=timedelta(seconds=5))
@given(
    st.lists(st.tuples(st.integers(0, 5000), st.sampled_from("abcd"), st.sampled_from(["x", "y", "z"])), max_size=80),
    st.integers(0, 5000),
)
def test_a_stop_anywhere_changes_nothing_of_what_follows(told: list[tuple[int, str, str]], stop: int) -> None:
    def fold(*, stops: bool) -> list[object]:
        detector, scores = Emerging(capacity=50, known_authors=100), list[object]()
        for n, (t, author, tag) in enumerate(sorted(told)):
            if stops and t >= stop:
                kept = unpacked(packed(detector.snapshot()))
                detector = Emerging(capacity=50, known_authors=100)
                detector.restore(kept)
            detector.observe(t * 60.0, author, tag, str(n % 7))
            if n % 3 == 2:
                scores.append(detector.tick(t * 60.0 + 1))
        return scores

    assert fold(stops=True) == fold(stops=False)
