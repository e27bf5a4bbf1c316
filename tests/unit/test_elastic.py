"""Elasticsearch through our client, against a real node: template, versions, walks, and what it must refuse."""

import logging
import traceback
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.elasticsearch import FakeElasticsearch, Fault
from tests.fakes.journals import commit
from tests.fakes.posts import a_post
from tests.fakes.servers import FaultyServer, answer
from watcher.drain import Condition, drain
from watcher.errors import Fatal, Permanent, Unreachable
from watcher.model import Deletion, PostId
from watcher.ports import OutboxRow
from watcher.secrets import Secret
from watcher.stores.documents import to_document
from watcher.stores.elastic import DOCUMENT_MISSING, SCHEMA_VERSION, TEMPLATES, TRENDS, Answer, Elastic
from watcher.stores.journal import Journal

BODY = to_document(a_post("1"))


def a_row(version: int, body: Mapping[str, Any] | None = BODY, doc: str = "1") -> OutboxRow:
    return OutboxRow(1, "posts-2026.11.01", a_post(doc).id, version, body, attempts=0)


async def test_versions_order_writes_whatever_the_order_they_come_in(elastic: Elastic) -> None:
    answers = await elastic.bulk([a_row(5), a_row(4), a_row(5), a_row(6), a_row(7, body=None), a_row(9, None, "2")])

    assert [each.status for each in answers] == [201, 409, 200, 200, 200, 404]
    assert answers[1].error_type == "version_conflict_engine_exception"
    assert answers[-1] == Answer(404, DOCUMENT_MISSING)


async def test_an_unknown_field_is_refused_alone(elastic: Elastic) -> None:
    unknown, good = await elastic.bulk([a_row(1, BODY | {"inconnu": 1}), a_row(1, doc="2")])

    assert (unknown.status, unknown.error_type) == (400, "strict_dynamic_mapping_exception")
    assert "inconnu" in unknown.reason
    assert good.status == 201


async def test_an_unknown_counter_is_refused(elastic: Elastic) -> None:
    (refused,) = await elastic.bulk([a_row(1, BODY | {"metrics": {"applause": 1}})])

    assert refused.error_type == "strict_dynamic_mapping_exception"


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Les trains d'Étampes sont supprimés", "train supprimé"),
        ("L’inscription au lycée", "inscriptions lycées"),
        ("J'ai raté QU'UNE fois", "une"),
    ],
)
async def test_french_is_found_whatever_its_accents_plurals_and_elisions(
    elastic: Elastic, text: str, question: str
) -> None:
    await elastic.bulk([a_row(1, BODY | {"text": text})])
    await elastic.refresh()

    found = await elastic.client.search(
        index=elastic.posts, query={"match": {"text": {"query": question, "operator": "and"}}}
    )

    assert found["hits"]["total"]["value"] == 1


async def test_posts_of_every_month_are_walked_in_order_of_id(elastic: Elastic) -> None:
    rows = [
        OutboxRow(n, f"posts-2026.{10 + n % 2}.01", a_post(str(n)).id, n + 1, to_document(a_post(str(n))), attempts=0)
        for n in range(1_100)
    ]
    for start in range(0, len(rows), 500):
        await elastic.bulk(rows[start : start + 500])
    await elastic.refresh()

    walked = [document async for document in elastic.documents()]

    assert [document.id for document in walked] == sorted(row.doc_id for row in rows)
    assert {(document.id, document.index, document.version) for document in walked} == {
        (row.doc_id, row.index, row.version) for row in rows
    }
    assert await elastic.count() == 1_100


async def test_before_the_first_post_there_is_nothing_and_no_error(elastic: Elastic) -> None:
    await elastic.refresh()

    assert (await elastic.count(), [document async for document in elastic.documents()]) == (0, [])
    assert await elastic.health() in {"green", "yellow"}


async def test_the_template_is_installed_once_and_another_version_is_refused(elastic: Elastic) -> None:
    await elastic.ensure_templates()
    await elastic.client.indices.put_index_template(
        name=elastic.posts, index_patterns=[f"{elastic.posts}-*"], meta={"schema_version": SCHEMA_VERSION - 1}
    )

    with pytest.raises(Permanent, match="version 0"):
        await elastic.ensure_templates()


def without(mapping: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    """Give `mapping` as it was before `field`, a path, was added."""
    name, _, deeper = field.partition(".")
    properties = dict(mapping["properties"])
    if deeper:
        properties[name] = without(properties[name], deeper)
    else:
        del properties[name]
    return {**mapping, "properties": properties}


def a_trend_row(body: Mapping[str, Any]) -> OutboxRow:
    return OutboxRow(1, TRENDS, PostId("1" * 32), 1, body, attempts=0)


async def older(elastic: Elastic, mappings: Mapping[str, Any]) -> None:
    """Leave trends as an earlier program did: its template, and the index that a first document made."""
    name, template = f"{elastic.prefix}{TRENDS}", TEMPLATES[TRENDS]
    await elastic.client.indices.put_index_template(
        name=name,
        index_patterns=[name],
        template={**template["template"], "mappings": mappings},
        meta=template["_meta"],
        priority=200,
    )
    (first,) = await elastic.bulk([a_trend_row({"kind": "hashtag"})])
    assert first.status == 201


async def installed(elastic: Elastic) -> Mapping[str, Any]:
    found = await elastic.client.indices.get_index_template(name=f"{elastic.prefix}{TRENDS}")
    mappings: Mapping[str, Any] = found["index_templates"][0]["index_template"]["template"]["mappings"]
    return mappings


@pytest.mark.parametrize(
    ("field", "body"), [("split_from", {"split_from": "mot:crue"}), ("why.curve", {"why": {"curve": [1]}})]
)
async def test_an_index_of_before_a_field_was_added_takes_it(
    elastic: Elastic, field: str, body: Mapping[str, Any]
) -> None:
    await older(elastic, without(TEMPLATES[TRENDS]["template"]["mappings"], field))
    (refused,) = await elastic.bulk([a_trend_row(body)])
    assert refused.error_type == "strict_dynamic_mapping_exception"

    await elastic.ensure_templates()

    (taken,) = await elastic.bulk([a_trend_row(body)])
    assert taken.status == 200
    assert await installed(elastic) == TEMPLATES[TRENDS]["template"]["mappings"]


async def test_an_index_that_holds_a_field_otherwise_is_written_nothing_and_what_to_do_is_told(
    elastic: Elastic,
) -> None:
    mappings = without(TEMPLATES[TRENDS]["template"]["mappings"], "split_from")
    await older(elastic, {**mappings, "properties": {**mappings["properties"], "score": {"type": "keyword"}}})

    with pytest.raises(Permanent, match=f"score.*DELETE {elastic.prefix}trends"):
        await elastic.ensure_templates()


async def test_a_template_of_a_later_program_that_added_fields_is_left_as_it_is(elastic: Elastic) -> None:
    mappings = TEMPLATES[TRENDS]["template"]["mappings"]
    later = {**mappings, "properties": {**mappings["properties"], "added_later": {"type": "keyword"}}}
    await older(elastic, later)

    await elastic.ensure_templates()

    assert await installed(elastic) == later


async def test_a_post_goes_from_the_journal_to_the_node_edited_and_deleted(elastic: Elastic, journal: Journal) -> None:
    clock = FakeClock()

    async def stored() -> dict[str, dict[str, Any]]:
        state = await drain(journal, elastic, clock, Random(3))
        assert (state.condition, journal.waiting()) == (Condition.OK, 0)
        await elastic.refresh()
        return {document.id: {**document.body, "index": document.index} async for document in elastic.documents()}

    kept, gone = a_post("1"), a_post("2")
    commit(journal, kept, gone)
    before = (await stored())[kept.id]
    clock.advance(60 * 86_400)
    edit = a_post("1", text="corrigé", collected_at=clock.now())
    commit(journal, edit, now=clock.now(), deletions=[Deletion(native_id="2")])
    after = await stored()

    assert set(after) == {kept.id}
    assert after[kept.id] == before | {"text": "corrigé"}
    assert (before["index"], before["stored_at"]) == ("posts-2026.11.01", "2026-11-24T12:00:00.000+00:00")


async def test_poison_among_good_posts_is_a_dead_letter_and_its_replay_stores_it(
    elastic: Elastic, journal: Journal
) -> None:
    posts = [a_post(str(n)) for n in range(100)] + [a_post("poison", metrics={"applause": 1})]
    commit(journal, *posts)
    await drain(journal, elastic, FakeClock(), Random(3))
    await elastic.refresh()
    (letter,) = journal.dead_letters.letters()
    assert (await elastic.count(), letter.letter.step, letter.letter.about) == (100, "store", posts[-1].id)

    await elastic.client.indices.put_mapping(
        index=f"{elastic.posts}-*", properties={"metrics": {"properties": {"applause": {"type": "long"}}}}
    )
    journal.dead_letters.replay([letter], NOON)
    await drain(journal, elastic, FakeClock(), Random(3))
    await elastic.refresh()

    assert (await elastic.count(), journal.dead_letters.count()) == (101, 0)


async def test_another_server_is_told_from_elasticsearch(journal: Journal) -> None:
    commit(journal, a_post("1"))
    async with FaultyServer(answer(body=b"{}", headers={"Content-Type": "application/json"})) as server:
        elastic = Elastic(server.url())
        state = await drain(journal, elastic, FakeClock(), Random(3))
        await elastic.close()

    assert (state.condition, journal.waiting()) == (Condition.STOPPED, 1)
    assert "n'est pas Elasticsearch" in state.message


async def test_nobody_listening_is_unreachable() -> None:
    async with FakeElasticsearch() as fake:
        url = fake.url
    elastic = Elastic(url)

    with pytest.raises(Unreachable, match="ne répond pas"):
        await elastic.count()
    await elastic.close()


async def test_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    async with FaultyServer(answer(502)) as proxy, FakeElasticsearch() as fake:
        monkeypatch.setenv("HTTP_PROXY", proxy.url())
        monkeypatch.setenv("ALL_PROXY", proxy.url())
        elastic = Elastic(fake.url)
        answers = await elastic.bulk([a_row(1)])
        await elastic.close()

    assert [each.status for each in answers] == [201]
    assert proxy.connections == 0


async def test_the_key_stays_out_of_the_logs_at_every_level(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with FakeElasticsearch(faults=(Fault(401, "security_exception"),)) as fake:
        elastic = Elastic(fake.url, api_key=Secret("cle-secrete"))
        await elastic.bulk([a_row(1)])
        await elastic.close()

    assert caplog.records
    assert "cle-secrete" not in caplog.text + repr([vars(record) for record in caplog.records])


@pytest.mark.parametrize(
    "url",
    [
        "elasticsearch:9200",
        "pas une adresse",
        "ftp://127.0.0.1:9200",
        "https://elasticsearch.exemple.fr",
        "elastic:motdepasse@127.0.0.1:9200",
        "http://elastic:motdepasse@127.0.0.1",
        "http://elastic:motdepasse@127.0.0.1:99999",
        "http://elastic:motdepasse@[::1:9200",
    ],
)
def test_an_unusable_address_is_said_so_and_never_quoted(url: str) -> None:
    with pytest.raises(Fatal, match="L'adresse d'Elasticsearch ne convient pas : il faut") as raised:
        Elastic(url)
    assert "motdepasse" not in "".join(traceback.format_exception(raised.value))


def test_an_unusable_certificate_is_said_so(tmp_path: Path) -> None:
    for name, content in (("absent.pem", None), ("vide.pem", ""), ("faux.pem", "ceci n'est pas un certificat")):
        if content is not None:
            (tmp_path / name).write_text(content)
        with pytest.raises(Fatal, match=rf"Le certificat d'Elasticsearch \(.*{name}\) ne peut pas être lu"):
            Elastic("https://127.0.0.1:9200", ca_file=tmp_path / name)


def test_a_key_never_leaves_in_clear() -> None:
    with pytest.raises(Fatal, match="https://"):
        Elastic("http://es.example.org:9200", api_key=Secret("cle-secrete"))


@pytest.mark.parametrize("key", ["cle-secrete\n", "clé-secrete", "« cle-secrete »", "cle secrete"])
def test_a_badly_copied_key_is_said_so_and_never_quoted(key: str) -> None:
    with pytest.raises(Fatal, match="La clé d'API d'Elasticsearch ne convient pas") as raised:
        Elastic("http://127.0.0.1:9200", api_key=Secret(key))
    assert "secrete" not in str(raised.value)
