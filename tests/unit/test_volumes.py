"""Spikes of a series: told once, over its own record, in every size."""

import pytest

from pipelines.volumes import SILENCE_S, STEP_S, THRESHOLD, Volume
from watcher.stores.journal.folds import packed, unpacked


def run(volume: Volume, counts: list[float], begin: int = 0) -> list[int]:
    """Return the places of `counts` at which the threshold was passed."""
    return [begin + n for n, count in enumerate(counts) if volume.update((begin + n) * STEP_S, count) >= THRESHOLD]


@pytest.mark.parametrize("size", [1, 10, 1000])
def test_seven_times_the_usual_is_told_whatever_the_size(size: int) -> None:
    alerts = run(Volume(), [*[size] * 600, *[7 * size] * 6, *[size] * 100])
    assert alerts
    assert 600 <= alerts[0] <= 604


def test_a_steady_series_is_silent() -> None:
    assert run(Volume(), [7, 9, 8, 10] * 500) == []


def test_the_same_spike_is_not_told_again_within_a_day_and_a_higher_one_is() -> None:
    calm, spike, higher = [10.0] * 100, [60.0] * 6, [400.0] * 6
    alerts = run(Volume(), [*[10.0] * 600, *spike, *calm, *spike, *calm, *higher])
    first = [n for n in alerts if n < 606]
    assert first
    assert [n for n in alerts if 606 <= n < 812] == []
    assert [n for n in alerts if n >= 812]
    assert (812 - 606) * STEP_S < SILENCE_S


def test_a_restored_series_goes_on_as_the_first_would() -> None:
    counts = [float(n * n % 13) for n in range(700)]
    whole, restored = Volume(), Volume()
    scores = [whole.update(n * STEP_S, count) for n, count in enumerate(counts[:500])]
    restored.restore(unpacked(packed(whole.snapshot())))
    assert any(scores)
    for n, count in enumerate(counts[500:], start=500):
        assert restored.update(n * STEP_S, count) == whole.update(n * STEP_S, count)
