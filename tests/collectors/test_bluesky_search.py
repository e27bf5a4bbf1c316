"""Searches in the name of an account, before a real HTTP server: one session for weeks, nothing missed between runs."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from tests.collectors.test_bluesky import AUTHOR
from tests.fakes.bluesky_xrpc import PASSWORD, BlueskyServer
from tests.fakes.clock import FakeClock
from tests.fakes.fetch import FakeFetch, answer
from watcher.collectors.bluesky import BlueskySettings, Collector
from watcher.errors import AuthRefused, Refused
from watcher.fetch import HttpFetch
from watcher.model import Cursor, Page, Unheard
from watcher.ports import Fetch, Response
from watcher.secrets import NamedSecret, Secret
from watcher.web.server import serving

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def view(rkey: str, text: str, at: datetime) -> Any:
    record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": at.isoformat(), "langs": ["fr"]}
    uri = f"at://{AUTHOR}/app.bsky.feed.post/{rkey}"
    return {"uri": uri, "author": {"did": AUTHOR, "labels": []}, "record": record, "indexedAt": at.isoformat()}


class Searcher:
    """One source that searches, run after run with its cursor."""

    def __init__(self, server: BlueskyServer, address: str, fetch: HttpFetch, password: str | None) -> None:
        secret = NamedSecret("WATCHER_BLUESKY_MOT_DE_PASSE", Secret(password) if password else None)
        self.settings = BlueskySettings(
            searches=("Nîmes", "Alès"), server=address, identifier="veille.exemple.org", password=secret
        )
        self.fetch: Fetch = fetch
        self.unheard: list[Unheard] = []
        self._collector = Collector()
        self._cursor: Cursor | None = None
        self.server = server

    async def run(self, now: datetime = NOW) -> list[str]:
        self.server.now = now
        pages: list[Page] = []
        async for page in self._collector.pages(self.fetch, self.settings, self._cursor, now):
            pages.append(page)
            self._cursor = page.cursor
            self.unheard += page.unheard
        return [post.text for page in pages for post in page.posts]


@pytest.fixture
def password() -> str | None:
    return PASSWORD


@pytest.fixture
async def searcher(password: str | None) -> AsyncIterator[Searcher]:
    server = BlueskyServer(NOW, page_size=2)
    fetch = HttpFetch(user_agent="veille", clock=FakeClock(), allow_loopback=True)
    async with serving(server) as address, fetch:
        yield Searcher(server, address.rstrip("/"), fetch, password)


async def test_all_that_was_said_of_each_word_is_found_page_after_page(searcher: Searcher) -> None:
    searcher.server.said = [view(f"3m6{n}", f"Crue à Nîmes {n}", NOW - timedelta(hours=n)) for n in range(5)]
    searcher.server.said.append(view("3m6a", "Il neige à Alès", NOW - timedelta(hours=1)))
    assert await searcher.run() == [*(f"Crue à Nîmes {n}" for n in range(5)), "Il neige à Alès"]


async def test_the_next_run_asks_for_what_was_said_since_with_a_margin(searcher: Searcher) -> None:
    await searcher.run()
    await searcher.run(NOW + timedelta(minutes=15))
    assert searcher.server.asked[-1]["since"] == (NOW - timedelta(minutes=10)).isoformat()


async def test_one_session_serves_run_after_run_and_is_renewed_when_it_ends(searcher: Searcher) -> None:
    for hours in range(5):
        await searcher.run(NOW + timedelta(hours=hours))
    assert (searcher.server.logins, searcher.server.renewals) == (1, 2)


async def test_a_session_that_the_server_forgot_costs_one_run_and_one_login(searcher: Searcher) -> None:
    await searcher.run()
    searcher.server.forget_everybody()
    with pytest.raises(Refused):
        await searcher.run(NOW + timedelta(minutes=5))
    await searcher.run(NOW + timedelta(minutes=10))
    assert (searcher.server.logins, searcher.server.renewals) == (2, 0)


async def test_a_renewal_that_is_refused_falls_back_on_a_login(searcher: Searcher) -> None:
    await searcher.run()
    searcher.server.forget_everybody()
    await searcher.run(NOW + timedelta(hours=3))
    assert searcher.server.logins == 2


@pytest.mark.parametrize("password", ["faux"])
async def test_a_wrong_password_is_told(searcher: Searcher) -> None:
    with pytest.raises(AuthRefused):
        await searcher.run()


@pytest.mark.parametrize("password", [None])
async def test_a_password_that_is_missing_is_named_by_its_variable(searcher: Searcher) -> None:
    with pytest.raises(AuthRefused, match="WATCHER_BLUESKY_MOT_DE_PASSE"):
        await searcher.run()


async def test_the_cursor_holds_no_secret(searcher: Searcher) -> None:
    await searcher.run()
    assert searcher._cursor == Cursor('{"until":{"Nîmes":"2026-11-24T12:00:00Z","Alès":"2026-11-24T12:00:00Z"}}')


@pytest.mark.parametrize("missing", ["identifiant", "mot_de_passe"])
def test_searches_ask_for_an_account(missing: str) -> None:
    given = {"recherches": ["Nîmes"], "identifiant": "v.exemple.org", "mot_de_passe": "WATCHER_BLUESKY_MOT_DE_PASSE"}
    BlueskySettings.model_validate(given)
    with pytest.raises(ValidationError):
        BlueskySettings.model_validate({key: value for key, value in given.items() if key != missing})


async def past(searcher: Searcher, since: datetime, until: datetime) -> list[Page]:
    settings, collector = searcher.settings, Collector()
    return [page async for page in collector.backfill(searcher.fetch, settings, since, until, None)]


async def test_a_backfill_finds_an_interval_of_the_past_in_one_session(searcher: Searcher) -> None:
    searcher.server.said = [view(f"3m6{n}", f"Crue à Nîmes {n}", NOW - timedelta(hours=n)) for n in range(9)]
    pages = await past(searcher, NOW - timedelta(hours=6), NOW - timedelta(hours=2))
    assert [post.text for page in pages for post in page.posts] == [f"Crue à Nîmes {n}" for n in range(3, 7)]
    assert searcher.server.logins == 1


def endless(searcher: Searcher) -> FakeFetch:
    """A server whose first search shows a hundred pages of one post, a minute apart, and whose second one ends."""

    def page(minutes: int, following: str | None) -> Response:
        said = [view(str(minutes), f"Crue à Nîmes {minutes}", NOW - timedelta(minutes=minutes))]
        found = {"posts": said} | ({"cursor": following} if following else {})
        return answer("", json.dumps(found).encode())

    pages = [*(page(number, "suite") for number in range(1, 101)), page(101, None)]
    session = {"accessJwt": "a.e30.a", "refreshJwt": "b.e30.b", "did": AUTHOR, "handle": "veille.exemple.org"}
    xrpc = f"{searcher.settings.server}/xrpc"
    return FakeFetch(
        {
            f"{xrpc}/com.atproto.server.createSession": answer("", json.dumps(session).encode()),
            f"{xrpc}/app.bsky.feed.searchPosts": pages,
        }
    )


async def test_where_a_search_shows_no_more_another_goes_on_below(searcher: Searcher) -> None:
    searcher.fetch, searcher.settings = endless(searcher), searcher.settings.model_copy(update={"searches": ("Nîmes",)})
    pages = await past(searcher, NOW - timedelta(days=1), NOW)
    assert len([post for page in pages for post in page.posts]) == 101
    assert not [gap for page in pages for gap in page.unheard]
    below = (NOW - timedelta(minutes=100, milliseconds=-1)).isoformat()
    assert [call.params.get("until") for call in searcher.fetch.calls][-2:] == [NOW.isoformat(), below]


async def test_a_run_that_finds_more_than_a_search_shows_says_so(searcher: Searcher) -> None:
    searcher.fetch, searcher.settings = endless(searcher), searcher.settings.model_copy(update={"searches": ("Nîmes",)})
    assert len(await searcher.run()) == 100
    (gap,) = searcher.unheard
    assert (gap.since, gap.until) == (NOW - timedelta(days=1), NOW - timedelta(minutes=100, milliseconds=-1))
