"""What every collector promises, whichever it is: a new platform is held to it by being there."""

import importlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests.fakes.fetch import FakeFetch
from tests.fakes.sample import Answers, Sample
from watcher.budget import Budget, Cost
from watcher.collect import find
from watcher.errors import AuthRefused, BudgetSpent, Malformed, RateLimited, Transient, Unreachable, WatcherError
from watcher.model import AccountFigures, Cursor, Page
from watcher.ports import Backfilling, Billed, Collector, Counted, Expiring, Response, Sweepable
from watcher.stores.documents import METRICS

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
COLLECTORS = find()
SWEEPABLE = [name for name, collector in COLLECTORS.items() if isinstance(collector, Sweepable)]
BACKFILLING = [name for name, collector in COLLECTORS.items() if isinstance(collector, Backfilling)]
COUNTED = [name for name, collector in COLLECTORS.items() if isinstance(collector, Counted)]
EXPIRING = [name for name, collector in COLLECTORS.items() if isinstance(collector, Expiring)]
BILLED = [name for name, collector in COLLECTORS.items() if isinstance(collector, Billed)]


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


@pytest.fixture
def past_settings(collector: Collector, sample: Sample) -> Any:
    return collector.Settings.model_validate(sample.past_settings or sample.settings)


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


async def test_an_answer_names_another_post_the_way_that_posts_are_named(
    collector: Collector, settings: Any, sample: Sample
) -> None:
    posts = [post for page in await read(collector, settings, sample.posts) for post in page.posts]
    for post in posts:
        assert post.reply_to != post.native_id
        assert post.reply_to != ""
        assert post.conversation != ""
        assert post.conversation is None or post.reply_to is not None or post.conversation == post.native_id


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


@pytest.mark.parametrize(
    "error",
    [RateLimited("attendez", 90.0), Unreachable("en panne"), BudgetSpent("au repos", 3600.0)],
    ids=["429", "5xx", "budget"],
)
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
    assert await collector.still_there(FakeFetch(sample.gone), settings, known) == set(known)
    assert await collector.still_there(FakeFetch(sample.gone), settings, []) == set()


def test_a_budget_is_what_the_platform_allows_a_key(collector: Collector) -> None:
    assert isinstance(getattr(collector.Settings, "budget", Budget()), Budget)


async def test_what_was_not_heard_lies_in_the_past_and_says_of_when(
    collector: Collector, settings: Any, sample: Sample
) -> None:
    for page in await read(collector, settings, sample.posts):
        for gap in page.unheard:
            assert gap.until.utcoffset() is not None
            assert gap.until <= NOW
            assert gap.since is None or gap.since < gap.until
            assert gap.posts is None or gap.posts > 0


@pytest.mark.parametrize("platform", BACKFILLING)
async def test_a_backfill_gives_the_interval_alone_under_the_ids_of_the_everyday_reading(
    collector: Any, past_settings: Any, sample: Sample
) -> None:
    since, until = NOW - timedelta(days=3650), NOW
    fetch = FakeFetch(sample.backfill or sample.posts)
    posts = [p async for page in collector.backfill(fetch, past_settings, since, until, None) for p in page.posts]
    assert posts
    assert len({post.native_id for post in posts}) == len(posts)
    assert all(post.published_at is None or since <= post.published_at < until for post in posts)


@pytest.mark.parametrize("platform", BACKFILLING)
async def test_a_backfill_goes_on_from_each_of_its_cursors(collector: Any, past_settings: Any, sample: Sample) -> None:
    since, until = NOW - timedelta(days=3650), NOW
    answers = sample.backfill or sample.posts

    async def pages(cursor: Cursor | None) -> list[Page]:
        return [page async for page in collector.backfill(FakeFetch(answers), past_settings, since, until, cursor)]

    whole = await pages(None)
    for page in whole:
        json.loads(page.cursor)
        assert set(ids(await pages(page.cursor))) <= set(ids(whole))


@pytest.mark.parametrize("platform", COUNTED)
async def test_figures_are_counts_of_named_accounts(collector: Any, settings: Any, sample: Sample) -> None:
    figures = await collector.figures(FakeFetch(sample.figures), settings, NOW)
    assert figures
    for account in figures:
        assert isinstance(account, AccountFigures)
        assert account.account
        counts = (account.followers, account.posts, account.reach, *account.engagement.values())
        assert all(count is None or count >= 0 for count in counts)
        assert set(account.engagement) <= METRICS


@pytest.mark.parametrize("platform", COUNTED)
async def test_figures_that_cannot_be_had_are_an_error_not_a_zero(collector: Any, settings: Any) -> None:
    with pytest.raises(Unreachable):
        await collector.figures(FakeFetch(otherwise=Unreachable("en panne")), settings, NOW)


@pytest.mark.parametrize("platform", EXPIRING)
async def test_the_end_of_a_key_is_an_aware_time(collector: Any, settings: Any, sample: Sample) -> None:
    ends_at = await collector.expires_at(FakeFetch(sample.expiry), settings, NOW)
    assert ends_at is None or ends_at.utcoffset() is not None


@pytest.mark.parametrize("platform", BILLED)
async def test_a_call_never_costs_more_than_was_said_before(collector: Any, settings: Any, sample: Sample) -> None:
    fetch = FakeFetch(sample.posts)
    [page async for page in collector.pages(fetch, settings, None, NOW)]
    assert fetch.calls
    for call in fetch.calls:
        price = collector.price(settings, call.url, call.params)
        given = sample.posts[call.url]
        for answer in [given] if isinstance(given, Response) else [one for one in given if isinstance(one, Response)]:
            paid = collector.paid(settings, call.url, call.params, answer)
            assert Cost() != price
            assert all(getattr(paid, thing) <= getattr(price, thing) for thing in Cost.__slots__)
