"""The drawing of the volume, as figures."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.clock import NOON
from watcher.gaps import Fate, Gap
from watcher.model import GapCause
from watcher.stores.queries import HourCount
from watcher.trend import Hearing, Trend, Why
from watcher.web.charts import HEIGHT, curve, volume_chart
from watcher.web.unheard import Listening


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


def test_hours_that_were_not_all_heard_are_hatched() -> None:
    missed = Gap("gazette", "rss", GapCause.OUTAGE, NOON - timedelta(hours=3), NOON - timedelta(hours=2), Fate.LOST)
    chart = volume_chart(hours([1, 1, 0, 1, 1]), NOON, Listening(1, [missed]))
    assert [(hatch.x, hatch.width) for hatch in chart.unheard.hatches] == [(20, 20)]


def trend(*posts: int) -> Trend:
    heard = Hearing(NOON, score=6.0, voices=9, expected=0.2)
    return Trend("hashtag", "crue", NOON - timedelta(minutes=15), heard, heard, why=Why(curve=posts))


def test_a_curve_is_as_high_as_its_highest_bar_and_is_told_in_figures() -> None:
    drawn = curve(trend(0, 2, 8, 4), NOON)
    assert drawn is not None
    assert [(bar.y, bar.height) for bar in drawn.bars] == [(48.0, 16.0), (0.0, 64.0), (32.0, 32.0)]
    assert drawn.sentence == "Publications par dix minutes : 0, 2, 8, 4. 8 au plus fort."


def test_ten_minutes_that_were_not_all_heard_are_hatched_and_said() -> None:
    began = NOON - timedelta(minutes=80)  # an hour before the trend, at the full ten minutes
    missed = Gap("gazette", "rss", GapCause.OUTAGE, began + timedelta(minutes=10), began + timedelta(minutes=30))
    drawn = curve(trend(1, 0, 0, 4), NOON, Listening(1, [missed]))
    assert drawn is not None
    assert [(hatch.x, hatch.width) for hatch in drawn.unheard.hatches] == [(25, 50)]
    assert drawn.sentence.endswith(
        "ce qui n'a pas été entendu : gazette, aujourd'hui entre 11\u00a0h\u00a050 et 12\u00a0h\u00a010."
    )


@pytest.mark.parametrize("posts", [(), (0, 0)])
def test_a_curve_of_nothing_is_none(posts: tuple[int, ...]) -> None:
    assert curve(trend(*posts), NOON) is None
