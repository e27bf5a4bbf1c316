"""The daemon itself: how it starts, goes on with what the team edits, and stops; and one pass without it."""

import asyncio
import random
import signal
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import structlog

from watcher.app import House, renewed
from watcher.drain import DrainState, drain
from watcher.jobs import (
    JOB_DEADLINE_S,
    accounts_job,
    collect,
    drain_job,
    jobs_of,
    jobs_of_house,
    retention_job,
    sweeps_of,
)
from watcher.model import RunReport, Source
from watcher.page import page
from watcher.reloading import Edits, Renewed, begin, last_edit
from watcher.schedule import Job, Schedule
from watcher.web.memory import Memory
from watcher.web.server import Front, serving
from watcher.words import Edit

log = structlog.get_logger()

PARALLEL_RUNS = 8
"""Sources that `once` collects at the same time: enough to hide slow servers, few for a small machine."""

_rng = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class OnceReport:
    """What one pass over the sources did: a report a source, how the drain ended, and what still waits."""

    runs: tuple[RunReport, ...]
    drain: DrainState
    waiting: int


async def once(house: House, sources: Sequence[Source], done: Callable[[RunReport], None]) -> OnceReport:
    """Collect each of `sources` once and deliver what they gave; `done` is told of each as it ends.

    Delivery stops where Elasticsearch makes us wait: the rest stays in the journal.
    """
    turns = asyncio.Semaphore(PARALLEL_RUNS)

    async def run(source: Source) -> RunReport:
        async with turns:
            report = await collect(house, source)
        done(report)
        return report

    reports = await asyncio.gather(*(run(source) for source in sources))
    state = await drain(house.journal, house.elastic, house.line.clock, _rng)
    return OnceReport(tuple(reports), state, house.journal.waiting())


async def live(
    house: House,
    sources: Sequence[Source],
    stop: asyncio.Event,
    *,
    port: int,
    ready: Callable[[str], None],
    banner: str | None = None,
    edits: Edits | None = None,
    only: Collection[str] | None = None,
) -> None:
    """Collect, deliver, fold and forget on schedule, and serve the page, until `stop` is set; what runs is let finish.

    `ready` is told the page's address; `banner` stands on top of it; `edits` are taken up meanwhile, of the sources
    named in `only` where it is given. Raises `Fatal` when the port is taken, or what a
    job could do nothing about.
    """
    schedule, memory = Schedule(house.line.clock, stop), Memory()
    front = Front(page(house, banner, edit_of(house), memory))
    for job in (
        *(job for source in sources for job in jobs_of(house, source)),
        drain_job(house),
        *jobs_of_house(house),
        retention_job(house),
        accounts_job(house),
        *(job for source in house.installation.config.paused for job in sweeps_of(house, source)),
    ):
        schedule.add(job)
    if edits:
        begin(house.journal)
        schedule.add(Living(house, schedule, front, memory, banner, only).edits_job(edits))
    settings = house.installation.config.instance.page
    proxies = settings.proxies if settings.password else ()
    async with serving(front, settings.address, port, proxies) as url:
        log.info("daemon_started", page=url)
        ready(settings.url if settings.names else url)
        await schedule.run_until_stopped()
    log.info("daemon_stopped", waiting=house.journal.waiting())


@dataclass(slots=True)
class Living:
    """The daemon while it runs: what an edit of the configuration changes of it. `only` are the sources wanted."""

    house: House
    schedule: Schedule
    front: Front
    memory: Memory
    banner: str | None = None
    only: Collection[str] | None = None

    def edits_job(self, edits: Edits) -> Job:
        """Return the job that takes up what the team saves."""

        async def run() -> None:
            found = await edits.renewed(self.house.installation, self.house.journal, self.house.line.clock)
            if found:
                await self.take_up(found)

        return Job("edits", run, edits.look_every_s, JOB_DEADLINE_S, first_in_s=edits.look_every_s)

    async def take_up(self, found: Renewed) -> None:
        """Go on with what `found` holds: jobs end, begin and change; a source that runs is let finish."""
        before = self.house
        self.house = await renewed(before, found.installation, changes_reading=found.changes.changes_reading)
        # Words of the territory reach each collector and each pseudonym: then all begin anew, when they are due.
        changed = None if found.changes.changes_reading else found.changes.sources
        old, new = self._jobs(before, changed), self._jobs(self.house, changed)
        for name in {job.name for job in old} - {job.name for job in new}:
            self.schedule.remove(name)
        for job in (*new, *jobs_of_house(self.house), retention_job(self.house), accounts_job(self.house)):
            self.schedule.add(job)
        self.front.app = page(self.house, self.banner, edit_of(self.house), self.memory)

    def _jobs(self, house: House, changed: Collection[str] | None) -> list[Job]:
        config = house.installation.config
        active = [source for source in config.sources if self.only is None or source.name in self.only]
        jobs = [(source, jobs_of(house, source)) for source in active]
        jobs += [(source, sweeps_of(house, source)) for source in config.paused]
        return [job for source, of_it in jobs if changed is None or source.name in changed for job in of_it]


def edit_of(house: House) -> Callable[[], Edit]:
    """Return what tells the page of the last edit."""
    return lambda: last_edit(house.journal)


def stop_on_signals(stop: asyncio.Event) -> None:
    """Set `stop` on Ctrl-C and on the service manager's SIGTERM."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
