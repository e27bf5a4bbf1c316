"""`check --online`: each source, the journal and Elasticsearch are tried for real, and silence is not success."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.broken_config import GOOD
from tests.fakes.clock import NOON
from tests.fakes.fetch import FakeFetch
from tests.fakes.journals import commit
from tests.fakes.line import ScriptedCollector
from tests.fakes.posts import a_post
from tests.fakes.servers import FaultyServer, answer
from tests.fakes.settings import PLATFORMS
from watcher import collect
from watcher.alerts.slack import RIGHTS, Slack, Webhook
from watcher.app import Installation
from watcher.budget import Budget
from watcher.clock import SystemClock
from watcher.config import load
from watcher.demo.slack import TOKEN, FakeSlack
from watcher.fetch import HttpFetch
from watcher.model import Source
from watcher.preflight import Check, check_door, check_elastic, check_journal, check_source, preflight
from watcher.secrets import Secret
from watcher.stores.journal import Journal
from watcher.web.server import serving

ITEM = "<item><title>Un train</title><link>https://example.org/{0}</link><guid>https://example.org/{0}</guid></item>"


def feed(count: int) -> bytes:
    items = "".join(ITEM.format(number) for number in range(count))
    return f'<rss version="2.0"><channel><title>Essai</title>{items}</channel></rss>'.encode()


def installation(data: Path, server: FaultyServer, *paths: str, url: str = "http://127.0.0.1:9") -> Installation:
    settings = collect.find()["rss"].Settings
    sources = tuple(Source(path, "rss", settings(adresse=server.url(path)), 900.0) for path in paths)
    config = replace(load(GOOD, PLATFORMS), sources=sources)
    return Installation(config, data, elasticsearch_url=url, allow_loopback=True)


async def test_each_source_says_what_it_gives_or_why_it_gives_nothing(tmp_path: Path) -> None:
    script = {"/three": answer(body=feed(3)), "/one": answer(body=feed(1)), "/empty": answer(body=feed(0))}
    async with FaultyServer(script) as server:
        told: list[Check] = []
        checks = await preflight(installation(tmp_path, server, "/three", "/one", "/empty", "/gone"), told.append)
    by_name = {check.name: check for check in checks}
    assert by_name["/three"] == Check("/three", found="3 messages")
    assert by_name["/one"] == Check("/one", found="1 message")
    assert by_name["/empty"].problem == "L'adresse répond, mais ne donne aucun message : est-ce la bonne ?"
    assert "404" in by_name["/gone"].problem
    assert by_name["journal"] == Check("journal", found="s'ouvre")
    assert by_name["Elasticsearch"].problem
    assert sorted(told, key=str) == sorted(checks, key=str)


async def test_a_check_spends_from_the_budget_and_stops_at_its_end(tmp_path: Path) -> None:
    budget = Budget(calls_per_day=1)
    async with FaultyServer({"/one": answer(body=feed(1))}) as server:
        tried = installation(tmp_path, server, "/one")
        [source] = tried.config.sources
        limited = replace(tried, config=replace(tried.config, sources=(replace(source, budget=budget),)))
        first, *_ = await preflight(limited, lambda _: None)
        again, *_ = await preflight(limited, lambda _: None)
        asked = [request.path for request in server.requests if request.path == "/one"]
    assert first == Check("/one", found="1 message")
    assert "Le budget du jour est dépensé" in again.problem
    assert len(asked) == 1


async def test_a_budget_that_cannot_be_counted_is_not_spent(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite").write_bytes(b"ceci n'est pas un journal" * 100)
    async with FaultyServer({"/one": answer(body=feed(1))}) as server:
        tried = installation(tmp_path, server, "/one")
        [source] = tried.config.sources
        limited = replace(tried.config, sources=(replace(source, budget=Budget(calls_per_day=1)),))
        check, *_ = await preflight(replace(tried, config=limited), lambda _: None)
        assert server.requests == []
    assert "ne peut pas être compté" in check.problem


async def test_a_fault_that_nobody_foresaw_is_told_beside_its_source() -> None:
    source = Source("gazette", "fake", None, 900.0)
    check = await check_source(source, ScriptedCollector(then=KeyError("did")), FakeFetch(), NOON)
    assert check.problem == "Erreur imprévue (KeyError) : le journal du service en dit plus."


@pytest.mark.parametrize("pages", [(), ((),)], ids=["no page", "an empty page"])
async def test_a_search_or_an_account_may_honestly_be_empty(pages: tuple[tuple[()], ...]) -> None:
    check = await check_source(Source("recherche", "fake", None, 900.0), ScriptedCollector(*pages), FakeFetch(), NOON)
    assert check == Check("recherche", found="répond ; aucun message pour le moment")


async def test_a_running_elasticsearch_answers(tmp_path: Path, es_url: str) -> None:
    async with FaultyServer({}) as server:
        check = await check_elastic(installation(tmp_path, server, url=es_url))
    assert check == Check("Elasticsearch", found="répond")


async def test_a_damaged_journal_is_told(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite").write_bytes(b"ceci n'est pas un journal" * 100)
    async with FaultyServer({}) as server:
        check = check_journal(installation(tmp_path, server))
    assert check.problem


async def test_a_key_that_is_gone_is_told_as_a_run_would(tmp_path: Path) -> None:
    with closing(Journal(tmp_path / "journal.sqlite")) as journal:
        commit(journal, a_post("1"))
    async with FaultyServer({}) as server:
        check = check_journal(installation(tmp_path, server))
    assert "La clé des pseudonymes" in check.problem
    assert not (tmp_path / "pseudonymes.cle").exists()


@pytest.mark.parametrize(
    ("token", "rights", "found", "problem"),
    [
        (TOKEN, RIGHTS, "la clé est acceptée", ""),
        (TOKEN, {"chat:write"}, "", "reactions:read"),
        (TOKEN, set(), "la clé est acceptée", ""),
        ("xoxb-autre", RIGHTS, "", "WATCHER_SLACK_TOKEN"),
    ],
    ids=["all is there", "a right lacks", "Slack says nothing of rights", "another key"],
)
async def test_slack_is_asked_for_the_key_and_the_rights_and_nothing_is_posted(
    token: str, rights: set[str], found: str, problem: str
) -> None:
    fake = FakeSlack(SystemClock().monotonic_s, scopes=frozenset(rights))
    async with (
        serving(fake.app) as url,
        HttpFetch(user_agent="essai/1 (+https://x.example)", clock=SystemClock(), allow_loopback=True) as fetch,
    ):
        [check] = await check_door(Slack(Secret(token), api=f"{url}/api"), fetch)
    assert (check.found, problem in check.problem, bool(check.problem)) == (found, True, bool(problem))
    assert fake.said == {}


async def test_a_webhook_is_not_written_to_and_without_a_door_there_is_nothing_to_check() -> None:
    [check] = await check_door(Webhook(Secret("https://hooks.example.org/x")), FakeFetch())
    assert "watcher alert test" in check.found
    assert await check_door(None, FakeFetch()) == []
