"""The play on the real node, as `watcher demo --headless` does it: whole in the slow suite, its first days here."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes.clock import NOON
from watcher import app
from watcher.clock import SteppedClock
from watcher.demo.check import expected, missing
from watcher.demo.findings import findings, observed, summed
from watcher.demo.installation import forget, installation
from watcher.demo.play import Play, Turn
from watcher.demo.scenario import HISTORY, LIVE, TICK, curtain
from watcher.demo.sites import SICK
from watcher.demo.stories import timeline
from watcher.demo.world import serve_world
from watcher.errors import Fatal
from watcher.model import Outcome, RunReport
from watcher.stores.lock import only_one

END = curtain(NOON)
DAYS = 2


def on_the_shared_node(installed: app.Installation, url: str, prefix: str) -> app.Installation:
    instance = installed.config.instance
    instance = replace(instance, elasticsearch=replace(instance.elasticsearch, prefix=prefix))
    return replace(installed, config=replace(installed.config, instance=instance), elasticsearch_url=url)


@asynccontextmanager
async def staged(folder: Path, url: str, prefix: str) -> AsyncIterator[Play]:
    clock = SteppedClock(END - HISTORY)
    async with (
        serve_world(timeline(END), clock) as world,
        app.open_house(on_the_shared_node(installation(world, folder), url, prefix)) as house,
    ):
        yield Play.in_house(house, world, clock)


async def test_the_first_days_arrive_whole_and_once(tmp_path: Path, es_url: str, es_prefix: str) -> None:
    turns: list[Turn] = []
    async with staged(tmp_path, es_url, es_prefix) as play:
        async for turn in play.history():
            turns.append(turn)
            if len(turns) > DAYS:
                break
        seen = observed(await findings(play.house, turns))
        due = [post for post in play.world.posts if post.at <= play.clock.now()]
        assert seen.links == dict.fromkeys(map(play.world.link, due), 1)
    assert play.clock.now() == END - HISTORY + timedelta(days=DAYS)
    assert seen.ill == SICK


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_a_whole_demo_shows_all_that_it_must(tmp_path: Path, es_url: str, es_prefix: str) -> None:
    async with staged(tmp_path, es_url, es_prefix) as play:
        past = [turn async for turn in play.history()]
        live = [turn async for turn in play.live()]
        found = await findings(play.house, [*past, *live])
        lacks = missing(observed(found), expected(play.world.posts, play.world.link, END))
    assert lacks == []
    assert len(past) == play.days
    assert [alert for turn in past for alert in turn.alerts] == []
    assert [turn.at for turn in live] == [END - LIVE + TICK * step for step in range(1, LIVE // TICK + 1)]


# ---- the runs of a source, summed


def turn(outcome: Outcome, new: int) -> Turn:
    return Turn(NOON, (RunReport("gazette", outcome, new=new),))


@pytest.mark.parametrize(
    ("outcomes", "told"),
    [
        ([Outcome.OK, Outcome.UNCHANGED], Outcome.OK),
        ([Outcome.UNCHANGED, Outcome.OK], Outcome.OK),
        ([Outcome.UNCHANGED, Outcome.UNCHANGED], Outcome.UNCHANGED),
        ([Outcome.OK, Outcome.GONE, Outcome.OK], Outcome.GONE),
    ],
)
def test_one_bad_run_is_not_forgotten_for_the_good_ones(outcomes: list[Outcome], told: Outcome) -> None:
    (report,) = summed([turn(outcome, 2) for outcome in outcomes])
    assert (report.outcome, report.new) == (told, 2 * len(outcomes))


# ---- its data


def test_an_earlier_demo_is_forgotten(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    data.mkdir()
    (data / "journal.sqlite").write_text("old")
    forget(data)
    assert not data.exists()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Path]:
    with only_one(tmp_path):
        (tmp_path / "journal.sqlite").write_text("in use")
        yield tmp_path


def test_a_demo_that_runs_is_left_alone(running: Path) -> None:
    with pytest.raises(Fatal, match="tourne déjà"):
        forget(running)
    assert (running / "journal.sqlite").exists()
