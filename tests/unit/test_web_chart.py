"""The drawing of the volume, as figures."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.clock import NOON
from watcher.stores.queries import HourCount
from watcher.web.charts import HEIGHT, curve, volume_chart


def hours(posts: Sequence[int]) -> list[HourCount]:
    return [HourCount(NOON - timedelta(hours=len(posts) - 1 - order), count) for order, count in enumerate(posts)]


def test_bars_are_as_tall_as_their_figures_and_empty_hours_have_none() -> None:
    chart = volume_chart(hours([0, 3, 9, 0, 1]), NOON)
    assert [bar.height for bar in chart.bars] == [58.8, 176.4, 19.6]


def test_the_hour_that_runs_is_told_from_those_that_are_over() -> None:
    assert [bar.is_open for bar in volume_chart(hours([1, 1, 1]), NOON).bars] == [False, False, True]


@pytest.mark.parametrize(
    ("highest", "top"), [(0, "1"), (1, "1"), (2, "2"), (3, "4"), (6, "6"), (9, "10"), (11, "20"), (801, "1\u202f000")]
)
def test_the_scale_ends_on_a_round_figure(highest: int, top: str) -> None:
    assert volume_chart(hours([highest]), NOON).levels[-1].label == top


def test_days_are_marked_where_they_begin_in_paris() -> None:
    marks = volume_chart(hours([1] * 48), NOON).days
    assert [mark.label for mark in marks] == ["dim. 22", "lun. 23", "mar. 24"]
    assert marks[0].x == 0


def test_the_sentence_says_how_much_and_when() -> None:
    sentence = volume_chart(hours([0, 3, 9, 0, 1]), NOON).sentence.replace("\u00a0", " ")
    assert sentence == "13 publications en 5 heures. Le plus : 9, aujourd'hui entre 11 h et 12 h."


def test_silence_is_said() -> None:
    assert volume_chart(hours([0, 0]), NOON).sentence == "Aucune publication en 2 heures."


@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=200))
def test_nothing_is_drawn_outside(posts: list[int]) -> None:
    for bar in volume_chart(hours(posts), NOON).bars:
        assert bar.x >= 0
        assert bar.x + bar.width <= 100.01
        assert bar.y >= 0
        assert bar.y + bar.height <= HEIGHT


def test_a_curve_is_as_high_as_its_highest_bar_and_is_told_in_figures() -> None:
    drawn = curve([0, 2, 8, 4])
    assert [(bar.y, bar.height) for bar in drawn.bars] == [(48.0, 16.0), (0.0, 64.0), (32.0, 32.0)]
    assert drawn.sentence == "Publications par dix minutes : 0, 2, 8, 4. 8 au plus fort."


def test_a_curve_of_nothing_draws_nothing() -> None:
    assert (curve([]).bars, curve([0, 0]).bars) == ((), ())
