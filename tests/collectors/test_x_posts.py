"""What a post of X becomes, in both generations of names, whole or broken; and every documented payload, read."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.clock import NOON
from watcher.collectors.x.api import Found
from watcher.collectors.x.posts import posts_of
from watcher.collectors.x.snowflake import id_at
from watcher.model import BrokenItem, RawPost, Source
from watcher.normalise import normalise

DATA = Path(__file__).parents[1] / "data" / "x"
SOURCE = Source("essai", "x", None, 900.0)
FIRST, SECOND = str(id_at(NOON)), str(id_at(NOON.replace(minute=20)))

ITEM = {
    "id": FIRST,
    "text": "Le car de #Lodève &amp; @lio https://t.co/a https://t.co/b",
    "edit_history_tweet_ids": [FIRST],
    "author_id": "77",
    "created_at": "2026-11-24T12:00:00.000Z",
    "lang": "fr",
    "conversation_id": "12",
    "referenced_tweets": [{"type": "quoted", "id": "13"}, {"type": "replied_to", "id": "14"}],
    "entities": {
        "hashtags": [{"start": 10, "end": 17, "tag": "Lodève"}],
        "mentions": [{"start": 20, "end": 24, "username": "lio", "id": "9"}],
        "urls": [
            {
                "url": "https://t.co/a",
                "expanded_url": "https://bit.ly/x",
                "unwound_url": "https://laregion.fr/?a=1&copy=2",
            },
            {
                "url": "https://t.co/b",
                "expanded_url": "https://x.com/marie/status/1/photo/1",
                "display_url": "pic.x.com/b",
            },
        ],
    },
    "public_metrics": {
        "retweet_count": 1,
        "reply_count": 2,
        "like_count": 3,
        "quote_count": 4,
        "bookmark_count": 5,
        "impression_count": 6,
    },
}
NEW_NAMES = {
    "edit_history_tweet_ids": "edit_history_post_ids",
    "referenced_tweets": "referenced_posts",
    "note_tweet": "note_post",
    "retweet_count": "repost_count",
}


def in_new_names(item: Any) -> Any:
    if isinstance(item, dict):
        return {NEW_NAMES.get(key, key): in_new_names(value) for key, value in item.items()}
    return [in_new_names(each) for each in item] if isinstance(item, list) else item


def read(item: Any, *others: Any, own_id: str | None = None) -> RawPost:
    posts, broken = posts_of(Found([item], others), own_id)
    assert broken == ()
    (post,) = posts
    return post


@pytest.mark.parametrize("item", [ITEM, in_new_names(ITEM)], ids=["tweet", "post"])
def test_a_post_gives_every_field_it_has(item: Any) -> None:
    assert read(item) == RawPost(
        native_id=FIRST,
        text="Le car de #Lodève & @lio https://laregion.fr/?a=1&copy=2",
        url=f"https://x.com/i/status/{FIRST}",
        published_at=NOON,
        author="77",
        lang="fr",
        hashtags=("Lodève",),
        mentions=("lio",),
        links=("https://laregion.fr/?a=1&copy=2",),
        reply_to="14",
        conversation="12",
        metrics={"reposts": 1, "replies": 2, "likes": 3, "quotes": 4, "saves": 5, "views": 6},
    )


def test_a_post_that_gives_nothing_but_its_id_and_text_is_dated_by_its_id() -> None:
    assert read({"id": FIRST, "text": "La crue"}) == RawPost(
        native_id=FIRST, text="La crue", url=f"https://x.com/i/status/{FIRST}", published_at=NOON
    )


@pytest.mark.parametrize("rename", [lambda item: item, in_new_names], ids=["tweet", "post"])
def test_a_long_post_is_whole_with_the_entities_of_its_note(rename: Any) -> None:
    note = {"text": "Une longue lettre à #Alès", "entities": {"hashtags": [{"tag": "Alès"}]}}
    post = read(rename({**ITEM, "note_tweet": note}))
    assert (post.text, post.hashtags, post.mentions) == ("Une longue lettre à #Alès", ("Alès",), ())


def test_a_long_post_without_entities_of_its_own_is_read_from_its_text() -> None:
    assert read({**ITEM, "note_tweet": {"text": "Une longue lettre à #Alès"}}).hashtags is None


@pytest.mark.parametrize("rename", [lambda item: item, in_new_names], ids=["tweet", "post"])
def test_an_edit_keeps_the_first_id_and_date_and_is_dated_by_its_own(rename: Any) -> None:
    versions = {"edit_history_tweet_ids": [FIRST, SECOND]}
    post = read(rename({**ITEM, "id": SECOND, "text": "La décrue", **versions}))
    assert (post.native_id, post.published_at) == (FIRST, NOON)
    assert post.edited_at == NOON.replace(minute=20)
    assert post.url == f"https://x.com/i/status/{SECOND}"


def test_of_the_versions_that_one_page_holds_the_last_is_kept() -> None:
    old = {"id": FIRST, "text": "La crue"}
    new = {"id": SECOND, "text": "La décrue", "edit_history_tweet_ids": [FIRST, SECOND]}
    for items in ([old, new], [new, old]):
        posts, _ = posts_of(Found(items), None)
        assert [(post.native_id, post.text) for post in posts] == [(FIRST, "La décrue")]


def test_an_answer_to_a_later_version_joins_the_first_one() -> None:
    edited = {"id": SECOND, "text": "La décrue", "edit_history_tweet_ids": [FIRST, SECOND]}
    answer = {"id": str(int(SECOND) + 1), "text": "Merci", "referenced_tweets": [{"type": "replied_to", "id": SECOND}]}
    posts, _ = posts_of(Found([answer], [edited]), None)
    assert [post.reply_to for post in posts] == [FIRST]


def test_a_repost_says_so_and_bears_the_whole_of_its_original() -> None:
    whole = {
        "id": "13",
        "text": "La crue à Lodève, la suite",
        "author_id": "8",
        "entities": {"hashtags": [{"tag": "Crue"}]},
    }
    item = {**ITEM, "text": "RT @u: La crue à Lod…", "referenced_tweets": [{"type": "retweeted", "id": "13"}]}
    assert (read(item).is_repost, read(item).text) == (True, "RT @u: La crue à Lod…")
    assert (read(item, whole).text, read(item, whole).author) == ("La crue à Lodève, la suite", "77")


def test_what_our_account_writes_is_ours() -> None:
    assert read(ITEM, own_id="77").is_own
    assert not read(ITEM, own_id="78").is_own
    assert not read({"id": FIRST, "text": "x"}, own_id=None).is_own


@pytest.mark.parametrize("lang", ["und", "qme", "zxx", "", None, 3.5])
def test_what_x_says_of_a_text_without_language_is_no_language(lang: object) -> None:
    assert read({**ITEM, "lang": lang}).lang is None


def test_numbers_may_be_written_in_digits_and_ids_as_numbers() -> None:
    post = read({**ITEM, "id": int(FIRST), "author_id": 77, "public_metrics": {"like_count": "3", "reply_count": None}})
    assert (post.native_id, post.author, post.metrics) == (FIRST, "77", {"likes": 3})


@pytest.mark.parametrize("created_at", ["hier", "2026-11-24T12:00:00", None, 3])
def test_a_date_that_cannot_be_read_is_that_of_the_id(created_at: object) -> None:
    assert read({**ITEM, "created_at": created_at}).published_at == NOON


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (None, "sans identifiant"),
        ([], "sans identifiant"),
        ({"text": "La crue"}, "sans identifiant"),
        ({"id": "-1", "text": "La crue"}, "sans identifiant"),
        ({"id": FIRST}, "sans texte"),
        ({"id": FIRST, "text": "", "author_id": "77", "entities": {"mentions": [{"username": "marie"}]}}, "sans texte"),
    ],
)
def test_an_item_that_cannot_be_read_costs_itself_alone_and_names_nobody(item: object, reason: str) -> None:
    posts, broken = posts_of(Found([item, ITEM]), None)
    assert len(posts) == 1
    assert [one.reason for one in broken] == [f"illisible : {reason}"]
    assert "marie" not in broken[0].payload
    assert "77" not in json.loads(broken[0].payload).values()


def test_an_image_alone_is_no_text() -> None:
    image = {
        "url": "https://t.co/b",
        "expanded_url": "https://x.com/u/status/1/photo/1",
        "display_url": "pic.twitter.com/b",
    }
    assert posts_of(Found([{"id": FIRST, "text": "https://t.co/b", "entities": {"urls": [image]}}]), None)[0] == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=20), inner, max_size=3),
    max_leaves=8,
)


def test_an_id_beyond_64_bits_is_none() -> None:
    posts, broken = posts_of(Found([{**ITEM, "id": 2**80}]), None)
    assert (posts, [one.reason for one in broken]) == ((), ["illisible : sans identifiant"])


@settings(max_examples=50)
@given(key=st.sampled_from(sorted(ITEM)), value=JSON)
def test_whatever_one_field_holds_a_post_is_read_or_set_apart(key: str, value: object) -> None:
    posts, broken = posts_of(Found([{**ITEM, key: value}], [ITEM]), "77")
    assert len(posts) + len(broken) == 1
    assert all(isinstance(one, BrokenItem) and one.reason for one in broken)
    assert all(normalise(one, SOURCE, NOON).text for one in posts if one.text.strip())


def documented(name: str) -> tuple[list[Any], list[Any]]:
    said = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    data, included = said["data"], said.get("includes", {})
    return data if isinstance(data, list) else [data], included.get("tweets", [])


@pytest.mark.parametrize("name", sorted(path.stem for path in DATA.glob("*.json")))
def test_every_documented_payload_is_read_field_by_field(name: str) -> None:
    items, referenced = documented(name)
    posts, broken = posts_of(Found(items, referenced), None)
    assert broken == ()
    by_id = {post.native_id: post for post in posts}
    assert by_id.keys() == {item["id"] for item in items}
    for item in items:
        post = by_id[item["id"]]
        assert post.text
        assert post.author == item.get("author_id")
        assert post.published_at is not None
        if "created_at" in item:
            assert post.published_at == datetime.fromisoformat(item["created_at"])
        tags = [entity["tag"] for entity in item.get("entities", {}).get("hashtags", [])]
        assert list(post.hashtags or ()) == list(dict.fromkeys(tags))
        references = {one["type"]: one["id"] for one in item.get("referenced_tweets", ())}
        assert post.reply_to == references.get("replied_to")
        assert post.is_repost == ("retweeted" in references)
        assert post.metrics.get("likes") == item.get("public_metrics", {}).get("like_count")
        assert normalise(post, SOURCE, NOON).native_id == item["id"]


def test_a_documented_search_reads_as_its_authors_wrote() -> None:
    items, referenced = documented("search_tweets_query")
    posts, _ = posts_of(Found(items, referenced), "17200003")
    snowman = next(post for post in posts if post.native_id == "1275882613572583424")
    assert snowman == RawPost(
        native_id="1275882613572583424",
        text="Using Labs Recent search for polling use cases has been 🔥👍. A simple alternative to streaming in many "
        "cases...",
        url="https://x.com/i/status/1275882613572583424",
        published_at=datetime(2020, 6, 24, 20, 4, 54, tzinfo=UTC),
        author="17200003",
        is_own=True,
        lang="en",
        reply_to="1273733248749690880",
    )
