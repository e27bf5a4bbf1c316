"""One feed, run after run: what is asked of the server, what comes of its answers, what is remembered."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from tests.fakes.fetch import Answer, FakeFetch, answer
from tests.fakes.sample import Sample
from watcher.collectors.rss import Collector, FeedSettings
from watcher.errors import AuthRefused, Malformed, SourceGone, TooLarge
from watcher.model import Cursor, Page

FEEDS = Path(__file__).parents[1] / "data" / "feeds"
ADDRESS = "https://www.exemple.org/toulouse/rss.xml"
NEW_ADDRESS = "https://rss.exemple.org/toulouse.xml"
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
GONE = SourceGone("www.exemple.org répond 404", 404)

PRESS = (FEEDS / "ours/presse.rss").read_bytes()
EMPTY = b'<rss version="2.0"><channel><title>Rien encore</title></channel></rss>'

SAMPLE = Sample(
    settings={"adresse": ADDRESS},
    posts={ADDRESS: answer(ADDRESS, PRESS)},
    none={ADDRESS: answer(ADDRESS, EMPTY)},
    broken={ADDRESS: answer(ADDRESS, (FEEDS / "ours/maintenance.html").read_bytes())},
)


async def run(
    *answers: Answer, cursor: Cursor | None = None, now: datetime = NOW, elsewhere: dict[str, Answer] | None = None
) -> tuple[Page, FakeFetch]:
    """Read the feed once and return its only page, with the fetch that served it."""
    fetch = FakeFetch({ADDRESS: answers, **(elsewhere or {})})
    pages = [page async for page in Collector().pages(fetch, FeedSettings(address=ADDRESS), cursor, now)]
    assert len(pages) == 1
    return pages[0], fetch


def served(body: bytes = PRESS, url: str = ADDRESS, **headers: str) -> Answer:
    return answer(url, body, headers={name.replace("_", "-"): value for name, value in headers.items()})


def unchanged(url: str = ADDRESS, **headers: str) -> Answer:
    return answer(url, status=304, headers={name.replace("_", "-"): value for name, value in headers.items()})


VALIDATED = served(etag='W/"a-gzip"', last_modified="Tue, 24 Nov 2026 08:00:00 GMT")


async def test_a_first_run_asks_for_the_whole_feed_and_gives_all_of_it() -> None:
    page, fetch = await run(VALIDATED)
    assert len(page.posts) == 4
    assert [item.reason for item in page.broken] == ["ni identifiant, ni lien, ni texte"]
    assert not page.is_unchanged
    assert list(fetch.calls[0].headers) == ["Accept"]


async def test_a_second_run_sends_the_validators_back_verbatim_and_a_304_brings_nothing() -> None:
    first, _ = await run(VALIDATED)
    page, fetch = await run(unchanged(), cursor=first.cursor)
    assert fetch.calls[0].headers["If-None-Match"] == 'W/"a-gzip"'
    assert fetch.calls[0].headers["If-Modified-Since"] == "Tue, 24 Nov 2026 08:00:00 GMT"
    assert (page.posts, page.is_unchanged) == ((), True)
    assert page.cursor == first.cursor


async def test_a_server_that_invents_an_etag_each_time_is_known_by_its_body() -> None:
    first, _ = await run(served(etag='"1"'))
    page, _ = await run(served(etag='"2"'), cursor=first.cursor)
    assert (page.posts, page.is_unchanged) == ((), True)
    assert json.loads(page.cursor)["etag"] == '"2"'


async def test_a_feed_that_changed_gives_its_whole_window_again() -> None:
    first, _ = await run(VALIDATED)
    corrected = PRESS.replace(b"Le car part de", b"L'autocar part de")
    page, _ = await run(served(corrected, etag='"b"'), cursor=first.cursor)
    assert [post.native_id for post in page.posts] == [post.native_id for post in first.posts]
    assert "L'autocar" in page.posts[0].text


async def test_an_item_dated_2030_keeps_its_date_and_silences_nobody() -> None:
    first, _ = await run(VALIDATED)
    later = PRESS.replace(b"</channel>", b"<item><guid>neuf</guid><title>Neuf</title></item></channel>")
    page, _ = await run(served(later), cursor=first.cursor, now=NOW + timedelta(days=1))
    assert datetime(2030, 1, 1, tzinfo=UTC) in {post.published_at for post in first.posts}
    assert page.posts[-1].title == "Neuf"


async def test_an_undated_item_has_no_date_and_the_same_id_at_each_reading() -> None:
    undated = b"<rss version='2.0'><channel><item><title>Sans date</title></item></channel></rss>"
    first, _ = await run(served(undated))
    second, _ = await run(served(undated + b"<!-- autre -->"), cursor=first.cursor)
    assert first.posts == second.posts
    assert first.posts[0].published_at is None


async def test_a_server_that_says_unchanged_to_everything_is_read_whole_after_six_hours() -> None:
    first, _ = await run(VALIDATED)
    _, fetch = await run(served(), cursor=first.cursor, now=NOW + timedelta(hours=6))
    assert "If-None-Match" not in fetch.calls[0].headers


async def test_a_304_that_nothing_was_asked_for_is_a_fault_of_the_server() -> None:
    with pytest.raises(Malformed, match="304"):
        await run(unchanged())


async def test_a_304_for_another_address_than_the_validators_is_asked_again_without_them() -> None:
    first, _ = await run(VALIDATED)
    page, fetch = await run(unchanged(url=NEW_ADDRESS), served(EMPTY), cursor=first.cursor)
    assert not page.is_unchanged
    assert [("If-None-Match" in call.headers) for call in fetch.calls] == [True, False]


async def test_a_broken_feed_gives_what_can_be_read_and_its_validators_are_not_believed() -> None:
    cut = served((FEEDS / "ours/coupe.rss").read_bytes(), etag='"coupe"')
    first, _ = await run(cut)
    page, fetch = await run(cut, cursor=first.cursor)
    assert [post.title for post in first.posts[:2]] == ["Entier", "Entier aussi"]
    assert "If-None-Match" not in fetch.calls[0].headers
    assert page.is_unchanged


async def test_another_address_in_the_configuration_starts_afresh() -> None:
    first, _ = await run(VALIDATED)
    fetch = FakeFetch({NEW_ADDRESS: served(url=NEW_ADDRESS)})
    settings = FeedSettings(address=NEW_ADDRESS)
    pages = [page async for page in Collector().pages(fetch, settings, first.cursor, NOW)]
    assert "If-None-Match" not in fetch.calls[0].headers
    assert len(pages[0].posts) == 4


async def test_a_permanent_move_is_believed_the_third_time_and_forgotten_when_it_leads_nowhere() -> None:
    cursor: Cursor | None = None
    for n in range(3):
        moved = answer(NEW_ADDRESS, PRESS + b"\n" * n, moved_to=NEW_ADDRESS)
        page, fetch = await run(moved, cursor=cursor)
        assert fetch.calls[0].url == ADDRESS
        cursor = page.cursor
    page, fetch = await run(cursor=cursor, elsewhere={NEW_ADDRESS: served(url=NEW_ADDRESS)})
    assert [call.url for call in fetch.calls] == [NEW_ADDRESS]
    page, fetch = await run(served(EMPTY), cursor=page.cursor, elsewhere={NEW_ADDRESS: GONE})
    assert [call.url for call in fetch.calls] == [NEW_ADDRESS, ADDRESS]
    page, fetch = await run(served(EMPTY), cursor=page.cursor)
    assert [call.url for call in fetch.calls] == [ADDRESS]


async def test_a_temporary_redirect_moves_nothing() -> None:
    cursor: Cursor | None = None
    for n in range(4):
        page, fetch = await run(answer(NEW_ADDRESS, PRESS + b"\n" * n), cursor=cursor)
        cursor = page.cursor
    assert fetch.calls[0].url == ADDRESS


@pytest.mark.parametrize("error", [GONE, TooLarge("plus de 5 Mo")])
async def test_what_fetch_refuses_is_heard_by_the_caller(error: SourceGone | TooLarge) -> None:
    with pytest.raises(type(error)):
        await run(error)


async def test_a_login_page_with_status_200_is_named_as_such() -> None:
    with pytest.raises(AuthRefused, match="page de connexion intitulée « Espace abonnés – Connexion »"):
        await run(served((FEEDS / "ours/connexion.html").read_bytes()))


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({}, 1800.0),  # the feed itself: twice an hour
        ({"cache_control": "public, max-age=300"}, 1800.0),
        ({"cache_control": "public, max-age=2400"}, 2400.0),
        ({"cache_control": "max-age=31536000"}, 3600.0),
        ({"expires": "Tue, 24 Nov 2026 12:45:00 GMT"}, 2700.0),
        ({"expires": "0"}, 1800.0),
        ({"expires": "Tue, 24 Nov 2026 11:00:00 GMT"}, 1800.0),
    ],
)
async def test_the_wait_asked_for_is_the_longest_and_never_over_an_hour(headers: dict[str, str], wait_s: float) -> None:
    first, _ = await run(served(etag='"a"', **headers))
    again, _ = await run(unchanged(**headers), cursor=first.cursor)
    assert first.poll_after_s == wait_s
    assert again.poll_after_s == wait_s


@pytest.mark.parametrize("address", ["", "www.exemple.org/rss", "ftp://exemple.org/rss", "https://", "https:// x"])
def test_an_address_that_is_none_is_refused_by_the_settings(address: str) -> None:
    with pytest.raises(ValidationError):
        FeedSettings.model_validate({"adresse": address})


@pytest.mark.parametrize("address", ["https://jean:motdepasse@www.exemple.fr/rss", "http://jean@www.exemple.fr"])
def test_an_address_that_holds_a_password_is_refused_without_being_quoted(address: str) -> None:
    with pytest.raises(ValidationError) as raised:
        FeedSettings(address=address)
    (told,) = raised.value.errors()
    assert "mot de passe : il ne doit pas y figurer" in told["msg"]
    assert "motdepasse" not in repr(told["ctx"])
    assert FeedSettings(address="https://www.exemple.fr/@jean/rss")
