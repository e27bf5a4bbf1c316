"""Which items are the same post. The rule is told in deploy/decisions/004-feed-identity.md."""

from datetime import UTC, datetime

import pytest

from watcher.collectors.rss.document import read_document
from watcher.collectors.rss.feed import Item
from watcher.collectors.rss.identity import native_ids, same_address, without_tracking
from watcher.collectors.rss.posts import window_of

FEED = "https://www.exemple.org/rss.xml"
OTHER_FEED = "https://www.exemple.org/toulouse/rss.xml"
HOME = "https://www.exemple.org/"
ARTICLE = "https://www.exemple.org/articles/1"


def item(guid: str = "", link: str = "", title: str = "Titre", summary: str = "") -> Item:
    return Item(guid=guid, link=link, title=title, summary=summary, published_at=datetime(2026, 11, 24, tzinfo=UTC))


def identity(one: Item, feed: str = FEED) -> str:
    return native_ids([one], feed, HOME)[0]


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://a.org/x?utm_source=rss&id=1&utm_medium=x", "https://a.org/x?id=1"),
        ("https://a.org/x#xtor=RSS-3208", "https://a.org/x"),
        ("https://a.org/x?at_medium=5&at_campaign_group=1", "https://a.org/x"),
        ("https://a.org/x?fbclid=abc#partie", "https://a.org/x#partie"),
        ("https://a.org/x?p=1&q=%C3%A9&atout=2", "https://a.org/x?p=1&q=%C3%A9&atout=2"),
        ("http://[", "http://["),
    ],
)
def test_tracking_leaves_an_address_and_nothing_else_does(address: str, kept: str) -> None:
    assert without_tracking(address) == kept


@pytest.mark.parametrize(
    "address",
    [ARTICLE, "http://www.exemple.org/articles/1", "HTTPS://WWW.Exemple.org:443/articles/1", ARTICLE + "?xtor=RSS-1"],
)
def test_spellings_of_one_address_are_one(address: str) -> None:
    assert same_address(address) == ARTICLE


def test_an_article_with_a_web_address_for_guid_is_one_post_in_every_feed() -> None:
    assert (
        identity(item(guid=ARTICLE)) == identity(item(guid="http://www.exemple.org/articles/1"), OTHER_FEED) == ARTICLE
    )


def test_a_guid_that_is_only_a_number_holds_within_its_feed() -> None:
    assert identity(item(guid="1")) != identity(item(guid="1"), OTHER_FEED)
    assert identity(item(guid="1")) == identity(item(guid="1"), FEED.replace("https", "http"))


def test_without_guid_the_link_identifies_and_without_link_the_words() -> None:
    assert identity(item(link=ARTICLE)) == ARTICLE
    assert identity(item(title="Un", summary="mot")) == identity(item(title="Un", summary="mot"))
    assert identity(item(title="Un", summary="mot")) != identity(item(title="Un", summary="autre"))
    assert identity(item(title="Un")) != identity(item(title="Un"), OTHER_FEED)


def test_an_item_that_says_nothing_has_no_identity() -> None:
    assert identity(item(title="")) == ""


def test_the_words_may_be_corrected_without_another_identity() -> None:
    assert identity(item(guid="1", title="Faute")) == identity(item(guid="1", title="Corrigé"))


def test_a_guid_that_several_articles_share_identifies_none_of_them() -> None:
    bulletins = [item(guid="rss", link=f"{HOME}{n}", title=f"Bulletin {n}") for n in range(3)]
    assert native_ids(bulletins, FEED, HOME) == [f"{HOME}{n}" for n in range(3)]


def test_a_link_to_the_home_page_identifies_nothing() -> None:
    bulletins = [item(link=HOME, title=f"Bulletin {n}") for n in range(3)]
    assert len(set(native_ids(bulletins, FEED, HOME))) == 3
    assert identity(item(link=HOME)).startswith(identity(item(guid="x")).partition(":")[0])


def test_an_article_listed_twice_is_one_post() -> None:
    assert len(set(native_ids([item(guid="1", link=ARTICLE)] * 2, FEED, HOME))) == 1


class TestRenewedGuids:
    """Some feeds invent new guids at every reading: promise of « nothing twice » all the same."""

    ITEM = "<item><guid isPermaLink='false'>{guid}</guid><link>https://example.org/{link}</link><title>{title}</title></item>"

    def ids_of(self, known: dict[str, str], *items: tuple[str, str, str]) -> tuple[list[str], dict[str, str]]:
        body = "".join(self.ITEM.format(guid=guid, link=link, title=title) for guid, link, title in items)
        document = read_document(f"<rss version='2.0'><channel>{body}</channel></rss>".encode(), "")
        window = window_of(document, FEED, FEED, known)
        return [post.native_id for post in window.posts], dict(window.marks)

    def test_the_same_link_under_the_same_title_is_the_same_post(self) -> None:
        first, marks = self.ids_of({}, ("a", "1", "Un"), ("b", "2", "Deux"))
        second, marks = self.ids_of(marks, ("c", "1", "Un"), ("d", "2", "Deux"), ("e", "3", "Trois"))
        third, _ = self.ids_of(marks, ("f", "2", "Deux"), ("g", "3", "Trois"))
        assert second[:2] == first
        assert third == second[1:]

    def test_a_live_page_keeps_its_items_apart(self) -> None:
        _, marks = self.ids_of({}, ("a", "direct", "10 h : la crue"))
        ids, _ = self.ids_of(marks, ("b", "direct", "11 h : la décrue"), ("a", "direct", "10 h : la crue"))
        assert len(set(ids)) == 2

    def test_two_items_that_cannot_be_told_apart_are_left_to_their_guids(self) -> None:
        _, marks = self.ids_of({}, ("a", "1", "Un"))
        ids, _ = self.ids_of(marks, ("b", "1", "Un"), ("c", "1", "Un"))
        assert len(set(ids)) == 2
