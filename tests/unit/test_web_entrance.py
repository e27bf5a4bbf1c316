"""The page from elsewhere: nothing is shown before the password, which cannot be guessed, and a session ends."""

import re
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest

from tests.fakes.clock import NOON
from tests.fakes.entrance import HERE, KEPT, NAME, PASSWORD, Hands, browsing, private_page
from watcher.secrets import Secret
from watcher.web.memory import Memory
from watcher.web.password import LONGEST, hashed, is_right
from watcher.web.server import serving
from watcher.web.tries import MOST, WITHIN, Tries

SECRET = "Qui êtes-vous"  # what only those inside read


async def entered(client: httpx.AsyncClient, password: str = PASSWORD, wanted: str = "/") -> httpx.Response:
    form = (await client.get("/connexion", params={"retour": wanted})).text
    token = re.search(r'name="jeton" value="(\w+)"', form)
    assert token
    return await client.post("/connexion", data={"jeton": token[1], "retour": wanted, "mot_de_passe": password})


@pytest.mark.parametrize("path", ["/", "/qui", "/nulle-part"])
async def test_nothing_is_shown_before_the_password(path: str) -> None:
    async with browsing(private_page(Hands(NOON))) as client:
        answer = await client.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/connexion?retour={path.replace('/', '%2F')}"
        form = await client.get("/connexion")
    assert form.status_code == 200
    assert SECRET not in form.text
    assert "Anne" not in form.text
    assert 'aria-label="Vues"' not in form.text


async def test_the_password_lets_in_for_twelve_hours_and_leads_where_one_wanted() -> None:
    clock = Hands(NOON)
    async with browsing(private_page(clock)) as client:
        answer = await entered(client, wanted="/qui?a=1")
        assert (answer.status_code, answer.headers["location"]) == (303, "/qui?a=1")
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-veille-session=")
        assert {"HttpOnly", "Secure", "SameSite=strict", "Path=/", "Max-Age=43200"} <= set(cookie.split("; "))
        clock.now += timedelta(hours=11, minutes=59)
        assert SECRET in (await client.get("/qui")).text
        clock.now += timedelta(minutes=1)
        assert (await client.get("/qui")).status_code == 303


@pytest.mark.parametrize("password", ["", "le canal", PASSWORD.upper(), "x" * (LONGEST + 1), "é\x00"])
async def test_another_password_lets_nobody_in(password: str) -> None:
    async with browsing(private_page(Hands(NOON))) as client:
        answer = await entered(client, password)
        assert answer.status_code == 403
        assert "pas le mot de passe" in answer.text
        assert (await client.get("/")).status_code == 303


async def test_after_five_wrong_ones_an_address_waits_even_with_the_right_one_and_others_do_not() -> None:
    clock, memory = Hands(NOON), Memory()
    app = private_page(clock, memory=memory)
    async with browsing(app) as client, browsing(app, "203.0.113.10") as other:
        assert [(await entered(client, "faux")).status_code for _ in range(5)] == [403] * 5
        answer = await entered(client)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "300")
        assert "Trop d&#39;essais : attendez 5 min" in answer.text
        assert (await entered(other)).status_code == 303
        clock.now += timedelta(minutes=5)
        assert (await entered(client)).status_code == 303


async def test_a_session_ends_when_one_leaves_when_the_password_changes_and_when_the_daemon_restarts() -> None:
    clock, memory = Hands(NOON), Memory()
    async with browsing(private_page(clock, memory=memory)) as client:
        await entered(client)
        session = client.cookies["__Host-veille-session"]
        page = (await client.get("/")).text
        token = re.search(r'action="/sortie".*?value="(\w+)"', page)
        assert token
        left = await client.post("/sortie", data={"jeton": token[1]})
        assert (left.status_code, left.headers["location"]) == (303, "/connexion")
        assert (await client.get("/")).status_code == 303
    for app in (
        private_page(clock, Secret(hashed("un autre mot de passe")), memory),
        private_page(clock, KEPT, Memory()),
    ):
        async with browsing(app) as client:
            client.cookies.set("__Host-veille-session", session)
            assert (await client.get("/")).status_code == 303


async def test_a_form_is_taken_of_the_session_that_it_was_shown_to_alone() -> None:
    app = private_page(Hands(NOON))
    async with browsing(app) as client, browsing(app) as other:
        await entered(client)
        await entered(other)
        theirs = re.search(r'action="/qui".*?value="(\w+)"', (await other.get("/")).text, re.DOTALL)
        assert theirs
        assert (await client.post("/garder", data={"jeton": theirs[1]})).status_code == 403
        assert (await other.post("/garder", data={"jeton": theirs[1]})).status_code == 303


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example.org/", "//evil.example.org", "/\\evil.example.org", "//[", "javascript:alert(1)", "x", ""],
)
async def test_one_is_led_to_no_other_site(wanted: str) -> None:
    async with browsing(private_page(Hands(NOON))) as client:
        assert (await entered(client, wanted=wanted)).headers["location"] == "/"


async def test_who_comes_by_a_link_from_elsewhere_is_asked_again_from_here_once() -> None:
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    async with browsing(private_page(Hands(NOON))) as client:
        asked = (await client.get("/connexion?retour=/qui", headers=elsewhere)).text
        again = 'http-equiv="refresh" content="0;url=/connexion?retour=%2Fqui&amp;encore=1"'
        assert again in asked
        assert "http-equiv" not in (await client.get("/connexion?retour=/qui&encore=1", headers=elsewhere)).text
        await entered(client)
        known = await client.get("/connexion?retour=/qui&encore=1")
        assert (known.status_code, known.headers["location"]) == (303, "/qui")


@pytest.mark.parametrize("origin", ["https://127.0.0.1", "https://evil.example.org", f"https://{NAME}.example.org"])
async def test_a_name_that_is_not_ours_gets_nothing(origin: str) -> None:
    async with browsing(private_page(Hands(NOON)), origin=origin) as client:
        answer = await client.get("/connexion")
    assert answer.status_code == 421
    assert "veille.yml" in answer.text


async def test_without_https_or_without_a_password_nobody_comes_in() -> None:
    async with browsing(private_page(Hands(NOON)), origin=f"http://{NAME}") as client:
        assert (await client.get("/connexion")).status_code == 426
    async with browsing(private_page(Hands(NOON), kept=None)) as client:
        answer = await client.get("/connexion")
    assert answer.status_code == 503
    assert "watcher page password" in answer.text


@dataclass(frozen=True, slots=True)
class Through:
    """What comes to the page: from a proxy whose word is taken or not, which says or does not say that it is HTTPS."""

    proxies: tuple[str, ...]
    headers: dict[str, str]
    status: int


@pytest.mark.parametrize(
    "way",
    [
        Through(("127.0.0.1",), {"X-Forwarded-Proto": "https"}, 200),
        Through(("127.0.0.0/8",), {"X-Forwarded-Proto": "https"}, 200),
        Through(("127.0.0.1",), {"X-Forwarded-Proto": "http"}, 426),
        Through(("127.0.0.1",), {}, 426),
        Through(("192.0.2.1",), {"X-Forwarded-Proto": "https"}, 426),
    ],
)
async def test_only_the_word_of_a_known_proxy_is_taken(way: Through) -> None:
    app = private_page(Hands(NOON))
    async with serving(app, proxies=way.proxies) as url, httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"{url}/connexion", headers={"Host": NAME, **way.headers})
    assert answer.status_code == way.status


async def test_the_address_that_tries_is_the_one_that_the_proxy_tells() -> None:
    memory = Memory()
    async with serving(private_page(Hands(NOON), memory=memory), proxies=["127.0.0.1"]) as url:
        headers = {"Host": NAME, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9", "Origin": HERE}
        async with httpx.AsyncClient(base_url=url, headers=headers, trust_env=False) as client:
            for _ in range(MOST):
                await entered(client, "faux")
    assert memory.tries.wait("203.0.113.9", NOON) == WITHIN
    assert memory.tries.wait("127.0.0.1", NOON) is None


# ---- tries and passwords


def test_tries_are_forgotten_one_by_one_as_they_age() -> None:
    tries = Tries()
    for minute in range(MOST):
        assert tries.wait("203.0.113.9", NOON + timedelta(minutes=minute)) is None
        tries.count("203.0.113.9", NOON + timedelta(minutes=minute))
    assert tries.wait("203.0.113.9", NOON + timedelta(minutes=4)) == timedelta(minutes=1)
    assert tries.wait("203.0.113.9", NOON + timedelta(minutes=5)) is None


def test_a_subscriber_of_ipv6_is_one_address() -> None:
    tries = Tries()
    for number in range(MOST):
        tries.count(f"2001:db8:1:2::{number}", NOON)
    assert tries.wait("2001:db8:1:2::ffff", NOON)
    assert tries.wait("2001:db8:1:3::1", NOON) is None


@pytest.mark.parametrize(
    ("other", "is_held"),
    [("203.0.113.9", True), ("::ffff:203.0.113.9", True), ("::ffff:203.0.113.10", False), ("::1", False)],
)
def test_an_address_of_ipv4_is_itself_where_ipv6_carries_it(other: str, *, is_held: bool) -> None:
    tries = Tries()
    for _ in range(MOST):
        tries.count("::ffff:203.0.113.9", NOON)
    assert (tries.wait(other, NOON) is not None) is is_held


def test_many_addresses_take_no_more_memory_than_those_of_five_minutes() -> None:
    tries = Tries()
    for number in range(30_000):
        tries.count(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", NOON + timedelta(seconds=number))
    assert len(tries._times) <= 10_000


def test_an_address_comes_back_while_many_others_try() -> None:
    tries, later = Tries(), NOON + WITHIN
    for number in range(10_000):
        tries.count(f"10.0.{number >> 8}.{number & 255}", NOON)
    assert tries.wait("10.0.0.1", later) is None
    tries.count("10.0.0.1", later)
    assert len(tries._times) == 1


@pytest.mark.parametrize("kept", ["", "en clair", "$argon2id$v=19$m=8", PASSWORD])
def test_what_is_no_hash_is_of_no_password(kept: str) -> None:
    assert not is_right(PASSWORD, kept)


def test_a_password_is_the_same_however_its_accents_are_typed() -> None:
    assert is_right("de\u0301borde", hashed("d\u00e9borde"))
    assert PASSWORD not in KEPT.reveal()
