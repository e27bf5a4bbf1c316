"""What a status becomes: who, what, for whom, and what is left aside."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.clock import NOON
from watcher.collectors.mastodon.statuses import posts_of
from watcher.demo.mastodon import MastodonInstance
from watcher.model import BrokenItem, RawPost, Source
from watcher.normalise import normalise
from watcher.privacy import Pseudonyms, pseudonymise

HOST = "home.example"
SOURCE = Source("essai", "mastodon", None, 900.0)
PROFILE = "https://loin.example/@veronique"
MENTION = f'<span class="h-card"><a href="{PROFILE}" class="u-url mention">@<span>veronique</span></a></span>'


def wire(content: str = "<p>La crue</p>", **changes: Any) -> dict[str, Any]:
    home = MastodonInstance(HOST)
    mentions = (("veronique@loin.example", PROFILE),)
    post = home.write("marie", content, tags=("lodeve",), mentions=mentions)
    return home.wire("1", post) | changes


def read(item: object) -> RawPost:
    posts, broken = posts_of([item], HOST)
    assert broken == ()
    return posts[0]


def account(**changes: Any) -> dict[str, Any]:
    return {**wire()["account"], **changes}


def test_a_status_gives_every_field_it_has() -> None:
    post = read(wire(edited_at="2026-11-24T12:30:00.000Z"))
    assert post == RawPost(
        native_id=post.native_id,
        text="<p>La crue</p>",
        url=f"https://home.example/@marie/{post.native_id.rpartition('/')[2]}",
        markup="html",
        published_at=NOON,
        edited_at=datetime(2026, 11, 24, 12, 30, tzinfo=UTC),
        author="marie@home.example",
        lang="fr",
        hashtags=("lodeve",),
        mentions=("veronique@loin.example",),
        links=(),
        metrics={"replies": 5, "reposts": 6, "likes": 11, "quotes": 2},
    )
    assert post.native_id.startswith("https://home.example/users/marie/statuses/")


def test_somebody_mentioned_is_one_person_in_the_text_and_in_the_mentions() -> None:
    post = pseudonymise(normalise(read(wire(f"<p>Bonjour {MENTION} !</p>")), SOURCE, NOON), Pseudonyms(b"k" * 32))
    assert post.mentions is not None
    assert post.text == f"Bonjour @{post.mentions[0]} !"
    assert "veronique" not in repr(post)


def test_a_link_cut_for_the_eye_is_whole_in_the_text_and_in_the_links() -> None:
    address = "https://www.exemple.org/article/tres-long"
    parts = (("invisible", "https://www."), ("ellipsis", "exemple.org/article"), ("invisible", "/tres-long"))
    shown = "".join(f'<span class="{kind}">{part}</span>' for kind, part in parts)
    tag = '<a href="https://home.example/tags/crue" class="mention hashtag" rel="tag">#<span>Crue</span></a>'
    raw = read(wire(f'<p>Voir <a href="{address}" rel="nofollow">{shown}</a> {tag}</p>'))
    assert raw.links == (address,)
    assert normalise(raw, SOURCE, NOON).text == f"Voir {address} #Crue"


def test_paragraphs_and_line_breaks_stay() -> None:
    assert normalise(read(wire("<p>Un<br />deux</p><p>trois</p>")), SOURCE, NOON).text == "Un\ndeux\n\ntrois"


def test_a_warning_stands_above_the_text_and_is_no_markup() -> None:
    raw = read(wire(spoiler_text="Crue <script>"))
    assert normalise(raw, SOURCE, NOON).text == "Crue <script>\n\nLa crue"


@pytest.mark.parametrize(
    ("content", "description", "text"),
    [
        ("", "La place sous l'eau", "La place sous l'eau"),
        ("<p></p>", "a < b", "a < b"),
        ("<p>La crue</p>", "La place sous l'eau", "La crue"),
    ],
)
def test_an_image_without_words_is_told_by_its_description(content: str, description: str, text: str) -> None:
    raw = read(wire(content, media_attachments=[{"id": "1", "type": "image", "description": description}]))
    assert normalise(raw, SOURCE, NOON).text == text


def test_a_reply_names_its_parent_where_the_page_holds_it() -> None:
    home = MastodonInstance(HOST)
    parent = home.write("marie", "<p>Où trouver un car ?</p>")
    reply = home.wire("2", home.write("paul", "<p>À la gare</p>", reply_to=parent))
    alone, together = (
        posts_of([reply], HOST)[0][0],
        posts_of([reply, home.wire(reply["in_reply_to_id"], parent)], HOST),
    )
    assert alone.reply_to is None
    assert together[0][0].reply_to == parent.uri


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"url": None}, "https://home.example/users/marie/statuses/"),
        ({"url": "javascript:alert(1)"}, "https://home.example/users/marie/statuses/"),
        ({"url": "javascript:alert(1)", "uri": "tag:home.example,2017:objectId=1"}, None),
    ],
)
def test_an_address_is_one_that_a_browser_opens(changes: dict[str, Any], expected: str | None) -> None:
    url = read(wire(**changes)).url
    assert url is expected if expected is None else url is not None and url.startswith(expected)


def test_a_bot_says_so() -> None:
    assert read(wire(account=account(bot=True))).author_kind == "bot"
    assert read(wire()).author_kind == "unknown"


@pytest.mark.parametrize(
    "changes",
    [
        {"visibility": "private"},
        {"visibility": "direct"},
        {"visibility": "limited"},
        {"reblog": {"id": "2"}},
        {"account": account(noindex=True)},
        {"account": account(note='<p><a href="https://home.example/tags/nobot" rel="tag">#<span>NoBot</span></a></p>')},
        {"content": "", "spoiler_text": ""},
        {"content": "<p> <br></p>"},
    ],
    ids=["private", "direct", "unheard of", "boost", "noindex", "#nobot", "no words", "blank"],
)
def test_what_is_not_ours_to_read_is_left_aside_without_a_word(changes: dict[str, Any]) -> None:
    assert posts_of([wire(**changes)], HOST) == ((), ())


@pytest.mark.parametrize("changes", [{"visibility": "unlisted"}, {"account": account(indexable=False)}])
def test_what_was_said_to_all_is_read(changes: dict[str, Any]) -> None:
    assert read(wire(**changes)).text


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({}, "illisible : account, content, created_at, id, uri"),
        ([], "illisible : élément"),
        (None, "illisible : élément"),
        (wire(created_at="hier"), "illisible : created_at"),
        (wire(created_at="2026-11-24T12:00:00"), "illisible : created_at"),
        (wire(uri=""), "illisible : uri"),
        (wire(account={"acct": ""}), "illisible : account.acct"),
    ],
)
def test_an_item_that_cannot_be_read_costs_itself_alone(item: object, reason: str) -> None:
    posts, broken = posts_of([item, wire()], HOST)
    assert len(posts) == 1
    assert [one.reason for one in broken] == [reason]


def test_an_item_that_cannot_be_read_names_nobody() -> None:
    _, (broken,) = posts_of([wire(f"<p>Bonjour {MENTION}</p>", created_at="hier")], HOST)
    assert json.loads(broken.payload)["content"] == "Bonjour @veronique"
    assert "marie" not in broken.payload


def test_an_item_of_another_kind_leaves_no_name() -> None:
    _, (broken,) = posts_of([{"id": "1", "acct": "marie@b.example", "display_name": "Marie Durand", "note": "x"}], HOST)
    assert json.loads(broken.payload) == {"id": "1"}


@pytest.mark.parametrize(
    "content",
    [
        "<p>" * 5_000 + "fin",
        '<p>La crue<script>alert("x")</script></p>',
        '<a href="">@</a><p>La crue</p>',
        "<a>sans adresse</a>",
        "\x00\ufffeLa crue",
        "<p>La crue</p></body></html><p>suite</p>",
        f'<a class="mention" href="{PROFILE}"><a class="mention" href="{PROFILE}">x</a></a> crue',
    ],
    ids=["deep", "script", "no address", "no href", "controls", "after the end", "nested"],
)
def test_hostile_markup_gives_plain_words(content: str) -> None:
    text = normalise(read(wire(content)), SOURCE, NOON).text
    assert text
    assert "<" not in text
    assert "alert" not in text


def test_nesting_meant_to_hurt_is_read_in_a_moment() -> None:
    started_s = time.perf_counter()
    posts_of([wire("<div>" * 20_000 + f'<a href="{PROFILE}">x</a>'), wire(account=account(note="#<" * 500_000))], HOST)
    assert time.perf_counter() - started_s < 1.0


WORDS = st.text(max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "changes",
    [
        {"mentions": None, "tags": None, "media_attachments": None},
        {"replies_count": "néant", "favourites_count": 2**80},
        {"edited_at": "hier", "language": 12, "spoiler_text": [], "in_reply_to_id": 7},
        {"account": account(bot="oui", note=None)},
    ],
    ids=["lists", "counts", "words", "account"],
)
def test_what_is_beside_the_words_may_be_odd(changes: dict[str, Any]) -> None:
    assert read(wire(**changes)).text == "<p>La crue</p>"


@given(key=st.sampled_from(sorted(wire())), value=JSON)
def test_whatever_one_field_holds_a_status_is_read_or_set_apart(key: str, value: object) -> None:
    posts, broken = posts_of([wire(**{key: value})], HOST)
    assert len(posts) + len(broken) <= 1
    assert all(isinstance(one, BrokenItem) and one.reason for one in broken)
    assert all(one.native_id and one.text for one in posts)


@given(page=st.lists(JSON, max_size=4))
def test_whatever_a_page_holds_each_item_is_set_apart(page: list[object]) -> None:
    posts, broken = posts_of(page, HOST)
    assert posts == ()
    assert len(broken) == len(page)


@given(content=st.text(alphabet="<>/ap=\"'&#; @é", max_size=200))
def test_whatever_the_markup_a_status_is_read_or_has_no_words(content: str) -> None:
    posts, broken = posts_of([wire(content)], HOST)
    assert broken == ()
    assert all(normalise(post, SOURCE, NOON).text for post in posts)
