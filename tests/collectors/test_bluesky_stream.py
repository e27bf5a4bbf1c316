"""From a real WebSocket through the whole line: nothing lost, nothing twice, and what was deleted is gone."""

import random
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.collectors.test_bluesky import AUTHOR, GOLDEN, WRITTEN, micros, said
from tests.fakes.clock import NOON, FakeClock
from tests.fakes.elastic_ids import stored_ids
from tests.fakes.line import PSEUDONYMS, ScriptedReader
from watcher import app, translation
from watcher.collectors.bluesky import BlueskySettings
from watcher.collectors.bluesky.position import Position
from watcher.demo.jetstream import JetstreamServer
from watcher.drain import drain
from watcher.fetch import HttpFetch
from watcher.flow import Line, collect_source
from watcher.gaps import Fate
from watcher.model import GapCause, Outcome, RunReport, Source
from watcher.normalise import post_id
from watcher.ports import Collector
from watcher.stores.elastic import Elastic
from watcher.stores.journal import Journal

ROOT = Path(__file__).parents[2]
AGENT = "veille-occitanie/0.1 (+https://region.example/veille)"
KEPT = "nimes train ales carte image tags futur hier vacances".split()
FORMATS = pytest.mark.parametrize("v2", [False, True], ids=["v1", "v2"])


@pytest.fixture(scope="module")
def collector() -> Collector:
    """The collector as the shipped configuration makes it listen."""
    return translation.collectors_of(app.load_config(ROOT / "config"), ROOT / "var")["bluesky"]


@asynccontextmanager
async def a_line(folder: Path) -> AsyncIterator[tuple[Line, Journal]]:
    """The real line and fetch, at noon, with a source that has been listened to an hour ago."""
    clock, journal = FakeClock(), Journal(folder / "journal.sqlite")
    seen_us = micros(NOON - timedelta(hours=1))
    journal.commit_page(
        "bluesky", "bluesky", [], deletions=(), dead=(), cursor=Position(seen_us=seen_us).cursor(), now=NOON
    )
    async with HttpFetch(
        user_agent=AGENT, clock=clock, allow_loopback=True, total_timeout_s=2, stream_batch_s=0.1, stream_silence_s=0.5
    ) as fetch:
        yield Line(fetch, journal, ScriptedReader(), PSEUDONYMS, clock), journal
    journal.close()


def lately(events: Sequence[Mapping[str, Any]], now: datetime = NOON) -> list[dict[str, Any]]:
    """The events as if they had happened in the last minutes, in their order."""
    return [{**event, "time_us": micros(now - timedelta(minutes=10)) + 1_000_000 * n} for n, event in enumerate(events)]


async def run(line: Line, collector: Collector, server: JetstreamServer, *, v2: bool = False) -> RunReport:
    source = Source("bluesky", "bluesky", BlueskySettings(stream=server.url(v2=v2)), interval_s=60)
    return await collect_source(source, collector, line)


@FORMATS
async def test_of_golden_and_written_events_exactly_those_of_the_region_are_in_elasticsearch(
    collector: Collector, tmp_path: Path, es_url: str, es_prefix: str, *, v2: bool
) -> None:
    elastic = Elastic(es_url, prefix=es_prefix)
    async with JetstreamServer(lately([*GOLDEN, *WRITTEN])) as server, a_line(tmp_path) as (line, journal):
        report = await run(line, collector, server, v2=v2)
        await drain(journal, elastic, line.clock, random.Random(1))
    await elastic.close()
    authors = {event["commit"]["rkey"]: event["did"] for event in WRITTEN if event["kind"] == "commit"}
    assert (report.outcome, report.dead) == (Outcome.OK, 0)
    assert sorted(stored_ids(es_url, es_prefix)) == sorted(
        post_id("bluesky", f"at://{authors[rkey]}/app.bsky.feed.post/{rkey}")
        for rkey in (f"3m6{name}" for name in KEPT)
    )


@FORMATS
async def test_what_was_stored_leaves_when_a_later_sitting_hears_that_it_is_gone(
    collector: Collector, tmp_path: Path, es_url: str, es_prefix: str, *, v2: bool
) -> None:
    elastic, events = Elastic(es_url, prefix=es_prefix), lately(WRITTEN)
    async with JetstreamServer(events[:14]) as server, a_line(tmp_path) as (line, journal):
        await run(line, collector, server, v2=v2)
        await drain(journal, elastic, line.clock, random.Random(1))
        before = stored_ids(es_url, es_prefix)
        await server.publish(*events[14:])
        report = await run(line, collector, server, v2=v2)
        await drain(journal, elastic, line.clock, random.Random(1))
    await elastic.close()
    assert len(before) == 12
    assert len(stored_ids(es_url, es_prefix)) == len(KEPT)
    assert (report.new, report.edited, report.deleted) == (1, 1, 4)


@FORMATS
async def test_connections_cut_at_any_frame_lose_nothing_and_repeat_nothing(
    collector: Collector, tmp_path: Path, *, v2: bool
) -> None:
    rng = random.Random(20261124)
    events = [
        said(f"Crue à Nîmes, jour {n}", at=NOON - timedelta(seconds=3_000 - n), rkey=f"3m6{n}") for n in range(300)
    ]
    cuts = [rng.randrange(60) for _ in range(20)]
    new, sittings = 0, 0
    async with JetstreamServer(events, cuts=cuts) as server, a_line(tmp_path) as (line, journal):
        while sittings <= len(cuts):
            report = await run(line, collector, server, v2=v2)
            new, sittings = new + report.new, sittings + 1
            if report.outcome is not Outcome.UNREACHABLE:
                break
        known = journal.seen.known(
            post_id("bluesky", f"at://{AUTHOR}/app.bsky.feed.post/3m6{n}") for n in range(len(events))
        )
    assert sittings > 5
    assert (new, len(known)) == (len(events), len(events))


async def test_a_network_that_says_nothing_is_told_to_the_team(collector: Collector, tmp_path: Path) -> None:
    async with JetstreamServer() as server, a_line(tmp_path) as (line, _):
        report = await run(line, collector, server)
    assert report.outcome is Outcome.UNREACHABLE
    assert "n'envoie plus rien" in report.message


async def test_sitting_after_sitting_hears_everything_that_is_said_meanwhile(
    collector: Collector, tmp_path: Path
) -> None:
    new = 0
    async with JetstreamServer() as server, a_line(tmp_path) as (line, _):
        for sitting in range(4):
            at = NOON + timedelta(seconds=60 * sitting - 30)
            await server.publish(*(said("Crue à Nîmes", at=at, rkey=f"3m6{sitting}{n}") for n in range(5)))
            new += (await run(line, collector, server)).new
            line.clock.advance(60)  # type: ignore[attr-defined]
    assert new == 20


async def test_what_the_servers_have_forgotten_is_a_gap_that_is_lost(collector: Collector, tmp_path: Path) -> None:
    later = NOON + timedelta(days=3)
    async with JetstreamServer(lately(WRITTEN, later)) as server, a_line(tmp_path) as (line, journal):
        assert isinstance(line.clock, FakeClock)
        line.clock.advance(3 * 86_400)
        await run(line, collector, server)
        lost = [gap for gap in journal.gaps.between(NOON, line.clock.now()) if gap.cause is GapCause.FORGOTTEN]
    [gap] = lost
    assert (gap.since, gap.until) == (NOON - timedelta(hours=1), later - timedelta(hours=36))
    assert gap.fate is Fate.LOST
