"""What is sent to the page: only its own forms are taken, and what was done is told once."""

from dataclasses import dataclass, field

import pytest
from starlette.requests import Request
from starlette.types import ASGIApp

from tests.fakes.forms import HERE, OURS, browsing, token
from tests.fakes.page import FakeQueries, now, page
from watcher.errors import Unreachable
from watcher.web.app import create_app
from watcher.web.frame import Site
from watcher.web.seal import Seal
from watcher.web.view import Done, Form, Sheet, View

TEAM = ("Anne", "Zoé & Cie")


@dataclass
class Kept:
    """A view that keeps what it is sent, or fails as `trouble` says."""

    trouble: Exception | None = None
    forms: list[Form] = field(default_factory=list)

    def view(self) -> View:
        async def show(_: Request) -> Sheet:
            return Sheet("people.html", {})

        async def take(form: Form) -> Done:
            if self.trouble:
                raise self.trouble
            self.forms.append(form)
            return Done("/", "C'est <b>noté</b>.")

        return View("/", "Essai", show, takes={"/garder": take})

    def site(self) -> ASGIApp:
        return create_app([self.view()], Site("Veille d'essai", now, team=TEAM))


async def test_a_form_of_ours_is_taken_and_what_was_done_is_told_once() -> None:
    kept = Kept()
    async with browsing(kept.site()) as client:
        sent = await client.post("/garder", data={"jeton": await token(client), "mot": "crue é"}, headers=OURS)
        assert (sent.status_code, sent.headers["location"]) == (303, "/")
        assert kept.forms[0].fields["mot"] == "crue é"
        told = "C&#39;est &lt;b&gt;noté&lt;/b&gt;."
        assert told in (await client.get("/")).text
        assert told not in (await client.get("/")).text


@pytest.mark.parametrize(
    ("headers", "data", "status"),
    [
        (OURS, {"mot": "crue"}, 403),
        (OURS, {"jeton": "0" * 64}, 403),
        (OURS, {"jeton": "é"}, 403),
        (OURS, {"jeton": Seal().mark("jeton", "")}, 403),
        ({}, None, 403),
        ({"Origin": "null"}, None, 403),
        ({"Origin": "http://evil.example.org"}, None, 403),
        ({"Origin": "http://127.0.0.1:9999"}, None, 403),
        ({"Origin": HERE, "Sec-Fetch-Site": "cross-site"}, None, 403),
        ({"Origin": HERE, "Sec-Fetch-Site": "same-site"}, None, 403),
        ({**OURS, "Content-Type": "text/plain"}, None, 415),
        ({**OURS, "Content-Type": "multipart/form-data"}, None, 415),
        (OURS, {"mot": "x" * 70_000}, 413),
        (OURS, {f"champ{number}": "" for number in range(200)}, 400),
    ],
)
async def test_what_no_page_of_ours_sent_changes_nothing(
    headers: dict[str, str], data: dict[str, str] | None, status: int
) -> None:
    kept = Kept()
    async with browsing(kept.site()) as client:
        good = {"jeton": await token(client)}
        answer = await client.post("/garder", data=good if data is None else data, headers=headers)
    assert (answer.status_code, kept.forms) == (status, [])
    assert "Cette page n'est pas disponible" in answer.text


async def test_letters_that_are_none_are_refused() -> None:
    headers = {**OURS, "Content-Type": "application/x-www-form-urlencoded"}
    async with browsing(Kept().site()) as client:
        assert (await client.post("/garder", content=b"jeton=%ff%fe", headers=headers)).status_code == 400


async def test_a_store_that_is_away_is_told_in_french() -> None:
    kept = Kept(Unreachable("Elasticsearch ne répond pas."))
    async with browsing(kept.site()) as client:
        answer = await client.post("/garder", data={"jeton": await token(client)}, headers=OURS)
    assert answer.status_code == 503
    assert "Elasticsearch ne répond pas. Réessayez dans un moment." in answer.text


async def test_a_confirmation_that_we_did_not_write_is_not_shown() -> None:
    async with browsing(Kept().site()) as client:
        client.cookies.set("veille-dit", Seal().close("veille-dit", "Tout va bien"))
        assert "Tout va bien" not in (await client.get("/")).text


# ---- Qui êtes-vous ?


@pytest.mark.parametrize("name", TEAM)
async def test_who_one_is_is_asked_once_and_goes_with_what_is_sent(name: str) -> None:
    kept = Kept()
    async with browsing(kept.site()) as client:
        assert "Qui êtes-vous ?</h2>" in (await client.get("/")).text
        said = await client.post("/qui", data={"jeton": await token(client), "personne": name}, headers=OURS)
        cookie = next(each for each in said.headers.get_list("set-cookie") if each.startswith("veille-personne"))
        assert {"HttpOnly", "SameSite=strict"} <= {part.strip() for part in cookie.split(";")}
        assert "Qui êtes-vous ?</h2>" not in (await client.get("/")).text
        await client.post("/garder", data={"jeton": await token(client)}, headers=OURS)
    assert kept.forms[0].person == name


async def test_who_only_looks_is_not_asked_again_and_has_no_name() -> None:
    kept = Kept()
    async with browsing(kept.site()) as client:
        await client.post("/qui", data={"jeton": await token(client), "personne": ""}, headers=OURS)
        assert "Qui êtes-vous ?</h2>" not in (await client.get("/")).text
        await client.post("/garder", data={"jeton": await token(client)}, headers=OURS)
    assert kept.forms[0].person == ""


async def test_a_name_that_the_team_does_not_have_is_not_taken() -> None:
    async with browsing(Kept().site()) as client:
        answer = await client.post("/qui", data={"jeton": await token(client), "personne": "Intrus"}, headers=OURS)
        assert answer.status_code == 404
        client.cookies.set("veille-personne", "Intrus")
        assert "Qui êtes-vous ?</h2>" in (await client.get("/")).text


async def test_a_team_of_nobody_is_asked_nothing() -> None:
    async with browsing(page(FakeQueries())) as client:
        assert "Qui êtes-vous" not in (await client.get("/")).text
        assert "config/equipe.yml" in (await client.get("/qui")).text
