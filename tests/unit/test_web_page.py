"""What the first page shows, and what it never does."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from starlette.types import ASGIApp

from tests.fakes.clock import NOON
from tests.fakes.page import FakeQueries, page
from tests.fakes.posts import written
from watcher.errors import Unreachable
from watcher.model import Outcome, SourceState
from watcher.stores.queries import HashtagCount, Totals


async def answered(
    app: ASGIApp, target: str = "/", method: str = "GET", host: str = "127.0.0.1:8470"
) -> httpx.Response:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8470") as client:
        return await client.request(method, target, headers={"Host": host})


async def shown(app: ASGIApp, target: str = "/") -> str:
    response = await answered(app, target)
    assert response.status_code == 200
    return response.text


async def test_a_post_is_shown_with_its_topic_its_place_its_time_and_its_host() -> None:
    post = written("a", NOON - timedelta(hours=1), topics=("crises",), communes=("34145",), departements=("34",))
    text = await shown(page(FakeQueries([post])))
    for words in ("Le marché de Lunel", "Crises et intempéries", "Lunel (34)", "aujourd&#39;hui à 12\u00a0h\u00a000"):
        assert words in text
    assert 'href="https://gazette.example.org/0"' in text
    assert "Lire sur <bdi>gazette.example.org</bdi>" in text


async def test_copies_are_told_beside_the_one_that_is_shown() -> None:
    copied = FakeQueries([written("a")], copies=12)
    assert '<span class="copies">et 12\u00a0copies</span>' in await shown(page(copied))
    assert "copie" not in await shown(page(FakeQueries([written("a")])))


async def test_who_waits_for_an_answer_is_marked() -> None:
    assert '<span class="mark">À répondre</span>' in await shown(page(FakeQueries([written("a", to_answer=True)])))
    assert '<span class="mark">' not in await shown(page(FakeQueries([written("a")])))


async def test_hashtags_come_with_their_voices() -> None:
    text = await shown(page(FakeQueries(hashtags=[HashtagCount("lio", posts=1204, voices=37)])))
    assert "#lio</bdi></th><td>37</td><td>1\u202f204</td>" in text


async def test_the_volume_has_a_sentence_and_a_table_for_who_does_not_see_the_drawing() -> None:
    text = await shown(page(FakeQueries([written("a"), written("b")])))
    assert 'role="img" aria-labelledby="volume-phrase"' in text
    assert "2\u00a0publications en 72 heures." in text
    assert "<td>2</td></tr>" in text


@pytest.mark.parametrize(
    "target", ["/explorer?theme=cuisine", "/explorer?departement=75", "/nulle-part", "/static/x.css"]
)
async def test_what_is_not_there_is_said_in_french(target: str) -> None:
    response = await answered(page(FakeQueries()), target)
    assert response.status_code == 404
    assert "Cette page n'est pas disponible" in response.text
    assert "Not Found" not in response.text


async def test_without_elasticsearch_the_page_says_so_and_the_sources_are_told_all_the_same() -> None:
    down = FakeQueries(trouble=Unreachable("Elasticsearch ne répond pas."))
    broken = SourceState("mairie", last_run_at=NOON, outcome=Outcome.GONE, failures=4)
    app = page(down, states=[broken], waiting=1204)
    text = await shown(app)
    assert "Elasticsearch ne répond pas." in text
    assert "1\u202f204\u00a0écritures en attente" in text
    assert '<a href="/sources">Voir laquelle et que faire</a>' in text
    sources = await shown(app, "/sources")
    for words in ("en panne", "config/sources.yml", "4\u00a0échecs de suite"):
        assert words in sources


async def test_a_post_that_we_answered_no_longer_asks_for_an_answer() -> None:
    asked = written("a", to_answer=True)
    assert "Répondu" not in await shown(page(FakeQueries([asked])))
    text = await shown(page(FakeQueries([asked], answered_at=NOON + timedelta(minutes=5))))
    assert "Répondu" in text
    assert "13\u00a0h\u00a005" in text
    assert '<span class="mark">À répondre</span>' not in text


async def test_nothing_collected_yet_is_no_error() -> None:
    app = page(FakeQueries())
    assert "la première lecture des sources les apportera" in await shown(app)
    assert "Aucune source n'est encore suivie" in await shown(app, "/sources")


@pytest.mark.parametrize(
    ("target", "title"),
    [("/", "Tendances"), ("/a-repondre", "À répondre"), ("/x", "Page non disponible")],
)
async def test_the_title_says_what_is_shown_and_whose_it_is(target: str, title: str) -> None:
    text = (await answered(page(FakeQueries()), target)).text
    assert f"<title>{title} · Veille d&#39;essai</title>" in text


@pytest.mark.parametrize(("target", "name"), [("/", "Tendances"), ("/essai", "Réglages")])
async def test_the_navigation_leads_to_every_view_and_marks_the_one_that_is_shown(target: str, name: str) -> None:
    text = await shown(page(FakeQueries()), target)
    navigation = text[text.index('<nav aria-label="Vues">') : text.index("</nav>")]
    assert navigation.count("aria-current") == 1
    assert f'aria-current="page">{name}' in navigation


async def test_the_banner_is_shown_when_asked_only() -> None:
    assert '<p class="banner">DÉMO</p>' in await shown(page(FakeQueries(), banner="DÉMO"))
    assert "banner" not in await shown(page(FakeQueries()))


# ---- who may ask, and how


@pytest.mark.parametrize("host", ["127.0.0.1:8470", "localhost:8470", "[::1]:8470", "localhost", "LOCALHOST:1"])
async def test_this_machine_may_ask(host: str) -> None:
    assert (await answered(page(FakeQueries()), host=host)).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example.org", "evil.example.org:8470", "127.0.0.1.example.org", "", "localhost:x"]
)
async def test_a_name_that_was_made_to_lead_here_gets_nothing(host: str) -> None:
    queries = FakeQueries([written("a")])
    response = await answered(page(queries), host=host)
    assert response.status_code == 421
    assert queries.asked == 0
    assert "Lunel" not in response.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_a_view_is_for_reading(method: str) -> None:
    queries = FakeQueries()
    response = await answered(page(queries), method=method)
    assert response.status_code == 405
    assert queries.asked == 0


@pytest.mark.parametrize("target", ["/", "/explorer?theme=cuisine", "/nulle-part", "/static/page.css"])
async def test_every_answer_forbids_scripts_frames_and_what_comes_from_elsewhere(target: str) -> None:
    headers = (await answered(page(FakeQueries()), target)).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "server" not in headers


async def test_a_fault_of_ours_gives_a_french_page_with_the_same_guard_and_no_detail() -> None:
    class Broken(FakeQueries):
        async def totals(self, since: object, until: object) -> Totals:
            raise RuntimeError("secret detail")

    response = await answered(page(Broken()))
    assert response.status_code == 500
    assert "erreur du logiciel" in response.text
    assert "secret detail" not in response.text
    assert "content-security-policy" in response.headers


async def test_no_page_carries_a_script_or_a_style_of_its_own() -> None:
    post = written("a", topics=("crises",), to_answer=True)
    text = await shown(page(FakeQueries([post]), states=[SourceState("gazette", outcome=Outcome.OK, posts=1)]))
    for forbidden in ("<script", "<style", "style=", "onclick", "javascript:"):
        assert forbidden not in text


# ---- hostile posts


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '"><svg onload=alert(1)>',
        "</article></main><h1>Faux titre</h1>",
        "{{ 7 * 7 }}{% raw %}",
    ],
)
async def test_markup_in_a_post_is_text(text: str) -> None:
    post = replace(written("a", hashtags_raw=(text,), topics=(text,)), title=text, text=f"{text}.", source=text)
    html = await shown(page(FakeQueries([post], hashtags=[HashtagCount(text, 1, 1)])))
    for opening in ("<script", "<img src=x", "<svg onload", "<h1>Faux", "49"):
        assert opening not in html


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "//evil.example.org/x",
        "file:///etc/passwd",
        "http://",
        "http://[",
        "https://a\u0000.example.org\ud800",
        "",
        None,
    ],
)
async def test_an_address_that_is_no_link_of_the_web_is_not_a_link(url: str | None) -> None:
    assert "Lire sur" not in await shown(page(FakeQueries([replace(written("a"), url=url)])))


async def test_a_link_is_named_after_where_it_really_leads() -> None:
    post = replace(written("a"), url="https://laregion.fr@evil.example.org/")
    assert "Lire sur <bdi>evil.example.org</bdi>" in await shown(page(FakeQueries([post])))


async def test_marks_that_turn_or_hide_words_are_taken_out_and_right_to_left_texts_stay_alone() -> None:
    post = replace(written("a"), title="\u202egro.elpmaxe", text="mot\u200bcaché \u2066x مرحبا")
    text = await shown(page(FakeQueries([post])))
    assert '<h3 dir="auto" lang="fr">gro.elpmaxe</h3>' in text
    assert "motcaché x مرحبا" in text


async def test_a_huge_post_is_cut() -> None:
    text = await shown(page(FakeQueries([replace(written("a"), text="a" * 10_000, title="mot " * 2_000)])))
    assert len(text) < 20_000
    assert "…" in text
