"""A week in a few seconds: outages, 429s, an expired key, spent budgets, deletions and crashes, on a fake clock.

At its end nothing is lost that a platform still gave, nothing is there twice, whatever was not heard is in the ledger,
and no platform was asked, or paid, more than its budget.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.elasticsearch import FakeElasticsearch
from tests.fakes.line import PSEUDONYMS, ScriptedReader
from tests.fakes.week import (
    PAID_REMEMBERS,
    BusyCollector,
    Killed,
    PaidCollector,
    Platform,
    WeekFetch,
    WindowCollector,
    Written,
    asks_to_wait,
    key_expired,
    outage,
)
from watcher.budget import Budget, Prices
from watcher.drain import drain
from watcher.flow import Line, collect_source
from watcher.gaps import Fate, Gap
from watcher.model import GapCause, Source
from watcher.ports import Collector, Sweepable
from watcher.schedule import wait_after
from watcher.stores.elastic import Elastic
from watcher.stores.journal import Journal
from watcher.upkeep.backfilling import backfill, fillable
from watcher.upkeep.sweep import sweep

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK_ENDS = NOON + 7 * DAY
"""The first of December: the month's budgets begin anew at the end of it."""

COLLECTORS: dict[str, Collector] = {each.name: each for each in (WindowCollector(), PaidCollector(), BusyCollector())}
SOURCES = {
    "window": Source("window", "window", None, 900.0),
    "paid": Source(
        "paid",
        "paid",
        None,
        900.0,
        budget=Budget(euros_per_month=Decimal("2.4"), prices=Prices(post=Decimal("0.01"))),
    ),
    "busy": Source("busy", "busy", None, 1_800.0, budget=Budget(calls_per_day=40)),
}


def written(rng: Random, every_min: int, *, deletes: bool) -> list[Written]:
    """Posts of a week at irregular times; every fifteenth is deleted some hours later where `deletes`."""
    posts, at = list[Written](), NOON - DAY
    while (at := at + timedelta(minutes=rng.uniform(0.2, 1.8) * every_min)) < WEEK_ENDS:
        gone = at + timedelta(hours=rng.uniform(1, 60)) if deletes and len(posts) % 15 == 7 else None
        posts.append(Written(len(posts), at, gone))
    return posts


def platforms(rng: Random) -> dict[str, Platform]:
    return {
        "window": Platform(
            written(rng, 25, deletes=False),
            [outage(NOON + 20 * HOUR, NOON + 31 * HOUR), asks_to_wait(NOON + 60 * HOUR, NOON + 62 * HOUR)],
            remembers=30 * DAY,
        ),
        "paid": Platform(
            written(rng, 40, deletes=True),
            [key_expired(NOON + 40 * HOUR, NOON + 70 * HOUR), outage(NOON + 100 * HOUR, NOON + 101 * HOUR)],
            remembers=PAID_REMEMBERS,
            kills={30, 55},
        ),
        "busy": Platform(
            written(rng, 6, deletes=True),
            [outage(NOON + 30 * HOUR, NOON + 42 * HOUR), asks_to_wait(NOON + 80 * HOUR, NOON + 83 * HOUR)],
            remembers=30 * DAY,
            kills={40, 90, 150},
        ),
    }


@dataclass
class World:
    """The line on a journal that is opened again after each crash, and what it met."""

    folder: Path
    clock: FakeClock
    platforms: dict[str, Platform]
    crashes: int = 0
    due_at: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        self.journal = Journal(self.folder / "journal.sqlite")
        self.journal._file.execute("PRAGMA synchronous = OFF")  # no power fails here
        fetch = WeekFetch(self.platforms, self.clock)
        self.line = Line(fetch, self.journal, ScriptedReader(), PSEUDONYMS, self.clock)

    def crash(self) -> None:
        self.crashes += 1
        self.journal.close()
        self.open()

    async def run(self, source: Source) -> None:
        try:
            report = await collect_source(source, COLLECTORS[source.platform], self.line)
        except Killed:
            self.crash()
            return
        failures = self.journal.source_state(source.name).failures
        wait_s = wait_after(report, source.interval_s, failures) or source.interval_s
        self.due_at[source.name] = self.clock.now() + timedelta(seconds=wait_s)

    async def sweep(self) -> None:
        for source in SOURCES.values():
            collector = COLLECTORS[source.platform]
            if isinstance(collector, Sweepable):
                fetch = self.line.fetch_for(source, COLLECTORS[source.platform])
                await sweep(source, collector, fetch, self.journal, self.clock)

    def gaps(self, name: str) -> list[Gap]:
        return [gap for gap in self.journal.gaps.between(NOON - 9 * DAY, self.clock.now()) if gap.source == name]


async def live_a_week(world: World, elastic: Elastic) -> None:
    while world.clock.now() < WEEK_ENDS:
        for name, source in SOURCES.items():
            if world.clock.now() >= world.due_at.get(name, NOON):
                await world.run(source)
        world.clock.advance(300)
        if world.clock.now().time() == NOON.time():
            await drain(world.journal, elastic, world.clock, Random(1))


async def fill_the_gaps(world: World) -> None:
    """What the team does then: `watcher backfill` for each source, until the budget has allowed all of it."""
    for source in SOURCES.values():
        await world.run(source)
    for _ in range(12):
        for name in ("paid", "busy"):
            source = SOURCES[name]
            for since, until in fillable(world.journal, source):
                await backfill(source, COLLECTORS[name], world.line, world.journal, since=since, until=until)
        world.clock.advance(6 * 3600)
    for source in SOURCES.values():
        await world.run(source)


def touches(gap: Gap, since: datetime, until: datetime) -> bool:
    return gap.since <= until and (gap.until is None or gap.until > since)


def is_covered(gaps: Sequence[Gap], since: datetime, until: datetime) -> bool:
    """Whether no moment between two times is outside of all `gaps`."""
    for gap in sorted(gaps, key=lambda gap: gap.since):
        if gap.since <= since:
            since = max(since, gap.until or until)
    return since >= until


def number_of(body: Mapping[str, Any]) -> int:
    return int(str(body["text"]).split()[1])


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, FakeClock(), platforms(Random(7)))
    yield made
    made.journal.close()


async def test_after_a_week_of_troubles_nothing_is_lost_that_a_platform_still_gave(world: World) -> None:
    async with FakeElasticsearch() as node:
        elastic = Elastic(node.url)
        await live_a_week(world, elastic)
        await fill_the_gaps(world)
        await world.sweep()
        await drain(world.journal, elastic, world.clock, Random(1))
        await elastic.close()
    now = world.clock.now()
    assert world.crashes == 5
    assert (world.journal.waiting(), world.journal.dead_letters.count()) == (0, 0)

    bodies = [body for (index, _), (_, body) in node.documents.items() if "posts-" in index]
    stored = {name: {number_of(body) for body in bodies if body["source"] == name} for name in SOURCES}
    assert len(bodies) == sum(map(len, stored.values())), "a post is there twice"

    for name, platform in world.platforms.items():
        there = {post.number: post.at for post in platform.posts if post.is_there(now)}
        assert stored[name] <= {post.number for post in platform.posts}
        if name == "busy":  # what `paid` no longer remembers cannot be asked about, and `window` cannot be asked at all
            assert stored[name] <= set(there), "a post that was deleted stays"
        assert platform.served & set(there) <= stored[name], f"{name} gave a post that is not there"
        unheard = [gap for gap in world.gaps(name) if gap.fate is not Fate.HEARD]
        missing = {n: at for n, at in there.items() if n not in stored[name] and at >= NOON - HOUR}
        unexplained = [at for at in missing.values() if not any(touches(gap, at, at) for gap in unheard)]
        assert unexplained == [], f"{name} missed posts that no gap tells of"
        if platform.remembers > 9 * DAY and name != "window":
            assert missing == {}, f"{name} still gives what was missed"


async def test_whatever_was_not_heard_is_in_the_ledger_with_its_cause(world: World) -> None:
    async with FakeElasticsearch() as node:
        elastic = Elastic(node.url)
        await live_a_week(world, elastic)
        await elastic.close()
    for name, platform in world.platforms.items():
        found = world.gaps(name)
        for trouble in platform.troubles:
            at = f"{name}: {trouble.cause} of {trouble.since:%A %H:%M}"
            assert is_covered(found, trouble.since + timedelta(seconds=SOURCES[name].interval_s), trouble.until), at
            assert any(gap.cause is trouble.cause and touches(gap, trouble.since, trouble.until) for gap in found), at
    causes = {name: {gap.cause for gap in world.gaps(name)} for name in SOURCES}
    assert GapCause.FORGOTTEN in causes["window"]
    assert GapCause.BUDGET in causes["paid"]
    assert {GapCause.BUDGET, GapCause.CLIPPED} <= causes["busy"]


async def test_no_platform_is_asked_or_paid_more_than_its_budget(world: World) -> None:
    async with FakeElasticsearch() as node:
        elastic = Elastic(node.url)
        await live_a_week(world, elastic)
        await fill_the_gaps(world)
        await elastic.close()
    busy, paid = world.platforms["busy"], world.platforms["paid"]
    assert max(busy.calls.values()) == 40, "the budget was never at stake, or was passed"
    assert set(paid.sold) == {"2026-11", "2026-12"}
    assert all(sold <= 240 for sold in paid.sold.values())
    spent = world.journal.purses.spent(SOURCES["paid"].purse, SOURCES["paid"].budget, world.clock.now())
    assert spent.month.posts >= paid.sold["2026-12"], "what a crash left unknown must count as spent"
