"""Spikes of a series: told once, over its own record, in every size."""

import pytest

from pipelines.volumes import SILENCE_S, STEP_S, THRESHOLD, Volume, Volumes
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


def test_a_tick_counts_each_series_step_by_step_and_says_how_far_one_rose() -> None:
    volumes, alone = Volumes(), Volume()
    for n in range(200):
        for k in range(10 if n == 150 else n % 2):
            volumes.observe(n * 2 * STEP_S + k, "theme:crises")
        found = volumes.tick((n + 1) * 2 * STEP_S, 2 * STEP_S)
        steps = (10 if n == 150 else n % 2, 0)
        if found:
            excess = []
            for step, count in enumerate(steps, start=1):
                alone.update((n * 2 + step) * STEP_S, count)
                excess.append(alone.excess)
            assert found == {"theme:crises": max(excess)}
    assert alone.excess == 0.0


def test_what_comes_late_to_its_step_counts_in_the_next() -> None:
    volumes, on_time = Volumes(), Volumes()
    volumes.observe(-50.0, "lycees")
    on_time.observe(50.0, "lycees")
    assert volumes.tick(600.0, 600.0) == on_time.tick(600.0, 600.0)
    assert volumes.snapshot() == on_time.snapshot()


def test_restored_series_go_on() -> None:
    whole, restored = Volumes(), Volumes()
    whole.observe(10.0, "lycees")
    whole.tick(600.0, 600.0)
    restored.restore(unpacked(packed(whole.snapshot())))
    assert restored.tick(1200.0, 600.0) == whole.tick(1200.0, 600.0)
    assert restored.snapshot() == whole.snapshot()
