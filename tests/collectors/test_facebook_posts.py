"""What a post and a comment of a Page become: the documented answers field by field, and what should not be there."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from watcher.collectors.facebook.posts import comments_of, listed, posts_of
from watcher.model import RawPost, Source
from watcher.normalise import normalise
from watcher.privacy import Pseudonyms, pseudonymise

DATA = Path(__file__).parents[1] / "data" / "facebook"
PAGE = "19292868552"
POST = f"{PAGE}_10158407654328553"


def payload(name: str) -> Any:
    return json.loads((DATA / name).read_bytes())


def post(**fields: Any) -> RawPost:
    posts, broken = posts_of([{"id": POST, "message": "La crue", "from": {"id": "77"}, **fields}], PAGE)
    assert broken == ()
    return posts[0]


def comment(**fields: Any) -> RawPost:
    comments, broken = comments_of([{"id": "1_2", "message": "Merci", **fields}], POST, PAGE)
    assert broken == ()
    return comments[0]


def test_the_documented_feed_is_read_field_by_field() -> None:
    posts, broken = posts_of(payload("feed.json")["data"], PAGE)
    assert broken == ()
    assert len(posts) == 5
    first = posts[0]
    assert first.text.startswith("We’ve seen computers master chess")
    assert first == RawPost(
        native_id="19292868552_10158331020098553",
        text=first.text,
        url="https://www.facebook.com/19292868552/posts/10158331020098553/",
        published_at=datetime(2021, 6, 29, 15, 47, 56, tzinfo=UTC),
        mentions=(),
        links=first.links,
        metrics={"likes": 157, "comments": 23, "shares": 17},
    )
    assert [link.split("?")[0] for link in first.links or ()] == [
        "https://ai.facebook.com/blog/launching-the-nethack-challenge-at-neurips-2021/"
    ]
    assert posts[1].links == ()


def test_the_documented_feed_says_how_many_comments_are_to_be_read() -> None:
    first = next(listed(payload("feed.json")["data"], PAGE))
    assert (first.id, first.counted) == ("19292868552_10158331020098553", 23)
    assert first.updated_at == datetime(2021, 7, 10, 6, 58, 39, tzinfo=UTC)


def test_a_post_with_nothing_but_a_message_is_read_too() -> None:
    posts, broken = posts_of(payload("feed_by_time.json")["data"], "4")
    assert broken == ()
    assert [post.native_id for post in posts][:2] == ["4_10113477241177441", "4_10113449068715281"]
    assert posts[0].metrics == {}
    assert posts[0].author is None


def test_documented_comments_without_ids_are_known_by_their_addresses() -> None:
    comments, broken = comments_of(payload("comments_p1.json")["data"], POST, PAGE)
    assert broken == ()
    assert len(comments) == 10
    top, reply = comments[1], comments[5]
    assert top.native_id == "10158407654328553_10158407903973553"
    assert (top.reply_to, top.conversation) == (POST, POST)
    assert reply.native_id == "10158407654328553_10158409983033553"
    assert reply.reply_to == top.native_id
    assert top.metrics == {"likes": 0, "replies": 2}
    assert top.published_at == datetime(2021, 8, 10, 19, 38, 44, tzinfo=UTC)


def test_the_documented_comment_keeps_who_wrote_by_a_number_and_drops_the_name() -> None:
    read = comments_of([payload("comment.json")], POST, PAGE)[0][0]
    assert read == RawPost(
        native_id="2954961744718970_2966313500250461",
        text="My Nice Car ",
        url="https://www.facebook.com/2121008874780932/posts/2954961744718970/?comment_id=2966313500250461",
        published_at=datetime(2021, 7, 23, 8, 35, 18, tzinfo=UTC),
        author="2711636948859886",
        mentions=(),
        reply_to=POST,
        conversation=POST,
        metrics={"likes": 0, "replies": 0},
    )


def test_what_the_page_writes_is_ours_and_an_institution_s() -> None:
    assert [post(**{"from": {"id": one}}).is_own for one in (PAGE, "77")] == [True, False]
    assert comment(**{"from": {"id": PAGE}}).author_kind == "institution"


def test_a_person_who_is_tagged_is_nobody_once_hidden() -> None:
    tags = [{"id": "88", "name": "Prénom Nom", "type": "user", "offset": 0, "length": 10}]
    read = comment(message="Prénom Nom, regarde ! Prénom Nommé aussi", message_tags=tags)
    assert read.text == "@88, regarde ! Prénom Nommé aussi"
    source = Source("page", "facebook", None, 900.0)
    hidden = pseudonymise(normalise(read, source, datetime(2026, 11, 24, tzinfo=UTC)), Pseudonyms(b"k" * 32))
    assert hidden.mentions is not None
    assert hidden.text.startswith(f"@{hidden.mentions[0]},")


@pytest.mark.parametrize(
    "tag",
    [
        {"id": "1", "name": "Région Exemple", "type": "page"},
        {"id": "1", "name": "#Occitanie", "type": "user"},
        {"id": "1", "name": "", "type": "user"},
        {"name": "Région Exemple", "type": "user"},
        "mot",
    ],
    ids=str,
)
def test_pages_hashtags_and_what_is_no_tag_stay_as_they_stand(tag: object) -> None:
    assert comment(message="Région Exemple #Occitanie", message_tags=[tag]).text == "Région Exemple #Occitanie"


def test_tags_of_old_answers_stand_under_their_offsets() -> None:
    assert comment(message="Prénom Nom", message_tags={"0": [{"id": "88", "name": "Prénom Nom"}]}).text == "@88"


def test_a_shared_link_without_a_word_speaks_by_its_title() -> None:
    shared = {
        "type": "share",
        "title": "Le car de Lodève",
        "description": "Il roule",
        "unshimmed_url": "https://a.example/",
    }
    read = post(message=None, attachments={"data": [shared]})
    assert (read.title, read.text, read.links) == ("Le car de Lodève", "Il roule", ("https://a.example/",))
    assert post(attachments={"data": [shared]}).title == ""


@pytest.mark.parametrize(
    "fields",
    [
        {"is_published": False},
        {"message": None},
        {"message": "  ", "attachments": {"data": [{"type": "photo", "title": "Photos de la publication"}]}},
    ],
    ids=str,
)
def test_what_is_not_published_or_says_nothing_is_left_aside(fields: dict[str, Any]) -> None:
    assert posts_of([{"id": POST, "message": "La crue", **fields}], PAGE) == ((), ())


@pytest.mark.parametrize(
    "fields",
    [
        {"from": None, "shares": None, "reactions": None, "comments": None, "attachments": None, "message_tags": None},
        {"from": "77", "shares": "3", "attachments": [], "message_tags": 3, "permalink_url": 3, "created_time": []},
        {"attachments": {"data": {}}, "reactions": {"summary": {"total_count": "dix"}}, "from": {"id": None}},
    ],
    ids=["nulls", "other types", "deeper"],
)
def test_what_is_missing_or_of_another_type_costs_that_field_alone(fields: dict[str, Any]) -> None:
    read = post(**fields)
    assert (read.text, read.author) == ("La crue", None)
    assert comment(**fields).text == "Merci"


def test_numbers_come_as_texts_and_ids_as_numbers() -> None:
    read = post(id=123123123143, created_time="1795000000", reactions={"summary": {"total_count": "41"}})
    assert (read.native_id, read.metrics["likes"]) == ("123123123143", 41)
    assert read.published_at == datetime.fromtimestamp(1_795_000_000, UTC)


@pytest.mark.parametrize("bad", [None, 3, "texte", [], {}, {"id": ""}, {"id": "1", "message": {"a": 1}}], ids=repr)
def test_one_item_that_cannot_be_read_costs_itself_alone_and_its_letter_names_nobody(bad: object) -> None:
    named = (
        {**bad, "from": {"id": "77", "name": "Prénom Nom"}, "story": "Prénom Nom dit"}
        if bad and isinstance(bad, dict)
        else bad
    )
    good = {"id": "1_2", "message": "Merci"}
    for posts, broken in (posts_of([named, good], PAGE), comments_of([named, good], POST, PAGE)):
        assert [post.native_id for post in posts] == ["1_2"]
        assert len(broken) == 1
        assert "Prénom" not in broken[0].payload
        assert "77" not in broken[0].payload


def test_comments_are_followed_on_the_page_and_not_where_others_publish() -> None:
    items = [
        {"id": f"{PAGE}_1", "from": {"id": "77"}},
        {"id": "88_1", "from": {"id": "88"}},
        {"id": "5_1", "from": {"id": PAGE}},
        {"id": "5_2"},
        {"message": "sans identifiant"},
        None,
    ]
    assert [one.id for one in listed(items, PAGE)] == [f"{PAGE}_1", "5_1", "5_2"]
