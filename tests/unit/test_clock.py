"""The clocks: the machine's, and one that is told when time passes."""

from datetime import timedelta

from tests.fakes.clock import NOON
from watcher.clock import SteppedClock, SystemClock


def test_the_machines_clock_is_aware_and_never_goes_back() -> None:
    clock = SystemClock()
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.monotonic_s() <= clock.monotonic_s()


def test_a_stepped_clock_stands_still_until_it_is_advanced() -> None:
    clock = SteppedClock(NOON)
    assert (clock.now(), clock.now(), clock.monotonic_s()) == (NOON, NOON, 0.0)
    clock.advance(timedelta(minutes=10))
    assert (clock.now(), clock.monotonic_s()) == (NOON + timedelta(minutes=10), 600.0)
