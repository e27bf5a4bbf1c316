"""Second step: what came from a platform becomes plain text, UTC and safe."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.clock import NOON
from watcher.errors import Poison
from watcher.model import RawPost, Source
from watcher.normalise import MAX_TEXT_CHARS, normalise, plain_text, post_id

SOURCE = Source("ladepeche", "rss", settings=None, interval_s=900, author_kind="media", territory=("31",))


@pytest.mark.parametrize(
    ("markup", "given_text", "expected"),
    [
        ("text", "déjà  propre", "déjà propre"),
        ("text", "2 < 3 & <b>", "2 < 3 & <b>"),
        ("html", "<p>Un</p><p>Deux<br>trois</p>", "Un\n\nDeux\ntrois"),
        ("html", "Crue &amp; pluie &eacute;lev&eacute;e&nbsp;!", "Crue & pluie élevée !"),
        ("html", "avant<script>alert(1)</script>après", "avantaprès"),
        ("html", "<style>p{}</style><ul><li>a<li>b</ul>", "a\n\nb"),
        ("html", "texte <b>coupé", "texte coupé"),
        ("text", "e\u0301te\u0301", "été"),
        ("text", "nul\x00 cloche\x07 retour\r\nligne", "nul cloche retour\nligne"),
        ("text", "\u202erenversé\u202c \u2066isolé\u2069", "renversé isolé"),
        ("text", "seul \ud83d surrogat", "seul \ufffd surrogat"),
        ("text", "a\n\n\n\n b", "a\n\nb"),
    ],
)
def test_text_is_made_plain(markup: str, given_text: str, expected: str) -> None:
    assert plain_text(given_text, markup) == expected


def test_id_is_32_hex_of_platform_and_native_id() -> None:
    assert re.fullmatch("[0-9a-f]{32}", post_id("rss", "x"))
    assert post_id("rss", "x") == post_id("rss", "x") != post_id("mastodon", "x")
    assert post_id("a", "bc") != post_id("ab", "c")


def test_times_become_utc_and_the_source_lends_its_kind_and_territory() -> None:
    paris = timezone(timedelta(hours=1))
    post = normalise(RawPost("1", "texte", published_at=datetime(2026, 11, 24, 9, tzinfo=paris)), SOURCE, NOON)
    assert post.published_at == datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert (post.author_kind, post.territory, post.collected_at) == ("media", ("31",), NOON)


def test_long_text_is_cut_and_says_so() -> None:
    post = normalise(RawPost("1", "a" * (MAX_TEXT_CHARS + 1)), SOURCE, NOON)
    assert post.is_truncated
    assert len(post.text) == MAX_TEXT_CHARS


def test_a_feed_that_calls_a_megabyte_an_identifier_is_kept_in_bounds() -> None:
    huge = "x" * 1_000_000
    post = normalise(RawPost(huge, "texte", url=f"https://example.org/{huge}"), SOURCE, NOON)
    assert (len(post.native_id), post.url) == (71, None)
    assert post.id == post_id("rss", huge)


def test_reply_points_to_the_id_of_the_post_it_answers() -> None:
    assert normalise(RawPost("2", "oui", reply_to="1"), SOURCE, NOON).reply_to == post_id("rss", "1")


@pytest.mark.parametrize(
    "raw",
    [
        RawPost(" ", "sans identifiant"),
        RawPost("1", " \x00 ", title="<br>", markup="html"),
        RawPost("1", "date naïve", published_at=datetime(2026, 1, 1)),  # noqa: DTZ001 - the fault under test
    ],
)
def test_a_post_that_cannot_be_normalised_is_poison(raw: RawPost) -> None:
    with pytest.raises(Poison) as caught:
        normalise(raw, SOURCE, NOON)
    assert caught.value.step == "normalise"


@given(st.text(max_size=300), st.sampled_from(["text", "html"]))
def test_any_text_becomes_storable(text: str, markup: str) -> None:
    plain = plain_text(text, markup)
    plain.encode("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", plain)
    assert plain_text(plain, "text") == plain
