"""Threads, run after run, over a real server: what is searched, what is followed, what a missing right looks like."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.fetch import FakeFetch, answer
from tests.fakes.meta_graph import TOKEN, Refusal, business_usage
from tests.fakes.sample import Sample
from tests.fakes.threads import NAME, NUMBER, SENSITIVE, ThreadsServer
from watcher.budget import Cost
from watcher.collectors.threads import GRAPH, Collector, ThreadsSettings
from watcher.errors import AuthRefused, Malformed, RateLimited
from watcher.fetch import HttpFetch
from watcher.meta_graph.refusals import RightMissing
from watcher.model import AccountFigures, Cursor, GapCause, Page, RawPost
from watcher.ports import Response
from watcher.secrets import NamedSecret, Secret
from watcher.web.server import serving

ROOT = f"{GRAPH}/v1.0"
JETON = NamedSecret("WATCHER_THREADS_JETON", Secret(TOKEN))
FOUND = {
    "id": "18",
    "text": "La crue à Lodève",
    "username": "marie",
    "permalink": "https://www.threads.net/@marie/post/Cabc",
    "timestamp": "2026-11-24T11:00:00+0000",
    "media_type": "TEXT_POST",
}


def says(path: str, document: object) -> dict[str, Response]:
    return {f"{ROOT}/{path}": answer(path, json.dumps(document).encode())}


EMPTY: dict[str, list[object]] = {"data": []}
OURS = says("me", {"id": NUMBER, "username": NAME}) | {
    url: empty for name in ("mentions", "replies", "threads") for url, empty in says(f"{NUMBER}/{name}", EMPTY).items()
}
INSIGHTS = {
    "data": [{"name": "followers_count", "total_value": {"value": 3}}, {"name": "likes", "values": [{"value": 2}]}]
}

SAMPLE = Sample(
    settings={"recherches": ["Lodève"], "jeton": JETON},
    posts=OURS | says("keyword_search", {"data": [FOUND, FOUND | {"id": "18000000000000002"}]}),
    none=OURS
    | {
        f"{ROOT}/keyword_search": [
            *says("", {"data": [{"id": "1", "username": "jeanne"}]}).values(),
            *says("", EMPTY).values(),
        ]
    },
    broken=says("me", ["maintenance"]),
    figures=OURS | says(f"{NUMBER}/threads_insights", INSIGHTS),
    expiry=says("debug_token", {"data": {"is_valid": True, "expires_at": 1_800_000_000}}),
    gone=OURS | says("keyword_search", {"data": [{"id": "1", "username": "jeanne"}]}) | says("1", {"id": "1"}),
)


class Ear:
    """One source and its server, run after run with its cursor."""

    def __init__(self, server: ThreadsServer, address: str, fetch: HttpFetch) -> None:
        self.server = server
        self.fetch = fetch
        self.collector = Collector(address.rstrip("/"))
        self.settings = ThreadsSettings(searches=("Lodève",), token=JETON)
        self.cursor: Cursor | None = None

    async def pages(self, **settings: Any) -> list[Page]:
        given = self.settings.model_copy(update=settings)
        pages = []
        self.server.door.asked.clear()
        async for page in self.collector.pages(self.fetch, given, self.cursor, self.server.now):
            self.cursor = page.cursor
            pages.append(page)
        return pages

    async def run(self, **settings: Any) -> list[RawPost]:
        return [post for page in await self.pages(**settings) for post in page.posts]

    async def texts(self, **settings: Any) -> list[str]:
        return sorted(post.text for post in await self.run(**settings))

    def later(self, **passed: float) -> None:
        self.server.now += timedelta(**passed)

    def asked(self, end: str) -> list[dict[str, str]]:
        return [params for path, params in self.server.door.asked if path.endswith(end)]


@pytest.fixture
async def ear() -> AsyncIterator[Ear]:
    server = ThreadsServer(NOON)
    fetch = HttpFetch(user_agent="essai", clock=FakeClock(), allow_loopback=True)
    async with serving(server) as address, fetch:
        yield Ear(server, address, fetch)


# --- what is searched


async def test_what_anybody_says_of_a_word_is_found_and_the_proof_costs_one_search_a_day(ear: Ear) -> None:
    ear.server.say("La crue à Lodève", by="marie")
    assert await ear.texts() == ["La crue à Lodève"]
    assert [params["q"] for params in ear.asked("keyword_search")] == ["bonjour", "Lodève"]
    ear.later(minutes=15)
    await ear.run()
    assert [params["q"] for params in ear.asked("keyword_search")] == ["Lodève"]


async def test_a_run_reads_again_the_end_of_the_last_one_and_no_more(ear: Ear) -> None:
    await ear.run()
    ear.later(minutes=15)
    await ear.run()
    (params,) = ear.asked("keyword_search")
    assert datetime.fromtimestamp(int(params["since"]), UTC) == NOON - timedelta(minutes=20)


async def test_a_topic_is_searched_as_one(ear: Ear) -> None:
    ear.server.say("La crue", by="marie", topic_tag="Lodève")
    ear.server.say("Lodève sans sujet", by="paul")
    assert await ear.texts(searches=(), topics=("Lodève",)) == ["La crue\n\n#Lodève"]


@pytest.mark.parametrize("turns_pages", [True, False])
async def test_more_than_a_page_is_found_whole_whether_or_not_pages_turn(ear: Ear, *, turns_pages: bool) -> None:
    ear.server.turns_pages = turns_pages
    written = [f"Lodève {n}" for n in range(350)]
    for n, text in enumerate(written):
        ear.server.say(text, by="marie", ago=timedelta(minutes=2 + 4 * n))
    posts = await ear.run()
    assert sorted(post.text for post in posts) == sorted(written)


async def test_a_minute_that_is_too_full_is_told(ear: Ear) -> None:
    for n in range(120):
        ear.server.say(f"Lodève {n}", by="marie", ago=timedelta(minutes=30))
    gaps = [gap for page in await ear.pages() for gap in page.unheard]
    assert {gap.cause for gap in gaps} == {GapCause.CLIPPED}
    assert all(gap.since and gap.since <= NOON - timedelta(minutes=30) <= gap.until for gap in gaps)


async def test_the_word_that_was_searched_longest_ago_goes_first(ear: Ear) -> None:
    await ear.run(searches=("Alès",))
    ear.later(minutes=15)
    await ear.run(searches=("Alès", "Lodève"))
    assert [params["q"] for params in ear.asked("keyword_search")] == ["Lodève", "Alès"]


async def test_a_sensitive_word_finds_nothing_and_costs_nothing(ear: Ear) -> None:
    assert await ear.texts(searches=(SENSITIVE,)) == []
    assert ear.server.searches_left == 2_199


# --- rights


async def test_a_search_of_our_own_posts_alone_is_a_missing_right_and_our_account_is_read_all_the_same(
    ear: Ear,
) -> None:
    ear.server.is_approved = False
    ear.server.publish("Bonjour Lodève")
    with pytest.raises(RightMissing, match="threads_keyword_search"):
        await ear.run()
    assert json.loads(ear.cursor or "{}")["heard"].keys() == {"mentions", "replies"}


async def test_once_the_right_is_there_everything_since_the_last_proof_is_searched(ear: Ear) -> None:
    await ear.run()
    ear.server.is_approved = False
    ear.later(hours=10)
    await ear.run()
    ear.server.say("Lodève à midi", by="marie", ago=timedelta(hours=1))
    ear.later(hours=15)
    with pytest.raises(RightMissing):
        await ear.run()
    ear.server.is_approved = True
    ear.later(hours=1)
    assert await ear.texts() == ["Lodève à midi"]


@pytest.mark.parametrize(
    ("missing", "heard"),
    [("threads_manage_mentions", {"replies", "?Lodève"}), ("threads_read_replies", {"mentions", "?Lodève"})],
)
async def test_a_right_that_is_missing_costs_what_it_opens_and_is_named(
    ear: Ear, missing: str, heard: set[str]
) -> None:
    ear.server.rights.discard(missing)
    ear.server.say("La crue à Lodève", by="marie")
    with pytest.raises(RightMissing, match=missing):
        await ear.run()
    assert set(json.loads(ear.cursor or "{}")["heard"]) == heard


@pytest.mark.parametrize(
    ("refusal", "error", "says"),
    [
        (Refusal(190, 463, "Error validating access token: Session has expired"), AuthRefused, "il a expiré"),
        (Refusal(190), AuthRefused, "WATCHER_THREADS_JETON"),
        (Refusal(10, 0, "(#10) threads_basic is required", 403), RightMissing, "threads_basic"),
        (Refusal(4, 0, "Application request limit reached", 403, business_usage(100, 7)), RateLimited, "7 min"),
        (Refusal(613), RateLimited, "60 min"),
    ],
)
async def test_each_refusal_says_what_to_do(ear: Ear, refusal: Refusal, error: type[Exception], says: str) -> None:
    ear.server.door.refusals.append(refusal)
    with pytest.raises(error, match=says):
        await ear.run()


async def test_a_key_that_is_missing_is_named_by_its_variable(ear: Ear) -> None:
    with pytest.raises(AuthRefused, match="WATCHER_THREADS_JETON"):
        await ear.run(token=NamedSecret("WATCHER_THREADS_JETON", None))


@pytest.mark.parametrize("told", [{}, {"id": NUMBER}, {"username": NAME}, {"id": None, "username": None}])
async def test_an_account_without_name_or_number_is_malformed(told: object) -> None:
    pages = Collector().pages(FakeFetch(says("me", told)), ThreadsSettings(token=JETON), None, NOON)
    with pytest.raises(Malformed):
        await anext(pages)


async def test_what_was_read_before_a_limit_is_not_read_again(ear: Ear) -> None:
    ear.server.say("Merci", by="marie", to=ear.server.publish("La ligne rouvre"))
    await ear.run()
    ear.later(minutes=15)
    ear.server.searches_left = 0
    with pytest.raises(RateLimited):
        await ear.run()
    assert json.loads(ear.cursor or "{}")["heard"] == {
        "mentions": "2026-11-24T12:15:00Z",
        "replies": "2026-11-24T12:15:00Z",
        "?Lodève": "2026-11-24T12:00:00Z",
    }


# --- our account


async def test_our_posts_their_replies_our_answers_and_our_mentions_are_read_once_each(ear: Ear) -> None:
    ours = ear.server.publish("La ligne rouvre")
    question = ear.server.say("À quelle heure ?", by="marie", to=ours)
    ear.server.say("À 8 h", by=NAME, to=question)
    ear.server.say(f"@{NAME} et le car ?", by="paul")
    posts = {post.text: post for post in await ear.run(searches=())}
    assert posts.keys() == {"La ligne rouvre", "À quelle heure ?", "À 8 h", f"@{NAME} et le car ?"}
    reply = posts["À 8 h"]
    assert (reply.reply_to, reply.conversation, reply.is_own) == (question, ours, True)
    assert (posts["À quelle heure ?"].reply_to, posts["À quelle heure ?"].is_own) == (ours, False)


async def test_a_reply_that_does_not_say_what_it_answers_belongs_to_the_post_it_stands_under(ear: Ear) -> None:
    ours = ear.server.publish("La ligne rouvre")
    reply = ear.server.say("Enfin", by="marie", to=ours)
    del ear.server.posts[reply]["replied_to"]
    ear.server.posts[reply]["root_post"] = {"id": ours}
    (post,) = [post for post in await ear.run(searches=()) if not post.is_own]
    assert (post.reply_to, post.conversation) == (ours, ours)


async def test_replies_are_read_again_the_sooner_the_younger_the_post(ear: Ear) -> None:
    young = ear.server.publish("Aujourd'hui", ago=timedelta(hours=2))
    old = ear.server.publish("Hier", ago=timedelta(days=10))
    for post in (young, old):
        ear.server.say("Merci", by="marie", to=post)
    read = []
    for _ in range(5):
        await ear.run(searches=())
        read.append({path.split("/")[1] for path, _ in ear.server.door.asked if path.endswith("/conversation")})
        ear.later(hours=4)
    assert read == [{young, old}, {young}, {young}, {young}, {young, old}]


async def test_a_late_reply_is_found_and_what_was_read_is_not_read_again(ear: Ear) -> None:
    ours = ear.server.publish("La ligne rouvre", ago=timedelta(days=2))
    for n in range(250):
        ear.server.say(f"Merci {n}", by="marie", to=ours, ago=timedelta(hours=30, minutes=n))
    assert len(await ear.run(searches=())) == 251
    ear.later(days=1)
    ear.server.say("Et le dimanche ?", by="paul", to=ours)
    assert "Et le dimanche ?" in await ear.texts(searches=())
    assert len(ear.asked("/conversation")) == 2


async def test_a_post_that_was_deleted_since_it_was_listed_costs_nothing(ear: Ear) -> None:
    ours = ear.server.publish("La ligne rouvre", has_replies=True)
    other = ear.server.publish("Le car")
    ear.server.say("Merci", by="marie", to=other)
    ear.server.posts[ours]["id"] = "404"
    assert "Merci" in await ear.texts(searches=())


async def test_a_run_begins_no_more_conversations_than_fit_and_the_next_one_goes_on(ear: Ear) -> None:
    for n in range(3):
        ear.server.say("Merci", by="marie", to=ear.server.publish(f"Post {n}"))
    ear.collector = Collector(ear.collector._address, calls_a_run=7)
    seen = []
    for _ in range(3):
        await ear.run(searches=())
        seen += [path for path, _ in ear.server.door.asked if path.endswith("/conversation")]
    assert len(set(seen)) == 3


async def test_a_source_may_leave_our_account_alone(ear: Ear) -> None:
    ear.server.publish("Lodève")
    await ear.run(listens_to_own=False)
    assert [path for path, _ in ear.server.door.asked if NUMBER in path] == []


# --- what is gone, what was missed, what is counted


async def test_what_is_no_longer_shown_is_gone_where_others_are(ear: Ear) -> None:
    kept, lost = ear.server.say("Lodève", by="marie"), ear.server.say("Lodève", by="paul")
    ear.server.delete(lost)
    assert await ear.collector.still_there(ear.fetch, ear.settings, [kept, lost]) == {lost}


async def test_where_threads_shows_only_what_is_ours_nothing_is_believed_gone(ear: Ear) -> None:
    ear.server.shows_others = False
    post = ear.server.say("Lodève", by="marie")
    assert await ear.collector.still_there(ear.fetch, ear.settings, [post]) == frozenset()


async def test_a_backfill_gives_its_interval_and_goes_on_after_a_cut(ear: Ear) -> None:
    ours = ear.server.publish("La ligne rouvre", ago=timedelta(days=20))
    for day in (1, 5, 9):
        ear.server.say(f"Merci {day}", by="marie", to=ours, ago=timedelta(days=day))
        ear.server.say(f"Lodève {day}", by="paul", ago=timedelta(days=day))
        ear.server.say(f"@{NAME} {day}", by="paul", ago=timedelta(days=day))
    since, until = NOON - timedelta(days=10), NOON - timedelta(days=3)
    whole = [page async for page in ear.collector.backfill(ear.fetch, ear.settings, since, until, None)]
    texts = {post.text for page in whole for post in page.posts}
    assert texts == {f"{said} {day}" for said in ("Merci", "Lodève", f"@{NAME}") for day in (5, 9)}
    rest = [page async for page in ear.collector.backfill(ear.fetch, ear.settings, since, until, whole[-1].cursor)]
    assert rest == []


async def test_threads_does_not_look_behind_its_first_day(ear: Ear) -> None:
    since, until = datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)
    settings = ThreadsSettings(searches=("Lodève",), token=JETON, listens_to_own=False)
    pages = [page async for page in ear.collector.backfill(ear.fetch, settings, since, until, None)]
    assert [post for page in pages for post in page.posts] == []


async def test_the_figures_of_our_account_are_told_by_type(ear: Ear) -> None:
    figures = await ear.collector.figures(ear.fetch, ear.settings, NOON)
    assert figures == (AccountFigures(NAME, followers=12_000, engagement={"views": 340, "likes": 12}),)


async def test_the_end_of_the_token_is_told(ear: Ear) -> None:
    ear.server.door.expires_at = 1_800_000_000
    assert await ear.collector.expires_at(ear.fetch, ear.settings, NOON) == datetime.fromtimestamp(1_800_000_000, UTC)


@pytest.mark.parametrize("refusal", [Refusal(10, status=403), Refusal(100), Refusal(100, 33)])
async def test_who_is_no_tester_does_not_know_when_the_token_ends(ear: Ear, refusal: Refusal) -> None:
    ear.server.door.refusals.append(refusal)
    fetch = FakeFetch(otherwise=answer("", bytes(refusal.answer().body)))
    assert await ear.collector.expires_at(fetch, ear.settings, NOON) is None


# --- quota and settings


@pytest.mark.parametrize(
    ("path", "said", "price", "paid"),
    [
        ("keyword_search", b'{"data":[{"id":"1"}]}', Cost(searches=1), Cost(searches=1)),
        ("keyword_search", b'{"data":[]}', Cost(searches=1), Cost()),
        ("keyword_search", b"<html>", Cost(searches=1), Cost(searches=1)),
        ("me", b"{}", Cost(calls=1), Cost(calls=1)),
        ("9001/mentions", b'{"data":[]}', Cost(calls=1), Cost(calls=1)),
    ],
)
def test_a_search_has_its_own_quota_and_an_empty_one_is_free(path: str, said: bytes, price: Cost, paid: Cost) -> None:
    settings, url = ThreadsSettings(token=JETON), f"{ROOT}/{path}"
    assert Collector().price(settings, url, {}) == price
    assert Collector().paid(settings, url, {}, answer(url, said)) == paid


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"notre_compte": False}, "n'écouterait rien"),
        ({"hashtags": ["a.b"]}, "n'est pas un sujet"),
        ({"hashtags": ["#"]}, "n'est pas un sujet"),
        ({"recherches": [""]}, "at least 1"),
    ],
)
def test_a_source_that_could_not_be_heard_is_refused_in_french(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        ThreadsSettings.model_validate({"jeton": "WATCHER_THREADS_JETON", **given})


def test_a_topic_may_be_written_with_its_sign() -> None:
    assert ThreadsSettings(topics=("#Occitanie", "Pays d'Oc"), token=JETON).topics == ("Occitanie", "Pays d'Oc")
