"""Comments of our channel and of listed videos, over a real server: nothing missed, nothing asked for in vain."""

import json
from datetime import datetime, timedelta

import pytest

from tests.fakes.clock import NOON
from tests.fakes.fetch import Answer, FakeFetch, answer
from tests.fakes.watching_youtube import OWN, Watcher, ids
from tests.fakes.youtube import Comment, Video
from watcher.collectors.youtube import Collector, comments
from watcher.collectors.youtube.api import ADDRESS
from watcher.errors import SourceGone
from watcher.model import GapCause

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def a_video(number: int = 1, channel: str = OWN, at: datetime = NOON - DAY) -> Video:
    return Video(f"videovideo{number}", channel, f"Les TER, {number}", at)


def say(video: Video, number: int, at: datetime, parent: str | None = None, author: str = "UCmarie") -> Comment:
    comment = Comment(f"Ug{number:020d}", author, f"Et mon train, {number} ?", at, parent=parent)
    video.comments.append(comment)
    return comment


async def test_a_first_run_gives_videos_and_comments_and_knows_our_own(youtube: Watcher) -> None:
    video = youtube.youtube.publish(a_video())
    question = say(video, 1, NOON - 3 * HOUR)
    say(video, 2, NOON - HOUR, parent=question.id, author=OWN)
    shown, asked, answered = await youtube.run(NOON, own_channel=OWN)
    assert (shown.native_id, shown.is_own) == (video.id, True)
    assert (asked.native_id, asked.is_own, asked.reply_to) == (question.id, False, video.id)
    assert (answered.is_own, answered.author_kind, answered.reply_to) == (True, "institution", question.id)
    assert asked.conversation == answered.conversation == video.id


async def test_a_handle_is_asked_whose_it_is(youtube: Watcher) -> None:
    youtube.youtube.handles["@region"] = OWN
    youtube.youtube.publish(a_video())
    (post,) = await youtube.run(NOON, own_channel="@region")
    assert post.is_own
    assert youtube.youtube.asked[0] == ("channels", {"part": "id", "forHandle": "@region"})


async def test_an_ordinary_run_asks_for_one_page_of_each(youtube: Watcher) -> None:
    video = youtube.youtube.publish(a_video())
    for number in range(250):
        say(video, number, NOON - number * HOUR)
    assert len(await youtube.run(NOON, own_channel=OWN)) == 251
    late = say(video, 999, NOON + HOUR / 4)
    again = await youtube.run(NOON + HOUR / 2, own_channel=OWN)
    assert late.id in ids(again)
    assert [resource for resource, _ in youtube.youtube.asked] == ["playlistItems", "videos", "commentThreads"]


async def test_what_a_busy_hour_brings_is_read_to_where_we_stood(youtube: Watcher) -> None:
    video = youtube.youtube.publish(a_video())
    say(video, 0, NOON - 20 * DAY)
    await youtube.run(NOON, own_channel=OWN)
    written = [say(video, number, NOON + number * timedelta(seconds=5)).id for number in range(1, 351)]
    assert set(written) <= set(ids(await youtube.run(NOON + HOUR, own_channel=OWN)))


async def test_replies_beyond_the_five_that_come_are_asked_for_once(youtube: Watcher) -> None:
    video = youtube.youtube.publish(a_video())
    question = say(video, 1, NOON - 9 * HOUR)
    replies = [say(video, number, NOON - 8 * HOUR + number * HOUR / 60, question.id).id for number in range(2, 13)]
    youtube.youtube.page_sizes["comments"] = 4
    assert set(replies) <= set(ids(await youtube.run(NOON, own_channel=OWN)))
    assert youtube.youtube.calls("comments") == 3
    await youtube.run(NOON + HOUR / 4, own_channel=OWN)
    assert youtube.youtube.calls("comments") == 0
    more = say(video, 13, NOON + HOUR / 3, question.id)
    assert more.id in ids(await youtube.run(NOON + HOUR, own_channel=OWN))


async def test_a_late_reply_and_an_edit_far_down_are_found_within_a_day(youtube: Watcher) -> None:
    video = youtube.youtube.publish(a_video())
    old = say(video, 0, NOON - 10 * DAY)
    for number in range(1, 150):
        say(video, number, NOON - DAY + number * HOUR / 60)
    await youtube.run(NOON, own_channel=OWN)
    late = say(video, 200, NOON + HOUR, parent=old.id)
    old.text, old.updated_at = "Corrigé", NOON + HOUR
    soon = await youtube.run(NOON + 2 * HOUR, own_channel=OWN)
    assert not {late.id, old.id} & set(ids(soon))
    next_day = {post.native_id: post for post in await youtube.run(NOON + DAY, own_channel=OWN)}
    assert late.id in next_day
    assert (next_day[old.id].text, next_day[old.id].edited_at) == ("Corrigé", NOON + HOUR)


def endless_threads() -> FakeFetch:
    """Threads an hour apart, one a page, and always a page more."""

    def page(number: int) -> Answer:
        top = {"id": f"Ug{number}", "snippet": {"textDisplay": "Oui", "publishedAt": str(NOON - number * HOUR)}}
        items = [{"snippet": {"videoId": "videovideo1", "topLevelComment": top}}]
        return answer(ADDRESS, json.dumps({"items": items, "nextPageToken": f"page{number}"}).encode())

    return FakeFetch({f"{ADDRESS}/commentThreads": [page(number) for number in range(comments.MOST_PAGES)]})


async def test_threads_that_cannot_all_be_asked_for_are_told_once(youtube: Watcher) -> None:
    collector, settings = Collector(), youtube.settings(videos=("videovideo1",))
    fetch = endless_threads()
    pages = [page async for page in collector.pages(fetch, settings, None, NOON)]
    assert len(fetch.calls) == comments.MOST_PAGES
    (gap,) = pages[-1].unheard
    assert (gap.cause, gap.since, gap.until) == (GapCause.CLIPPED, NOON - 30 * DAY, NOON - 49 * HOUR)
    next_day = [page async for page in collector.pages(endless_threads(), settings, pages[-1].cursor, NOON + DAY)]
    assert [gap for page in next_day for gap in page.unheard] == []


async def test_replies_that_cannot_all_be_asked_for_are_counted(youtube: Watcher) -> None:
    youtube.youtube.page_sizes["comments"] = 1
    video = youtube.youtube.publish(a_video())
    question = say(video, 1, NOON - 9 * HOUR)
    for number in range(2, 15):
        say(video, number, NOON - HOUR, question.id)
    await youtube.run(NOON, own_channel=OWN)
    assert youtube.youtube.calls("comments") == comments.MOST_REPLY_PAGES
    assert [gap.posts for page in youtube.pages for gap in page.unheard] == [3]


async def test_a_run_that_is_cut_asks_for_no_replies_twice(youtube: Watcher) -> None:
    video = youtube.youtube.publish(a_video())
    for number in (100, 200, 300):
        question = say(video, number, NOON - number * HOUR / 60)
        for reply in range(1, 8):
            say(video, number + reply, NOON - HOUR, question.id)
    settings = youtube.settings(own_channel=OWN)
    given = aiter(youtube.collector.pages(youtube.fetch, settings, None, NOON))
    for _ in range(2):  # the videos, and the replies under the first thread
        youtube.cursor = (await anext(given)).cursor
    rest = await youtube.run(NOON, own_channel=OWN)
    assert youtube.youtube.calls("comments") == 2
    assert len(rest) == 1 + 3 + 2 * 7 + 3 * 5


async def test_closed_comments_are_no_fault(youtube: Watcher) -> None:
    youtube.youtube.publish(a_video(1, "UCx")).comments_closed = True
    video = youtube.youtube.publish(a_video(2, "UCy"))
    comment = say(video, 1, NOON - HOUR)
    assert ids(await youtube.run(NOON, videos=("videovideo1", video.id))) == [comment.id]


async def test_what_youtube_does_not_know_is_told_once_the_rest_is_read(youtube: Watcher) -> None:
    video = youtube.youtube.publish(a_video())
    with pytest.raises(SourceGone, match="@personne, perduperdu1"):
        await youtube.run(NOON, channels=("@personne",), videos=("perduperdu1", video.id))
    assert youtube.youtube.asked[-1][1]["videoId"] == video.id


async def test_a_channel_without_videos_is_silent(youtube: Watcher) -> None:
    assert await youtube.run(NOON, channels=(OWN,)) == []


async def test_a_thread_that_is_deleted_while_it_is_read_costs_nothing_else(youtube: Watcher) -> None:
    snippet = {"textOriginal": "Et mon train ?", "publishedAt": "2026-11-24T11:00:00Z"}
    threads = [
        {"snippet": {"topLevelComment": {"id": f"Ug{number}", "snippet": snippet}, "totalReplyCount": replies}}
        for number, replies in ((1, 9), (2, 0))
    ]
    listed = answer(f"{ADDRESS}/commentThreads", json.dumps({"items": threads}).encode())
    settings, fetch = youtube.settings(videos=("videovideo1",)), FakeFetch({f"{ADDRESS}/commentThreads": listed})
    posts = [post.native_id async for page in Collector().pages(fetch, settings, None, NOON) for post in page.posts]
    assert posts == ["Ug1", "Ug2"]
