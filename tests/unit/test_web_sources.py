"""The view of who looks after sources."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import httpx
import pytest

from tests.fakes.clock import NOON
from tests.fakes.lately import FakeLately
from tests.fakes.page import FakeQueries, page
from tests.fakes.posts import written
from tests.fakes.stored import store
from watcher.budget import Budget, Cost
from watcher.errors import Unreachable
from watcher.gaps import Fate, Gap
from watcher.health import Standing
from watcher.model import GapCause, Outcome, Source, SourceState
from watcher.spending import Spent, accounts
from watcher.stores.elastic import Elastic
from watcher.stores.queries import PlacedPost
from watcher.stores.queries.lately import Lately
from watcher.web.sources import endings, spendings

BUDGET = Budget(calls_per_day=100, euros_per_month=Decimal(20))
KNOWN = accounts(BUDGET, Spent(Cost(calls=30)), NOON)
GAP = Gap("x-region", "x", GapCause.BUDGET, NOON - timedelta(hours=9), NOON - timedelta(hours=5), Fate.LOST)


def standing(name: str, **about: object) -> Standing:
    state = SourceState(name, last_run_at=NOON, outcome=Outcome.OK, posts=12)
    return replace(Standing(state), **about)  # type: ignore[arg-type]


async def shown(**about: object) -> str:
    transport = httpx.ASGITransport(page(FakeQueries(), **about))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8470") as client:
        response = await client.get("/sources")
    assert response.status_code == 200
    return response.text


def test_a_limit_that_sources_of_one_key_share_is_told_once() -> None:
    shared = [Source(name, "x", None, 900, budget=BUDGET, key="X_JETON") for name in ("x-mots", "x-region")]
    alone = Source("yt", "youtube", None, 900, budget=BUDGET)
    found = spendings(
        [standing("x-region", accounts=KNOWN), standing("x-mots", accounts=KNOWN), standing("yt", accounts=KNOWN[:1])],
        [*shared, alone],
        NOON,
    )
    assert [(each.sources, each.account.thing.value) for each in found] == [
        (("x-mots", "x-region"), "appels"),
        (("yt",), "appels"),
        (("x-mots", "x-region"), "euros"),
    ]
    assert found[0].spent == 30.0
    assert found[0].expected == 60.0  # half of the day is over
    assert found[0].sentence.startswith("30 appels sur 100 aujourd'hui")


def test_ends_of_keys_come_in_their_order() -> None:
    found = endings(
        [standing("b", expires_at=NOON + timedelta(days=9)), standing("a"), standing("c", expires_at=NOON)], NOON
    )
    assert [(each.source, each.left) for each in found] == [("c", timedelta(0)), ("b", timedelta(days=9))]


async def test_it_tells_how_each_source_goes_what_to_do_and_what_is_spent() -> None:
    broken = Standing(SourceState("mairie", last_run_at=NOON, outcome=Outcome.GONE, failures=4))
    spending = standing("x-region", accounts=KNOWN, expires_at=NOON + timedelta(days=6, hours=1))
    text = await shown(standings=[broken, spending], gaps=[GAP])
    assert "Sources : 1 en marche sur 2" in text
    assert "config/sources.yml" in text
    assert "30 appels sur 100" in text
    assert "dans 6\u00a0jours" in text
    assert "budget dépensé ou réparti" in text


async def test_a_budget_nearly_spent_and_a_key_that_ended_are_said_in_words() -> None:
    tight = accounts(BUDGET, Spent(Cost(calls=90)), NOON)
    spent = accounts(BUDGET, Spent(Cost(calls=100)), NOON)
    text = await shown(
        standings=[standing("a", accounts=tight), standing("b", accounts=spent, expires_at=NOON - timedelta(days=1))]
    )
    assert " : presque épuisé" in text
    assert " : épuisé" in text
    assert "elle a pris fin : renouvelez-la" in text


async def test_no_more_gaps_are_shown_than_can_be_read_and_the_rest_is_counted() -> None:
    gaps = [replace(GAP, since=GAP.since - timedelta(hours=number)) for number in range(75)]
    text = await shown(gaps=gaps)
    assert text.count("budget dépensé ou réparti") == 60
    assert "Et 15 de plus" in text


async def test_the_last_post_of_each_source_is_shown_with_where_it_is() -> None:
    text = await shown(lately=FakeLately({"gazette": PlacedPost(NOON, written("a"))}))
    assert "Le marché de Lunel" in text
    assert 'href="https://gazette.example.org/0"' in text


async def test_without_elasticsearch_all_the_rest_is_there() -> None:
    text = await shown(lately=FakeLately(trouble=Unreachable("Elasticsearch ne répond pas.")), gaps=[GAP])
    assert "Elasticsearch ne répond pas." in text
    assert "budget dépensé ou réparti" in text


async def test_nothing_to_tell_is_told() -> None:
    text = await shown()
    for words in (
        "Aucune source n'a de limite",
        "Aucune plateforme n'a dit",
        "Aucune source n'a rien donné",
        "Tout a été",
    ):
        assert words in text


@pytest.mark.parametrize("relevance", ["territoire", "hors_sujet"])
async def test_each_source_s_last_post_is_found_off_subject_or_not(elastic: Elastic, relevance: str) -> None:
    def collected(name: str, source: str, hours: int) -> object:
        at = NOON - timedelta(hours=hours)
        return replace(written(name, at, relevance=relevance), source=source, collected_at=at)

    posts = [
        collected("1", "une", 5),
        collected("2", "une", 3),
        collected("3", "deux", 50),
        collected("4", "trois", 200),
    ]
    await store(elastic, posts)  # type: ignore[arg-type]
    found = await Lately(elastic.client, elastic.prefix).by_source(NOON)
    assert {name: placed.at for name, placed in found.items()} == {
        "une": NOON - timedelta(hours=3),
        "deux": NOON - timedelta(hours=50),
    }
