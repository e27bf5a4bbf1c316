"""What every collector promises, whichever it is: a new platform is held to it by being there."""

import importlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests.fakes.fetch import FakeFetch
from tests.fakes.sample import Answers, Sample
from watcher.collect import find
from watcher.errors import AuthRefused, Malformed, RateLimited, Transient, Unreachable, WatcherError
from watcher.model import Cursor, Page
from watcher.ports import Collector
from watcher.stores.documents import METRICS
from watcher.sweep import Sweepable

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
COLLECTORS = find()
SWEEPABLE = [name for name, collector in COLLECTORS.items() if isinstance(collector, Sweepable)]


@pytest.fixture(params=sorted(COLLECTORS))
def platform(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def collector(platform: str) -> Collector:
    return COLLECTORS[platform]


@pytest.fixture
def sample(platform: str) -> Sample:
    found: Sample = importlib.import_module(f"tests.collectors.test_{platform}").SAMPLE
    return found


@pytest.fixture
def settings(collector: Collector, sample: Sample) -> Any:
    return collector.Settings.model_validate(sample.settings)


async def read(collector: Collector, settings: Any, answers: Answers, cursor: Cursor | None = None) -> list[Page]:
    return [page async for page in collector.pages(FakeFetch(answers), settings, cursor, NOW)]


def ids(pages: list[Page]) -> list[str]:
    return [post.native_id for page in pages for post in page.posts]


def test_a_collector_bears_the_name_of_its_module(platform: str, collector: Collector) -> None:
    assert collector.name == platform


def test_a_collector_has_its_own_tests(platform: str) -> None:
    assert (Path(__file__).parents[1] / "collectors" / f"test_{platform}.py").is_file()


def test_each_key_of_the_settings_is_named_and_explained_in_yaml_words(collector: Collector) -> None:
    for name, field in collector.Settings.model_fields.items():
        assert field.title, name
        assert field.description, name
        key = field.alias or name
        assert key.isascii()
        assert key == key.lower()


def test_an_unknown_key_of_the_settings_is_an_error(collector: Collector, sample: Sample) -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        collector.Settings.model_validate({**sample.settings, "inconnue": 1})


def test_settings_do_not_change(settings: Any) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        setattr(settings, next(iter(type(settings).model_fields)), "autre")


async def test_ids_are_there_distinct_and_stable(collector: Collector, settings: Any, sample: Sample) -> None:
    first, second = [ids(await read(collector, settings, sample.posts)) for _ in range(2)]
    assert first
    assert all(first)
    assert len(set(first)) == len(first)
    assert first == second


async def test_times_are_aware(collector: Collector, settings: Any, sample: Sample) -> None:
    posts = [post for page in await read(collector, settings, sample.posts) for post in page.posts]
    times = [at for post in posts for at in (post.published_at, post.edited_at) if at is not None]
    assert times
    assert all(at.utcoffset() is not None for at in times)


async def test_counters_bear_the_names_that_documents_hold(collector: Collector, settings: Any, sample: Sample) -> None:
    posts = [post for page in await read(collector, settings, sample.posts) for post in page.posts]
    assert {name for post in posts for name in post.metrics} <= METRICS


async def test_each_cursor_is_json_from_which_the_reading_goes_on(
    collector: Collector, settings: Any, sample: Sample
) -> None:
    pages = await read(collector, settings, sample.posts)
    for page in pages:
        json.loads(page.cursor)
        later = await read(collector, settings, sample.posts, page.cursor)
        assert set(ids(later)) <= set(ids(pages))
        assert len(later) <= len(pages)


async def test_a_cursor_that_cannot_be_understood_means_from_the_start(
    collector: Collector, settings: Any, sample: Sample
) -> None:
    pages = await read(collector, settings, sample.posts, Cursor("autre chose"))
    assert ids(pages) == ids(await read(collector, settings, sample.posts))


async def test_an_empty_page_ends_the_run(collector: Collector, settings: Any, sample: Sample) -> None:
    pages = await read(collector, settings, sample.none)
    assert len(pages) <= 1
    assert ids(pages) == []


@pytest.mark.parametrize("error", [RateLimited("attendez", 90.0), Unreachable("en panne")], ids=["429", "5xx"])
async def test_a_platform_in_trouble_is_heard_by_the_caller_at_once(
    collector: Collector, settings: Any, error: Transient
) -> None:
    fetch = FakeFetch(otherwise=error)
    with pytest.raises(type(error)) as heard:
        [page async for page in collector.pages(fetch, settings, None, NOW)]
    assert heard.value.retry_after_s == error.retry_after_s
    assert len(fetch.calls) == 1


async def test_a_page_of_another_form_is_malformed_and_moves_no_cursor(
    collector: Collector, settings: Any, sample: Sample
) -> None:
    pages = collector.pages(FakeFetch(sample.broken), settings, None, NOW)
    with pytest.raises(Malformed):
        await anext(pages)


@pytest.mark.parametrize("platform", SWEEPABLE)
@pytest.mark.parametrize(
    "error", [RateLimited("attendez", 90.0), Unreachable("en panne"), AuthRefused("clé refusée", 401)], ids=repr
)
async def test_a_platform_that_cannot_be_asked_deletes_nothing(
    collector: Any, settings: Any, sample: Sample, error: WatcherError
) -> None:
    known = ids(await read(collector, settings, sample.posts))
    assert known
    assert await collector.still_there(FakeFetch(otherwise=error), settings, known) == set()


@pytest.mark.parametrize("platform", SWEEPABLE)
async def test_what_a_platform_says_is_gone_is_among_what_it_was_asked(
    collector: Any, settings: Any, sample: Sample
) -> None:
    known = ids(await read(collector, settings, sample.posts))
    assert await collector.still_there(FakeFetch(), settings, known) == set(known)
    assert await collector.still_there(FakeFetch(), settings, []) == set()
