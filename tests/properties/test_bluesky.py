"""Bluesky, whatever comes: offsets in bytes always fall where their author meant, and no frame stops the reading."""

import json
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.collectors.test_bluesky import AUTHOR, GOLDEN, WRITTEN
from watcher.collectors.bluesky.events import read_frame
from watcher.collectors.bluesky.first_filter import FirstFilter
from watcher.collectors.bluesky.pages import page_of, read_batch
from watcher.collectors.bluesky.record import post_of, written_at
from watcher.demo.jetstream import as_v2
from watcher.errors import Unreachable
from watcher.model import Cursor, Source
from watcher.normalise import normalise
from watcher.ports import TerritoryWords

INTEROP = Path(__file__).parents[1] / "data" / "bluesky" / "interop"
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SOURCE = Source("bluesky", "bluesky", None, 60)
URI = f"at://{AUTHOR}/app.bsky.feed.post/3m6"
EVERYTHING = FirstFilter(TerritoryWords(), ["Nîmes", "Toulouse"])
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs")), min_size=1, max_size=12)


def lines(name: str) -> list[str]:
    written = (INTEROP / name).read_text(encoding="utf-8").splitlines()
    return [line for line in written if line and not line.startswith("#")]


@given(st.text(max_size=60), WORDS, st.text(max_size=60))
def test_a_mention_covers_its_own_bytes_whatever_stands_around(before: str, handle: str, after: str) -> None:
    start = len(before.encode("utf-8", "surrogatepass"))
    index = {"byteStart": start, "byteEnd": start + 1 + len(handle.encode())}
    feature = {"$type": "app.bsky.richtext.facet#mention", "did": AUTHOR}
    record = {"text": f"{before}@{handle}{after}", "facets": [{"index": index, "features": [feature]}]}
    assert post_of(AUTHOR, URI, record, NOW, is_edit=False).mentions == (handle,)


@given(st.text(max_size=20), st.integers(-5, 90), st.integers(-5, 90))
def test_offsets_that_are_none_of_the_text_lose_no_mention(text: str, start: int, end: int) -> None:
    feature = {"$type": "app.bsky.richtext.facet#mention", "did": AUTHOR}
    record = {"text": text, "facets": [{"index": {"byteStart": start, "byteEnd": end}, "features": [feature]}]}
    mentions = post_of(AUTHOR, URI, record, NOW, is_edit=False).mentions
    assert mentions is not None
    assert len(mentions) == 1


@given(st.text() | ANY_JSON.map(json.dumps))
def test_no_frame_stops_the_reading(frame: str) -> None:
    events, _ = read_batch([frame, json.dumps(WRITTEN[0])], EVERYTHING)
    assert len(page_of(events, (), Cursor("{}"), EVERYTHING).posts) == 1


@given(st.sampled_from([*GOLDEN, *WRITTEN]), st.booleans(), st.data())
def test_a_frame_damaged_anywhere_is_read_or_set_aside(event: Any, is_v2: bool, data: st.DataObject) -> None:  # noqa: FBT001 - drawn
    frame = json.loads(json.dumps(as_v2(event, 1) if is_v2 else event))
    holder = frame
    while True:
        key = data.draw(
            st.sampled_from(sorted(holder)) if isinstance(holder, dict) else st.sampled_from(range(len(holder)))
        )
        inner = holder[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            break
        holder = inner
    holder[key] = data.draw(ANY_JSON)
    try:
        events, broken = read_batch([json.dumps(frame)], EVERYTHING)
    except Unreachable:
        assert frame.get("$type") == "error"
        return
    page = page_of(events, broken, Cursor("{}"), EVERYTHING)
    for post in page.posts:
        assert normalise(post, SOURCE, NOW).native_id == post.native_id


@given(st.text(), st.lists(st.text(max_size=40), max_size=3), st.lists(st.text(max_size=5), max_size=3))
def test_the_first_filter_takes_any_text(text: str, hashtags: list[str], langs: list[str]) -> None:
    assert EVERYTHING.lets_through([text, "nîmes"], hashtags, langs)


def test_a_tag_without_end_costs_no_more_than_its_length() -> None:
    begun = process_time()
    assert not EVERYTHING.lets_through([], ["a" * 300_000], ["fr"])
    assert EVERYTHING.lets_through([], ["a" * 300_000 + "toulouse"], ["fr"])
    assert process_time() - begun < 0.5  # with its square: a minute


@pytest.mark.parametrize("event", [*GOLDEN, *WRITTEN], ids=lambda event: f"{event['kind']}-{event['time_us'] % 10**7}")
def test_both_wire_formats_tell_the_same(event: Any) -> None:
    assert read_frame(json.dumps(event)) == read_frame(json.dumps(as_v2(event, 7)))


@pytest.mark.parametrize("text", lines("datetime_syntax_valid.txt"))
def test_the_dates_that_the_protocol_allows_are_read(text: str) -> None:
    assert written_at(text) is not None


@pytest.mark.parametrize("text", lines("datetime_parse_invalid.txt"))
def test_impossible_dates_are_none(text: str) -> None:
    assert written_at(text) is None
