"""What a post of Threads becomes, whole or broken."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.clock import NOON
from watcher.collectors.threads.posts import posts_of, with_replies
from watcher.model import BrokenItem, RawPost, Source
from watcher.normalise import normalise
from watcher.privacy import Pseudonyms, pseudonymise

OWN = "region.exemple"
SOURCE = Source("essai", "threads", None, 900.0)
ITEM: dict[str, Any] = {
    "id": "17",
    "text": "La crue à Lodève",
    "username": "marie",
    "permalink": "https://www.threads.net/@marie/post/Cabc-_1",
    "shortcode": "Cabc-_1",
    "timestamp": "2026-11-24T12:00:00+0000",
    "media_type": "TEXT_POST",
    "is_reply": True,
    "has_replies": False,
    "replied_to": {"id": "16"},
    "root_post": {"id": "15"},
}

# The example of "Keyword and Topic Tag Search" (January 2026): its media type is not one of the reference's.
DOCUMENTED = {
    "id": "1234567890",
    "text": "first thread",
    "media_type": "TEXT",
    "permalink": "https://www.threads.net/@u/post/abcdefg",
    "timestamp": "2023-10-17T05:42:03+0000",
    "username": "u",
    "has_replies": False,
    "is_quote_post": False,
    "is_reply": False,
}


def read(item: Any) -> RawPost:
    (post,), broken = posts_of([item], OWN)
    assert broken == ()
    return post


def test_a_post_gives_every_field_it_has() -> None:
    assert read(ITEM) == RawPost(
        native_id="17",
        text="La crue à Lodève",
        url="https://www.threads.com/@marie/post/Cabc-_1",
        published_at=NOON,
        author="marie",
        reply_to="16",
        conversation="15",
    )


def test_the_documented_example_is_read_field_by_field() -> None:
    post = read(DOCUMENTED)
    assert (post.native_id, post.text, post.author) == ("1234567890", "first thread", "u")
    assert post.url == "https://www.threads.com/@u/post/abcdefg"
    assert post.published_at is not None
    assert post.published_at.isoformat() == "2023-10-17T05:42:03+00:00"


@pytest.mark.parametrize("site", ["https://www.threads.net", "https://www.threads.com", "https://threads.net"])
def test_a_post_has_one_address_whatever_the_name_of_the_site(site: str) -> None:
    item = {**ITEM, "permalink": f"{site}/@marie/post/Cabc-_1", "shortcode": None}
    assert read(item).url == "https://www.threads.com/@marie/post/Cabc-_1"


@pytest.mark.parametrize(
    ("beside", "text"),
    [
        ({"topic_tag": "Occitanie"}, "La crue à Lodève\n\n#Occitanie"),
        ({"topic_tag": "Pays d'Oc"}, "La crue à Lodève\n\nSujet : Pays d'Oc"),
        ({"topic_tag": "lodève"}, "La crue à Lodève"),
        ({"alt_text": "La place sous l'eau"}, "La crue à Lodève\n\nImage : La place sous l'eau"),
        ({"link_attachment_url": "https://laregion.fr/"}, "La crue à Lodève\n\nhttps://laregion.fr/"),
        ({"text_attachment": {"plaintext": "Toute l'histoire"}}, "La crue à Lodève\n\nToute l'histoire"),
        ({"text_attachment": "?", "alt_text": None, "link_attachment_url": ""}, "La crue à Lodève"),
        ({"text": None, "alt_text": "La place"}, "Image : La place"),
    ],
)
def test_what_a_post_says_beside_its_text_stands_under_it(beside: dict[str, Any], text: str) -> None:
    assert read({**ITEM, **beside}).text == text


def test_what_our_account_writes_is_ours() -> None:
    post = read({**ITEM, "username": OWN})
    assert (post.is_own, post.author_kind) == (True, "institution")


def test_a_post_without_author_is_read() -> None:
    post = read({key: value for key, value in ITEM.items() if key != "username"})
    assert (post.author, post.url, post.is_own) == (None, "https://www.threads.net/@marie/post/Cabc-_1", False)


def test_a_repost_says_so_and_one_without_words_is_left_aside() -> None:
    assert read({**ITEM, "media_type": "REPOST_FACADE"}).is_repost
    assert posts_of([{**ITEM, "media_type": "REPOST_FACADE", "text": None}, {"id": "2"}], OWN) == ((), ())


def test_numbers_may_stand_for_ids_and_seconds_for_times() -> None:
    post = read({**ITEM, "id": 17, "timestamp": int(NOON.timestamp()), "replied_to": "16"})
    assert (post.native_id, post.published_at, post.reply_to) == ("17", NOON, "16")


@pytest.mark.parametrize("item", [None, [], "17", {}, {"id": ""}, {**ITEM, "id": None}, {**ITEM, "text": ["?"]}])
def test_an_item_that_cannot_be_read_costs_itself_alone_and_names_nobody(item: object) -> None:
    posts, (broken,) = posts_of([item, ITEM], OWN)
    assert len(posts) == 1
    assert "marie" not in broken.payload
    assert isinstance(json.loads(broken.payload), dict)


def test_nobody_is_named_in_what_is_stored_but_in_the_address() -> None:
    post = pseudonymise(normalise(read({**ITEM, "text": "@paul.34 Lodève"}), SOURCE, NOON), Pseudonyms(b"k" * 32))
    assert post.author != "marie"
    assert "paul" not in post.text


def test_the_posts_whose_replies_are_worth_asking_for() -> None:
    items = [
        {"id": "1", "has_replies": True, "timestamp": "2026-11-24T12:00:00+0000"},
        {"id": "2", "has_replies": False},
        {"id": "3"},
        {"id": "4", "media_type": "REPOST_FACADE"},
        None,
    ]
    assert with_replies(items, NOON) == {"1": NOON, "3": NOON}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=20), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=50)
@given(key=st.sampled_from(sorted(ITEM)), value=JSON)
def test_whatever_one_field_holds_a_post_is_read_or_set_apart(key: str, value: object) -> None:
    posts, broken = posts_of([{**ITEM, key: value}], OWN)
    assert len(posts) + len(broken) <= 1
    assert all(isinstance(one, BrokenItem) and one.reason for one in broken)
    assert all(one.native_id and one.text for one in posts)
