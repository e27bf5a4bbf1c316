"""Edits of the YAML while the daemon runs: found when they are whole, taken up or refused, told."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from tests.fakes.broken_config import folder_with, mistakes_in
from tests.fakes.clock import NOON
from tests.fakes.daemon import installation
from tests.fakes.feeds import FeedServer
from tests.fakes.line import PSEUDONYMS, ScriptedReader
from watcher import app, collect, daemon
from watcher.alerts.slack import Slack
from watcher.cli import main
from watcher.clock import SystemClock
from watcher.flow import Line
from watcher.reloading import EDIT, Contents, Edits, last_edit, refuse
from watcher.secrets import Secret
from watcher.stores.elastic import Elastic
from watcher.stores.journal import Journal

ITEM = "<item><guid>https://example.org/{0}</guid><title>Marché de Lodève, étal {0}</title></item>"
SOURCE = "  - nom: {0}\n    plateforme: rss\n    intervalle: 1 min\n    adresse: {1}\n"
LOOK_S = 0.02


@pytest.fixture
def server(tmp_path: Path) -> Iterator[FeedServer]:
    (tmp_path / "served").mkdir()
    for name in ("une", "deux"):
        items = "".join(ITEM.format(f"{name}-{number}") for number in range(3))
        feed = f'<rss version="2.0"><channel>{items}</channel></rss>'
        (tmp_path / "served" / f"{name}.rss").write_text(feed, encoding="utf-8")
    with FeedServer(tmp_path / "served") as running:
        yield running


@dataclass
class Daemon:
    """A daemon that lives in this process, and the folder that its team edits."""

    config: Path
    journal: Journal
    url: str = ""

    def save(self, *sources: str) -> None:
        """Save as editors do: a new file takes the name of the old one."""
        draft = self.config / "sources.yml~"
        draft.write_text("sources:\n" + "".join(sources), encoding="utf-8")
        draft.replace(self.config / "sources.yml")

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not is_so():
                await asyncio.sleep(0.02)

    async def page(self) -> str:
        async with httpx.AsyncClient(trust_env=False) as browser:
            return (await browser.get(self.url)).text


@asynccontextmanager
async def living(folder: Path, first: str) -> AsyncIterator[Daemon]:
    config = folder_with("sources.yml", f"sources:\n{first}".encode(), folder / "config")
    edits = Edits(config, look_every_s=LOOK_S)
    read = replace(app.installation_of(config, folder / "var"), door=Slack(Secret("xoxb-essai")), allow_loopback=True)
    journal, elastic, stop = app.open_journal(folder / "var"), Elastic("http://127.0.0.1:9"), asyncio.Event()
    started = asyncio.Event()
    running = Daemon(config, journal)

    def ready(url: str) -> None:
        running.url = url
        started.set()

    async with app.open_fetch(read) as fetch:
        line = Line(fetch, journal, ScriptedReader(), PSEUDONYMS, SystemClock())
        house = app.House(read, line, journal, elastic, collect.find())
        task = asyncio.create_task(daemon.live(house, read.config.sources, stop, port=0, ready=ready, edits=edits))
        try:
            await started.wait()
            yield running
        finally:
            stop.set()
            await task
            await elastic.close()
            journal.close()


async def test_a_source_added_while_the_daemon_runs_is_collected_and_one_taken_out_is_not(
    server: FeedServer, tmp_path: Path
) -> None:
    one, two = (SOURCE.format(name, server.url(f"{name}.rss")) for name in ("une", "deux"))
    async with living(tmp_path, one) as running:
        await running.until(lambda: running.journal.seen.count() == 3)
        running.save(one, two)
        await running.until(lambda: running.journal.seen.count() == 6)
        assert last_edit(running.journal).sentence == "source deux ajoutée"
        running.save(two)
        await running.until(lambda: last_edit(running.journal).sentence == "source une retirée")
        assert "source une retirée" in await running.page()


async def test_a_broken_file_keeps_what_runs_and_tells_the_page_and_slack_once_until_it_is_mended(
    server: FeedServer, tmp_path: Path
) -> None:
    one = SOURCE.format("une", server.url("une.rss"))
    async with living(tmp_path, one) as running:
        await running.until(lambda: running.journal.seen.count() == 3)
        for broken in ("  - nom une\n", "  - nom: une\n    plateform: rss\n"):
            running.save(broken)
            before = last_edit(running.journal).trouble
            await running.until(lambda before=before: last_edit(running.journal).trouble != before)
        shown = await running.page()
        assert "Vos derniers réglages ne peuvent pas être pris : sources.yml, ligne 3" in shown
        assert "La veille continue avec les précédents." in shown
        assert (
            last_edit(running.journal).mistakes[0].place == "sources.yml, ligne 3, colonne 5 (sources › 1 › plateform)"
        )
        assert running.journal.messages.count() == 1
        running.save(one)
        await running.until(lambda: not last_edit(running.journal).trouble)
        assert last_edit(running.journal).mistakes == ()
        assert "ne peuvent pas être pris" not in await running.page()


async def test_a_file_is_judged_when_two_looks_agree_on_it(tmp_path: Path) -> None:
    looks = iter([{"a": b""}, {"a": b"no"}, {"a": b"nom"}, {"a": b"nom: x"}, {"a": b"nom: x"}, {"a": b"nom: x"}])

    def look(_: Path) -> Contents:
        return next(looks)

    edits = Edits(tmp_path, look=look)
    assert [await edits.settled() for _ in range(5)] == [None, None, None, {"a": b"nom: x"}, None]


async def test_an_edit_taken_back_before_it_settles_is_no_edit(tmp_path: Path) -> None:
    looks = iter([{"a": b"1"}, {"a": b"2"}, {"a": b"1"}, {"a": b"1"}])
    edits = Edits(tmp_path, look=lambda _: next(looks))
    assert [await edits.settled() for _ in range(3)] == [None, None, None]


async def test_a_folder_that_is_gone_for_a_moment_stops_nothing(tmp_path: Path) -> None:
    assert await Edits(tmp_path / "absent").settled() is None


def test_nothing_is_known_of_edits_before_the_first(journal: Journal) -> None:
    assert journal.state(EDIT) is None
    assert last_edit(journal).sentence == last_edit(journal).trouble == ""


def test_status_says_that_the_last_good_settings_go_on_before_it_lists_the_mistakes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, data = folder_with("sources.yml", b"sources: 3\n", tmp_path / "config"), tmp_path / "var"
    journal = app.open_journal(data)
    refuse(installation(data, "http://127.0.0.1:9", "essai-", []), mistakes_in(config), journal, NOON)
    journal.close()
    assert main(["status", "--config", str(config), "--donnees", str(data)]) != 0
    assert "La veille continue avec les précédents." in capsys.readouterr().out
