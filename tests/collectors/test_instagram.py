"""Our Instagram account, run after run, over a real server: every comment with its answers, tags, and what is told."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests.fakes.clock import FakeClock
from tests.fakes.facebook import NAME, NOW, PAGE, days
from tests.fakes.fetch import FakeFetch, answer, refused
from tests.fakes.instagram import ACCOUNT, US, AccountServer
from tests.fakes.meta_graph import GONE, PERMISSION, TOKEN, Refusal, business_usage
from tests.fakes.sample import Sample
from watcher.collectors.instagram import Collector, InstagramSettings
from watcher.errors import AuthRefused, RateLimited, Refused, SourceGone
from watcher.fetch import HttpFetch
from watcher.meta_graph.graph import ADDRESS
from watcher.model import AccountFigures, Cursor, GapCause, Page, RawPost
from watcher.secrets import NamedSecret, Secret
from watcher.web.server import serving

DATA = Path(__file__).parents[1] / "data" / "instagram"
ROOT = f"{ADDRESS}/v25.0"
JETON = NamedSecret("WATCHER_INSTAGRAM_JETON", Secret(TOKEN))
QUARTER = timedelta(minutes=15)


def found(path: str, document: object) -> dict[str, Any]:
    return {f"{ROOT}/{path}": answer(path, json.dumps(document).encode())}


LINKED = found(PAGE, {"id": PAGE, "instagram_business_account": {"id": ACCOUNT, "username": US}})
MEDIUM = {
    "id": "17896622936197745",
    "caption": "La ligne de Lodève rouvre",
    "timestamp": "2026-11-24T10:00:00+0000",
    "comments_count": 1,
    "comments": {"data": [{"id": "9"}]},
}
SAID = {"id": "9", "text": "Enfin !", "username": "passante", "timestamp": "2026-11-24T11:00:00+0000", "like_count": 2}
LISTS = found(f"{ACCOUNT}/media", {"data": [MEDIUM]}) | found(f"{ACCOUNT}/tags", {"data": []})

SAMPLE = Sample(
    settings={"page": PAGE, "jeton": JETON},
    posts=LINKED | LISTS | found(f"{MEDIUM['id']}/comments", {"data": [SAID]}),
    none=LINKED | found(f"{ACCOUNT}/media", {"data": []}) | found(f"{ACCOUNT}/tags", {"data": []}),
    broken={f"{ROOT}/{PAGE}": answer("", b"<html>maintenance</html>")},
    gone=LINKED | LISTS | {f"{ROOT}/": refused(Refused("refus", 400), 400, bytes(GONE.answer().body))},
    figures=LINKED | found(ACCOUNT, {"id": ACCOUNT, "username": US, "followers_count": 99_000, "media_count": 427}),
    expiry=found("debug_token", {"data": {"is_valid": True, "expires_at": 1_800_000_000}}),
)


class Reader:
    """The account of `server`, read by one source run after run with its cursor."""

    def __init__(self, server: AccountServer, address: str, fetch: HttpFetch, **settings: Any) -> None:
        self.server = server
        self.fetch = fetch
        self.collector = Collector(address)
        self.settings = InstagramSettings(**{"page": NAME, "token": JETON, **settings})
        self.cursor: Cursor | None = None
        self.now = NOW
        self.heard: list[str] = []

    async def pages(self) -> AsyncIterator[Page]:
        async for page in self.collector.pages(self.fetch, self.settings, self.cursor, self.now):
            self.cursor = page.cursor
            self.heard += [post.text for post in page.posts]
            yield page

    async def run(self, later: timedelta = timedelta()) -> list[RawPost]:
        """Return what one more run gives, `later` than the last."""
        self.now += later
        self.server.now = self.now
        self.server.door.asked.clear()
        return [post async for page in self.pages() for post in page.posts]

    async def said(self, later: timedelta = timedelta()) -> list[str]:
        """Return the comments that one more run gives."""
        return [post.text for post in await self.run(later) if post.reply_to]

    def asked(self, edge: str) -> list[str]:
        return [path.split("/")[1] for path, _ in self.server.door.asked if path.endswith(f"/{edge}")]


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    server = AccountServer()
    fetch = HttpFetch(user_agent="essai", clock=FakeClock(), allow_loopback=True)
    async with serving(server) as address, fetch:
        yield Reader(server, address.rstrip("/"), fetch)


async def test_a_run_gives_our_media_who_tags_us_and_every_comment_with_its_answers(reader: Reader) -> None:
    server = reader.server
    ours = server.publish("La ligne de Lodève rouvre")
    tagged = server.tag("Merci @region.exemple", by="passante")
    question = server.comment(ours, "À quelle heure ?", by="passante")
    reply = server.comment(ours, "À 8 h.", by=US, to=question)
    posts = {post.native_id: post for post in await reader.run()}
    assert set(posts) == {ours, tagged, question, reply}
    assert [posts[one].is_own for one in (ours, tagged, question, reply)] == [True, False, False, True]
    assert [posts[one].author for one in (ours, tagged, question)] == [US, "passante", "passante"]
    assert (posts[question].reply_to, posts[question].conversation) == (ours, ours)
    assert (posts[reply].reply_to, posts[reply].conversation) == (question, ours)
    assert posts[ours].metrics == {"likes": 7, "comments": 2}


async def test_answers_that_do_not_come_with_their_comment_are_asked_for(reader: Reader) -> None:
    medium = reader.server.publish("Débat")
    comment = reader.server.comment(medium, "Premier", by="a")
    for number in range(60):
        reader.server.comment(medium, f"Réponse {number}", by="b", to=comment)
    posts = await reader.run()
    answers = [post for post in posts if post.reply_to == comment]
    assert {post.text for post in answers} == {f"Réponse {number}" for number in range(60)}
    assert len(answers) == 60


async def test_comments_go_on_for_pages(reader: Reader) -> None:
    medium = reader.server.publish("Débat")
    for number in range(120):
        reader.server.comment(medium, f"Avis {number}", by="a")
    assert sorted(await reader.said()) == sorted(f"Avis {number}" for number in range(120))


async def test_a_late_comment_on_an_old_medium_is_found_within_a_day(reader: Reader) -> None:
    old = reader.server.publish("La ligne rouvre", at=NOW - days(60))
    await reader.run()
    reader.server.comment(old, "Toujours fermée", by="a", at=NOW + days(1))
    assert await reader.said(later=days(1.1)) == ["Toujours fermée"]


async def test_a_comment_that_takes_the_place_of_another_shows_after_a_tenth_of_the_age(reader: Reader) -> None:
    medium = reader.server.publish("La ligne rouvre", at=NOW - days(1))
    first = reader.server.comment(medium, "Premier", by="a")
    await reader.run()
    reader.server.delete(first)
    reader.server.comment(medium, "Second", by="b")
    assert await reader.said(later=QUARTER) == []
    assert await reader.said(later=timedelta(hours=3)) == ["Second"]


async def test_nothing_new_costs_three_calls(reader: Reader) -> None:
    reader.server.comment(reader.server.publish("Annonce"), "Bravo", by="a")
    await reader.run()
    await reader.run(later=QUARTER)
    assert len(reader.server.door.asked) == 3


async def test_tags_are_walked_by_their_cursors_and_no_further_than_is_followed(reader: Reader) -> None:
    for number in range(300):
        reader.server.tag(f"Image {number}", by="a", at=NOW - days(number))
    posts = await reader.run()
    assert {post.text for post in posts} >= {f"Image {number}" for number in range(91)}
    assert len(reader.asked("tags")) == 3


async def test_mentions_are_told_in_each_run_as_what_instagram_never_gives(reader: Reader) -> None:
    for _ in range(2):
        gaps = [gap async for page in reader.pages() for gap in page.unheard]
        assert [gap.cause for gap in gaps] == [GapCause.CLOSED]


async def test_comments_that_are_counted_and_never_shown_are_a_right_that_is_missing(reader: Reader) -> None:
    reader.server.comment(reader.server.publish("Annonce"), "Bravo", by="a")
    reader.server.shows_comments = False
    for _ in range(2):
        with pytest.raises(AuthRefused, match="instagram_manage_comments"):
            await reader.said(later=QUARTER)


async def test_a_page_without_an_account_of_instagram_says_what_to_do(reader: Reader) -> None:
    reader.server.is_linked = False
    with pytest.raises(AuthRefused, match="professionnel lié"):
        await reader.run()


@pytest.mark.parametrize(
    ("refusal", "kind", "words"),
    [
        (Refusal(190, 463), AuthRefused, "WATCHER_INSTAGRAM_JETON"),
        (Refusal(10, 0, PERMISSION, 403), AuthRefused, "pages_read_engagement"),
        (Refusal(80002, headers=business_usage(100, 19)), RateLimited, "19 min"),
        (GONE, SourceGone, NAME),
    ],
    ids=repr,
)
async def test_an_account_that_does_not_open_says_what_to_do(
    reader: Reader, refusal: Refusal, kind: type[Exception], words: str
) -> None:
    reader.server.door.refusals.append(refusal)
    with pytest.raises(kind, match=words):
        await reader.run()


async def test_a_sweep_finds_our_media_comments_and_tags_that_are_gone_and_keeps_what_still_tags_us(
    reader: Reader,
) -> None:
    server = reader.server
    medium, other = server.publish("Annonce"), server.publish("Retirée")
    comments = [server.comment(medium, f"Avis {number}", by="a") for number in range(20)]
    tags = [server.tag(f"Image {number}", by="b", at=NOW - days(number)) for number in range(20)]
    gone = {other, comments[3], tags[14]}
    for one in gone:
        server.delete(one)
    known = [medium, other, *comments, *tags]
    assert await reader.collector.still_there(reader.fetch, reader.settings, known) == gone


async def test_a_right_that_is_lost_deletes_nothing(reader: Reader) -> None:
    medium = reader.server.publish("Annonce")
    comment = reader.server.comment(medium, "Bravo", by="a")
    reader.server.shows_comments = False
    assert await reader.collector.still_there(reader.fetch, reader.settings, [medium, comment]) == frozenset()


async def test_the_past_is_heard_again_media_tags_and_comments_of_then_alone(reader: Reader) -> None:
    before, within = reader.server.publish("Avant", at=NOW - days(40)), reader.server.publish("P", at=NOW - days(25))
    reader.server.tag("Image d'alors", by="b", at=NOW - days(22))
    reader.server.tag("Image récente", by="b", at=NOW - days(2))
    for medium in (before, within):
        for age in (35, 24, 2):
            reader.server.comment(medium, f"Il y a {age} jours", by="a", at=NOW - days(age))
    pages = reader.collector.backfill(reader.fetch, reader.settings, NOW - days(30), NOW - days(20), None)
    texts = sorted([post.text async for page in pages for post in page.posts])
    assert texts == ["Il y a 24 jours", "Il y a 24 jours", "Image d'alors", "P"]


async def test_the_figures_of_the_account_with_its_reach_where_the_token_may_see_it(reader: Reader) -> None:
    whole = AccountFigures(US, followers=99_000, posts=427, reach=4_321)
    assert await reader.collector.figures(reader.fetch, reader.settings, NOW) == (whole,)
    reader.server.shows_reach = False
    assert (await reader.collector.figures(reader.fetch, reader.settings, NOW))[0].reach is None


async def test_the_documented_figures_are_read() -> None:
    user, reach = json.loads((DATA / "user.json").read_bytes()), json.loads((DATA / "reach.json").read_bytes())
    fetch = FakeFetch(LINKED | found(ACCOUNT, user) | found(f"{ACCOUNT}/insights", reach))
    figures = await Collector().figures(fetch, InstagramSettings(page=PAGE, token=JETON), NOW)
    assert figures == (AccountFigures("facebookfordevelopers", followers=64_363, posts=427, reach=14_516_883),)


async def test_the_end_of_the_token_is_asked_of_meta(reader: Reader) -> None:
    reader.server.door.expires_at = int((NOW + days(60)).timestamp())
    assert await reader.collector.expires_at(reader.fetch, reader.settings, NOW) == NOW + days(60)


@pytest.mark.parametrize(
    "wrong",
    [
        {"page": "groupe/123"},
        {"hashtags": ["Midi-Pyrénées"]},
        {"hashtags": [f"mot{number}" for number in range(31)]},
        {"version": "25"},
        {"days": 366},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_instagram_would_refuse_is_refused_before(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        InstagramSettings(**{"page": NAME, "token": JETON, **wrong})


def test_a_hashtag_written_twice_is_one() -> None:
    assert InstagramSettings(page=NAME, token=JETON, hashtags=("#Lodève", "lodève")).hashtags == ("lodève",)
