"""Each saved search asked of a real Elasticsearch: it finds what it says, and nothing else."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.clock import NOON
from tests.fakes.posts import POST, READING
from watcher.gaps import Fate, Gap
from watcher.health import Standing, source_health
from watcher.kibana import contents
from watcher.kibana.saved_objects import SavedObject
from watcher.model import GapCause, Outcome, Post, PostId, SourceState
from watcher.ports import OutboxRow
from watcher.stores.documents import to_document
from watcher.stores.elastic import Elastic
from watcher.stores.journal.gaps import gap_write
from watcher.stores.trends import trend_write
from watcher.trend import Hearing, Trend, TrendState
from watcher.upkeep.shown import source_write
from watcher.words import Labels

LABELS = Labels(topics={"lycees": "Lycées", "crises": "Crises et alertes"})


def read(name: str, *, is_own: bool = False, **reading: Any) -> Post:
    return replace(POST, id=PostId(name), is_own=is_own, reading=replace(READING, **reading))


POSTS = [
    read("appel", to_answer=True, topics=("lycees",)),
    read("crue", topics=("crises",), departements=("30", "34")),
    read("marche", departements=("34",)),
    read("lycee", relevance="institution", topics=("lycees",), is_own=True),
    read("homonyme", relevance="hors_sujet", to_answer=True, topics=("lycees", "crises"), departements=("46",)),
]
HEARD = Hearing(NOON, 4.0, 12, 1)
TRENDS = [
    Trend("hashtag", "crue", NOON, HEARD, HEARD),
    Trend("hashtag", "hier", NOON - timedelta(days=2), HEARD, HEARD, TrendState.OVER),
]


GAPS = [
    Gap("gazette", "rss", GapCause.OUTAGE, NOON),
    Gap("mamot", "mastodon", GapCause.WAIT, NOON, NOON + timedelta(hours=1), Fate.HEARD, posts=3),
]


STATES = [
    SourceState("panne", last_ok_at=NOON, outcome=Outcome.UNREACHABLE),
    SourceState("refus", outcome=Outcome.AUTH_REFUSED),
    SourceState("vide", last_ok_at=NOON, outcome=Outcome.OK),
    SourceState("saine", last_ok_at=NOON, last_new_at=NOON, outcome=Outcome.OK, posts=3),
    SourceState("budget", last_ok_at=NOON, outcome=Outcome.BUDGET_SPENT, posts=3),
]


@pytest.fixture
async def elastic(es_url: str, es_prefix: str) -> AsyncIterator[Elastic]:
    elastic = Elastic(es_url, prefix=es_prefix)
    await elastic.ensure_templates()
    rows = [OutboxRow(seq, "posts-2026.11.01", post.id, 1, to_document(post), 0) for seq, post in enumerate(POSTS)]
    sources = (source_write(source_health(Standing(state), NOON), "rss", NOON) for state in STATES)
    writes = [*map(trend_write, TRENDS), *(gap_write(gap, NOON) for gap in GAPS), *sources]
    rows += [OutboxRow(90 + seq, write.index, write.doc_id, 1, write.body, 0) for seq, write in enumerate(writes)]
    assert {answer.status for answer in await elastic.bulk(rows)} == {201}
    await elastic.client.indices.refresh(index=f"{elastic.prefix}*")
    yield elastic
    await elastic.close()


def search(elastic: Elastic, title: str) -> SavedObject:
    searches = [each for each in contents(elastic.prefix, LABELS) if each.kind == "search"]
    return next(each for each in searches if each.attributes["title"] == title)


def asked(condition: str) -> dict[str, Any]:
    return {"query_string": {"query": condition, "analyze_wildcard": True}} if condition else {"match_all": {}}


async def found(elastic: Elastic, searched: SavedObject, key: str) -> set[str]:
    """Ask as Kibana does: the Lucene query, over the indices of the search's data view."""
    objects = {each.id: each for each in contents(elastic.prefix, LABELS)}
    view = objects[searched.references[0].id]
    source = json.loads(searched.attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])
    answer = await elastic.client.search(
        index=view.attributes["title"],
        query=asked(source["query"]["query"]),
        sort=[{name: {"order": order, "unmapped_type": "boolean"}} for name, order in searched.attributes["sort"]],
    )
    assert source["query"]["language"] == "lucene"
    assert source["filter"] == []
    return {hit["_source"][key] for hit in answer["hits"]["hits"]}


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("À répondre", {"appel"}),
        ("Crises", {"crue"}),
        ("Thème : Lycées", {"appel", "lycee"}),
        ("Thème : Crises et alertes", {"crue"}),
        ("Par département", {"crue", "marche"}),
        ("Nos comptes", {"lycee"}),
        ("Hors sujet à relire", {"homonyme"}),
    ],
)
async def test_a_search_over_posts_finds_what_it_says(elastic: Elastic, title: str, expected: set[str]) -> None:
    searched = search(elastic, title)
    assert await found(elastic, searched, "id") == expected


async def test_trends_that_are_over_are_not_listed(elastic: Elastic) -> None:
    assert await found(elastic, search(elastic, "Tendances"), "term") == {"crue"}


async def test_sources_that_are_broken_refused_or_silent_are_listed_as_down(elastic: Elastic) -> None:
    assert await found(elastic, search(elastic, "Sources en panne"), "source") == {"panne", "refus", "vide"}


async def test_what_was_not_heard_is_listed_whether_it_lasts_or_not(elastic: Elastic) -> None:
    assert await found(elastic, search(elastic, "Ce qui n'a pas été entendu"), "source") == {"gazette", "mamot"}


async def test_the_conditions_of_charts_are_understood(elastic: Elastic) -> None:
    charts = [each for each in contents(elastic.prefix, LABELS) if each.kind == "lens"]
    for condition in {each.attributes["state"]["query"]["query"] for each in charts} - {""}:
        answer = await elastic.client.search(index=f"{elastic.prefix}posts-*", query=asked(condition))
        assert "homonyme" not in {hit["_source"]["id"] for hit in answer["hits"]["hits"]}
