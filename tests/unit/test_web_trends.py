"""Trends on the page: what is read back from Elasticsearch, and how it is shown."""

import random
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.forms import browsing, sent
from tests.fakes.journals import commit
from tests.fakes.opinions import FakeOpinions
from tests.fakes.page import FakeQueries, page
from tests.fakes.posts import POST, a_post
from watcher.alerts.judging import Judging
from watcher.drain import drain
from watcher.stores.elastic import Elastic
from watcher.stores.journal import Journal
from watcher.stores.queries import Queries, ShownTrend
from watcher.stores.trends import trend_write
from watcher.trend import Hearing, Trend, TrendState, Why
from watcher.web.opinions import Opinions

HEARD = Hearing(NOON, score=6.0, voices=11.6, expected=0.2)
TREND = Trend(
    "hashtag",
    "crue",
    NOON - timedelta(minutes=20),
    HEARD,
    HEARD,
    TrendState.RISING,
    Why(("pluie",), (a_post("1").id, a_post("effacé").id), ("rss",), ("30",)),
)


async def shown(queries: FakeQueries, target: str = "/") -> str:
    transport = httpx.ASGITransport(page(queries))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8470") as client:
        response = await client.get(target)
    assert response.status_code == 200
    return " ".join(response.text.split())


async def test_a_trend_is_shown_with_its_voices_its_beginning_its_places_its_words_and_its_examples() -> None:
    text = await shown(FakeQueries(shown=[ShownTrend(TREND, (POST,))]))
    for words in (
        "#crue</bdi>",
        "En hausse",
        "12 voix",
        "presque aucune attendue",
        "surtout Gard",
        "pluie",
        POST.text,
    ):
        assert words.replace("'", "&#39;") in text
    assert "aujourd&#39;hui à 12 h 40" in await shown(FakeQueries(shown=[ShownTrend(TREND, ())]))


async def test_a_trend_tells_where_it_happens_and_what_is_told_with_it() -> None:
    why = replace(TREND.why, communes=("34145",))
    trend = replace(TREND, why=why, parts=(("theme", "crises"),), split_from=("hashtag", "orage"))
    text = await shown(FakeQueries(shown=[ShownTrend(trend, ())]))
    for words in ("surtout à Lunel (34).", "Même événement : <bdi>", "Ne fait plus un avec <bdi>#orage</bdi>"):
        assert words in text


async def test_a_trend_is_drawn_for_who_looks_and_told_for_who_does_not_see() -> None:
    trend = replace(TREND, parts=(("theme", "crises"),), why=replace(TREND.why, curve=(0, 3, 9)))
    text = await shown(FakeQueries(shown=[ShownTrend(trend, ())]))
    assert 'aria-label="Publications par dix minutes : 0, 3, 9. 9 au plus fort."' in text
    assert "</span> <span>On y parle de" in text
    assert 'class="curve"' not in await shown(FakeQueries(shown=[ShownTrend(TREND, ())]))


async def test_what_people_write_in_a_trend_runs_nothing() -> None:
    script = "<script>alert(1)</script>"
    hostile = replace(TREND, term=script, why=Why(terms=(script,)))
    post = replace(POST, text=script, url="javascript:alert(1)")
    text = await shown(FakeQueries(shown=[ShownTrend(hostile, (post,))]))
    assert "<script>alert" not in text
    assert "javascript:" not in text


async def test_what_a_person_says_of_a_trend_is_kept_told_and_shown_on_its_card() -> None:
    app = page(FakeQueries(shown=[ShownTrend(TREND, ())]), team=["Anne"])
    async with browsing(app) as client:
        await sent(client, "/qui", personne="Anne")
        answer = await sent(client, "/avis", tendance=TREND.id, dit="bruit")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/#tendance-{TREND.id}")
        text = (await client.get("/")).text
        assert "C&#39;est noté : cette tendance est du bruit." in text
        assert "Bruit pour Anne" in text
        assert '<button name="dit" value="sans-avis" aria-pressed="true">Bruit</button>' in text
        await sent(client, "/avis", tendance=TREND.id, dit="je-m-en-occupe")
        assert "Prise en charge par Anne" in (await client.get("/")).text


async def test_a_trend_is_seen_and_put_to_rest_by_a_click_and_the_same_click_takes_it_back() -> None:
    async with browsing(page(FakeQueries(shown=[ShownTrend(TREND, ())]), team=["Anne"])) as client:
        await sent(client, "/qui", personne="Anne")
        for word in ("vue", "pause"):
            await sent(client, "/avis", tendance=TREND.id, dit=word)
        text = (await client.get("/")).text
        assert "💤 En pause jusqu&#39;à demain à 8\u00a0h\u00a000, par Anne  ·  👀 Vue par Anne" in text
        for word in ("pas-vue", "fin-de-pause"):
            assert f'value="{word}" aria-pressed="true"' in text
            await sent(client, "/avis", tendance=TREND.id, dit=word)
        assert "par Anne" not in (await client.get("/")).text


@pytest.mark.parametrize("word", ["je-m-en-occupe", "pause", "vue"])
async def test_who_has_no_name_may_judge_but_not_see_to_it(word: str) -> None:
    said = FakeOpinions()
    app = page(FakeQueries(shown=[ShownTrend(TREND, ())]), team=["Anne"], said=said)
    async with browsing(app) as client:
        assert f'value="{word}"' not in (await client.get("/")).text
        refused = await sent(client, "/avis", tendance=TREND.id, dit=word)
        assert (refused.status_code, said.said) == (404, {})
        await sent(client, "/avis", tendance=TREND.id, dit="utile")
        assert "Utile pour quelqu&#39;un" in (await client.get("/")).text


@pytest.mark.parametrize(("trend", "word"), [("inconnue", "utile"), (TREND.id, "peut-être"), (TREND.id, "")])
async def test_a_trend_or_a_word_that_there_is_not_is_said_so(trend: str, word: str, journal: Journal) -> None:
    nothing_known = Opinions(Judging(journal, ()), lambda: NOON)
    async with browsing(page(FakeQueries(), team=["Anne"], said=nothing_known)) as client:
        answer = await sent(client, "/avis", tendance=trend, dit=word)
    assert answer.status_code == 404
    assert "n&#39;e" in answer.text


async def test_a_quiet_day_is_said_so() -> None:
    assert "Rien d'inattendu depuis 24 heures." in await shown(FakeQueries())


async def test_trends_are_read_back_those_to_look_at_first_without_what_is_over_or_erased(
    es_url: str, es_prefix: str, journal: Journal
) -> None:
    elastic = Elastic(es_url, prefix=es_prefix)
    queries = Queries(elastic.client, es_prefix)
    assert await queries.trends(NOON, 5) == []
    over = replace(TREND, term="finie", state=TrendState.OVER)
    small = replace(TREND, term="petite", peak=replace(HEARD, score=3.5), why=Why())
    part = replace(TREND, term="partie", part_of=TREND.key)
    old = replace(TREND, term="ancienne", peak=replace(HEARD, at=NOON - timedelta(days=2)), why=Why())
    commit(journal, a_post("1"))
    journal.commit_fold("watch", "", b"", [trend_write(trend) for trend in (over, small, TREND, old, part)])
    await drain(journal, elastic, FakeClock(), random.Random(1))
    await elastic.client.indices.refresh(index=f"{es_prefix}*")

    found = await queries.trends(NOON, 5)

    assert [each.trend for each in found] == [TREND, small]
    assert [post.id for post in found[0].posts] == [a_post("1").id]
    await elastic.close()
