"""A post and its document say the same thing, and the template knows every word of it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.posts import POST, READING
from watcher.model import AuthorHash, Post, PostId, Reading, StoryId
from watcher.stores.documents import METRICS, from_document, to_document
from watcher.stores.elastic import POSTS, TEMPLATES

PROPERTIES: Mapping[str, Any] = TEMPLATES[POSTS]["template"]["mappings"]["properties"]

words = st.lists(st.text(min_size=1, max_size=8), max_size=3).map(tuple)
times = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is given
readings = st.builds(
    Reading,
    lang=st.sampled_from(["fr", "oc", "en"]),
    topics=words,
    hashtags=words,
    hashtags_raw=words,
    mentions=words,
    domains=words,
    departements=words,
    communes=words,
    evidence=words,
)
posts = st.builds(
    Post,
    id=st.text(min_size=1).map(PostId),
    platform=st.just("rss"),
    source=st.just("gazette"),
    published_at=st.none() | times,
    edited_at=st.none() | times,
    collected_at=times,
    author=st.none() | st.text(min_size=1).map(AuthorHash),
    metrics=st.dictionaries(st.sampled_from(sorted(METRICS)), st.integers(0)),
    reading=st.none() | readings,
    story=st.none() | st.text(min_size=1).map(StoryId),
    is_first=st.none() | st.booleans(),
)


@settings(max_examples=50, deadline=None)
@given(posts)
def test_every_field_is_in_the_template(post: Post) -> None:
    document = to_document(post)

    assert set(document) <= set(PROPERTIES)
    assert set(document.get("metrics", {})) <= set(PROPERTIES["metrics"]["properties"])


@settings(max_examples=50, deadline=None)
@given(posts)
def test_a_document_read_back_makes_the_same_document(post: Post) -> None:
    document = json.loads(json.dumps(to_document(post)))

    assert to_document(from_document(document)) == document


def test_the_template_is_strict_small_and_knows_our_counters() -> None:
    assert len(PROPERTIES) + len(METRICS) <= 100
    assert set(PROPERTIES["metrics"]["properties"]) == METRICS
    assert PROPERTIES["url"] == {"type": "keyword", "index": False, "doc_values": False}


def test_off_subject_is_kept_without_author_or_counters() -> None:
    signed = replace(POST, author=AuthorHash("a1b2"), metrics={"likes": 3})
    off_subject = replace(signed, reading=replace(READING, relevance="hors_sujet"))

    assert set(to_document(signed)) - set(to_document(off_subject)) == {"author", "metrics"}
    assert to_document(off_subject)["text"] == POST.text


def test_times_are_utc_to_the_millisecond() -> None:
    post = replace(POST, published_at=datetime.fromisoformat("2026-07-01T10:00:00.123456+02:00"))

    assert to_document(post)["published_at"] == "2026-07-01T08:00:00.123+00:00"
