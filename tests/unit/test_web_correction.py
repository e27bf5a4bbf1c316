"""« Mauvais thème ? »: from the link below a post to what is kept."""

import re

import httpx
import pytest
from starlette.types import ASGIApp

from tests.fakes.page import FakeQueries, page
from tests.fakes.posts import a_post, written
from tests.fakes.proofreading import FakeProofreading
from watcher.errors import Unreachable

HERE = "http://127.0.0.1:8470"
POST = written("a", topics=("crises",))
ADDRESS = f"/theme?message={POST.id}"


def corrected_by(proofreading: FakeProofreading) -> ASGIApp:
    return page(FakeQueries([POST]), proofreading=proofreading)


def browsing(proofreading: FakeProofreading) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(corrected_by(proofreading)), base_url=HERE)


async def sent(client: httpx.AsyncClient, **fields: str) -> httpx.Response:
    token = re.search(r'name="jeton" value="(\w+)"', (await client.get(ADDRESS)).text)
    assert token
    return await client.post("/theme", data={"jeton": token[1], **fields}, headers={"Origin": HERE})


@pytest.mark.parametrize("view", ["/", "/explorer", "/a-repondre"])
async def test_every_post_has_a_link_to_its_correction(view: str) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(page(FakeQueries([POST]))), base_url=HERE) as client:
        assert f'href="{ADDRESS}">Mauvais thème ?' in (await client.get(view)).text


async def test_the_form_shows_the_post_and_its_topics() -> None:
    async with browsing(FakeProofreading([POST])) as client:
        text = (await client.get(ADDRESS)).text
    assert "Le marché de Lunel" in text
    assert text.count('<option value="crises" selected>') == 1
    assert text.count("<select") == 2


async def test_what_is_chosen_is_kept_once_each_and_told() -> None:
    proofreading = FakeProofreading([POST])
    async with browsing(proofreading) as client:
        answer = await sent(client, message=POST.id, theme0="lycees", theme1="lycees")
        assert (answer.status_code, answer.headers["location"]) == (303, ADDRESS)
        assert "Thème corrigé." in (await client.get(ADDRESS)).text
    assert proofreading.said == [(POST.id, ("lycees",), "")]


async def test_a_post_can_be_about_no_topic() -> None:
    proofreading = FakeProofreading([POST])
    async with browsing(proofreading) as client:
        await sent(client, message=POST.id, theme0="", theme1="")
    assert proofreading.said == [(POST.id, (), "")]


@pytest.mark.parametrize(
    "fields", [{"theme0": "cuisine"}, {"message": "ab" * 9}, {"message": "../../etc/passwd"}], ids=str
)
async def test_what_there_is_not_is_refused(fields: dict[str, str]) -> None:
    proofreading = FakeProofreading([POST])
    async with browsing(proofreading) as client:
        assert (await sent(client, **{"message": POST.id, "theme0": "lycees"} | fields)).status_code == 404
    assert proofreading.said == []


@pytest.mark.parametrize(
    "address", ["/theme", "/theme?message=x", f"/theme?message={'ab' * 16}", f"/theme?message={a_post('r').id}"]
)
async def test_a_post_that_is_not_there_or_was_never_read_is_said_so(address: str) -> None:
    async with browsing(FakeProofreading([POST, a_post("r", reading=None)])) as client:
        answer = await client.get(address)
    assert answer.status_code == 404
    assert "n&#39;est plus là" in answer.text


async def test_a_form_of_nowhere_corrects_nothing() -> None:
    proofreading = FakeProofreading([POST])
    async with browsing(proofreading) as client:
        answer = await client.post("/theme", data={"message": POST.id, "theme0": "lycees"}, headers={"Origin": HERE})
    assert answer.status_code == 403
    assert proofreading.said == []


async def test_without_elasticsearch_it_is_said_that_nothing_was_done() -> None:
    async with browsing(FakeProofreading([POST], trouble=Unreachable("Elasticsearch ne répond pas."))) as client:
        answer = await sent(client, message=POST.id, theme0="lycees")
    assert answer.status_code == 503
    assert "Elasticsearch ne répond pas." in answer.text
