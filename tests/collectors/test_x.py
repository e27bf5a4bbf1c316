"""X, run after run, over a real server: what is asked, what it costs, what comes of it, what is remembered."""

import json
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.fetch import FakeFetch, answer
from tests.fakes.sample import Sample
from tests.fakes.x import REGION, TOKEN, XServer
from watcher.budget import Cost
from watcher.collectors.x import Collector, XSettings
from watcher.collectors.x.snowflake import id_at, time_of
from watcher.errors import AuthRefused, BudgetPaced, Malformed, RateLimited, Refused, SourceGone, WatcherError
from watcher.fetch import HttpFetch
from watcher.model import Cursor, GapCause, Page
from watcher.ports import Response
from watcher.secrets import NamedSecret, Secret
from watcher.web.server import serving

API = "https://api.x.com/2"
JETON = NamedSecret("WATCHER_X_JETON", Secret(TOKEN))
NUMBERS = [str(id_at(NOON - timedelta(minutes=n))) for n in (5, 65)]
FOUND = {
    "data": [
        {
            "id": number,
            "text": "La crue à #Lodève",
            "author_id": "77",
            "created_at": f"2026-11-24T1{1 - n}:55:00.000Z",
            "public_metrics": {"like_count": 3, "retweet_count": 1, "impression_count": 900},
            "edit_history_tweet_ids": [number],
        }
        for n, number in enumerate(NUMBERS)
    ],
    "meta": {"newest_id": NUMBERS[0], "oldest_id": NUMBERS[1], "result_count": 2},
}
GONE = [{"resource_id": number, "type": "https://api.x.com/2/problems/resource-not-found"} for number in NUMBERS]
PROFILE = {"data": {"id": "2001", "username": "Occitanie", "public_metrics": {"followers_count": 9, "tweet_count": 4}}}


def says(path: str, document: object) -> dict[str, Response]:
    url = f"{API}/{path}"
    return {url: answer(url, json.dumps(document).encode())}


SILENT = {"meta": {"result_count": 0}}
OURS = (
    says("users/by/username/Occitanie", PROFILE)
    | says("users/2001/mentions", SILENT)
    | says("users/2001/tweets", SILENT)
)

SAMPLE = Sample(
    settings={"recherches": ["Lodève lang:fr"], "compte": "Occitanie", "jeton": JETON},
    posts=OURS | says("tweets/search/recent", FOUND),
    none=OURS | says("tweets/search/recent", SILENT),
    broken=OURS | says("users/by/username/Occitanie", ["maintenance"]),
    backfill=OURS | says("tweets/search/all", FOUND),
    figures=OURS,
    gone=says("tweets", {"errors": GONE}),
)


class Watch:
    """One source and its server; `run` collects once from where the last run ended."""

    def __init__(self, server: XServer, address: str, fetch: HttpFetch) -> None:
        self.server = server
        self.fetch = fetch
        self.collector = Collector(address.rstrip("/"))
        self.cursor: Cursor | None = None

    async def run(self, **settings: Any) -> list[Page]:
        given = XSettings(**({"searches": ("Lodève",), "token": JETON} | settings))
        pages = []
        async for page in self.collector.pages(self.fetch, given, self.cursor, self.server.now):
            self.cursor = page.cursor
            pages.append(page)
        return pages

    async def texts(self, **settings: Any) -> list[str]:
        return [post.text for page in await self.run(**settings) for post in page.posts]

    def write_many(self, count: int, *, first: int = 0) -> list[str]:
        """Write `count` posts a second apart, the last one five minutes old, and return their texts, newest first."""
        for n in range(count):
            self.server.write(f"Lodève {first + n}", ago=timedelta(minutes=5, seconds=count - n))
        return [f"Lodève {first + n}" for n in reversed(range(count))]

    def later(self, **passed: float) -> None:
        self.server.now += timedelta(**passed)


@pytest.fixture
def server() -> XServer:
    return XServer(NOON)


@pytest.fixture
async def watch(server: XServer) -> AsyncIterator[Watch]:
    async with (
        serving(server) as address,
        HttpFetch(user_agent="essai", clock=FakeClock(), allow_loopback=True) as fetch,
    ):
        yield Watch(server, address, fetch)


async def test_a_first_run_brings_a_day_and_a_small_page_is_all_that_is_asked(watch: Watch) -> None:
    watch.server.write("Lodève hier matin", ago=timedelta(hours=30))
    watch.server.write("Lodève ce matin", ago=timedelta(hours=3))
    assert await watch.texts() == ["Lodève ce matin"]
    assert [asked["max_results"] for _, asked in watch.server.asked] == ["10"]


async def test_more_than_a_page_is_walked_down_in_large_ones_without_loss_or_repeat(watch: Watch) -> None:
    written = watch.write_many(80)
    assert await watch.texts() == written
    assert [asked["max_results"] for _, asked in watch.server.asked] == ["10", "25", "25", "25"]
    assert watch.server.sold == 80


async def test_the_next_run_asks_above_the_newest_post_and_pays_nothing_twice(watch: Watch) -> None:
    watch.write_many(3)
    await watch.run()
    watch.later(minutes=15)
    assert await watch.texts() == []
    watch.server.write("Lodève encore")
    assert await watch.texts() == ["Lodève encore"]
    assert watch.server.sold == 4


async def test_a_run_that_is_cut_goes_on_where_it_stood_then_hears_what_came_since(watch: Watch) -> None:
    written = watch.write_many(60)
    watch.server.calls_left = 2
    first: list[str] = []
    with pytest.raises(RateLimited) as limited:
        first = await watch.texts()
    assert (first, limited.value.retry_after_s) == ([], 600.0)
    watch.later(minutes=15)
    watch.server.calls_left = 450
    watch.server.write("Lodève plus tard")
    assert await watch.texts() == [*written[35:], "Lodève plus tard"]
    assert watch.server.sold == 61


async def test_what_is_said_while_pages_are_walked_waits_for_the_next_run(watch: Watch) -> None:
    watch.write_many(30)
    pages = watch.collector.pages(watch.fetch, XSettings(searches=("Lodève",), token=JETON), None, NOON)
    first = await anext(pages)
    watch.later(minutes=10)
    watch.server.write("Lodève entre-temps")
    rest = [page async for page in pages]
    watch.cursor = rest[-1].cursor
    texts = [post.text for page in [first, *rest] for post in page.posts]
    assert len(texts) == len(set(texts)) == 30
    assert await watch.texts() == ["Lodève entre-temps"]


async def test_an_outage_longer_than_seven_days_is_told_with_its_dates(watch: Watch) -> None:
    watch.write_many(1)
    await watch.run()
    watch.later(days=9)
    watch.server.write("Lodève de retour")
    (page,) = await watch.run()
    (gap,) = page.unheard
    assert (gap.cause, gap.since, gap.until) == (GapCause.FORGOTTEN, NOON, NOON + timedelta(days=2, minutes=1))
    assert [post.text for post in page.posts] == ["Lodève de retour"]
    watch.later(minutes=15)
    assert [page.unheard for page in await watch.run()] == [()]


async def test_a_walk_that_grew_too_old_is_given_up_and_told(watch: Watch) -> None:
    watch.write_many(60)
    watch.server.calls_left = 2
    with pytest.raises(RateLimited):
        await watch.run()
    watch.later(days=8)
    watch.server.calls_left = 450
    (page,) = await watch.run()
    assert [gap.cause for gap in page.unheard] == [GapCause.FORGOTTEN] * 2
    assert page.unheard[0].until <= page.unheard[1].since <= page.unheard[1].until  # type: ignore[operator]


async def test_seven_quiet_days_are_no_gap(watch: Watch) -> None:
    watch.write_many(1)
    for _ in range(9):
        pages = await watch.run()
        watch.later(days=1)
    assert [page.unheard for page in pages] == [()]


async def test_our_account_is_looked_up_once_then_its_mentions_and_posts_are_read(watch: Watch) -> None:
    question = watch.server.write("@Occitanie le car de Lodève ?")
    references = [{"type": "replied_to", "id": question.id}]
    ours = watch.server.write(
        "Il passe à 8 h", author=REGION[0], conversation_id=question.id, referenced_tweets=references
    )
    pages = await watch.run(searches=(), account="Occitanie")
    posts = {post.native_id: post for page in pages for post in page.posts}
    assert (posts[ours.id].is_own, posts[question.id].is_own) == (True, False)
    assert (posts[ours.id].reply_to, posts[ours.id].conversation) == (question.id, question.id)
    await watch.run(searches=(), account="Occitanie")
    assert [path for path, _ in watch.server.asked].count("/2/users/by/username/Occitanie") == 1


async def test_an_account_that_x_does_not_know_is_told_once_the_searches_are_read(watch: Watch) -> None:
    watch.write_many(1)
    with pytest.raises(SourceGone, match="@Occitanje"):
        await watch.run(account="Occitanje")
    assert watch.cursor is not None


async def test_a_search_that_x_cannot_read_costs_itself_alone(watch: Watch) -> None:
    watch.write_many(1)
    with pytest.raises(Refused, match='« "Lodève »'):
        await watch.run(searches=('"Lodève', "Lodève"))
    assert json.loads(watch.cursor or "{}")["stands"].keys() == {"?Lodève"}


async def test_a_search_that_is_taken_out_leaves_the_cursor(watch: Watch) -> None:
    await watch.run(searches=("Lodève", "Alès"))
    watch.later(minutes=15)
    await watch.run()
    assert json.loads(watch.cursor or "{}")["stands"].keys() == {"?Lodève"}


@pytest.mark.parametrize("names", ["tweet.fields", "post.fields"])
async def test_both_generations_of_names_give_the_same_posts(watch: Watch, names: str) -> None:
    watch.server.names = names
    whole = "La crue à Lodève " + "a" * 300
    watch.server.write("La crue à Lodève", note_tweet={"text": whole}, public_metrics={"like_count": 3})
    (page,) = await watch.run(names=names)
    (post,) = page.posts
    assert (post.text, post.author, post.lang, post.metrics) == (whole, "77", "fr", {"likes": 3})


@pytest.mark.parametrize(("asked", "other"), [("tweet.fields", "post.fields"), ("post.fields", "tweet.fields")])
async def test_names_that_x_no_longer_takes_are_told_with_what_to_write(watch: Watch, asked: str, other: str) -> None:
    watch.server.names = other
    with pytest.raises(Refused, match=f"écrivez « champs: {other} »"):
        await watch.run(names=asked)


CLIENT_FORBIDDEN = {
    "client_id": "28907132",
    "title": "Client Forbidden",
    "reason": "client-not-enrolled",
    "type": "https://api.twitter.com/2/problems/client-forbidden",
}


@pytest.mark.parametrize(
    ("refusal", "error", "says"),
    [
        ((402, {"title": "CreditsDepleted", "detail": "Your account has no credits."}), AuthRefused, "plus de crédits"),
        ((403, CLIENT_FORBIDDEN), AuthRefused, "dans un projet"),
        ((403, {"title": "Forbidden", "type": "about:blank"}), AuthRefused, "ce droit"),
        ((429, {"type": "https://api.x.com/2/problems/usage-capped"}), AuthRefused, "plafond"),
        ((429, {"title": "Too Many Requests", "type": "about:blank"}), RateLimited, "attendre"),
        ((400, {"title": "Invalid Request", "errors": []}), Refused, "la recherche « Lodève »"),
        ((400, {"errors": "<html>"}), Refused, "la recherche « Lodève »"),
    ],
    ids=lambda value: str(value[0]) if isinstance(value, tuple) else None,
)
async def test_each_refusal_says_what_to_do(
    watch: Watch, refusal: tuple[int, Mapping[str, Any]], error: type[WatcherError], says: str
) -> None:
    watch.server.refusal = refusal
    with pytest.raises(error, match=says):
        await watch.run()


async def test_a_wait_without_a_time_is_a_quarter_of_an_hour(watch: Watch) -> None:
    watch.server.refusal = (429, {"title": "Too Many Requests"})
    with pytest.raises(RateLimited) as limited:
        await watch.run()
    assert limited.value.retry_after_s == 900.0


@pytest.mark.parametrize(("token", "says"), [(Secret("faux"), "Bearer Token"), (None, "est vide")])
async def test_a_key_that_is_wrong_or_missing_is_named_by_its_variable(
    watch: Watch, token: Secret | None, says: str
) -> None:
    with pytest.raises(AuthRefused, match=says) as refused:
        await watch.run(token=NamedSecret("WATCHER_X_JETON", token))
    assert "WATCHER_X_JETON" in str(refused.value)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'"x"', b"[" * 100_000])
async def test_what_is_no_answer_of_x_is_malformed(body: bytes) -> None:
    fetch = FakeFetch(otherwise=answer(API, body))
    with pytest.raises(Malformed):
        await anext(Collector().pages(fetch, XSettings(searches=("Lodève",), token=JETON), None, NOON))


async def test_a_page_that_comes_again_ends_the_walk() -> None:
    found = FOUND | {"meta": {"next_token": "abc"}}
    fetch = FakeFetch(says("tweets/search/recent", found))
    settings = XSettings(searches=("Lodève",), token=JETON)
    pages = [page async for page in Collector().pages(fetch, settings, None, NOON)]
    assert [post.native_id for page in pages for post in page.posts] == NUMBERS


async def test_a_budget_that_is_spread_stops_the_walk_and_the_cursor_holds_the_rest() -> None:
    url = f"{API}/tweets/search/recent"
    first = answer(url, json.dumps(FOUND | {"meta": {"next_token": "abc"}}).encode())
    pages = Collector().pages(
        FakeFetch({url: [first, BudgetPaced("plus tard", 60.0)]}),
        XSettings(searches=("Lodève",), token=JETON),
        None,
        NOON,
    )
    page = await anext(pages)
    with pytest.raises(BudgetPaced):
        await anext(pages)
    assert json.loads(page.cursor)["stands"]["?Lodève"]["bottom"] == int(NUMBERS[1])


# --- what is gone, what was missed, what is counted


async def test_what_is_deleted_or_closed_is_gone_and_what_x_does_not_name_is_not(watch: Watch) -> None:
    posts = [watch.server.write(f"Lodève {n}") for n in range(30)]
    watch.server.delete(posts[3])
    watch.server.delete(posts[28], "not-authorized-for-resource")
    watch.server.delete(posts[7], "resource-unavailable")
    ids = [post.id for post in posts]
    gone = await watch.collector.still_there(watch.fetch, XSettings(searches=("Lodève",), token=JETON), ids)
    assert gone == {ids[3], ids[28]}
    assert len(watch.server.asked) == 2
    assert watch.server.sold == 27


async def test_a_sweep_that_x_interrupts_tells_what_it_has_heard(watch: Watch) -> None:
    posts = [watch.server.write(f"Lodève {n}") for n in range(30)]
    watch.server.delete(posts[0])
    watch.server.delete(posts[29])
    watch.server.calls_left = 1
    settings = XSettings(searches=("Lodève",), token=JETON)
    assert await watch.collector.still_there(watch.fetch, settings, [post.id for post in posts]) == {posts[0].id}


async def test_a_team_that_does_not_pay_for_it_does_not_sweep(watch: Watch) -> None:
    settings = XSettings(searches=("Lodève",), token=JETON, sweeps=False)
    assert await watch.collector.still_there(watch.fetch, settings, ["1"]) == frozenset()
    assert watch.server.asked == []


async def test_a_backfill_reaches_beyond_seven_days_and_goes_on_after_a_cut(watch: Watch) -> None:
    for day in range(20):
        for n in range(15):
            watch.server.write(f"Lodève {day}.{n}", ago=timedelta(days=day, seconds=n))
    since, until = NOON - timedelta(days=18), NOON - timedelta(days=2)
    settings = XSettings(searches=("Lodève",), token=JETON)
    first = await anext(watch.collector.backfill(watch.fetch, settings, since, until, None))
    pages = [first, *[p async for p in watch.collector.backfill(watch.fetch, settings, since, until, first.cursor)]]
    texts = [post.text for page in pages for post in page.posts]
    assert len(texts) == len(set(texts)) == 240
    assert {path for path, _ in watch.server.asked} == {"/2/tweets/search/all"}
    finished = [p async for p in watch.collector.backfill(watch.fetch, settings, since, until, pages[-1].cursor)]
    assert finished == []


@pytest.mark.parametrize("names", ["tweet.fields", "post.fields"])
async def test_the_figures_of_our_account_are_told(watch: Watch, names: str) -> None:
    watch.server.names = names
    settings = XSettings(account="Occitanie", token=JETON)
    (figures,) = await watch.collector.figures(watch.fetch, settings, NOON)
    assert (figures.account, figures.followers, figures.posts) == ("Occitanie", 82_000, 31_000)


async def test_without_an_account_there_are_no_figures_and_nothing_is_paid(watch: Watch) -> None:
    assert await watch.collector.figures(watch.fetch, XSettings(searches=("Lodève",), token=JETON), NOON) == ()
    assert watch.server.asked == []


# --- money


@pytest.mark.parametrize(
    ("path", "params", "cost"),
    [
        ("tweets/search/recent", {"max_results": "10"}, Cost(calls=1, posts=10)),
        ("tweets/search/all", {"max_results": "100", "expansions": "…"}, Cost(calls=1, posts=200, authors=200)),
        ("users/2001/mentions", {"max_results": "5"}, Cost(calls=1, own_posts=5)),
        ("users/2001/tweets", {"max_results": "5", "expansions": "…"}, Cost(calls=1, own_posts=5, posts=5, authors=10)),
        ("users/by/username/Occitanie", {}, Cost(calls=1, authors=1)),
        ("tweets", {"ids": "1,2,3"}, Cost(calls=1, posts=3)),
    ],
)
def test_a_call_is_priced_by_what_it_may_bring(path: str, params: dict[str, str], cost: Cost) -> None:
    assert Collector().price(XSettings(searches=("Lodève",), token=JETON), f"{API}/{path}", params) == cost


@pytest.mark.parametrize(
    ("path", "said", "cost"),
    [
        ("tweets/search/recent", b'{"data": [{}, {}], "includes": {"users": [{}]}}', Cost(calls=1, posts=2, authors=1)),
        ("tweets/search/recent", b'{"data": [{}], "includes": {"tweets": [{}]}}', Cost(calls=1, posts=2)),
        ("tweets/search/recent", b'{"meta": {"result_count": 0}}', Cost(calls=1)),
        ("tweets/search/recent", b"<html>", Cost(calls=1, posts=20, authors=20)),
        ("users/2001/mentions", b'{"data": [{}]}', Cost(calls=1, own_posts=1)),
        ("users/by/username/Occitanie", b'{"data": {"id": "1"}}', Cost(calls=1, authors=1)),
        ("users/by/username/Occitanie", b'{"errors": [{}]}', Cost(calls=1)),
    ],
)
def test_what_was_paid_is_what_came(path: str, said: bytes, cost: Cost) -> None:
    url, params = f"{API}/{path}", {"max_results": "10", "expansions": "…"}
    assert Collector().paid(XSettings(searches=("Lodève",), token=JETON), url, params, answer(url, said)) == cost


# --- settings


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "n'écouterait rien"),
        ({"recherches": ["lang:fr -is:retweet"]}, "ne cherche aucun mot"),
        ({"recherches": ["Lodève min_faves:10"]}, "ne connaît plus"),
        ({"recherches": ["Lodève -(tram OR bus)"]}, "exclure un groupe"),
        ({"recherches": ["a" * 513]}, "512"),
        ({"compte": "deux mots"}, "n'est pas un compte de X"),
        ({"compte": "Occitanie", "champs": "twit.fields"}, "tweet.fields"),
    ],
)
def test_a_source_that_could_not_be_heard_is_refused_in_french(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        XSettings.model_validate({"jeton": "WATCHER_X_JETON", **given})


@pytest.mark.parametrize("written", ["Occitanie", "@Occitanie", "https://x.com/Occitanie/", "twitter.com/Occitanie"])
def test_an_account_may_be_written_as_it_is_copied(written: str) -> None:
    assert XSettings(account=written, token=JETON).account == "Occitanie"


def test_a_search_may_name_places_tags_and_accounts() -> None:
    query = '(Lodève OR #Lodève OR "lycée de Lodève" OR from:Occitanie) lang:fr -is:retweet'
    assert XSettings(searches=(query,), token=JETON).searches == (query,)


def test_an_id_tells_when_it_was_given() -> None:
    assert time_of(id_at(NOON)) == NOON
    assert f"{time_of(1346889436626259968):%Y-%m-%dT%H:%M:%S}" == "2021-01-06T18:40:40"
