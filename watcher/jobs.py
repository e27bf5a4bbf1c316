"""The jobs of the daemon: what each does at its turn, and how often."""

import random
from collections.abc import Iterator

import structlog

from watcher.alerts.delivery import deliver
from watcher.alerts.judging import Judging
from watcher.alerts.reactions import Listener, People
from watcher.alerts.retelling import retell
from watcher.alerts.slack import Slack
from watcher.app import House, examples_of, stand, telling_of
from watcher.digest.desk import publish_due
from watcher.drain import drain
from watcher.errors import BudgetSpent, Unreachable
from watcher.flow import RUN_DEADLINE_S, collect_source
from watcher.model import Outcome, RunReport, Source, SourceState
from watcher.newsroom import desk_of
from watcher.ports import Lending, Sweepable
from watcher.schedule import Job, first_wait_s, wait_after, wait_left_s
from watcher.trends.watch import watch
from watcher.upkeep import accounts, retention
from watcher.upkeep.checkup import listen, rest, tell
from watcher.upkeep.counters import recount
from watcher.upkeep.firsts import correct_firsts
from watcher.upkeep.retention import Lent
from watcher.upkeep.shown import show
from watcher.upkeep.sweep import sweep

log = structlog.get_logger()

DRAIN_EVERY_S = 2.0
"""A post is searchable a few seconds after its commit, and an idle look at the outbox costs a millisecond."""

MESSAGES_EVERY_S = 5.0
"""An alert is a few seconds old when it is read; an idle look costs a read of the journal."""

REACTIONS_EVERY_S = 60.0
"""Who reacts to an alert sees it taken within the minute."""

WATCH_EVERY_S = 60.0
"""A tick closes every ten minutes; between two, a look costs one read of the journal."""

DIGESTS_EVERY_S = 60.0
"""Their hours are in minutes; between two digests, a look costs two reads of the journal."""

RETENTION_RETRY_S = 900.0
"""What must be forgotten today waits for Elasticsearch, not for tomorrow."""

JOB_DEADLINE_S = 120.0

COUNTERS_EVERY_S = 300.0
"""Pages are read again every quarter of an hour at the soonest."""

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


def jobs_of_house(house: House) -> Iterator[Job]:
    """Yield the jobs that go by the configuration and may begin anew at any time."""
    yield watch_job(house)
    yield firsts_job(house)
    yield counters_job(house)
    yield from messages_jobs(house)
    yield checkup_job(house)
    yield digests_job(house)


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
        tell(journal, config.sources, now, config.alerts if house.installation.door else None)
        show(journal, config.sources, config.paused, now)

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


def counters_job(house: House) -> Job:
    """Return the job that brings counters up to date."""

    async def run() -> None:
        await recount(house.journal, house.elastic, house.line.clock)

    return Job("counters", run, COUNTERS_EVERY_S, JOB_DEADLINE_S)


def messages_jobs(house: House) -> Iterator[Job]:
    """Yield the job that sends the messages that wait, where there is a door to send them through.

    Where that is Slack's own, so is the one that reads how people react to them.
    """
    if (door := house.installation.door) is None:
        return

    telling = telling_of(house)

    async def run() -> None:
        if telling:
            await retell(house.journal, house.elastic, telling, house.line.clock.now())
        done = await deliver(house.journal, door, house.line.fetch, house.line.clock)
        if done.message:
            log.warning("messages_wait", reason=done.message)

    yield Job("messages", run, MESSAGES_EVERY_S, JOB_DEADLINE_S)
    if isinstance(door, Slack):
        yield reactions_job(house, door)


def reactions_job(house: House, door: Slack) -> Job:
    """Return the job that reads what the team says of its alerts by reactions."""
    listener = listener_of(house, door)

    async def run() -> float | None:
        return await listener.listen(house.line.fetch, house.line.clock)

    return Job("reactions", run, REACTIONS_EVERY_S, JOB_DEADLINE_S)


def listener_of(house: House, door: Slack) -> Listener:
    """Return what reads the reactions of this house's team."""
    config = house.installation.config
    judging, people = Judging(house.journal, config.alerts.rules), People(config.team, house.line.pseudonyms)
    return Listener(judging, people, door, config.alerts.channel)


def digests_job(house: House) -> Job:
    """Return the job that makes the digests whose hour has come."""
    desk = desk_of(house.installation, house.journal, house.elastic)

    async def run() -> None:
        try:
            await publish_due(desk, house.line.clock.now())
        except Unreachable:
            log.info("digests_wait_for_elasticsearch")

    return Job("digests", run, DIGESTS_EVERY_S, JOB_DEADLINE_S)


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
    examples = examples_of(house.installation, house.journal)

    async def run() -> float | None:
        if examples:
            await examples.take_out_orphans()
        ages = house.installation.config.instance.retention
        try:
            await retention.retain(house.journal, house.elastic, ages, house.line.clock.now(), lent_to(house))
        except Unreachable:
            log.warning("retention_postponed", retry_in_s=RETENTION_RETRY_S)
            return RETENTION_RETRY_S
        return None

    return Job("retention", run, retention.EVERY.total_seconds(), JOB_DEADLINE_S * 10, first_in_s=60.0)
