"""Promise 10: whatever an address looks like, wherever it redirects, nothing inside is ever called.

A canary listens on loopback on both families; the only proof that counts is that nobody knocked.
"""

from collections.abc import AsyncIterator, Sequence
from ipaddress import ip_address

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.servers import FaultyServer, answer, redirect
from watcher.errors import ForbiddenAddress, Unreachable
from watcher.fetch import HttpFetch
from watcher.fetch.address import Address
from watcher.fetch.transport import Resolver

ADDRESSES = """
    localhost LOCALHOST 127.0.0.1 127.1 127.000.000.001 2130706433 0x7f.1 0x7f000001 017700000001 0177.0.0.1 0.0.0.0 0
    [::1] [::] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [64:ff9b::7f00:1] [2002:7f00:1::]
    169.254.169.254 2852039166 0xa9.0xfe.0xa9.0xfe [fe80::a9fe:a9fe] [fd00:ec2::254] 100.100.100.200 10.0.0.1
""".split()

# What the resolver or the parser may refuse before us, as the machine is set up.
NAMES = "localhost. ip6-localhost 127.0.0.1. ①②⑦.⓪.⓪.① 127。0。0。1 %31%32%37.0.0.1 metadata.google.internal".split()


def answers(*replies: str) -> tuple[Resolver, list[str]]:
    """Return a resolver that gives these addresses, one list (`a,b`) a call and the last for ever, and its calls."""
    calls: list[str] = []

    async def resolve(host: str, _: int) -> Sequence[Address]:
        calls.append(host)
        reply = replies[min(len(calls), len(replies)) - 1]
        return [ip_address(text) for text in reply.split(",") if text]

    return resolve, calls


@pytest.fixture
async def canary() -> AsyncIterator[FaultyServer]:
    async with (
        FaultyServer(answer(200, b"the inside")) as ipv4,
        FaultyServer(answer(), host="::1", port=ipv4.port) as ipv6,
    ):
        yield ipv4
        assert ipv6.connections == 0


@pytest.fixture
def outward() -> HttpFetch:
    return HttpFetch(user_agent="v", clock=FakeClock(), total_timeout_s=5)


@pytest.mark.parametrize("host", ADDRESSES)
async def test_no_spelling_of_the_inside_is_called(canary: FaultyServer, outward: HttpFetch, host: str) -> None:
    async with outward:
        with pytest.raises(ForbiddenAddress):
            await outward.get(canary.url("/latest/meta-data", host))
    assert canary.connections == 0


@pytest.mark.parametrize("host", NAMES)
async def test_no_name_of_the_inside_is_called(canary: FaultyServer, outward: HttpFetch, host: str) -> None:
    async with outward:
        with pytest.raises((ForbiddenAddress, Unreachable)):
            await outward.get(canary.url("/latest/meta-data", host))
    assert canary.connections == 0


async def test_the_canary_would_have_sung(canary: FaultyServer) -> None:
    async with HttpFetch(user_agent="v", clock=FakeClock(), allow_loopback=True) as fetch:
        assert (await fetch.get(canary.url("/", "localhost"))).body == b"the inside"
    assert canary.connections == 1


@pytest.mark.parametrize(
    "inside", ["127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::ffff:127.0.0.1", "93.184.216.34,127.0.0.1"]
)
async def test_a_public_name_with_an_inside_address_is_refused(canary: FaultyServer, inside: str) -> None:
    resolver, _ = answers(inside)
    async with HttpFetch(user_agent="v", clock=FakeClock(), resolver=resolver) as fetch:
        with pytest.raises(ForbiddenAddress, match=r"feeds\.example\.org mène à une adresse interne"):
            await fetch.get(canary.url("/", "feeds.example.org"))
    assert canary.connections == 0


@pytest.mark.parametrize(
    "hidden", ["http://169.254.169.254/", "//10.0.0.1/", "http://[fd00:ec2::254]/", "http://2852039166/"]
)
async def test_a_redirection_inside_is_refused(hidden: str) -> None:
    async with (
        FaultyServer(redirect(hidden)) as server,
        HttpFetch(user_agent="v", clock=FakeClock(), allow_loopback=True) as fetch,
    ):
        with pytest.raises(ForbiddenAddress, match="mène à une adresse interne"):
            await fetch.get(server.url())


async def test_a_name_is_asked_once_and_the_judged_address_is_called() -> None:
    resolver, calls = answers("127.0.0.1", "127.0.0.2")
    async with (
        FaultyServer(answer(200, b"judged")) as judged,
        FaultyServer(answer(), host="127.0.0.2", port=judged.port) as canary,
        HttpFetch(user_agent="v", clock=FakeClock(), allow_loopback=True, resolver=resolver) as fetch,
    ):
        response = await fetch.get(judged.url("/", "feeds.example.org"))
    assert (response.body, calls, canary.connections) == (b"judged", ["feeds.example.org"], 0)
    assert judged.requests[0].headers["host"] == f"feeds.example.org:{judged.port}"


async def test_a_name_that_changes_its_answer_is_judged_again_at_each_hop() -> None:
    resolver, calls = answers("127.0.0.1", "10.0.0.1")
    async with (
        FaultyServer(redirect("/again")) as server,
        HttpFetch(user_agent="v", clock=FakeClock(), allow_loopback=True, resolver=resolver) as fetch,
    ):
        with pytest.raises(ForbiddenAddress):
            await fetch.get(server.url("/", "feeds.example.org"))
    assert (len(calls), server.connections) == (2, 1)


async def test_the_next_address_of_a_name_is_tried_when_one_is_closed() -> None:
    resolver, _ = answers("::1,127.0.0.2,127.0.0.1")
    async with (
        FaultyServer(answer(200, b"the last one")) as server,
        HttpFetch(user_agent="v", clock=FakeClock(), allow_loopback=True, resolver=resolver) as fetch,
    ):
        assert (await fetch.get(server.url("/", "feeds.example.org"))).body == b"the last one"


@pytest.mark.parametrize("host", ["no-such-name.invalid", "a" * 70 + ".example.org", "a..example.org"])
async def test_an_unknown_name_is_unreachable(host: str) -> None:
    async def unknown(_: str, __: int) -> Sequence[Address]:
        raise OSError

    async with HttpFetch(user_agent="v", clock=FakeClock(), resolver=unknown) as fetch:
        with pytest.raises(Unreachable, match="est introuvable"):
            await fetch.get(f"http://{host}/")


async def test_a_name_without_address_is_unreachable() -> None:
    resolver, _ = answers("")
    async with HttpFetch(user_agent="v", clock=FakeClock(), resolver=resolver) as fetch:
        with pytest.raises(Unreachable, match="aucune adresse"):
            await fetch.get("http://feeds.example.org/")
