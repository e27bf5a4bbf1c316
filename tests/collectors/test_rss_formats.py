"""Every format of feed, as the tests of other readers and this project keep them, against feedparser's own count."""

import io
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest

from watcher.collectors.rss.document import read_document
from watcher.collectors.rss.feed import Feed
from watcher.collectors.rss.posts import window_of
from watcher.errors import AuthRefused, Malformed
from watcher.model import RawPost

HERE = "https://www.exemple.org/rss/fil.xml"
FEEDS = Path(__file__).parents[1] / "data" / "feeds"
SHARED = Path(__file__).parents[3] / "shared" / "external" / "feeds"
NO_FEED = {
    "LICENSE",
    "README.md",
    "custom",
    "sqlite_releases.html",
    "unknown.json",
    "connexion.html",
    "maintenance.html",
}
JSON_ITEMS = {"10.json": 0, "empty.json": 1, "full.json": 2, "invalid.json": 8}

KEPT = sorted(path for path in FEEDS.glob("*/*") if path.name not in NO_FEED)
ELSEWHERE = sorted(path for path in SHARED.glob("*/*") if path.name not in NO_FEED)


def feed(name: str, content_type: str = "") -> Feed:
    return read_document((FEEDS / name).read_bytes(), content_type)


def posts(name: str, content_type: str = "") -> list[RawPost]:
    return list(window_of(feed(name, content_type), HERE, HERE, {}).posts)


def assert_counts_as_feedparser_does(path: Path) -> None:
    body = path.read_bytes()
    expected = JSON_ITEMS.get(path.name, len(feedparser.parse(io.BytesIO(body))["entries"]))
    window = window_of(read_document(body, ""), HERE, HERE, {})
    assert len({post.native_id for post in window.posts}) + len(window.broken) == expected


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.name)
def test_a_feed_has_as_many_posts_as_feedparser_counts(path: Path) -> None:
    assert_counts_as_feedparser_does(path)


@pytest.mark.skipif(not ELSEWHERE, reason="../shared/external/feeds is not here: only the copies are read")
@pytest.mark.parametrize("path", ELSEWHERE, ids=lambda path: path.name)
def test_a_feed_of_the_shared_folder_has_as_many_posts_as_feedparser_counts(path: Path) -> None:
    assert_counts_as_feedparser_does(path)


def test_the_press_gives_headline_summary_publication_and_a_link_without_tracking() -> None:
    assert posts("ours/presse.rss")[0] == RawPost(
        native_id="https://www.exemple.org/?p=101",
        title="Lycées : « 1 000 élèves » &amp; un nouveau car liO",
        text='<p>Le car part de <a href="/muret">Muret</a>.</p>',
        url="https://www.exemple.org/2026/11/24/lycees-car.php",
        markup="html",
        published_at=datetime(2026, 11, 24, 8, 30, tzinfo=UTC),
        author="Le Quotidien d'Exemple - Toulouse",
        lang="fr-FR",
    )


def test_the_content_serves_only_without_a_summary_and_links_are_made_absolute() -> None:
    post = posts("ours/presse.rss")[1]
    assert post.text == "<p>Le seul texte.</p>"
    assert post.url == "https://www.exemple.org/2026/11/24/sans-resume.php"


def test_atom_gives_publication_and_edition_apart() -> None:
    post = posts("reader/full.atom")[0]
    assert post.published_at == datetime(2003, 12, 13, 17, 17, 51, tzinfo=UTC)
    assert post.edited_at == datetime(2003, 12, 13, 18, 30, 2, tzinfo=UTC)


def test_rdf_gives_the_items_outside_its_channel_with_their_dates() -> None:
    assert [(post.title, post.published_at) for post in posts("ours/rdf.rdf")] == [
        ("Vigilance jaune", datetime(2026, 11, 24, 6, 0, tzinfo=UTC)),
        ("Vigilance orange", datetime(2026, 11, 24, 7, 0, tzinfo=UTC)),
    ]


def test_rss_091_is_read_behind_its_document_type_with_the_characters_of_windows() -> None:
    first, second = posts("ours/rss091.rss", "text/xml; charset=iso-8859-1")
    assert first.title == "Théâtre : œuvre à 10 € – complet"
    assert first.text == "Entrée libre"
    assert second.title == "Marché de Noël"


def test_json_feed_gives_its_summary_before_its_text_and_the_items_own_language() -> None:
    first, second = posts("reader/full.json")
    assert (first.title, first.text, first.lang) == ("Title", "A summary", "de")
    assert first.edited_at == datetime(2020, 1, 4, 0, 0, tzinfo=UTC)
    assert (second.text, second.lang) == ("<p>Hello, world!</p>", "en")


def test_json_feed_with_fields_of_wrong_types_keeps_what_is_right() -> None:
    ids = [post.native_id.partition(":")[2] for post in posts("reader/invalid.json")]
    assert ids[:3] == ["2", "3.1415", "author name"]


def test_json_feed_with_numbers_for_ids_and_things_that_are_no_items() -> None:
    body = b'{"version":"https://jsonfeed.org/version/1.1","items":[{"id":12345678901234567890},{"id":1e999},7,{}]}'
    window = window_of(read_document(body, ""), HERE, HERE, {})
    assert [post.native_id.partition(":")[2] for post in window.posts] == ["12345678901234567890", "1e999"]
    assert len(window.broken) == 2


def test_an_item_that_only_has_an_id_is_shown_by_it() -> None:
    assert posts("reader/empty.rss")[0].title == "7bd204c6-1655-4c27-aeee-53f933c5395f"


def test_plain_titles_are_escaped_since_posts_are_html() -> None:
    atom = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>a:1</id><title>a &lt;b c</title></entry></feed>'
    assert window_of(read_document(atom, ""), HERE, HERE, {}).posts[0].title == "a &lt;b c"


def test_long_articles_are_kept_as_an_excerpt_cut_between_words() -> None:
    article = "<![CDATA[<p>" + "mot " * 2_000 + "</p>]]>"
    item = f"<item><guid>1</guid><description>{article}</description></item>"
    body = f"<rss version='2.0'><channel>{item}</channel></rss>"
    text = window_of(read_document(body.encode(), ""), HERE, HERE, {}).posts[0].text
    assert text.startswith("mot mot")
    assert text.endswith("mot …")
    assert len(text) < 1_010


def test_a_feed_behind_a_php_warning_is_read() -> None:
    assert [post.title for post in posts("ours/avertissement.rss")] == ["Lu quand même"]


def test_a_valid_feed_without_items_is_a_feed() -> None:
    assert feed("reader/10.json").items == ()
    assert read_document(b"<rss version='2.0'><channel/></rss>", "").items == ()


@pytest.mark.parametrize(
    ("body", "error", "words"),
    [
        (b"", Malformed, "page vide"),
        (b"  \r\n\t\x00", Malformed, "page vide"),
        ((FEEDS / "ours/connexion.html").read_bytes(), AuthRefused, "page de connexion intitulée « Espace abonnés"),
        ((FEEDS / "ours/maintenance.html").read_bytes(), Malformed, "page web intitulée « Site en maintenance »"),
        (b"<html><body>Just a moment...</body></html>", Malformed, "page web au lieu d'un flux"),
        ((FEEDS / "reader/sqlite_releases.html").read_bytes(), Malformed, "Release History Of SQLite"),
        ((FEEDS / "reader/unknown.json").read_bytes(), Malformed, "n'est pas un JSON Feed"),
        (b'{"erreur": 503}', Malformed, "n'est pas un JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [', Malformed, "abîmé ou coupé"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [NaN]}', Malformed, "abîmé ou coupé"),
        (b"[" * 100_000, Malformed, "abîmé ou coupé"),
        (b"%PDF-1.7", Malformed, "n'est pas un flux"),
        (b"<?xml version='1.0'?><urlset><url/></urlset>", Malformed, "n'est pas un flux"),
    ],
)
def test_what_is_no_feed_is_named(body: bytes, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        read_document(body, "")
