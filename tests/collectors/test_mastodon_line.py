"""The whole line over real instances: what the journal holds after posts travelled, changed and vanished."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.line import a_line
from watcher.app import House
from watcher.collectors.mastodon import Collector, InstanceSettings
from watcher.demo.mastodon import MastodonInstance, instances, on_this_machine
from watcher.fetch import HttpFetch
from watcher.flow import Line, collect_source
from watcher.jobs import jobs_of
from watcher.model import Outcome, RunReport, Source
from watcher.normalise import post_id
from watcher.stores.journal import Journal
from watcher.upkeep.sweep import sweep


class Region:
    """Three instances, each a source, and the line with its real journal."""

    def __init__(self, served: list[MastodonInstance], line: Line, journal: Journal) -> None:
        self.instances, self.line, self.journal = served, line, journal
        self.sources = [
            Source(one.host, "mastodon", InstanceSettings(instance=one.address, hashtags=("lodeve",)), 900.0)
            for one in served
        ]

    async def run(self) -> list[RunReport]:
        return [await collect_source(source, Collector(), self.line) for source in self.sources]

    def words(self) -> list[object]:
        rows = self.journal.outbox_batch(100, 1_000_000, self.line.clock.now())
        return [row.body and row.body["text"] for row in rows]


@pytest.fixture
async def region(tmp_path: Path) -> AsyncIterator[Region]:
    clock = FakeClock()
    async with (
        instances("home.example", "alpha.example", "beta.example") as served,
        HttpFetch(user_agent="essai", clock=clock, allow_loopback=True, resolver=on_this_machine) as fetch,
    ):
        line, journal = a_line(tmp_path)
        yield Region(served, replace(line, fetch=fetch, clock=clock), journal)
        journal.close()


async def test_a_post_that_three_instances_tell_of_is_stored_once(region: Region) -> None:
    home, *others = region.instances
    post = home.write("marie", "<p>La crue à Lodève</p>", tags=("lodeve",))
    for other in others:
        other.receive(post)
    assert [(report.new, report.repeated) for report in await region.run()] == [(1, 0), (0, 1), (0, 1)]
    assert region.words() == ["La crue à Lodève"]


async def test_an_edit_replaces_the_words_and_a_second_look_changes_nothing(region: Region) -> None:
    post = region.instances[0].write("marie", "<p>La crue</p>", tags=("lodeve",))
    await region.run()
    post.content = "<p>La décrue</p>"
    assert [report.edited for report in await region.run()] == [1, 0, 0]
    assert region.words() == ["La décrue"]
    assert [report.edited for report in await region.run()] == [0, 0, 0]


async def test_a_deletion_is_found_by_the_sweep_and_the_post_does_not_come_back(region: Region) -> None:
    home, other, _ = region.instances
    post = home.write("marie", "<p>La crue</p>", tags=("lodeve",))
    other.receive(post)
    await region.run()
    home.delete(post)
    assert await sweep(region.sources[0], Collector(), region.line.fetch, region.journal, region.line.clock) == 1
    assert region.journal.seen.known([post_id("mastodon", post.uri)])[post_id("mastodon", post.uri)].is_deleted
    assert [report.new for report in await region.run()] == [0, 0, 0]
    assert region.words() == [None]


async def test_an_instance_that_closes_silences_itself_alone(region: Region) -> None:
    home, other, third = region.instances
    for instance in region.instances:
        instance.write("marie", "<p>La crue</p>", tags=("lodeve",))
    home.door, third.allowance = "silent", 0
    closed, healthy, limited = await region.run()
    assert (closed.outcome, healthy.outcome, limited.outcome) == (
        Outcome.AUTH_REFUSED,
        Outcome.OK,
        Outcome.RATE_LIMITED,
    )
    assert "home.example" in closed.message
    assert limited.retry_after_s == 300
    assert other.asked


async def test_each_instance_is_collected_and_swept(region: Region) -> None:
    house = House(None, region.line, region.journal, None, {"mastodon": Collector()})
    names = [job.name for source in region.sources[:1] for job in jobs_of(house, source)]
    assert names == ["source:home.example", "sweep:home.example"]
