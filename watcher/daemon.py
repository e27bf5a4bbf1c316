"""The daemon itself: which jobs there are, when each is due, and how all of it starts and stops."""

import asyncio
import random
import signal
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import structlog

from watcher.alerts.delivery import deliver
from watcher.app import House, renewed, stand
from watcher.drain import DrainState, drain
from watcher.errors import BudgetSpent, Unreachable
from watcher.flow import RUN_DEADLINE_S, collect_source
from watcher.model import Outcome, RunReport, Source, SourceState
from watcher.page import page
from watcher.ports import Lending, Sweepable
from watcher.reloading import Edits, Renewed, begin, last_edit
from watcher.schedule import Job, Schedule, first_wait_s, wait_after, wait_left_s
from watcher.trends.watch import watch
from watcher.upkeep import accounts, retention
from watcher.upkeep.checkup import listen, rest, tell
from watcher.upkeep.firsts import correct_firsts
from watcher.upkeep.retention import Lent
from watcher.upkeep.sweep import sweep
from watcher.web.server import Front, serving
from watcher.words import Edit

log = structlog.get_logger()

PARALLEL_RUNS = 8
"""Sources that `once` collects at the same time: enough to hide slow servers, few for a small machine."""

DRAIN_EVERY_S = 2.0
"""A post is searchable a few seconds after its commit, and an idle look at the outbox costs a millisecond."""

MESSAGES_EVERY_S = 5.0
"""An alert is a few seconds old when it is read; an idle look costs a read of the journal."""

WATCH_EVERY_S = 60.0
"""A tick closes every ten minutes; between two, a look costs one read of the journal."""

RETENTION_RETRY_S = 900.0
"""What must be forgotten today waits for Elasticsearch, not for tomorrow."""

JOB_DEADLINE_S = 120.0

FIRSTS_EVERY_S = 60.0
"""Nobody reads who spoke first within the minute."""

CHECKUP_EVERY_S = 600.0
"""A silence shows after hours, and a budget is not spent in less."""

ACCOUNTS_EVERY_S = 3600.0
"""Each is asked once a day, and again an hour later where it did not answer."""

DAILY_S = 86_400.0

SWEEP_FIRST_IN_S = 600.0
"""A start has more urgent things to do; a daemon that is started every day sweeps every day all the same."""

SWEEP_DEADLINE_S = 6 * 3600.0
"""A month of posts, asked for at one request a second a server, takes some two hours; what is cut goes on tomorrow."""

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
    schedule = Schedule(house.line.clock, stop)
    front = Front(page(house, banner, edit_of(house)))
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
        schedule.add(Living(house, schedule, front, banner, only).edits_job(edits))
    async with serving(front, port=port) as url:
        log.info("daemon_started", page=url)
        ready(url)
        await schedule.run_until_stopped()
    log.info("daemon_stopped", waiting=house.journal.waiting())


@dataclass(slots=True)
class Living:
    """The daemon while it runs: what an edit of the configuration changes of it. `only` are the sources wanted."""

    house: House
    schedule: Schedule
    front: Front
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
        self.front.app = page(self.house, self.banner, edit_of(self.house))

    def _jobs(self, house: House, changed: Collection[str] | None) -> list[Job]:
        config = house.installation.config
        active = [source for source in config.sources if self.only is None or source.name in self.only]
        jobs = [(source, jobs_of(house, source)) for source in active]
        jobs += [(source, sweeps_of(house, source)) for source in config.paused]
        return [job for source, of_it in jobs if changed is None or source.name in changed for job in of_it]


def edit_of(house: House) -> Callable[[], Edit]:
    """Return what tells the page of the last edit."""
    return lambda: last_edit(house.journal)


def jobs_of_house(house: House) -> Iterator[Job]:
    """Yield the jobs that go by the configuration and may begin anew at any time."""
    yield watch_job(house)
    yield firsts_job(house)
    yield from messages_jobs(house)
    yield checkup_job(house)


def stop_on_signals(stop: asyncio.Event) -> None:
    """Set `stop` on Ctrl-C and on the service manager's SIGTERM."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)


async def collect(house: House, source: Source) -> RunReport:
    """Run `source` once, unless its platform asked us to wait and the time has not come."""
    state, now = state_of(house, source), house.line.clock.now()
    wait_s = wait_left_s(state.last_run_at, state.not_before, now)
    if state.outcome is Outcome.RATE_LIMITED and wait_s:
        return RunReport(source.name, Outcome.RATE_LIMITED, state.message, retry_after_s=wait_s)
    return await collect_source(source, house.collectors[source.platform], house.line)


def jobs_of(house: House, source: Source) -> Iterator[Job]:
    """Yield the job that collects `source`, and the one that asks its platform what is gone."""
    yield source_job(house, source)
    yield from sweeps_of(house, source)


def sweeps_of(house: House, source: Source) -> Iterator[Job]:
    """Yield the job that asks the platform of `source` what is gone, where it must be asked: at rest, it may be too."""
    collector = house.collectors[source.platform]
    if isinstance(collector, Sweepable):
        yield sweep_job(house, source, collector)


def source_job(house: House, source: Source) -> Job:
    """Return the job that collects `source`: due when its interval and its platform's wishes since the last run say."""
    known = state_of(house, source)

    async def run() -> float | None:
        report = await collect(house, source)
        return wait_after(report, source.interval_s, state_of(house, source).failures)

    wait_s = first_wait_s(source.interval_s, known.last_run_at, known.not_before, house.line.clock.now(), _rng)
    # The run holds its own deadline; the job's is for a run that does not obey it.
    return Job(f"source:{source.name}", run, source.interval_s, RUN_DEADLINE_S + 30, first_in_s=wait_s)


def state_of(house: House, source: Source) -> SourceState:
    """Return what the journal knows of the runs of `source`."""
    states = house.journal.source_states()
    return next((state for state in states if state.name == source.name), SourceState(source.name))


def sweep_job(house: House, source: Source, collector: Sweepable) -> Job:
    """Return the job that asks every day whether the posts of `source` are still there."""

    async def run() -> float | None:
        fetch = house.line.fetch_for(source, house.collectors[source.platform])
        try:
            await sweep(source, collector, fetch, house.journal, house.line.clock)
        except BudgetSpent as error:
            log.info("sweep_postponed", source=source.name, retry_in_s=error.retry_after_s)
            return error.retry_after_s
        return None

    return Job(f"sweep:{source.name}", run, DAILY_S, SWEEP_DEADLINE_S, first_in_s=SWEEP_FIRST_IN_S)


def checkup_job(house: House) -> Job:
    """Return the job that looks for silent sources, and tells what the team must know of all of them."""
    config, journal = house.installation.config, house.journal

    async def run() -> None:
        now = house.line.clock.now()
        rest(journal, config.paused, now)
        listen(journal, config.sources, now)
        tell(journal, config.sources, now)

    return Job("checkup", run, CHECKUP_EVERY_S, JOB_DEADLINE_S)


def accounts_job(house: House) -> Job:
    """Return the job that asks, once a day, the figures of our accounts and the ends of our keys."""

    async def run() -> None:
        await accounts.ask(house.journal, house.line, house.installation.config.sources, house.collectors)

    return Job("accounts", run, ACCOUNTS_EVERY_S, JOB_DEADLINE_S * 10, first_in_s=30.0)


def drain_job(house: House) -> Job:
    """Return the job that delivers the outbox."""

    async def run() -> None:
        await drain(house.journal, house.elastic, house.line.clock, _rng)

    return Job("drain", run, DRAIN_EVERY_S, JOB_DEADLINE_S)


def firsts_job(house: House) -> Job:
    """Return the job that puts right who spoke first."""

    async def run() -> None:
        await correct_firsts(house.journal, house.elastic, house.line.clock)

    return Job("firsts", run, FIRSTS_EVERY_S, JOB_DEADLINE_S)


def messages_jobs(house: House) -> Iterator[Job]:
    """Yield the job that sends the messages that wait, where there is a door to send them through."""
    if (door := house.installation.door) is None:
        return

    async def run() -> None:
        done = await deliver(house.journal, door, house.line.fetch, house.line.clock)
        if done.message:
            log.warning("messages_wait", reason=done.message)

    yield Job("messages", run, MESSAGES_EVERY_S, JOB_DEADLINE_S)


def watch_job(house: House) -> Job:
    """Return the job that folds what was stored into trends."""
    standing = stand(house)

    async def run() -> None:
        try:
            await watch(standing, house.line.clock.now())
        except Unreachable:
            log.info("trends_wait_for_elasticsearch")  # the drain says why; the next turn goes on from the last commit

    return Job("watch", run, WATCH_EVERY_S, JOB_DEADLINE_S)


def lent_to(house: House) -> list[Lent]:
    """Return what each platform with a lease lends us, sources at rest included."""
    config = house.installation.config
    names = {
        platform: frozenset(each.name for each in (*config.sources, *config.paused) if each.platform == platform)
        for platform in house.collectors
    }
    return [
        Lent(platform, names[platform], collector.lease)
        for platform, collector in house.collectors.items()
        if isinstance(collector, Lending)
    ]


def retention_job(house: House) -> Job:
    """Return the job that forgets, every hour, what must not be kept longer."""

    async def run() -> float | None:
        ages = house.installation.config.instance.retention
        try:
            await retention.retain(house.journal, house.elastic, ages, house.line.clock.now(), lent_to(house))
        except Unreachable:
            log.warning("retention_postponed", retry_in_s=RETENTION_RETRY_S)
            return RETENTION_RETRY_S
        return None

    return Job("retention", run, retention.EVERY.total_seconds(), JOB_DEADLINE_S * 10, first_in_s=60.0)
