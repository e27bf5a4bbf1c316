"""TikTok over a real server: our account, its renewals and refusals, and searches for a research body alone."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.fetch import FakeFetch, answer
from tests.fakes.line import a_line
from tests.fakes.sample import Sample
from tests.fakes.tiktok import KEY, RENEWAL, SECRET, FakeTikTok, Video
from watcher.collectors.tiktok import Collector, TikTokSettings
from watcher.collectors.tiktok.api import _OWN_FIELDS
from watcher.collectors.tiktok.wire import videos_of
from watcher.config.keys import filled
from watcher.errors import AuthRefused, RateLimited, Unreachable, WatcherError
from watcher.fetch import HttpFetch
from watcher.flow import collect_source
from watcher.model import Cursor, Page, RawPost, Source
from watcher.ports import Response
from watcher.secrets import NamedSecret, Secret, environment, keep_renewed
from watcher.upkeep.sweep import sweep
from watcher.web.server import serving

DAY = timedelta(days=1)
API = "https://open.tiktokapis.com/v2"
KEYS = {
    "cle": NamedSecret("WATCHER_TIKTOK_CLE", Secret(KEY)),
    "secret": NamedSecret("WATCHER_TIKTOK_SECRET", Secret(SECRET)),
}
OURS = KEYS | {"renouvellement": NamedSecret("WATCHER_TIKTOK_RENOUVELLEMENT", Secret(RENEWAL))}
RESEARCH = KEYS | {"recherches": ["Lodève"], "organisme_de_recherche": True}

A_VIDEO = {
    "id": "7028743950684949650",
    "title": "Le car de #Lodève",
    "video_description": "Le car de #Lodève part à 8 h",
    "create_time": 1763600000,
    "share_url": "https://www.tiktok.com/@region/video/7028743950684949650?utm_campaign=x",
    "view_count": 1050,
    "like_count": 3,
    "comment_count": 2,
    "share_count": 1,
}


def says(path: str, document: object) -> dict[str, Response]:
    return {f"{API}/{path}": answer(f"{API}/{path}", json.dumps(document).encode())}


def videos(*items: object) -> dict[str, Response]:
    data = {"videos": items, "cursor": 1, "has_more": False}
    return says(f"video/list/?fields={_OWN_FIELDS}", {"data": data, "error": {"code": "ok"}})


TOKEN = says("oauth/token/", {"access_token": "act", "expires_in": 86400, "refresh_expires_in": 31536000})
USER = {"display_name": "Région", "follower_count": 9, "likes_count": 40, "video_count": 2}
SAMPLE = Sample(
    settings=OURS,
    posts=TOKEN | videos(A_VIDEO),
    none=TOKEN | videos(),
    broken=TOKEN | says(f"video/list/?fields={_OWN_FIELDS}", ["maintenance"]),
    gone=TOKEN | says("video/query/?fields=id", {"data": {"videos": []}, "error": {"code": "ok"}}),
    figures=TOKEN | says("user/info/", {"data": {"user": USER}, "error": {"code": "ok"}}),
    expiry=TOKEN,
)


class Watch:
    def __init__(self, tiktok: FakeTikTok, address: str, fetch: HttpFetch) -> None:
        self.tiktok, self.fetch = tiktok, fetch
        self.collector = Collector(address.rstrip("/"))
        self.cursor: Cursor | None = None
        self.pages: list[Page] = []

    async def run(self, now: datetime = NOON, **given: Any) -> list[RawPost]:
        settings = TikTokSettings.model_validate(given or OURS)
        self.pages = []
        async for page in self.collector.pages(self.fetch, settings, self.cursor, now):
            self.pages.append(page)
            self.cursor = page.cursor
        return [post for page in self.pages for post in page.posts]

    def publish(self, count: int, *, every: timedelta = timedelta(hours=1)) -> None:
        for n in range(1, count + 1):
            self.tiktok.videos.append(Video((1 << 60) + n, f"Lodève {n}", NOON - n * every))


@pytest.fixture
async def watch() -> AsyncIterator[Watch]:
    platform = FakeTikTok()
    fetch = HttpFetch(user_agent="essai", clock=FakeClock(), allow_loopback=True)
    async with serving(platform) as address, fetch:
        yield Watch(platform, address, fetch)


def test_a_documented_video_is_read_field_by_field() -> None:
    (post,) = videos_of([A_VIDEO], is_own=True).posts
    assert (post.native_id, post.text) == ("7028743950684949650", "Le car de #Lodève part à 8 h")
    assert post.url == "https://www.tiktok.com/@region/video/7028743950684949650"
    assert post.published_at == datetime.fromtimestamp(1763600000, UTC)
    assert (post.author, post.is_own, post.hashtags) == (None, True, None)
    assert post.metrics == {"views": 1050, "likes": 3, "comments": 2, "shares": 1}


@pytest.mark.parametrize("named", ["id", "video_id"])
def test_research_writes_ids_as_numbers_under_either_name(named: str) -> None:
    item = {named: 7028743950684949651, "username": "u", "video_description": "lol #pov", "hashtag_names": ["pov"]}
    (post,) = videos_of([item], is_own=False).posts
    assert (post.native_id, post.author, post.hashtags) == ("7028743950684949651", "u", ("pov",))
    assert post.url == "https://www.tiktok.com/@u/video/7028743950684949651"


@pytest.mark.parametrize("item", [None, 7, [], {}, {"id": "x", "username": "marie"}, {"id": True}], ids=repr)
def test_a_broken_item_costs_itself_alone_and_names_nobody(item: object) -> None:
    read = videos_of([item, A_VIDEO], is_own=True)
    assert (len(read.posts), len(read.broken)) == (1, 1)
    assert "marie" not in read.broken[0].payload


async def test_a_month_of_videos_is_read_page_by_page_and_no_more(watch: Watch) -> None:
    watch.publish(60, every=DAY)
    assert len(await watch.run()) == 40
    assert watch.tiktok.asked.count("video/list/") == 2


async def test_after_a_long_outage_all_since_then_is_read(watch: Watch) -> None:
    watch.publish(60, every=DAY)
    await watch.run(NOON - 50 * DAY)
    assert len(await watch.run()) == 60


async def test_a_session_is_kept_a_day_then_renewed_by_the_token_given_last(watch: Watch) -> None:
    for hours in (0, 12, 25, 50):
        await watch.run(NOON + timedelta(hours=hours))
    assert watch.tiktok.asked.count("oauth/token/") == 3


async def test_the_end_of_the_authorisation_is_told(watch: Watch) -> None:
    ends_at = await watch.collector.expires_at(watch.fetch, TikTokSettings.model_validate(OURS), NOON)
    assert ends_at == NOON + timedelta(days=365)


async def test_the_figures_of_our_account(watch: Watch) -> None:
    (figures,) = await watch.collector.figures(watch.fetch, TikTokSettings.model_validate(OURS), NOON)
    assert (figures.account, figures.followers, figures.posts, figures.engagement) == ("region", 9, 0, {"likes": 40})


@pytest.mark.parametrize(
    ("refusal", "error", "says"),
    [
        ((429, "rate_limit_exceeded"), RateLimited, "attendre"),
        ((429, "daily_quota_limit_exceeded"), RateLimited, "quota du jour"),
        ((401, "access_token_invalid"), AuthRefused, "WATCHER_TIKTOK_CLE"),
        ((401, "scope_not_authorized"), AuthRefused, "video.list"),
        ((200, "scope_not_authorized"), AuthRefused, "video.list"),
        ((200, "internal_error"), Unreachable, "en panne"),
        ((400, "invalid_params"), WatcherError, "ne comprend pas"),
    ],
    ids=str,
)
async def test_each_refusal_says_what_to_do(
    watch: Watch, refusal: tuple[int, str], error: type[WatcherError], says: str
) -> None:
    watch.tiktok.refusal = refusal
    with pytest.raises(error, match=says):
        await watch.run()


async def test_a_spent_quota_waits_for_midnight_utc(watch: Watch) -> None:
    watch.tiktok.refusal = (429, "daily_quota_limit_exceeded")
    with pytest.raises(RateLimited) as limited:
        await watch.run()
    assert limited.value.retry_after_s == 12 * 3600


async def test_a_key_that_is_wrong_or_missing_is_told(watch: Watch) -> None:
    wrong = NamedSecret("WATCHER_TIKTOK_CLE", Secret("autre"))
    with pytest.raises(AuthRefused, match="WATCHER_TIKTOK_CLE"):
        await watch.run(**OURS | {"cle": wrong})
    with pytest.raises(AuthRefused, match="est vide"):
        await watch.run(**OURS | {"cle": NamedSecret("WATCHER_TIKTOK_CLE")})


async def test_a_research_body_finds_behind_an_empty_page_and_through_long_periods(watch: Watch) -> None:
    watch.publish(120, every=timedelta(minutes=1))
    assert len(await watch.run(NOON - 70 * DAY, **RESEARCH)) == 0
    found = await watch.run(**RESEARCH)
    assert len({post.native_id for post in found}) == len(found) == 120
    assert {(post.author, post.is_own) for post in found} == {("marie", False)}


async def test_the_whole_line_stores_once_and_lets_go_of_what_was_deleted(watch: Watch, tmp_path: Path) -> None:
    watch.publish(25)
    line, journal = a_line(tmp_path)
    line = replace(line, fetch=watch.fetch, clock=FakeClock(NOON))
    source = Source("tiktok", "tiktok", TikTokSettings.model_validate(OURS), 3600.0)
    first = await collect_source(source, watch.collector, line)
    again = await collect_source(source, watch.collector, line)
    assert (first.new, again.new, again.repeated) == (25, 0, 25)
    del watch.tiktok.videos[3]
    assert await sweep(source, watch.collector, line.fetch, journal, line.clock) == 1
    journal.close()


async def test_without_a_session_nothing_is_believed_to_be_gone() -> None:
    fetch = FakeFetch()
    assert await Collector().still_there(fetch, TikTokSettings.model_validate(OURS), ["1"]) == frozenset()
    assert fetch.calls == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (KEYS, "notre compte, ou des recherches"),
        (OURS | RESEARCH, "et non les deux"),
        (KEYS | {"recherches": ["Lodève"]}, "une région n'y a pas droit"),
    ],
)
def test_settings_say_who_may_search(given: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        TikTokSettings.model_validate(given)


async def test_a_backfill_gives_our_videos_of_an_interval_of_the_past(watch: Watch) -> None:
    watch.publish(60, every=DAY)
    settings = TikTokSettings.model_validate(OURS)
    since, until = NOON - 50 * DAY, NOON - 40 * DAY
    pages = [page async for page in watch.collector.backfill(watch.fetch, settings, since, until, None)]
    assert [post.text for page in pages for post in page.posts] == [f"Lodève {n}" for n in range(41, 51)]
    assert watch.tiktok.asked.count("video/list/") == 3


async def test_the_renewal_that_tiktok_gives_outlives_a_restart(watch: Watch, tmp_path: Path) -> None:
    given = {named.variable: named.value.reveal() for named in OURS.values() if named.value}

    async def started(now: datetime) -> None:
        """A daemon starts, reads once and ends."""
        bare = TikTokSettings.model_validate({key: named.variable for key, named in OURS.items()})
        source = filled(Source("tiktok", "tiktok", bare, 3600.0), {**given, **environment(tmp_path)})
        watch.collector = watch.collector.keeping(partial(keep_renewed, tmp_path))
        [page async for page in watch.collector.pages(watch.fetch, source.settings, None, now)]

    for days in range(4):
        await started(NOON + days * DAY)
    assert watch.tiktok.renewals == 4
