"""What every collector does with an answer that nobody documented: one odd thing costs one post at the most."""

import importlib
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from tests.fakes.fetch import Call, FakeFetch
from tests.fakes.oddities import (
    DROPPED,
    ODD_VALUES,
    documents,
    items_of,
    paths,
    value_at,
    with_document,
    with_value,
)
from tests.fakes.sample import Answers, Sample
from watcher.collect import find
from watcher.deadletters import of_broken
from watcher.errors import SourceGone, WatcherError
from watcher.flow import make_posts
from watcher.model import Page, Post, Source
from watcher.ports import Backfilling, Counted, Expiring
from watcher.privacy import Pseudonyms

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PSEUDONYMS = Pseudonyms(b"k" * 32)
MOST_CALLS = 500
"""More than any of the samples can need: beyond, a collector turns in circles."""

COLLECTORS = find()


def sample_of(platform: str) -> Sample:
    found: Sample = importlib.import_module(f"tests.collectors.test_{platform}").SAMPLE
    return found


SAMPLES = {name: sample_of(name) for name in COLLECTORS}
IN_JSON = sorted(name for name, sample in SAMPLES.items() if list(documents(sample.posts)))


Aside = Callable[[Any, FakeFetch, Sample], Awaitable[None]]


class BoundedFetch(FakeFetch):
    """Fails where a collector goes on asking."""

    def _next(self, call: Call) -> Any:
        assert len(self.calls) < MOST_CALLS, "endless"
        return super()._next(call)


async def read(platform: str, answers: Answers) -> tuple[list[Page], list[Post]]:
    """Return the pages of a first run, and their posts as the line makes them; what it cannot make is set apart."""
    collector = COLLECTORS[platform]
    keys = collector.Settings.model_validate(SAMPLES[platform].settings)
    source = Source("essai", platform, keys, 900.0)
    pages = [page async for page in collector.pages(BoundedFetch(answers), keys, None, NOW)]
    raws = [post for page in pages for post in page.posts]
    made, dead = make_posts(raws, source, PSEUDONYMS, NOW)
    assert len(made) + len(dead) == len(raws)
    letters = [*dead, *(of_broken(item, source, PSEUDONYMS) for page in pages for item in page.broken)]
    assert all(letter.payload.encode() and letter.error for letter in letters)
    return pages, made


@pytest.mark.parametrize("platform", IN_JSON)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
async def test_one_odd_thing_anywhere_ends_a_run_in_words_or_not_at_all(platform: str, data: st.DataObject) -> None:
    answers = SAMPLES[platform].posts
    place, document = data.draw(st.sampled_from(list(documents(answers))))
    path = data.draw(st.sampled_from(list(paths(document))))
    odd = with_value(document, path, data.draw(st.sampled_from(ODD_VALUES)))
    with suppress(WatcherError):  # which says in French what is wrong
        pages, _ = await read(platform, with_document(answers, place, odd))
        assert all(json.loads(page.cursor) is not None for page in pages)


async def figures(collector: Any, fetch: FakeFetch, sample: Sample) -> None:
    await collector.figures(fetch, collector.Settings.model_validate(sample.settings), NOW)


async def expiry(collector: Any, fetch: FakeFetch, sample: Sample) -> None:
    await collector.expires_at(fetch, collector.Settings.model_validate(sample.settings), NOW)


async def backfill(collector: Any, fetch: FakeFetch, sample: Sample) -> None:
    keys = collector.Settings.model_validate(sample.past_settings or sample.settings)
    async for page in collector.backfill(fetch, keys, NOW - timedelta(days=3650), NOW, None):
        json.loads(page.cursor)


ASIDES = [
    (name, ask, given)
    for name, sample in SAMPLES.items()
    for ask, kind, given in (
        (figures, Counted, sample.figures),
        (expiry, Expiring, sample.expiry),
        (backfill, Backfilling, sample.backfill or sample.posts),
    )
    if isinstance(COLLECTORS[name], kind) and list(documents(given))
]


@pytest.mark.parametrize(
    ("platform", "ask", "answers"), ASIDES, ids=[f"{name}-{ask.__name__}" for name, ask, _ in ASIDES]
)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
async def test_what_is_asked_beside_the_runs_ends_in_words_too(
    platform: str, ask: Aside, answers: Answers, data: st.DataObject
) -> None:
    place, document = data.draw(st.sampled_from(list(documents(answers))))
    path = data.draw(st.sampled_from(list(paths(document))))
    odd = with_value(document, path, data.draw(st.sampled_from(ODD_VALUES)))
    with suppress(WatcherError):
        await ask(COLLECTORS[platform], BoundedFetch(with_document(answers, place, odd)), SAMPLES[platform])


@pytest.mark.parametrize("platform", IN_JSON)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
async def test_an_odd_item_never_costs_the_others(platform: str, data: st.DataObject) -> None:
    answers = SAMPLES[platform].posts
    place, document = data.draw(st.sampled_from([found for found in documents(answers) if list(items_of(found[1]))]))
    item = data.draw(st.sampled_from(list(items_of(document))))
    inside = data.draw(st.sampled_from(list(paths(value_at(document, item)))))
    value = data.draw(st.sampled_from(ODD_VALUES[1:] if inside == () else ODD_VALUES))
    without = with_document(answers, place, with_value(document, item, DROPPED))
    odd = with_document(answers, place, with_value(document, (*item, *inside), value))
    try:
        _, others = await read(platform, without)
    except WatcherError:
        reject()  # without it there is nothing to read at all
    try:
        _, posts = await read(platform, odd)
    except SourceGone:
        reject()  # an odd id led where this platform has nothing
    assert {post.id for post in others} <= {post.id for post in posts}
