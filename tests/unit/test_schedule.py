"""When things happen: alone, in time, caught up once, and stopped cleanly."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from tests.fakes.clock import NOON, FakeClock
from watcher.clock import SystemClock
from watcher.errors import Fatal
from watcher.model import Outcome, RunReport
from watcher.schedule import MAX_BACKOFF_S, Job, Schedule, first_wait_s, wait_after

HOUR_S = 3600.0


def job(
    run: Callable[[], Awaitable[float | None]], *, name: str = "job", every_s: float = 0.05, deadline_s: float = 5
) -> Job:
    return Job(name, run, every_s=every_s, deadline_s=deadline_s)


async def run_until(is_so: Callable[[], bool], *jobs: Job) -> None:
    """Run `jobs` until it is so; a machine that is busy takes longer."""
    stop = asyncio.Event()
    schedule = Schedule(SystemClock(), stop)
    for each in jobs:
        schedule.add(each)
    running = asyncio.create_task(schedule.run_until_stopped())
    async with asyncio.timeout(20):
        while not is_so():
            await asyncio.sleep(0.01)
    stop.set()
    await running


async def run_for(
    seconds: float, *jobs: Job, clock: FakeClock | SystemClock | None = None, grace_s: float = 1.0
) -> None:
    stop = asyncio.Event()
    schedule = Schedule(clock or SystemClock(), stop, grace_s=grace_s, guard_every_s=0.05)
    for each in jobs:
        schedule.add(each)
    asyncio.get_running_loop().call_later(seconds, stop.set)
    await schedule.run_until_stopped()


class Counting:
    """A job that counts its starts and its ends and lasts `lasts_s`."""

    def __init__(self, lasts_s: float = 0.0, returns: float | None = None, raises: Exception | None = None) -> None:
        self.started = self.ended = 0
        self._lasts_s, self._returns, self._raises = lasts_s, returns, raises

    async def __call__(self) -> float | None:
        self.started += 1
        await asyncio.sleep(self._lasts_s)
        if self._raises:
            raise self._raises
        self.ended += 1
        return self._returns


@pytest.mark.parametrize(
    ("last_run", "not_before", "expected_s"),
    [
        (None, None, 0),
        (NOON - timedelta(hours=2), None, 0),
        (NOON - timedelta(minutes=20), None, 40 * 60),
        (NOON - timedelta(minutes=20), NOON + timedelta(hours=3), 3 * HOUR_S),
        (NOON + timedelta(days=1), None, 0),
        (NOON + timedelta(days=1500), NOON + timedelta(days=1501), 0),
    ],
    ids=[
        "never ran",
        "overdue",
        "due in 40 min",
        "the platform asked for 3 h",
        "last run in the future: clock was wrong",
        "and so was the wait that it asked for",
    ],
)
def test_first_run_after_a_start(last_run: datetime | None, not_before: datetime | None, expected_s: float) -> None:
    wait_s = first_wait_s(HOUR_S, last_run, not_before, NOON, random.Random(1))
    assert expected_s <= wait_s <= expected_s + 5


@pytest.mark.parametrize(
    ("retry_after_s", "failures", "expected"),
    [
        (None, 0, None),
        (None, 1, None),
        (None, 2, 2 * HOUR_S),
        (None, 3, 4 * HOUR_S),
        (None, 50, MAX_BACKOFF_S),
        (120.0, 1, None),
        (2 * HOUR_S, 0, 2 * HOUR_S),
    ],
)
def test_wait_after_a_run(retry_after_s: float | None, failures: int, expected: float | None) -> None:
    report = RunReport("source", Outcome.UNREACHABLE, retry_after_s=retry_after_s)
    assert wait_after(report, HOUR_S, failures) == expected


async def test_a_job_runs_at_once_and_again() -> None:
    work = Counting()
    await run_until(lambda: work.started >= 3, job(work))


async def test_a_job_never_runs_twice_at_once_and_a_hung_one_ends_at_its_deadline() -> None:
    hung, other = Counting(lasts_s=60), Counting()
    jobs = job(hung, name="hung", deadline_s=0.2), job(other, name="other")
    await run_until(lambda: hung.started >= 2 and other.ended >= 5, *jobs)
    assert hung.ended == 0
    assert other.ended > hung.started


async def test_a_crash_costs_one_run() -> None:
    crashing = Counting(raises=ValueError("boom"))
    await run_until(lambda: crashing.started >= 3, job(crashing))


async def test_fatal_stops_the_daemon_and_is_told() -> None:
    with pytest.raises(Fatal, match="disque perdu"):
        await run_for(60, job(Counting(raises=Fatal("disque perdu"))))


async def test_the_wait_a_run_asks_for_is_kept() -> None:
    asked = Counting(returns=60)
    await run_for(0.3, job(asked))
    assert asked.started == 1


async def test_stop_lets_a_running_job_finish() -> None:
    work = Counting(lasts_s=0.3)
    await run_for(0.1, job(work, every_s=10))
    assert (work.started, work.ended) == (1, 1)


async def test_stop_cancels_what_outlasts_the_grace() -> None:
    work = Counting(lasts_s=60)
    async with asyncio.timeout(2):
        await run_for(0.1, job(work, every_s=10, deadline_s=60), grace_s=0.2)
    assert (work.started, work.ended) == (1, 0)


@pytest.mark.parametrize("jump", [timedelta(seconds=10), timedelta(hours=1), timedelta(days=1)])
@pytest.mark.parametrize("sign", [1, -1])
async def test_a_clock_jump_wakes_every_job_once(jump: timedelta, sign: int) -> None:
    clock, work = FakeClock(), Counting()
    asyncio.get_running_loop().call_later(0.1, clock.set_wall, NOON + sign * jump)
    await run_for(0.4, job(work, every_s=HOUR_S), clock=clock)
    assert work.started == 2


async def test_a_clock_jump_does_not_break_a_promise_to_a_platform() -> None:
    clock, work = FakeClock(), Counting(returns=2 * HOUR_S)
    asyncio.get_running_loop().call_later(0.1, clock.set_wall, NOON + timedelta(days=1))
    await run_for(0.4, job(work, every_s=HOUR_S), clock=clock)
    assert work.started == 1
