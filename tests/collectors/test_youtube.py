"""YouTube's documented answers, field by field, and what a hostile or careless one costs."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests.fakes.fetch import Answer, FakeFetch, answer
from tests.fakes.sample import Sample
from watcher.collectors.youtube import Collector, YouTubeSettings
from watcher.collectors.youtube.api import ADDRESS
from watcher.collectors.youtube.posts import comments_of, threads_of, videos_of
from watcher.collectors.youtube.videos import video_ids
from watcher.deadletters import of_broken
from watcher.model import RawPost, Source
from watcher.normalise import plain_text
from watcher.privacy import Pseudonyms
from watcher.secrets import NamedSecret, Secret

DATA = Path(__file__).parents[1] / "data" / "youtube"
OWN = "UCqqqqqqqqqqqqqqqqqqqqqq"
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NAMED = NamedSecret("WATCHER_YOUTUBE_CLE", Secret("cle"))


def payload(name: str) -> list[Any]:
    items: list[Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))["items"]
    return items


def listing(resource: str, *items: object) -> Answer:
    return answer(f"{ADDRESS}/{resource}", json.dumps({"kind": "youtube#listResponse", "items": items}).encode())


def answers(**lists: Answer) -> Mapping[str, Answer]:
    return {f"{ADDRESS}/{resource}": given for resource, given in lists.items()}


def a_video(**changes: object) -> dict[str, object]:
    snippet = {"title": "Les TER", "description": "", "publishedAt": "2026-11-23T08:00:00Z", "channelId": OWN}
    return {"id": "videovideo1", "snippet": snippet, "statistics": {"viewCount": "12"}} | changes


def a_thread(number: int = 1, **changes: object) -> dict[str, Any]:
    snippet = {
        "textDisplay": "Merci &amp; bravo<br>à tous",
        "authorChannelId": {"value": f"UCauteur{number}"},
        "publishedAt": "2026-11-23T09:00:00Z",
        "updatedAt": "2026-11-23T10:00:00Z",
    }
    top = {"id": f"Ugfil{number}", "snippet": snippet | changes}
    return {"snippet": {"videoId": "videovideo1", "topLevelComment": top, "totalReplyCount": 0}}


UPLOAD = {"snippet": {"publishedAt": "2026-11-23T08:00:00Z", "resourceId": {"videoId": "videovideo1"}}}

SAMPLE = Sample(
    settings={"cle": NAMED, "notre_chaine": OWN},
    posts=answers(
        playlistItems=listing("playlistItems", UPLOAD),
        videos=listing("videos", a_video()),
        commentThreads=listing("commentThreads", a_thread(1), a_thread(2)),
    ),
    none=answers(playlistItems=listing("playlistItems"), commentThreads=listing("commentThreads")),
    broken=answers(playlistItems=answer(f"{ADDRESS}/playlistItems", b"<html>maintenance</html>")),
    figures=answers(
        channels=listing(
            "channels", {"id": OWN, "snippet": {"customUrl": "@region"}, "statistics": {"subscriberCount": "8210"}}
        )
    ),
)


def test_a_documented_video_gives_its_words_its_counts_and_its_language() -> None:
    first, second = videos_of(payload("videos_info_multi"), own="UC_x5XG1OV2P6uZZ5FSM9Ttw").posts
    assert first.native_id == "D-lhorsDlUQ"
    assert first.title == "What are Actions on Google (Assistant on Air)"
    assert first.text.startswith("In the first episode of Assistant on Air")
    assert first.url == "https://www.youtube.com/watch?v=D-lhorsDlUQ"
    assert first.published_at == datetime(2019, 3, 21, 20, 37, 49, tzinfo=UTC)
    assert (first.author, first.author_kind) == ("UC_x5XG1OV2P6uZZ5FSM9Ttw", "institution")
    assert first.is_own
    assert not second.is_own
    assert first.lang == "en"
    assert (first.reply_to, first.conversation, first.metrics) == (None, None, {})


def test_documented_comments_answer_their_video() -> None:
    read, threads = threads_of(payload("comment_threads_by_video_paged_1"), own=None)
    assert not read.broken
    first = read.posts[0]
    assert first.native_id == "UgyZ1jqkHKYvi1-ruOZ4AaABAg"
    assert first.text == "Google.com"
    assert first.url == "https://www.youtube.com/watch?v=F1UP7wRCPH8&lc=UgyZ1jqkHKYvi1-ruOZ4AaABAg"
    assert first.published_at == datetime(2019, 11, 26, 15, 51, 44, tzinfo=UTC)
    assert first.edited_at is None
    assert first.author == "UCzj-CjKYmGlZ7vTL-vOe57A"
    assert first.reply_to == first.conversation == "F1UP7wRCPH8"
    assert first.metrics == {"likes": 0, "replies": 0}
    assert [(thread.given, thread.total) for thread in threads] == [(0, 0)] * 4 + [(0, 2)]


def test_a_documented_comment_of_a_channel_has_no_address_and_answers_nothing() -> None:
    read, _ = threads_of(payload("comment_threads_all_to_me"), own=None)
    of_channel = read.posts[2]
    assert (of_channel.url, of_channel.reply_to, of_channel.conversation) == (None, None, None)


def test_documented_replies_answer_the_comment_above_them() -> None:
    read = comments_of(payload("comments_by_parent_paged_1"), own="UCNvMBmCASzTNNX8lW3JRMbw", video="JE8xdDp5B8Q")
    reply = read.posts[0]
    assert reply.native_id == "Ugw5zYU6n9pmIgAZWvN4AaABAg.91zT3cYb5B291za6voUoRh"
    assert (reply.reply_to, reply.conversation) == ("Ugw5zYU6n9pmIgAZWvN4AaABAg", "JE8xdDp5B8Q")
    assert reply.url is not None
    assert reply.url.startswith("https://www.youtube.com/watch?v=JE8xdDp5B8Q&lc=")
    assert (reply.text, reply.is_own) == ("this is the third reply!", True)


@pytest.mark.parametrize(("name", "count"), [("search_by_keywords_p1", 25), ("playlist_items_paged_1", 10)])
def test_documented_searches_and_lists_lead_to_videos(name: str, count: int) -> None:
    assert len(set(video_ids(payload(name)))) == count


async def test_documented_figures_are_counts() -> None:
    body = (DATA / "info_multiple.json").read_bytes()
    settings = YouTubeSettings(key=NAMED, own_channel="@google")
    fetch = FakeFetch(answers(channels=answer(f"{ADDRESS}/channels", body)))
    (figures,) = await Collector().figures(fetch, settings, NOW)
    assert (figures.account, figures.followers, figures.posts) == ("@google", 10_700_000, 2678)
    assert figures.engagement == {"views": 3_331_930_783}
    assert fetch.calls[0].params["forHandle"] == "@google"


async def test_hidden_followers_are_unknown_not_zero() -> None:
    hidden = {"id": OWN, "statistics": {"subscriberCount": "0", "hiddenSubscriberCount": True}}
    fetch = FakeFetch(answers(channels=listing("channels", hidden)))
    (figures,) = await Collector().figures(fetch, YouTubeSettings(key=NAMED, own_channel=OWN), NOW)
    assert (figures.followers, figures.posts, figures.engagement) == (None, None, {})


async def test_who_has_no_channel_has_no_figures() -> None:
    assert await Collector().figures(FakeFetch(), YouTubeSettings(key=NAMED, searches=("TER",)), NOW) == ()


def the_comment(**changes: object) -> RawPost:
    (post,) = threads_of([a_thread(1, **changes)], own=None)[0].posts
    return post


def test_a_comment_shown_as_html_is_read_as_html() -> None:
    post = the_comment()
    assert plain_text(post.text, post.markup) == "Merci & bravo\nà tous"


def test_an_edited_comment_says_when() -> None:
    assert the_comment().edited_at == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    assert the_comment(updatedAt="2026-11-23T09:00:00Z").edited_at is None


@pytest.mark.parametrize("author", [None, {}, {"value": None}, "UCx"])
def test_a_comment_whose_author_is_withheld_has_none(author: object) -> None:
    assert the_comment(authorChannelId=author).author is None


def test_an_escaped_title_is_read() -> None:
    video = a_video(snippet={"title": "L&#39;Occitanie &amp; nous"})
    assert videos_of([video], own=None).posts[0].title == "L'Occitanie & nous"


@pytest.mark.parametrize(
    "item",
    [
        a_video(status={"madeForKids": True}),
        a_video(status={"privacyStatus": "private"}),
        a_video(snippet={"title": "", "description": " "}),
    ],
    ids=["for children", "private", "wordless"],
)
def test_what_is_not_for_us_is_left_aside_without_a_word(item: object) -> None:
    read = videos_of([item], own=None)
    assert (read.posts, read.broken) == ((), ())


@pytest.mark.parametrize(
    "changes",
    [
        {"statistics": None, "status": None},
        {"statistics": {"viewCount": "beaucoup", "likeCount": None, "commentCount": -1}},
        {"snippet": {"title": "TER", "publishedAt": "hier", "channelId": None, "description": 3}},
        {"inconnu": [[[]]], "kind": None},
    ],
)
def test_a_video_with_odd_parts_is_still_a_video(changes: dict[str, object]) -> None:
    (post,) = videos_of([a_video(**changes)], own=None).posts
    assert post.metrics in ({}, {"views": 12})


@pytest.mark.parametrize("item", [None, 7, "texte", [], {}, {"id": ""}, {"id": 5, "snippet": {}}, {"snippet": None}])
def test_a_broken_item_costs_itself_alone(item: object) -> None:
    assert [len(part) for part in (videos_of([item, a_video()], None).posts, videos_of([item], None).broken)] == [1, 1]
    read, _ = threads_of([item, a_thread()], own=None)
    assert (len(read.posts), len(read.broken)) == (1, 1)


def test_a_broken_reply_does_not_cost_its_thread() -> None:
    thread = a_thread() | {"replies": {"comments": [{"id": 3}]}}
    read, _ = threads_of([thread], own=None)
    assert (len(read.posts), len(read.broken)) == (1, 1)


def test_a_dead_letter_names_nobody() -> None:
    snippet = {"authorDisplayName": "@marie.exemple", "authorChannelId": {"value": "UCmarie"}, "textDisplay": "Oui"}
    (broken,) = comments_of([{"id": 4, "snippet": snippet}], own=None, video="").broken
    letter = of_broken(broken, Source("essai", "youtube", None, 900.0), Pseudonyms(b"k" * 32))
    assert "marie" not in letter.payload
    assert "Oui" in letter.payload


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("@region-occitanie", "@region-occitanie"),
        ("region.occitanie", "@region.occitanie"),
        ("https://www.youtube.com/@region/videos", "@region"),
        (f"https://youtube.com/channel/{OWN}", OWN),
        (OWN, OWN),
    ],
)
def test_a_channel_may_be_written_in_many_ways(written: str, read: str) -> None:
    assert YouTubeSettings(key=NAMED, channels=(written,)).channels == (read,)


@pytest.mark.parametrize(
    "written",
    [
        "dQw4w9WgXcQ",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com/watch?list=x&v=dQw4w9WgXcQ&t=3",
        "https://youtu.be/dQw4w9WgXcQ?si=x",
        "https://www.youtube.com/shorts/dQw4w9WgXcQ",
    ],
)
def test_a_video_may_be_written_in_many_ways(written: str) -> None:
    assert YouTubeSettings(key=NAMED, videos=(written,)).videos == ("dQw4w9WgXcQ",)


@pytest.mark.parametrize(
    "wrong",
    [{}, {"channels": ("deux mots",)}, {"videos": ("https://exemple.org/x",)}, {"own_channel": "x"}],
    ids=str,
)
def test_settings_that_hear_nothing_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        YouTubeSettings(key=NAMED, **wrong)
