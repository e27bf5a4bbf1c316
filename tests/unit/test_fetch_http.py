"""The exchange, against real servers on loopback."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.servers import Behaviour, FaultyServer, answer, in_turn, rate_limited, raw, redirect
from watcher.errors import AuthRefused, ForbiddenAddress, RateLimited, Refused, SourceGone, Unreachable
from watcher.fetch import HttpFetch
from watcher.secrets import Secret


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
async def fetch(clock: FakeClock) -> AsyncIterator[HttpFetch]:
    async with HttpFetch(user_agent="veille (+https://example.org)", clock=clock, allow_loopback=True) as one:
        yield one


async def test_an_answer_comes_whole_and_decompressed(fetch: HttpFetch) -> None:
    page = answer(200, gzip.compress("Montréal".encode()), {"ETag": '"1"', "Content-Encoding": "gzip"})
    async with FaultyServer(page) as server:
        response = await fetch.get(server.url("/feed"))
    assert (response.status, response.body.decode(), response.moved_to) == (200, "Montréal", None)
    assert response.url == server.url("/feed")
    assert response.headers["etag"] == '"1"'


async def test_we_say_who_we_are_and_send_what_the_collector_asks(fetch: HttpFetch) -> None:
    async with FaultyServer(answer(304)) as server:
        response = await fetch.get(
            server.url("/search?lang=fr"),
            headers={"If-None-Match": '"1"', "Accept-Encoding": "br", "User-Agent": "other"},
            params={"q": "#liO à Sète"},
            secret_headers={"Authorization": Secret("Bearer t0ken\n")},
        )
    assert response.status == 304
    [request] = server.requests
    assert request.target == "/search?lang=fr&q=%23liO+%C3%A0+S%C3%A8te"
    assert request.headers == {
        "host": f"127.0.0.1:{server.port}",
        "if-none-match": '"1"',
        "accept-encoding": "gzip",
        "user-agent": "veille (+https://example.org)",
        "authorization": "Bearer t0ken",
    }


async def test_a_refusal_keeps_what_the_platform_said_with_it(fetch: HttpFetch) -> None:
    said = answer(400, gzip.compress(b'{"error": {"code": 32}}'), {"Content-Encoding": "gzip", "X-App-Usage": "{}"})
    async with FaultyServer(said) as server:
        with pytest.raises(Refused) as heard:
            await fetch.get(server.url())
    assert heard.value.answer is not None
    assert (heard.value.answer.status, heard.value.answer.body) == (400, b'{"error": {"code": 32}}')
    assert heard.value.answer.headers["x-app-usage"] == "{}"


async def test_a_refusal_without_end_is_cut(fetch: HttpFetch) -> None:
    async with FaultyServer(answer(400, b"x" * 1_000_000)) as server:
        with pytest.raises(Refused) as heard:
            await fetch.get(server.url())
    assert heard.value.answer is not None
    assert heard.value.answer.body == b""


async def test_no_cookie_is_kept(fetch: HttpFetch) -> None:
    async with FaultyServer(answer(headers={"Set-Cookie": "id=1"})) as server:
        await fetch.get(server.url())
        await fetch.get(server.url())
    assert all("cookie" not in request.headers for request in server.requests)


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (answer(401), AuthRefused),
        (answer(404, b"<html>Page introuvable</html>"), SourceGone),
        (answer(400), Refused),
        (answer(500), Unreachable),
        (answer(302), Refused),
        (redirect("file:///etc/passwd"), ForbiddenAddress),
        (redirect("https://moi:secret@example.org/"), ForbiddenAddress),
        (redirect("http://[::1"), ForbiddenAddress),
        (raw(b"not http at all\r\n\r\n"), Unreachable),
        (raw(b""), Unreachable),
    ],
)
async def test_every_other_answer_is_an_error_of_the_tree(
    fetch: HttpFetch, behaviour: Behaviour, error: type[Exception]
) -> None:
    async with FaultyServer(behaviour) as server:
        with pytest.raises(error):
            await fetch.get(server.url())


async def test_a_closed_port_is_unreachable(fetch: HttpFetch) -> None:
    async with FaultyServer(answer()) as server:
        url = server.url()
    with pytest.raises(Unreachable, match="est injoignable"):
        await fetch.get(url)


@pytest.mark.parametrize("header", ["120", "Tue, 24 Nov 2026 12:02:00 GMT"])
@pytest.mark.parametrize("status", [429, 503])
async def test_a_wait_that_is_asked_for_is_told_and_is_not_its_neighbours(
    fetch: HttpFetch, header: str, status: int
) -> None:
    async with FaultyServer(in_turn(rate_limited(header, status), answer())) as server:
        with pytest.raises(RateLimited, match="attendre 120 s") as asked:
            await fetch.get(server.url("/one"))
        assert asked.value.retry_after_s == 120
        assert (await fetch.get(server.url("/other"))).status == 200


@pytest.mark.parametrize(
    ("statuses", "is_permanent"),
    [([301], True), ([308, 301], True), ([302], False), ([301, 302], False), ([307, 308], False), ([303], False)],
)
async def test_a_new_address_is_told_only_when_every_hop_is_permanent(
    fetch: HttpFetch, statuses: list[int], *, is_permanent: bool
) -> None:
    hops = [redirect(f"/{n}?key=kept", status) for n, status in enumerate(statuses)]
    async with FaultyServer(in_turn(*hops, answer(200, b"here"))) as server:
        response = await fetch.get(server.url("/start"))
    last = server.url(f"/{len(statuses) - 1}?key=kept")
    assert (response.body, response.url) == (b"here", last)
    assert response.moved_to == (last if is_permanent else None)


async def test_five_redirections_are_followed_and_not_six(fetch: HttpFetch) -> None:
    async with FaultyServer(in_turn(*[redirect("/again")] * 5, answer())) as server:
        assert (await fetch.get(server.url())).status == 200
    async with FaultyServer(redirect("/again")) as server:
        with pytest.raises(Refused, match="plus de 5 redirections"):
            await fetch.get(server.url())
        assert len(server.requests) == 6


async def test_a_key_is_not_carried_to_another_service_not_even_back_again(fetch: HttpFetch) -> None:
    key = {"X-Api-Key": Secret("t0ken")}
    async with FaultyServer(answer()) as other, FaultyServer({}) as first:
        first._script = {"/here": redirect("/away", 307), "/away": redirect(other.url("/x"), 307), "/back": answer()}
        other._script = redirect(first.url("/back"))
        await fetch.get(first.url("/here"), headers={"If-None-Match": '"1"'}, secret_headers=key)
    assert [request.headers.get("x-api-key") for request in first.requests] == ["t0ken", "t0ken", None]
    assert [request.headers.get("x-api-key") for request in other.requests] == [None]
    assert other.requests[0].headers["if-none-match"] == '"1"'


async def test_a_hundred_exchanges_at_once_do_not_mix(fetch: HttpFetch) -> None:
    async with FaultyServer({f"/{n}": answer(200, str(n).encode()) for n in range(100)}) as server:
        responses = await asyncio.gather(*(fetch.get(server.url(f"/{n}")) for n in range(100)))
    assert [response.body for response in responses] == [str(n).encode() for n in range(100)]


async def test_a_proxy_is_used_when_it_is_named_and_only_then(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with FaultyServer(answer(200, b"through")) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url())
        monkeypatch.setenv("ALL_PROXY", proxy.url())
        async with HttpFetch(user_agent="veille", clock=clock, proxy=proxy.url()) as fetch:
            assert (await fetch.get("http://feeds.example.org/a?b=1")).body == b"through"
        assert proxy.requests[0].target == "http://feeds.example.org/a?b=1"
        async with (
            HttpFetch(user_agent="veille", clock=clock, allow_loopback=True) as fetch,
            FaultyServer(answer()) as server,
        ):
            await fetch.get(server.url())
        assert proxy.connections == 1


async def test_a_post_sends_its_body_as_json_and_its_secrets(fetch: HttpFetch) -> None:
    async with FaultyServer(answer(200, b"{}")) as server:
        await fetch.post(
            server.url("/"), body={"a": "é", "b": Secret("x")}, secret_headers={"Authorization": Secret("y")}
        )
    [asked] = server.requests
    assert (asked.method, asked.headers["content-type"], asked.headers["authorization"]) == (
        "POST",
        "application/json",
        "y",
    )
    assert json.loads(asked.body) == {"a": "é", "b": "x"}


async def test_a_post_without_a_body_sends_none(fetch: HttpFetch) -> None:
    async with FaultyServer(answer(200, b"{}")) as server:
        await fetch.post(server.url("/"))
    [asked] = server.requests
    assert (asked.method, asked.body, asked.headers.get("content-type")) == ("POST", b"", None)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_post_is_never_sent_elsewhere(fetch: HttpFetch, status: int) -> None:
    async with FaultyServer(answer(200)) as other, FaultyServer(redirect(other.url("/"), status)) as server:
        with pytest.raises(Refused, match="redirige"):
            await fetch.post(server.url("/"), body={"password": Secret("x")})
    assert other.connections == 0
