"""Whatever a post holds, the first three components read it without failing, and what they give stands in its text."""

from itertools import pairwise

import pytest
import spacy
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines import entities, language, places
from pipelines.folding import fold, words
from pipelines.hashtags import hashtags_in, split_hashtag
from pipelines.hints import Hints
from pipelines.links import links_in
from pipelines.tokenizer import LinearTokenizer

NLP = spacy.blank("fr")
NLP.tokenizer = LinearTokenizer(NLP.vocab)
for module in (entities, language, places):
    NLP.add_pipe(module.__name__.rpartition(".")[2])

PIECES = st.sampled_from(
    ["Toulouse", "le Lot", "#", "＃", "@", "http://", "a.fr", "St ", "-", "'", "(31)", "\x00", "\u200d", "\u202e", "🏔️",
     "&amp;", "<b>", "Ã©", "\n", " ", "é", "31000 ", "rue de ", "ß", "İ", "مرحبا", "Foix"],
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map("".join))
PLATFORMS = st.sampled_from(["", "x", "instagram", "mastodon", "bluesky", "rss"])


@settings(max_examples=150, deadline=None)
@given(text=TEXTS, platform=PLATFORMS)
def test_any_text_is_read(text: str, platform: str) -> None:
    doc = NLP.make_doc(text)
    doc._.hints = Hints(platform=platform)
    doc = NLP(doc)
    assert doc.text == text
    assert len(doc._.lang) == 2
    assert all(0 <= start < end <= len(doc.text) for start, end in doc._.written.spans)
    assert list(doc._.written.spans) == sorted(doc._.written.spans)
    for place in (*doc._.places, *doc._.places_refused):
        assert doc.text[place.start : place.end] == place.name
        assert 0 <= place.confidence <= 1
    assert all(place.confidence >= 0.5 for place in doc._.places)
    assert list(doc._.departements) == sorted({code for place in doc._.places for code in place.departements})


@settings(deadline=None)
@given(text=TEXTS, platform=PLATFORMS)
def test_hashtags_stand_in_the_text_and_hold_a_letter(text: str, platform: str) -> None:
    for tag in hashtags_in(text, platform):
        assert text[tag.start] in "#＃"
        assert text[tag.start + 1 : tag.end] == tag.tag
        assert not tag.tag.isdigit()
        assert "".join(split_hashtag(tag.tag)) == "" or all(split_hashtag(tag.tag))


@settings(deadline=None)
@given(text=TEXTS)
def test_links_stand_in_the_text_and_never_overlap(text: str) -> None:
    found = links_in(text)
    assert all(text[link.start : link.end] == link.url for link in found)
    assert all(first.end <= second.start for first, second in pairwise(found))


@settings(deadline=None)
@given(text=TEXTS)
@example("\u0300")
def test_folding_is_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert all(text[word.start : word.end] == word.text for word in words(text))


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10_000,
        "é" * 10_000,
        "あ" * 10_000,
        "." * 10_000,
        "a." * 5_000,
        "http://" * 1_400,
        "http://a.fr/" + "(" * 9_000,
        "@" * 10_000,
        "#tag " * 500,
        "#a" * 5_000,
        "Saint-" * 1_600,
        "Toulouse, " * 1_000,
        "le Lot de Foix à Auch " * 450,
        "🏔️" * 5_000,
    ],
    ids=lambda text: text[:12],
)
def test_a_very_long_post_is_read(text: str) -> None:
    assert NLP(text)._.lang
