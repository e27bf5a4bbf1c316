"""What a medium and a comment become: the documented answers field by field, and what should not be there."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.collectors.test_instagram import JETON, LINKED, found
from tests.fakes.fetch import FakeFetch
from tests.fakes.instagram import ACCOUNT
from watcher.collectors.instagram import InstagramSettings
from watcher.collectors.instagram.account import OwnAccount
from watcher.collectors.instagram.hashtags import hashtag_pages
from watcher.collectors.instagram.media import Us, comments_of, hashtag_media_of, listed, own_media_of, tagged_media_of
from watcher.meta_graph.graph import ADDRESS, Graph
from watcher.model import RawPost

DATA = Path(__file__).parents[1] / "data" / "instagram"
MEDIUM = "17846368219941692"
WE = Us("17841406338772941", "ikroskun")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def payload(name: str) -> Any:
    return json.loads((DATA / name).read_bytes())


def test_a_documented_album_is_ours_field_by_field() -> None:
    posts, broken = own_media_of([payload("medium.json")], WE)
    assert broken == ()
    assert posts == (
        RawPost(
            native_id="17896129349106152",
            text="ALBUM",
            url="https://www.instagram.com/p/CRyZpmrjYC4/",
            published_at=datetime(2021, 7, 26, 10, 45, 20, tzinfo=UTC),
            author="ikroskun",
            author_kind="institution",
            is_own=True,
            metrics={"likes": 1, "comments": 0},
        ),
    )


def test_documented_media_without_captions_are_left_aside_and_their_comments_followed() -> None:
    items = payload("media.json")["data"]
    assert own_media_of(items, WE) == ((), ())
    assert [(one.id, one.counted) for one in listed(items)] == [("17895731045244887", 0), ("17896622936197745", 6)]


def test_documented_tags_are_others_words_of_unknown_authors() -> None:
    posts, broken = tagged_media_of(payload("tagged.json")["data"], WE)
    assert broken == ()
    assert [post.native_id for post in posts][:3] == ["17892354025952911", "17997587032316367", "17846368219941692"]
    assert posts[2].text == "Cute.. #cute #loveyou  @ikroskun"
    assert posts[2].metrics == {"likes": 3, "comments": 6}
    assert {(post.author, post.is_own) for post in posts} == {(None, False)}


def test_a_documented_comment_is_ours_by_its_name() -> None:
    comments, broken = comments_of([payload("comment.json")], MEDIUM, WE)
    assert broken == ()
    assert comments == (
        RawPost(
            native_id="17892250648466172",
            text="@ikroskun  Hey, guys",
            published_at=datetime(2020, 2, 24, 9, 15, 16, tzinfo=UTC),
            author="ikroskun",
            author_kind="institution",
            is_own=True,
            reply_to=MEDIUM,
            conversation=MEDIUM,
            metrics={"likes": 1},
        ),
    )


async def test_the_answer_inside_a_documented_comment_names_what_it_answers() -> None:
    fetch = FakeFetch(LINKED | found(f"{MEDIUM}/comments", {"data": [payload("comment.json")]}))
    graph = Graph(fetch, f"{ADDRESS}/v25.0", JETON)
    account = await OwnAccount.open(graph, InstagramSettings(page="112130216863063", token=JETON))
    items = [item async for page in account.comments(MEDIUM, 2, None) for item in page.items]
    answers = account.comments_of(items, MEDIUM)[0]
    assert [(post.native_id, post.reply_to, post.conversation) for post in answers] == [
        ("17892250648466172", MEDIUM, MEDIUM),
        ("17845747489952795", "17892250648466172", MEDIUM),
    ]


@pytest.mark.parametrize(("name", "count"), [("comments_p1.json", 2), ("replies.json", 1)])
def test_documented_lists_of_comments_are_read_without_their_authors(name: str, count: int) -> None:
    comments, broken = comments_of(payload(name)["data"], MEDIUM, WE)
    assert broken == ()
    assert len(comments) == count
    assert all(post.text and post.published_at and post.author is None for post in comments)


def test_documented_media_of_a_hashtag_without_captions_say_nothing() -> None:
    assert hashtag_media_of(payload("hashtag_recent.json")["data"]) == ((), ())


@pytest.mark.parametrize("name", ["hashtag_search.json", "hashtag_info.json"])
async def test_the_number_of_a_hashtag_is_read_in_both_its_documented_forms(name: str) -> None:
    told = payload(name)
    number = (told.get("data") or [told])[0]["id"]
    item = {"id": "1", "caption": "La crue", "timestamp": 1_795_000_000, "like_count": None}
    fetch = FakeFetch(found("ig_hashtag_search", told) | found(f"{number}/recent_media", {"data": [item]}))
    graph = Graph(fetch, f"{ADDRESS}/v25.0", JETON)
    posts = [post async for page in hashtag_pages(graph, ACCOUNT, ("crue",), None, NOW) for post in page.posts]
    assert [(post.text, post.published_at) for post in posts] == [
        ("La crue", datetime.fromtimestamp(1_795_000_000, UTC))
    ]


@pytest.mark.parametrize(
    ("fields", "author", "is_own"),
    [
        ({"username": "passante"}, "passante", False),
        ({"from": {"id": "5", "username": "passante"}}, "passante", False),
        ({"from": {"id": "5"}}, "5", False),
        ({"from": {"id": WE.id}}, WE.id, True),
        ({"username": "IKROSKUN"}, "IKROSKUN", True),
        ({"username": None, "from": None}, None, False),
        ({"username": 3, "from": "passante"}, None, False),
    ],
    ids=str,
)
def test_who_wrote_is_known_by_name_then_by_number(fields: dict[str, Any], author: str | None, is_own: bool) -> None:  # noqa: FBT001 - a table
    read = comments_of([{"id": "1", "text": "Merci", **fields}], MEDIUM, WE)[0][0]
    assert (read.author, read.is_own) == (author, is_own)


@pytest.mark.parametrize(
    "bad", [None, 3, "texte", {}, {"id": []}, {"id": "1", "text": {"a": 1}, "caption": []}], ids=repr
)
def test_one_item_that_cannot_be_read_costs_itself_alone_and_its_letter_names_nobody(bad: object) -> None:
    named = {**bad, "username": "prenom.nom", "from": {"username": "prenom.nom"}} if isinstance(bad, dict) else bad
    good = {"id": "2", "text": "Merci", "caption": "Merci"}
    readings = (
        comments_of([named, good], MEDIUM, WE),
        own_media_of([named, good], WE),
        tagged_media_of([named, good], WE),
        hashtag_media_of([named, good]),
    )
    for posts, broken in readings:
        assert [post.native_id for post in posts] == ["2"]
        assert len(broken) == 1
        assert "prenom" not in broken[0].payload
