"""The whole line on the written world, on the real node: what `watcher demo --headless` does, and a second pass."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from watcher import app, daemon
from watcher.clock import SystemClock
from watcher.demo.check import expected, missing
from watcher.demo.findings import findings, observed
from watcher.demo.installation import forget, installation
from watcher.demo.world import SICK, serve_world
from watcher.errors import Fatal
from watcher.model import Outcome
from watcher.stores.lock import only_one


def on_the_shared_node(installed: app.Installation, url: str, prefix: str) -> app.Installation:
    instance = installed.config.instance
    instance = replace(instance, elasticsearch=replace(instance.elasticsearch, prefix=prefix))
    return replace(installed, config=replace(installed.config, instance=instance), elasticsearch_url=url)


async def test_everything_written_arrives_once_and_a_second_pass_brings_nothing(
    tmp_path: Path, es_url: str, es_prefix: str
) -> None:
    async with serve_world(SystemClock().now()) as world:
        installed = on_the_shared_node(installation(world, tmp_path), es_url, es_prefix)
        sources = installed.config.sources
        async with app.open_house(installed) as house:
            first = await daemon.once(house, sources, done=lambda _: None)
            found = await findings(house, first.runs)
            second = await daemon.once(house, sources, done=lambda _: None)
            again = await findings(house, second.runs)
    assert missing(observed(found), expected(world)) == []
    assert {run.outcome for run in second.runs if run.source not in SICK} == {Outcome.UNCHANGED}
    assert sum(run.seen for run in second.runs) == 0
    assert again.totals.by_source == found.totals.by_source


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
