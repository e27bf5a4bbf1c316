"""One Page of ours, run after run, over a real server: no comment may be lost, and no call be wasted."""

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from tests.fakes.clock import FakeClock
from tests.fakes.facebook import NAME, NOW, PAGE, PAGE_TOKEN, PageServer, days
from tests.fakes.fetch import FakeFetch, answer, refused
from tests.fakes.meta_graph import GONE, PERMISSION, TOKEN, Refusal, business_usage
from tests.fakes.sample import Sample
from watcher.budget import Cost
from watcher.collectors.facebook import Collector, PageSettings
from watcher.errors import AuthRefused, RateLimited, Refused, SourceGone
from watcher.fetch import HttpFetch
from watcher.meta_graph.graph import ADDRESS
from watcher.meta_graph.refusals import RightMissing
from watcher.model import AccountFigures, Cursor, GapCause, Page, RawPost
from watcher.secrets import NamedSecret, Secret
from watcher.web.server import serving

ROOT = f"{ADDRESS}/v25.0"
JETON = NamedSecret("WATCHER_FACEBOOK_JETON", Secret(TOKEN))
POST, COMMENT = f"{PAGE}_1", "1_9"


def as_json(document: object) -> bytes:
    return json.dumps(document).encode()


def found(path: str, document: object) -> dict[str, Any]:
    return {f"{ROOT}/{path}": answer(path, as_json(document))}


OWN_PAGE = found(PAGE, {"id": PAGE, "name": "Région Exemple", "followers_count": 175_000, "access_token": PAGE_TOKEN})
LISTED = {
    "id": POST,
    "message": "La ligne de Lodève rouvre",
    "created_time": "2026-11-24T10:00:00+0000",
    "from": {"id": PAGE},
    "reactions": {"data": [], "summary": {"total_count": 12}},
    "comments": {"data": [{"id": COMMENT}], "summary": {"total_count": 1}},
}
SAID = {"id": COMMENT, "message": "Enfin !", "created_time": "2026-11-24T11:00:00+0000", "from": {"id": "77"}}
LISTS = found(f"{PAGE}/feed", {"data": [LISTED]}) | found(f"{PAGE}/tagged", {"data": []})

SAMPLE = Sample(
    settings={"page": PAGE, "jeton": JETON},
    posts=OWN_PAGE | LISTS | found(f"{POST}/comments", {"data": [SAID]}),
    none=OWN_PAGE | found(f"{PAGE}/feed", {"data": []}) | found(f"{PAGE}/tagged", {"data": []}),
    broken={f"{ROOT}/{PAGE}": answer("", b"<html>maintenance</html>")},
    gone=OWN_PAGE | LISTS | {f"{ROOT}/": refused(Refused("refus", 400), 400, bytes(GONE.answer().body))},
    figures=OWN_PAGE,
    expiry=found("debug_token", {"data": {"is_valid": True, "expires_at": 1_800_000_000}}),
)


class Reader:
    """The Page `server`, read by one source run after run with its cursor."""

    def __init__(self, server: PageServer, address: str, fetch: HttpFetch) -> None:
        self.server = server
        self.address = address
        self.fetch = fetch
        self.collector = Collector(address)
        self.settings = PageSettings(page=NAME, token=JETON)
        self.cursor: Cursor | None = None
        self.now = NOW

    async def pages(self) -> list[Page]:
        given = []
        async for page in self.collector.pages(self.fetch, self.settings, self.cursor, self.now):
            self.cursor = page.cursor
            given.append(page)
        return given

    async def run(self, later: timedelta = timedelta()) -> list[RawPost]:
        """Return what one more run gives, `later` than the last."""
        self.now += later
        self.server.door.asked.clear()
        return [post for page in await self.pages() for post in page.posts]

    async def said(self, later: timedelta = timedelta()) -> list[str]:
        """Return the comments that one more run gives."""
        return [post.text for post in await self.run(later) if post.reply_to]

    def asked_for_comments(self) -> list[str]:
        return [path.split("/")[1] for path, _ in self.server.door.asked if path.endswith("/comments")]


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    server = PageServer()
    fetch = HttpFetch(user_agent="essai", clock=FakeClock(), allow_loopback=True)
    async with serving(server) as address, fetch:
        yield Reader(server, address.rstrip("/"), fetch)


QUARTER = timedelta(minutes=15)


async def test_a_run_gives_the_page_its_visitors_who_names_it_and_every_comment_with_its_answers(
    reader: Reader,
) -> None:
    server = reader.server
    ours = server.publish("La ligne de Lodève rouvre")
    visit = server.publish("Mon fils n'a plus de car, qui peut m'aider ?", by="77")
    tagged = server.tag("Merci à la Région", by="88")
    question = server.comment(ours, "À quelle heure ?", by="77")
    reply = server.comment(ours, "À 8 h.", by=PAGE, to=question)
    posts = {post.native_id: post for post in await reader.run()}
    assert set(posts) == {ours, visit, tagged, question, reply}
    assert [posts[one].is_own for one in (ours, visit, tagged, question, reply)] == [True, False, False, False, True]
    assert (posts[question].reply_to, posts[question].conversation) == (ours, ours)
    assert (posts[reply].reply_to, posts[reply].conversation) == (question, ours)
    assert posts[visit].author == "77"
    assert "Prénom" not in repr(posts)


async def test_a_comment_that_comes_weeks_later_on_an_old_post_is_found_within_a_day(reader: Reader) -> None:
    old = reader.server.publish("La ligne rouvre", at=NOW - days(60))
    assert await reader.said() == []
    reader.server.comment(old, "Toujours fermée chez moi", at=NOW + days(1))
    assert await reader.said(later=days(1.1)) == ["Toujours fermée chez moi"]


async def test_a_comment_on_a_post_of_the_week_is_found_in_the_next_run(reader: Reader) -> None:
    post = reader.server.publish("La ligne rouvre", at=NOW - days(6))
    await reader.run()
    reader.server.comment(post, "Bravo", at=NOW + QUARTER)
    assert await reader.said(later=QUARTER) == ["Bravo"]


async def test_an_answer_that_moves_no_date_is_found_by_the_count(reader: Reader) -> None:
    post = reader.server.publish("La ligne rouvre")
    comment = reader.server.comment(post, "Où ?")
    await reader.run()
    reader.server.comment(post, "À Lodève", to=comment, by="88", at=NOW + QUARTER)
    assert "À Lodève" in await reader.said(later=QUARTER)


async def test_one_comment_that_leaves_as_another_comes_hides_neither_for_more_than_a_day(reader: Reader) -> None:
    post = reader.server.publish("La ligne rouvre")
    first = reader.server.comment(post, "Premier")
    await reader.run()
    reader.server.delete(first)
    reader.server.comments[post].append({**SAID, "id": "1_10", "message": "Second"})  # and nothing says that it moved
    assert await reader.said(later=days(1.1)) == ["Second"]


async def test_an_edit_that_nothing_tells_is_read_within_a_day(reader: Reader) -> None:
    post = reader.server.publish("La ligne rouvre")
    comment = reader.server.comment(post, "Merci")
    await reader.run()
    reader.server.edit(comment, "Merci, mais à quel prix ?")
    assert await reader.said(later=days(1.1)) == ["Merci, mais à quel prix ?"]


async def test_nothing_new_costs_three_calls_of_which_none_for_comments(reader: Reader) -> None:
    for number in range(5):
        reader.server.comment(reader.server.publish(f"Annonce {number}"), "Bravo")
    await reader.run()
    await reader.run(later=QUARTER)
    assert reader.asked_for_comments() == []
    assert len(reader.server.door.asked) == 3


async def test_old_posts_are_asked_for_again_less_and_less_often(reader: Reader) -> None:
    young = reader.server.publish("Hier", at=NOW - days(1))
    old = reader.server.publish("Il y a deux mois", at=NOW - days(60))
    await reader.run()
    asked = []
    for _ in range(8):
        await reader.run(later=days(1.01))
        asked += reader.asked_for_comments()
    assert asked.count(young) == 8
    assert asked.count(old) == 1


async def test_a_post_that_moved_is_read_from_its_newest_comment_to_those_known(reader: Reader) -> None:
    post = reader.server.publish("Débat", at=NOW - days(3))
    for number in range(350):
        reader.server.comment(post, f"Avis {number}", at=NOW - days(2) + timedelta(minutes=number))
    assert len(await reader.said()) == 350
    reader.server.comment(post, "Un de plus", at=NOW + QUARTER)
    assert "Un de plus" in await reader.said(later=QUARTER)
    assert reader.asked_for_comments() == [post]


async def test_what_does_not_fit_into_one_run_is_read_in_the_next(reader: Reader) -> None:
    posts = [reader.server.publish(f"Annonce {number}") for number in range(6)]
    for post in posts:
        reader.server.comment(post, f"Sur {post}")
    reader.collector = Collector(reader.address, calls_a_run=6)
    heard = [await reader.said(later=QUARTER) for _ in range(3)]
    assert sorted(text for run in heard for text in run) == sorted(f"Sur {post}" for post in posts)
    assert all(heard[:2])


async def test_a_run_that_is_cut_goes_on_where_it_stood(reader: Reader) -> None:
    for number in range(4):
        reader.server.comment(reader.server.publish(f"Annonce {number}"), f"Avis {number}")
    pages = reader.collector.pages(reader.fetch, reader.settings, None, NOW)
    heard: list[str] = []
    async for page in pages:
        reader.cursor = page.cursor
        heard += [post.text for post in page.posts if post.reply_to]
        if len(heard) == 2:
            break
    await pages.aclose()  # type: ignore[attr-defined]  # an async generator
    heard += await reader.said(later=QUARTER)
    assert set(heard) == {f"Avis {number}" for number in range(4)}


async def test_a_long_silence_is_caught_up_from_where_it_began(reader: Reader) -> None:
    await reader.run()
    reader.server.publish("Pendant le silence", at=NOW + days(10))
    assert [post.text for post in await reader.run(later=days(150))] == ["Pendant le silence"]


async def test_lists_are_ranked_paged_and_may_begin_with_an_empty_page(reader: Reader) -> None:
    reader.server.is_hollow = True
    for number in range(60):
        reader.server.publish(f"Annonce {number}", at=NOW - timedelta(hours=number))
    posts = await reader.run()
    assert {post.text for post in posts} == {f"Annonce {number}" for number in range(60)}
    assert len(posts) == 60


async def test_pages_too_heavy_for_meta_are_asked_for_smaller(reader: Reader) -> None:
    reader.server.heaviest = 20
    for number in range(30):
        reader.server.publish(f"Annonce {number}")
    assert len(await reader.run()) == 30


async def test_what_is_not_published_is_not_ours_to_tell_but_people_may_answer_to_it(reader: Reader) -> None:
    advertisement = reader.server.publish("Publicité", is_published=False)
    reader.server.comment(advertisement, "Trop cher")
    assert [post.text for post in await reader.run()] == ["Trop cher"]


async def test_a_post_deleted_between_its_listing_and_its_comments_stops_nothing(reader: Reader) -> None:
    gone, there = reader.server.publish("Retirée"), reader.server.publish("Ici")
    reader.server.comment(there, "Bravo")
    del reader.server.comments[gone]
    assert await reader.said() == ["Bravo"]
    await reader.run(later=QUARTER)
    assert reader.asked_for_comments() == []


async def test_comments_that_are_counted_and_never_shown_are_a_right_that_is_missing_run_after_run(
    reader: Reader,
) -> None:
    reader.server.gives_page_token = False
    reader.server.comment(reader.server.publish("Annonce"), "Bravo")
    for _ in range(2):
        with pytest.raises(AuthRefused, match="pages_read_user_content"):
            await reader.said(later=QUARTER)


async def test_one_post_whose_comments_are_refused_does_not_silence_the_others(reader: Reader) -> None:
    first = reader.server.publish("Annonce", at=NOW - days(1))
    reader.server.comment(first, "Bravo")
    hidden = reader.server.publish("Celle d'un visiteur", by="77")
    reader.server.comments[hidden] = []
    reader.server.comment(hidden, "Invisible")
    reader.server.door.refusals += [None, None, None, Refusal(10, 0, PERMISSION, 403)]
    assert await reader.said() == ["Bravo"]
    assert reader.asked_for_comments() == [hidden, first]


@pytest.mark.parametrize(
    ("refusal", "kind", "words"),
    [
        (Refusal(190, 463), AuthRefused, "expiré"),
        (Refusal(10, 0, PERMISSION, 403), RightMissing, "pages_read_engagement"),
        (GONE, SourceGone, NAME),
    ],
    ids=repr,
)
async def test_a_page_that_does_not_open_says_what_to_do(
    reader: Reader, refusal: Refusal, kind: type[Exception], words: str
) -> None:
    reader.server.door.refusals.append(refusal)
    with pytest.raises(kind, match=words):
        await reader.run()


async def test_a_block_is_waited_for_and_a_measure_nearly_full_stops_the_calls(reader: Reader) -> None:
    reader.server.door.refusals.append(Refusal(32, status=403, headers=business_usage(100, 12)))
    with pytest.raises(RateLimited) as raised:
        await reader.run()
    assert raised.value.retry_after_s == 720
    reader.server.door.usage = business_usage(96, 5)
    reader.server.door.asked.clear()
    with pytest.raises(RateLimited):
        await reader.run()
    assert len(reader.server.door.asked) == 1


async def test_more_comments_than_meta_pages_are_told_as_not_heard() -> None:
    many = {**LISTED, "comments": {"data": [], "summary": {"total_count": 250}}}
    endless = {"data": [SAID], "paging": {"next": f"{ROOT}/{POST}/comments?after=QQ"}}
    fetch = FakeFetch(
        OWN_PAGE
        | found(f"{PAGE}/feed", {"data": [many]})
        | found(f"{PAGE}/tagged", {"data": []})
        | found(f"{POST}/comments", endless)
    )
    pages = [page async for page in Collector().pages(fetch, PageSettings(page=PAGE, token=JETON), None, NOW)]
    gaps = [gap for page in pages for gap in page.unheard]
    assert [(gap.cause, gap.posts) for gap in gaps] == [(GapCause.CLIPPED, 250 - 100)]


async def test_a_sweep_finds_the_posts_and_comments_that_are_gone(reader: Reader) -> None:
    post, other = reader.server.publish("Annonce"), reader.server.publish("Retirée")
    comments = [reader.server.comment(post, f"Avis {number}") for number in range(60)]
    known = [post, other, *comments]
    for gone in (other, comments[7]):
        reader.server.delete(gone)
    found_gone = await reader.collector.still_there(reader.fetch, reader.settings, known)
    assert found_gone == {other, comments[7]}


async def test_a_right_that_is_lost_deletes_nothing(reader: Reader) -> None:
    post = reader.server.publish("Annonce")
    comment = reader.server.comment(post, "Bravo")
    reader.server.shows_comments = False
    assert await reader.collector.still_there(reader.fetch, reader.settings, [post, comment]) == frozenset()


@pytest.mark.parametrize("refusal", [GONE, Refusal(10, 0, PERMISSION, 403)], ids=["as if gone", "forbidden"])
async def test_what_others_publish_is_there_as_long_as_it_names_us(reader: Reader, refusal: Refusal) -> None:
    post = reader.server.publish("Annonce")
    tagged, untagged = [reader.server.tag("Merci", by=by) for by in ("88", "89")]
    reader.server.hides_others = refusal
    reader.server.delete(untagged)
    known = [post, tagged, untagged]
    assert await reader.collector.still_there(reader.fetch, reader.settings, known) == {untagged}


async def test_tags_that_are_closed_are_told_once_our_own_comments_are_read(reader: Reader) -> None:
    reader.server.comment(reader.server.publish("Annonce"), "Bravo")
    reader.server.closed_tags = Refusal(10, 0, PERMISSION, 403)
    heard: list[str] = []

    async def run() -> None:
        async for page in reader.collector.pages(reader.fetch, reader.settings, None, NOW):
            heard.extend(post.text for post in page.posts)

    with pytest.raises(RightMissing):
        await run()
    assert heard == ["Annonce", "Bravo"]


async def test_a_sweep_is_priced_as_meta_counts_it(reader: Reader) -> None:
    ids = [reader.server.publish(f"Annonce {number}") for number in range(60)]
    await reader.collector.still_there(reader.fetch, reader.settings, ids)
    asked = [params for path, params in reader.server.door.asked if path == "/"]
    price = sum(reader.collector.price(reader.settings, "", params).calls for params in asked)
    assert (len(asked), price) == (2, 60)
    assert reader.collector.price(reader.settings, "", {}) == Cost(calls=1)


async def test_the_past_is_heard_again_posts_and_comments_of_then_alone(reader: Reader) -> None:
    before = reader.server.publish("Avant", at=NOW - days(40))
    within = reader.server.publish("Pendant", at=NOW - days(25))
    reader.server.publish("Après", at=NOW - days(5))
    for post in (before, within):
        for age in (35, 24, 2):
            reader.server.comment(post, f"Il y a {age} jours", at=NOW - days(age))
    since, until = NOW - days(30), NOW - days(20)
    pages = [page async for page in reader.collector.backfill(reader.fetch, reader.settings, since, until, None)]
    assert sorted(post.text for page in pages for post in page.posts) == [
        "Il y a 24 jours",
        "Il y a 24 jours",
        "Pendant",
    ]
    reader.server.door.asked.clear()
    again = reader.collector.backfill(reader.fetch, reader.settings, since, until, pages[-1].cursor)
    assert [post.text async for page in again for post in page.posts] == ["Pendant"]
    assert reader.asked_for_comments() == []


async def test_the_figures_of_the_page_are_its_followers(reader: Reader) -> None:
    figures = await reader.collector.figures(reader.fetch, reader.settings, NOW)
    assert figures == (AccountFigures("Région Exemple", followers=175_000),)


async def test_the_end_of_the_token_is_asked_of_meta(reader: Reader) -> None:
    reader.server.door.expires_at = int((NOW + days(30)).timestamp())
    ends_at: datetime | None = await reader.collector.expires_at(reader.fetch, reader.settings, NOW)
    assert ends_at == NOW + days(30)


@pytest.mark.parametrize("given", ["https://www.facebook.com/region.exemple/", "@region.exemple", "region.exemple"])
def test_a_page_is_known_by_its_address_too(given: str) -> None:
    assert PageSettings(page=given, token=JETON).page == NAME


@pytest.mark.parametrize("wrong", [{"page": "groupe/123"}, {"page": ""}, {"version": "25"}, {"days": 0}], ids=str)
def test_what_cannot_be_a_page_or_a_version_is_refused_in_french(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PageSettings(**{"page": NAME, "token": JETON, **wrong})
