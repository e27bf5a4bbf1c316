"""A digest as a file of its own: self-contained, harmless, and the same words as everywhere."""

import re
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser

import pytest

from tests.fakes.digests import EXAMPLE, asked, morning_facts, week_facts
from tests.fakes.page import LABELS
from watcher.digest.document import Digest
from watcher.digest.morning import morning
from watcher.digest.page import page
from watcher.digest.week import week

MORNING = morning(morning_facts(), LABELS.named)
WEEK = week(week_facts(), LABELS.topics)
HOSTILE = "</blockquote></style><script>alert(1)</script><img src=x onerror=alert(1)>"


class Seen(HTMLParser):
    """The elements of a page, their attributes, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(text)
        self.words = " ".join(self.words.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words += f" {data}"


@pytest.mark.parametrize("digest", [MORNING, WEEK], ids=["morning", "week"])
def test_a_page_needs_nothing_and_runs_nothing(digest: Digest) -> None:
    text = page(digest, "Veille Occitanie")
    seen = Seen(text)
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(seen.tags)
    names = {name for name, _ in seen.attributes}
    assert not [name for name in names if name.startswith("on") or name in {"src", "srcset", "style"}]
    assert "@import" not in text
    assert [url for url in re.findall(r"url\(([^)]*)\)", text) if not url.startswith("#")] == []


def test_the_policy_of_a_page_lets_in_its_own_sheet_and_no_more() -> None:
    text = page(MORNING, "Veille Occitanie")
    sheet = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert sheet
    digest = b64encode(sha256(sheet[1].encode()).digest()).decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    assert unescape(policy) == (f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'")


def test_every_word_of_the_digest_is_on_its_page() -> None:
    words = Seen(page(WEEK, "Veille Occitanie")).words
    assert "Veille Occitanie Bilan de la semaine 47" in words
    for section in WEEK.sections:
        assert section.title in words
        for note in section.notes:
            assert " ".join(note.split()) in words
        for row in section.table.rows if section.table else ():
            assert all(" ".join(cell.split()) in words for cell in (row.name, *row.cells))
    assert all(definition in words for definition in WEEK.definitions)
    assert "Bilan fait le lundi 23 novembre 2026 à 9 h 00" in words


def test_posts_are_text_whatever_they_hold() -> None:
    call = asked("evil", "demande_aide", timedelta(hours=1), HOSTILE)
    call = replace(call, post=replace(call.post, url="javascript:alert(1)"))
    facts = replace(morning_facts(), asked=(call,), examples={EXAMPLE.id: replace(EXAMPLE, text=HOSTILE)})
    seen = Seen(page(morning(facts, LABELS.named), "Veille"))
    assert "script" not in seen.tags
    assert seen.tags.count("style") == 1
    assert not [value for _, value in seen.attributes if value and value.startswith("javascript")]
    assert "<script>alert(1)</script>" in seen.words


def test_days_are_drawn_with_what_was_not_heard_and_told_in_words() -> None:
    text = page(WEEK, "Veille Occitanie")
    assert text.count('fill="url(#sourd)"') == 1
    assert text.count('class="bar" x=') >= 7
    labels = [value or "" for name, value in Seen(text).attributes if name == "aria-label"]
    assert any(label.startswith("lun. 16 : 150 (semaine d'avant : 160), mar. 17 : 141") for label in labels)
