"""The view of who waits for an answer."""

from datetime import timedelta

import httpx
import pytest
from starlette.types import ASGIApp

from tests.fakes.clock import NOON
from tests.fakes.desk import FakeDesk
from tests.fakes.page import FakeQueries, page
from tests.fakes.posts import a_post, written
from watcher.errors import Unreachable
from watcher.stores.queries import PlacedPost
from watcher.web.waiting import reason

ANSWERED = written("z", to_answer=True)


async def shown(desk: FakeDesk, target: str = "/a-repondre", status: int = 200) -> str:
    return await answered(page(FakeQueries(), desk=desk), target, status)


async def answered(app: ASGIApp, target: str = "/a-repondre", status: int = 200) -> str:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8470") as client:
        response = await client.get(target)
    assert response.status_code == status
    return response.text


@pytest.mark.parametrize(
    ("intent", "relevance", "said"),
    [
        ("demande_aide", "institution", "Demande d'aide qui concerne la Région"),
        ("plainte", "territoire", "Plainte qui concerne le territoire"),
        ("information", "territoire", "Peut-être une question qui concerne le territoire"),
    ],
)
def test_it_is_said_why_a_post_waits(intent: str, relevance: str, said: str) -> None:
    assert reason(PlacedPost(NOON, written("a", intent=intent, relevance=relevance))) == said


def test_what_was_never_read_has_no_reason() -> None:
    assert reason(PlacedPost(NOON, a_post("a", reading=None))) == ""


async def test_who_waits_is_told_with_age_pseudonym_and_where_to_answer() -> None:
    asked = written("a", NOON - timedelta(hours=3), intent="question", to_answer=True)
    text = await shown(FakeDesk([asked, ANSWERED]))
    assert "1\u00a0message attend une réponse" in text
    assert "Question qui concerne le territoire" in text
    assert ">3\u00a0heures</time>" in text
    assert "Auteur inconnu" in text
    assert 'href="https://gazette.example.org/0"' in text


@pytest.mark.parametrize(("named_days", "reach_days"), [(7, 7), (90, 30)])
async def test_it_looks_back_while_posts_tell_who_wrote_and_a_month_at_most(named_days: int, reach_days: int) -> None:
    desk = FakeDesk()
    text = await answered(page(FakeQueries(), desk=desk, named=timedelta(days=named_days)))
    assert f"depuis {reach_days}\u00a0jours au plus" in text
    assert desk.reach == timedelta(days=reach_days)


async def test_what_was_answered_is_shown_as_answered() -> None:
    text = await shown(FakeDesk([ANSWERED]))
    assert "Personne n'attend de réponse." in text
    assert '<span class="mark done">Répondu' in text


async def test_the_address_narrows_the_list_and_the_form_keeps_it() -> None:
    desk = FakeDesk()
    text = await shown(desk, "/a-repondre?theme=lycees&departement=34")
    assert desk.asked == [("lycees", "34")]
    assert '<option value="lycees" selected>' in text
    assert '<option value="34" selected>' in text
    await shown(desk, "/a-repondre?theme=cuisine", status=404)


async def test_a_number_that_is_not_known_is_not_told() -> None:
    posts = [written(str(number), to_answer=True) for number in range(70)]
    text = await shown(FakeDesk(posts, found=1204))
    assert "Les plus pressants des 1\u202f204 messages" in text
    assert "Les 60 plus pressants sont ici" in text
    assert text.count("<article") == 61


async def test_without_elasticsearch_nobody_is_said_to_wait_for_nothing() -> None:
    text = await shown(FakeDesk(trouble=Unreachable("Elasticsearch ne répond pas.")))
    assert "Elasticsearch ne répond pas." in text
    assert "Personne" not in text
