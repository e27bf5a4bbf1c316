"""The whole line over YouTube: what the journal holds after two runs, a deletion, a budget, and a look at the past."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.fetch import FakeFetch
from tests.fakes.line import a_line
from tests.fakes.watching_youtube import OWN, Watcher, ids, posts_of
from tests.fakes.youtube import Comment, Video
from watcher.errors import BudgetSpent, RateLimited
from watcher.flow import Line, collect_source
from watcher.model import Cursor, Outcome, Page, Source
from watcher.normalise import post_id
from watcher.stores.journal import Journal
from watcher.upkeep.sweep import sweep

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def a_conversation(youtube: Watcher, number: int = 1) -> tuple[Video, Comment, Comment]:
    video = Video(f"videovideo{number}", OWN, "Les TER", NOON - DAY)
    question = Comment(f"Ug{number:020d}", "UCmarie", "Et mon train ?", NOON - 3 * HOUR)
    answer = Comment(f"Ug{number:020d}.r", OWN, "Il roule demain.", NOON - HOUR, parent=question.id)
    video.comments += [question, answer]
    return youtube.youtube.publish(video), question, answer


@pytest.fixture
def line_of(youtube: Watcher, tmp_path: Path) -> Callable[[], tuple[Line, Journal]]:
    def made() -> tuple[Line, Journal]:
        line, journal = a_line(tmp_path)
        return replace(line, fetch=youtube.fetch, clock=FakeClock(NOON)), journal

    return made


async def test_nothing_is_stored_twice_and_what_is_deleted_leaves(
    youtube: Watcher, line_of: Callable[[], tuple[Line, Journal]]
) -> None:
    video, question, answer = a_conversation(youtube)
    line, journal = line_of()
    source = Source("youtube", "youtube", youtube.settings(own_channel=OWN), 900.0)
    first = await collect_source(source, youtube.collector, line)
    again = await collect_source(source, youtube.collector, line)
    assert (first.new, again.new, again.edited, again.repeated) == (3, 0, 0, 3)

    rows = {row.doc_id: row.body for row in journal.outbox_batch(100, 1_000_000, NOON)}
    replied = rows[post_id("youtube", answer.id)]
    assert replied is not None
    assert replied["reply_to"] == post_id("youtube", question.id)
    assert replied["conversation"] == post_id("youtube", video.id)
    assert replied["is_own"]
    assert "UCmarie" not in str(rows)

    video.comments.remove(question)
    assert await sweep(source, youtube.collector, line.fetch, journal, line.clock) == 1
    assert (await collect_source(source, youtube.collector, line)).new == 0
    gone = [row.doc_id for row in journal.outbox_batch(100, 1_000_000, NOON) if row.body is None]
    assert gone == [post_id("youtube", question.id)]
    journal.close()


async def test_a_spent_quota_is_a_wait_and_not_a_fault(
    youtube: Watcher, line_of: Callable[[], tuple[Line, Journal]]
) -> None:
    line, journal = line_of()
    youtube.youtube.units_left = 0
    source = Source("youtube", "youtube", youtube.settings(own_channel=OWN), 900.0)
    report = await collect_source(source, youtube.collector, line)
    assert (report.outcome, report.retry_after_s) == (Outcome.RATE_LIMITED, 20 * 3600)
    journal.close()


async def test_the_sweep_asks_fifty_at_a_time_and_makes_sure_of_each_that_is_missing(youtube: Watcher) -> None:
    known = [each.native_id for n in range(1, 10) for each in await _given(youtube, n)]
    del youtube.youtube.videos["videovideo3"]
    youtube.youtube.asked.clear()
    gone = await youtube.collector.still_there(youtube.fetch, youtube.settings(own_channel=OWN), known)
    assert gone == {"videovideo3", f"Ug{3:020d}", f"Ug{3:020d}.r"}
    assert youtube.youtube.calls("videos") + youtube.youtube.calls("comments") == 2 + 3


async def test_a_spent_budget_ends_the_sweep_and_is_heard(youtube: Watcher) -> None:
    settings = youtube.settings(own_channel=OWN)
    with pytest.raises(BudgetSpent):
        await youtube.collector.still_there(FakeFetch(otherwise=BudgetSpent("au repos")), settings, ["videovideo1"])


async def _given(youtube: Watcher, number: int) -> list[Any]:
    a_conversation(youtube, number)
    return [post for post in await youtube.run(NOON, own_channel=OWN) if str(number) in post.native_id]


async def backfilled(youtube: Watcher, cursor: Cursor | None = None, **given: Any) -> list[Page]:
    settings, since, until = youtube.settings(**given), NOON - 60 * DAY, NOON - 30 * DAY
    return [page async for page in youtube.collector.backfill(youtube.fetch, settings, since, until, cursor)]


def a_past(youtube: Watcher) -> set[str]:
    """Publish a video and a comment a day for a hundred days, and return what lies in the interval."""
    youtube.youtube.page_sizes |= {"playlistItems": 10, "commentThreads": 10, "search": 10}
    wanted = set()
    for day in range(100):
        video = youtube.youtube.publish(Video(f"video{day:06d}", OWN, "Le TER", NOON - day * DAY))
        video.comments.append(Comment(f"Ug{day:020d}", "UCmarie", "Oui", NOON - day * DAY))
        if 30 < day <= 60:
            wanted |= {video.id, f"Ug{day:020d}"}
    return wanted


async def test_a_backfill_gives_its_interval_once_whichever_way_a_post_is_found(youtube: Watcher) -> None:
    wanted = a_past(youtube)
    given = ids(posts_of(await backfilled(youtube, own_channel=OWN, searches=("ter",))))
    assert sorted(given) == sorted(wanted)


async def test_a_backfill_that_was_cut_asks_for_no_page_again(youtube: Watcher) -> None:
    wanted = a_past(youtube)
    whole = await backfilled(youtube, own_channel=OWN)
    asked = len(youtube.youtube.asked)
    first, rest = whole[:5], await backfilled(youtube, whole[4].cursor, own_channel=OWN)
    assert set(ids(posts_of([*first, *rest]))) == wanted
    assert len(youtube.youtube.asked) - asked < asked


async def test_a_search_of_the_past_says_what_it_did_not_give(youtube: Watcher) -> None:
    a_past(youtube)
    youtube.youtube.page_sizes["search"] = 2
    pages = await backfilled(youtube, searches=("ter",))
    (gap,) = [gap for page in pages for gap in page.unheard]
    assert (gap.since, gap.until) == (NOON - 60 * DAY, NOON - 50 * DAY)


async def test_a_spent_quota_is_said_while_going_back_too(youtube: Watcher) -> None:
    youtube.youtube.units_left = 0
    with pytest.raises(RateLimited, match="quota"):
        await backfilled(youtube, own_channel=OWN)
