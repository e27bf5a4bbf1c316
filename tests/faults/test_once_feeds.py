"""From real feeds to a real Elasticsearch and the page, and what sick feeds do to their neighbours: nothing."""

import json
import re
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import feedparser
import httpx
import pytest

from tests.fakes.daemon import installation
from tests.fakes.elastic_ids import stored_ids
from tests.fakes.feeds import FeedServer
from tests.fakes.servers import Behaviour, FaultyServer, answer, dribble, gzip_bomb, in_turn, rate_limited
from watcher import app, daemon
from watcher.health import Standing, by_urgency
from watcher.model import Outcome, RunReport
from watcher.page import page
from watcher.web.server import serving

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "external" / "feeds"
OURS = ROOT / "tests" / "data" / "feeds"
CUT_SHORT = {"coupe.rss", "avertissement.rss"}  # what arrived broken is asked for whole again, in case it is mended
SUFFIXES = {".rss", ".atom", ".xml", ".json", ".rdf"}


def entries(path: Path) -> int:
    """How many posts a feed holds, told without the product: by feedparser, or by the number of JSON items."""
    if path.suffix == ".json":
        return len(json.loads(path.read_bytes()).get("items", []))
    return len(feedparser.parse(path.read_bytes()).entries)


@pytest.fixture(params=[SHARED, OURS], ids=["shared", "ours"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if not request.param.is_dir():
        pytest.skip("../shared n'est pas là : l'essai se fait sur tests/data/feeds seulement")
    served = tmp_path / "served"
    served.mkdir()
    for path in request.param.rglob("*"):
        if path.suffix in SUFFIXES and path.name != "unknown.json":
            shutil.copy(path, served)
    return served


@pytest.fixture
def server(folder: Path) -> Iterator[FeedServer]:
    with FeedServer(folder) as running:
        yield running


@asynccontextmanager
async def opened(tmp_path: Path, es_url: str, es_prefix: str, feeds: list[str]) -> AsyncIterator[app.House]:
    built = replace(installation(tmp_path / "var", es_url, es_prefix, feeds), fetch_timeout_s=2.0)
    async with app.open_house(built) as house:
        yield house


async def once(house: app.House) -> Mapping[str, RunReport]:
    report = await daemon.once(house, house.installation.config.sources, done=lambda _: None)
    assert report.waiting == 0
    return {run.source: run for run in report.runs}


async def counts_on_the_page(house: app.House) -> dict[str, int]:
    async with serving(page(house)) as url, httpx.AsyncClient(trust_env=False) as browser:
        shown = (await browser.get(f"{url}/sources")).raise_for_status().text
    rows = re.findall(r'<th scope="row"[^>]*>\s*([\w.-]+)\s*</th>(.*?)</tr>', shown, re.DOTALL)
    found = {name: re.findall(r"<td[^>]*>\s*(\d+)\s*</td>", cells) for name, cells in rows}
    return {name: int(numbers[-1]) for name, numbers in found.items() if numbers}


async def test_every_item_arrives_once_and_a_second_run_downloads_nothing(
    folder: Path, server: FeedServer, tmp_path: Path, es_url: str, es_prefix: str
) -> None:
    paths = sorted(folder.iterdir())
    expected = {path.name.replace(".", "-"): entries(path) for path in paths}
    async with opened(tmp_path, es_url, es_prefix, [server.url(path.name) for path in paths]) as house:
        first = await once(house)
        assert {name: run.seen for name, run in first.items()} == expected
        stored = stored_ids(es_url, es_prefix)
        assert len(stored) == len(set(stored)) == sum(run.new for run in first.values())
        assert await counts_on_the_page(house) == {name: run.new for name, run in first.items()}

        server.exchanges.clear()
        second = await once(house)
    assert {run.outcome for run in second.values()} == {Outcome.UNCHANGED}
    again = {exchange.path for exchange in server.exchanges if exchange.sent_bytes}
    assert again == {f"/{path.name}" for path in paths if path.name in CUT_SHORT}
    assert stored_ids(es_url, es_prefix) == stored


def rss(*items: str) -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{"".join(items)}</channel></rss>'.encode()


def item(number: int, date: str = "Tue, 24 Nov 2026 08:00:00 +0100") -> str:
    dated = f"<pubDate>{date}</pubDate>" if date else ""
    return f"<item><guid>https://example.org/{number}</guid><title>Lodève, {number}</title>{dated}</item>"


FAR_AHEAD = "Tue, 01 Jan 2030 00:00:00 +0000"
XML = {"Content-Type": "application/rss+xml"}
SICK: Mapping[str, tuple[Behaviour, Outcome]] = {
    "bad": (answer(body=b"\x00\x01 not a feed <<<", headers=XML), Outcome.MALFORMED),
    "gone": (answer(404, b"<html><h1>Page introuvable</h1></html>"), Outcome.GONE),
    "login": (answer(body=(OURS / "ours" / "connexion.html").read_bytes()), Outcome.AUTH_REFUSED),
    "heavy": (answer(body=rss(*map(item, range(90_000))), headers=XML), Outcome.TOO_LARGE),
    "bomb": (gzip_bomb(1 << 30), Outcome.TOO_LARGE),
    "dribble": (dribble(), Outcome.UNREACHABLE),
    "limited": (rate_limited("120"), Outcome.RATE_LIMITED),
}
WELL: Mapping[str, Behaviour] = {
    "daily": answer(body=rss(item(1), item(2)), headers=XML),
    "from-2030": in_turn(
        answer(body=rss(item(10, FAR_AHEAD)), headers=XML),
        answer(body=rss(item(10, FAR_AHEAD), item(11)), headers=XML),
    ),
    "undated": in_turn(
        answer(body=rss(item(20, ""), item(21, "")), headers=XML),
        answer(body=rss(item(22, ""), item(20, ""), item(21, "")), headers=XML),
    ),
}


async def test_sick_feeds_cost_their_neighbours_nothing_and_say_what_they_have(
    tmp_path: Path, es_url: str, es_prefix: str
) -> None:
    script = {f"/{name}": behaviour for name, behaviour in WELL.items()}
    script |= {f"/{name}": behaviour for name, (behaviour, _) in SICK.items()}
    async with FaultyServer(script) as server:
        feeds = [server.url(path) for path in script]
        async with opened(tmp_path, es_url, es_prefix, feeds) as house:
            first = await once(house)
            assert {name: first[name].outcome for name in SICK} == {
                name: outcome for name, (_, outcome) in SICK.items()
            }
            assert {name: first[name].new for name in WELL} == {"daily": 2, "from-2030": 1, "undated": 2}

            second = await once(house)
            assert max(second[name].duration_s for name in WELL) < second["dribble"].duration_s
            assert {name: second[name].new for name in WELL} == {"daily": 0, "from-2030": 1, "undated": 1}
            asked = Counter(request.path for request in server.requests)
            assert asked["/limited"] == 1, "a platform that asked to wait was called before its time"

            states = house.journal.source_states()
            now = house.line.clock.now()
            troubles = {health.state.name: health for health in by_urgency([*map(Standing, states)], now) if health.why}
            assert set(troubles) == set(SICK)
            assert all(health.state.message for health in troubles.values())
            limited = next(state for state in states if state.name == "limited")
            assert limited.not_before is not None
            assert timedelta(seconds=60) < limited.not_before - now <= timedelta(seconds=120)
    stored = stored_ids(es_url, es_prefix)
    assert len(stored) == len(set(stored)) == 7
