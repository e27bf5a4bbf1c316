"""When things happen: APScheduler behind the answers that its traps need (deploy/decisions/008-schedule.md).

Every job runs alone, inside a deadline, and never twice at once; a missed run is caught up once; a wall clock that
jumps does not silence the daemon; a stop waits for what is running.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from traceback import format_tb

import structlog
from apscheduler.events import EVENT_JOB_MAX_INSTANCES, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger

from watcher.errors import Fatal
from watcher.model import RunReport
from watcher.ports import Clock

log = structlog.get_logger()

GRACE_S = 8.0
"""What a stop leaves to the jobs that are running, so that the whole process ends within 10 s."""

GUARD_EVERY_S = 5.0
CLOCK_DRIFT_S = 5.0
"""A wall clock that leaves the monotonic one by more has been set: APScheduler would sleep through the difference."""

MAX_BACKOFF_S = 6 * 3600.0
SKIPS_BEFORE_ALARM = 3


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do again and again. `run` returns the least wait in seconds before its next run, or None.

    `first_in_s` is the wait before the first run, `deadline_s` what one run may last. `trigger` replaces the interval.
    """

    name: str
    run: Callable[[], Awaitable[float | None]]
    every_s: float
    deadline_s: float
    first_in_s: float = 0.0
    trigger: BaseTrigger | None = field(default=None)


def wait_left_s(last_run_at: datetime | None, not_before: datetime | None, now: datetime) -> float:
    """Return the seconds left of the wait that a platform asked for at its last run.

    A last run that is still to come was dated by a wrong clock, and so was the wait: kept, it could last for years.
    """
    if not_before is None or (last_run_at and last_run_at > now):
        return 0.0
    return max(0.0, (not_before - now).total_seconds())


def first_wait_s(
    every_s: float, last_run_at: datetime | None, not_before: datetime | None, now: datetime, rng: random.Random
) -> float:
    """Return the seconds to wait after a start: what is left of the interval and of the platform's wish, and a jitter.

    The jitter, a tenth of the interval and 5 s at the most, keeps the sources from calling all at once.
    """
    elapsed_s = (now - last_run_at).total_seconds() if last_run_at and last_run_at <= now else every_s
    due_s = max(0.0, every_s - elapsed_s, wait_left_s(last_run_at, not_before, now))
    return due_s + rng.uniform(0, min(every_s / 10, 5.0))


def wait_after(report: RunReport, every_s: float, failures: int) -> float | None:
    """Return the least seconds before the next run: what the platform asked, or a doubling back-off after failures.

    The first failure costs nothing beyond the interval; the back-off never passes six hours, nor falls below the
    interval. None leaves the interval alone.
    """
    backoff_s = min(every_s * 2 ** min(failures - 1, 16), max(MAX_BACKOFF_S, every_s)) if failures > 1 else 0.0
    wait_s = max(report.retry_after_s or 0.0, backoff_s)
    return wait_s if wait_s > every_s else None


class Schedule:
    """Runs jobs until `stop` is set; a job that raises `Fatal` sets it."""

    def __init__(
        self, clock: Clock, stop: asyncio.Event, grace_s: float = GRACE_S, guard_every_s: float = GUARD_EVERY_S
    ) -> None:
        self._clock = clock
        self._stop = stop
        self._grace_s = grace_s
        self._guard_every_s = guard_every_s
        self._running: set[asyncio.Task[None]] = set()
        self._not_before_s: dict[str, float] = {}
        self._skips: dict[str, int] = {}
        self._fatal: Fatal | None = None
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        self._scheduler.add_listener(self._count_skip, EVENT_JOB_MAX_INSTANCES)

    def add(self, job: Job) -> None:
        """Add `job`, or put it in the place of the one that bears its name; what that one waited for is forgotten."""
        self._not_before_s.pop(job.name, None)
        self._scheduler.add_job(
            self._run,
            job.trigger or IntervalTrigger(seconds=job.every_s, timezone=UTC),
            args=[job],
            id=job.name,
            name=job.name,
            replace_existing=True,
            next_run_time=_in_seconds(job.first_in_s),
        )

    def remove(self, name: str) -> None:
        """Forget the job called `name`; a run under way goes on to its end."""
        self._scheduler.remove_job(name)

    async def run_until_stopped(self) -> None:
        """Run the jobs until the stop event, then let those under way finish, `grace_s` seconds at the most.

        Raises the `Fatal` that a job met.
        """
        self._scheduler.start()
        guard = asyncio.create_task(self._guard_clock())
        try:
            await self._stop.wait()
        finally:
            guard.cancel()
            self._scheduler.pause()
            await self._finish_running()
            self._scheduler.shutdown(wait=False)
        if self._fatal is not None:
            raise self._fatal

    async def _run(self, job: Job) -> None:
        if self._clock.monotonic_s() < self._not_before_s.get(job.name, 0.0):
            return
        task = asyncio.current_task()
        if task is not None:
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        wait_s: float | None = None
        try:
            async with asyncio.timeout(job.deadline_s):
                wait_s = await job.run()
        except TimeoutError:
            log.warning("job_timed_out", job=job.name, deadline_s=job.deadline_s)
        except Fatal as error:
            log.critical("job_fatal", job=job.name)
            self._fatal = error
            self._stop.set()
        except Exception as error:  # noqa: BLE001 - one run of one job, whatever happens in it
            # Its words may quote a post: where it happened is enough.
            stack = "".join(format_tb(error.__traceback__))
            log.error("job_crashed", job=job.name, error=type(error).__name__, stack=stack)  # noqa: TRY400
        self._skips.pop(job.name, None)
        if wait_s is not None:
            self._postpone(job.name, wait_s)

    def _postpone(self, name: str, wait_s: float) -> None:
        self._not_before_s[name] = self._clock.monotonic_s() + wait_s
        if self._scheduler.get_job(name) is not None:
            self._scheduler.modify_job(name, next_run_time=_in_seconds(wait_s))

    async def _finish_running(self) -> None:
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=self._grace_s)
            for task in late:
                task.cancel()
            if late:
                log.warning("jobs_cancelled", count=len(late))
                await asyncio.wait(late)

    async def _guard_clock(self) -> None:
        offset_s = self._offset_s()
        while True:
            await asyncio.sleep(self._guard_every_s)
            if abs(self._offset_s() - offset_s) > CLOCK_DRIFT_S:
                log.warning("clock_jumped", by_s=round(self._offset_s() - offset_s, 1))
                offset_s = self._offset_s()
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=_in_seconds(0))

    def _offset_s(self) -> float:
        return self._clock.now().timestamp() - self._clock.monotonic_s()

    def _count_skip(self, event: JobExecutionEvent) -> None:
        self._skips[event.job_id] = self._skips.get(event.job_id, 0) + 1
        if self._skips[event.job_id] == SKIPS_BEFORE_ALARM:
            log.error("job_hangs", job=event.job_id, skipped=SKIPS_BEFORE_ALARM)


def _in_seconds(wait_s: float) -> datetime:
    """Return the wall-clock time APScheduler will compare with its own reading of the clock."""
    return datetime.now(UTC) + timedelta(seconds=wait_s)  # noqa: TID251 - APScheduler reads the system clock itself
