"""robots.txt: asked once a day, obeyed, and never in the way of an agreed interface."""

import asyncio

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.fetch import FakeFetch, answer
from watcher.errors import Malformed, RateLimited, Refused, SourceGone, Transient, Unreachable, WatcherError
from watcher.fetch.robots import RobotsFetch
from watcher.secrets import Secret

FEED = "https://example.org/blog/feed?lang=fr"
ROBOTS = "https://example.org/robots.txt"
AGENT = "veille-occitanie/0.1 (+https://region.example/veille)"


def site(robots: str | WatcherError) -> FakeFetch:
    rules = robots if isinstance(robots, WatcherError) else answer(ROBOTS, robots.encode())
    return FakeFetch({ROBOTS: rules, FEED: answer(FEED, b"posts")})


def respectful(inner: FakeFetch, clock: FakeClock | None = None) -> RobotsFetch:
    return RobotsFetch(inner, clock=clock or FakeClock(), user_agent=AGENT)


@pytest.mark.parametrize(
    "robots",
    [
        "",
        "User-agent: *\nDisallow: /private",
        "User-agent: *\nDisallow: /\nAllow: /blog/",
        "User-agent: *\nDisallow: /\n\nUser-agent: Veille-Occitanie\nDisallow:",
        "<html><body>Connectez-vous</body></html>",
        SourceGone("example.org répond 404", 404),
        Malformed("example.org répond dans une compression inconnue"),
    ],
)
async def test_what_is_not_forbidden_is_read(robots: str | WatcherError) -> None:
    inner = site(robots)
    response = await respectful(inner).get(FEED, headers={"if-none-match": "1"})
    assert response.body == b"posts"
    assert inner.calls[-1].headers == {"if-none-match": "1"}


@pytest.mark.parametrize(
    "robots",
    [
        "User-agent: *\nDisallow: /",
        "User-agent: *\nDisallow: /*/feed",
        "User-agent: *\nDisallow: /blog/feed?lang=fr",
        "User-agent: *\nAllow: /\n\nUser-agent: veille-occitanie\nDisallow: /blog",
        "User-agent: *\r\nDisallow: /blog\r\n" + "# padding\n" * 200_000,
    ],
)
async def test_what_is_forbidden_is_never_called(robots: str) -> None:
    inner = site(robots)
    with pytest.raises(Refused, match=r"example\.org demande aux robots"):
        await respectful(inner).get(FEED)
    assert [call.url for call in inner.calls] == [ROBOTS]


@pytest.mark.parametrize("trouble", [Unreachable("en panne"), RateLimited("attendre", 60.0)])
async def test_a_site_whose_rules_cannot_be_had_is_left_alone(trouble: Transient) -> None:
    inner = site(trouble)
    with pytest.raises(type(trouble)):
        await respectful(inner).get(FEED)
    assert [call.url for call in inner.calls] == [ROBOTS]


async def test_the_rules_are_asked_once_a_day() -> None:
    inner, clock = site(""), FakeClock()
    fetch = respectful(inner, clock)
    for _ in range(3):
        await fetch.get(FEED)
        clock.advance(43_200)
    assert [call.url for call in inner.calls].count(ROBOTS) == 2


async def test_a_request_with_a_key_follows_its_agreement() -> None:
    inner = site("User-agent: *\nDisallow: /")
    await respectful(inner).get(FEED, secret_headers={"Authorization": Secret("Bearer x")})
    assert [call.url for call in inner.calls] == [FEED]


async def test_sources_of_one_site_that_start_together_ask_for_its_rules_once() -> None:
    inner = site("")
    fetch = respectful(inner)
    await asyncio.gather(*(fetch.get(FEED) for _ in range(10)))
    assert [call.url for call in inner.calls].count(ROBOTS) == 1


async def test_a_failure_to_get_the_rules_is_everybodys_and_is_tried_again() -> None:
    inner = FakeFetch(
        {ROBOTS: [Unreachable("example.org ne répond pas"), answer(ROBOTS)], FEED: answer(FEED, b"posts")}
    )
    fetch = respectful(inner)
    results = await asyncio.gather(*(fetch.get(FEED) for _ in range(3)), return_exceptions=True)
    assert all(isinstance(result, Unreachable) for result in results)
    assert (await fetch.get(FEED)).body == b"posts"
