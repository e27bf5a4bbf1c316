"""How often we call one host: simulated minutes, no sleep."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from watcher.limits import Pace


def test_the_first_call_goes_at_once_and_the_next_ones_are_spaced() -> None:
    pace = Pace(gap_s=1.0)
    assert [pace.reserve("example.org", 100.0) for _ in range(4)] == [0, 1, 2, 3]


def test_hosts_do_not_wait_for_each_other() -> None:
    pace = Pace(gap_s=1.0)
    assert [pace.reserve(host, 100.0) for host in ("a.example", "b.example")] == [0, 0]


@given(arrivals=st.lists(st.floats(0, 600), min_size=1, max_size=2_000))
def test_ten_minutes_of_any_arrivals_never_pass_the_rate(arrivals: list[float]) -> None:
    pace = Pace(gap_s=1.0)
    calls = [at + pace.reserve("example.org", at) for at in sorted(arrivals)]
    assert sum(call < 600 for call in calls) <= 600 * 1.05
    assert all(later - sooner >= 0.999 for sooner, later in pairwise(calls))
