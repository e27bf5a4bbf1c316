"""Broken and hostile documents: what can be read is read, and nothing but a `WatcherError` comes out."""

import io
import json
import time
from contextlib import suppress
from datetime import UTC
from pathlib import Path

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.collectors.rss.document import read_document
from watcher.collectors.rss.encoding import decode
from watcher.collectors.rss.posts import window_of
from watcher.errors import Malformed, WatcherError
from watcher.model import RawPost

HERE = "https://www.exemple.org/fil.xml"
FEEDS = Path(__file__).parents[1] / "data" / "feeds"
WHOLE = [path.read_bytes() for path in sorted(FEEDS.glob("*/*")) if path.suffix not in {".md", ""}]

PROLOG = "<?xml version='1.0' encoding='{}'?>"
ITEM = "<rss version='2.0'><channel><item><guid>1</guid><title>{}</title></item></channel></rss>"
BOMB = "<!DOCTYPE rss [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


def read(body: bytes, content_type: str = "") -> list[RawPost]:
    return list(window_of(read_document(body, content_type), HERE, HERE, {}).posts)


@pytest.mark.parametrize(
    ("body", "content_type", "title"),
    [
        (ITEM.format("été").encode(), "text/xml; charset=iso-8859-1", "été"),
        ((PROLOG.format("iso-8859-1") + ITEM.format("été")).encode(), "", "été"),
        ((PROLOG.format("iso-8859-1") + ITEM.format("10 € – œuf")).encode("cp1252"), "", "10 € – œuf"),
        ((PROLOG.format("utf-8") + ITEM.format("été à Sète")).encode("cp1252"), "", "été à Sète"),
        ((PROLOG.format("utf-16") + ITEM.format("été")).encode("utf-16"), "", "été"),
        (ITEM.format("été").encode("utf-8-sig"), "", "été"),
        (("\ufeff\n\n " + PROLOG.format("utf-8") + ITEM.format("été")).encode(), "", "été"),
        (ITEM.format("é").encode("cp1252"), "text/xml; charset=windows-1252", "é"),
        (ITEM.format("été, été, \0\x08été").encode() + b"\xff", "", "été, été, été"),
        (ITEM.format("&eacute;t&eacute;&nbsp;: l&#146;eau").encode(), "", "été\xa0: l’eau"),
        (ITEM.format("a&#0;b&#xD800;c&#99999999999;d").encode(), "", "a\ufffdb\ufffdc\ufffd9;d"),
        (ITEM.format("a &inconnue; b").encode(), "", "a &amp;inconnue; b"),
        (ITEM.format("Lot & Garonne").encode(), "", "Lot &amp; Garonne"),
        (ITEM.format("<![CDATA[L&#039;été <b>gras</b>]]>").encode(), "", "L&#039;été <b>gras</b>"),
    ],
)
def test_characters_survive_wrong_labels_and_wrong_references(body: bytes, content_type: str, title: str) -> None:
    assert [post.title for post in read(body, content_type)] == [title]


@pytest.mark.parametrize("label", ["utf-7", "cp037", "unicode_escape", "rot13", "base64", "inconnu"])
def test_a_charset_in_which_markup_could_hide_is_not_believed(label: str) -> None:
    assert decode(PROLOG.format(label).encode() + b"\xe9+ADw-", "") == PROLOG.format(label) + "é+ADw-"


@pytest.mark.parametrize(
    "prolog",
    [
        BOMB + "]>",
        "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
        "<!doctype rss SYSTEM 'x' [<!ENTITY x 'y'>]>",
        "<!-- <rss> --><?pi <x> ?>" + BOMB + "]>",
        "<!DOCTYPE rss><!DOCTYPE rss [<!ENTITY x 'y'>]>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_declarations_of_entities_are_refused(prolog: str, encoding: str) -> None:
    with pytest.raises(Malformed, match="entités"):
        read((PROLOG.format(encoding) + prolog + ITEM.format("&i;")).encode(encoding))


def test_a_document_type_in_quotes_expands_nothing() -> None:
    body = "<!DOCTYPE rss SYSTEM 'a>b' [<!ENTITY x 'expansé'>]>" + ITEM.format("&x;")
    assert [post.title for post in read(body.encode())] == ["&amp;x;"]


@pytest.mark.parametrize("cut_at", [0.3, 0.5, 0.9, 0.99])
def test_a_feed_cut_anywhere_gives_as_many_items_as_feedparser_finds(cut_at: float) -> None:
    for whole in WHOLE:
        if whole.lstrip().startswith((b"{", b"<!DOCTYPE html")):
            continue
        body = whole[: int(len(whole) * cut_at)]
        parsed = feedparser.parse(io.BytesIO(body))
        if parsed["entries"]:
            assert len(read_document(body, "").items) == len(parsed["entries"])


@pytest.mark.parametrize(
    "piece",
    ["<a ", "<", "<!", "<!--", "<![CDATA[", "&", "&#", '<a b="', "<a>", "&lt;!--", "&lt;a b=&quot;", "]]>", "<?x "],
)
def test_repeated_openings_cost_in_proportion_to_their_length(piece: str) -> None:
    short_s, long_s = [seconds_to_read(piece, length) for length in (25_000, 100_000)]
    assert long_s < 10 * max(short_s, 0.05), "four times longer, so four times the time, and sixteen if quadratic"


def seconds_to_read(piece: str, length: int) -> float:
    body = ("<rss version='2.0'><channel><item><guid>1</guid><description>" + piece * (length // len(piece))).encode()
    started_s = time.process_time()
    with suppress(WatcherError):
        read(body)
    return time.process_time() - started_s


def attempt(body: bytes, content_type: str = "") -> None:
    try:
        posts = read(body, content_type)
    except WatcherError:
        return
    assert all(post.native_id for post in posts)
    assert all(post.published_at is None or post.published_at.tzinfo is UTC for post in posts)


@given(st.binary(max_size=400), st.text(max_size=40))
@settings(deadline=None, max_examples=150)
def test_random_bytes_raise_nothing_of_their_own(body: bytes, content_type: str) -> None:
    attempt(body, content_type)


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_feeds_with_a_hole_and_a_graft_raise_nothing_of_their_own(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([body for body in WHOLE if len(body) < 4_000]))
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(whole))] * 2)))
    graft = data.draw(
        st.one_of(
            st.binary(max_size=20),
            st.sampled_from(
                [b"<", b">", b"&#xDFFF;", b"&#1114112;", b"]]>", b"<![CDATA[", b"xml:base='http://['", b"\x00"]
            ),
        )
    )
    attempt(whole[:start] + graft + whole[end:])


def objects(values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    keys = ["id", "url", "title", "summary", "content_html", "date_published", "language"]
    return st.dictionaries(st.sampled_from(keys), values)


@given(
    st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner) | objects(inner))
)
@settings(deadline=None, max_examples=40)
def test_any_json_in_the_place_of_items_raises_nothing_of_its_own(items: object) -> None:
    attempt(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [items]}).encode())
