"""Every documented answer that the watch may be given, field by field: nothing in it is lost, nothing made up."""

import html
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from watcher.collectors.bluesky.author import posts_of_views
from watcher.collectors.bluesky.record import post_of
from watcher.collectors.facebook import posts as facebook
from watcher.collectors.instagram import media as instagram
from watcher.collectors.youtube import posts as youtube
from watcher.collectors.youtube.videos import video_ids
from watcher.model import RawPost

DATA = Path(__file__).parents[1] / "data"
SEEN = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def answer(path: str) -> Any:
    return json.loads((DATA / f"{path}.json").read_text(encoding="utf-8"))


def items(path: str) -> Sequence[Mapping[str, Any]]:
    """Return what an answer lists, or holds under ids."""
    said = answer(path)
    listed: list[Mapping[str, Any]] = said.get("data") or said.get("items") or list(said.values())
    return listed


def the_only(posts: Sequence[RawPost], native_id: str) -> RawPost:
    (post,) = [post for post in posts if post.native_id == native_id]
    return post


def at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    "name",
    [
        "videos_chart_paged_1",
        "videos_chart_paged_2",
        "videos_info_multi",
        "videos_info_single",
        "videos_myrating_paged_1",
    ],
)
def test_videos_of_youtube(name: str) -> None:
    read = youtube.videos_of(items(f"youtube/{name}"), own=None)
    assert not read.broken
    assert len(read.posts) == len(items(f"youtube/{name}"))
    for item in items(f"youtube/{name}"):
        post, snippet, counts = the_only(read.posts, item["id"]), item["snippet"], item.get("statistics", {})
        assert (post.title, post.text) == (html.unescape(snippet["title"]), snippet["description"])
        assert (post.author, post.published_at) == (snippet["channelId"], at(snippet["publishedAt"]))
        assert post.lang == (snippet.get("defaultLanguage") or snippet.get("defaultAudioLanguage"))
        told = {"views": "viewCount", "likes": "likeCount", "comments": "commentCount"}
        assert post.metrics == {name: int(counts[key]) for name, key in told.items() if key in counts}


def check_comment(post: RawPost, comment: Mapping[str, Any], video: str) -> None:
    snippet = comment["snippet"]
    assert post.text == snippet["textOriginal"]
    assert (post.author, post.published_at) == (snippet["authorChannelId"]["value"], at(snippet["publishedAt"]))
    assert post.edited_at == (at(snippet["updatedAt"]) if snippet["updatedAt"] > snippet["publishedAt"] else None)
    assert post.reply_to == (snippet.get("parentId") or video or None)
    assert post.metrics["likes"] == snippet["likeCount"]


@pytest.mark.parametrize(
    "name",
    [
        "comment_thread_single",
        "comment_threads_all_to_me",
        "comment_threads_by_channel",
        "comment_threads_by_video_paged_1",
        "comment_threads_by_video_paged_2",
        "comment_threads_multi",
        "comment_threads_with_search",
    ],
)
def test_threads_of_youtube(name: str) -> None:
    listed = items(f"youtube/{name}")
    read, threads = youtube.threads_of(listed, own=None)
    assert not read.broken
    assert [thread.id for thread in threads] == [item["id"] for item in listed]
    for item, thread in zip(listed, threads, strict=True):
        snippet, replies = item["snippet"], item.get("replies", {}).get("comments", [])
        assert (thread.total, thread.given) == (snippet["totalReplyCount"], len(replies))
        for comment in [snippet["topLevelComment"], *replies]:
            check_comment(the_only(read.posts, comment["id"]), comment, snippet.get("videoId", ""))


@pytest.mark.parametrize(
    "name", ["comments_by_parent_paged_1", "comments_by_parent_paged_2", "comments_multi", "comments_single"]
)
def test_comments_of_youtube(name: str) -> None:
    read = youtube.comments_of(items(f"youtube/{name}"), own=None, video="JE8xdDp5B8Q")
    assert not read.broken
    for comment in items(f"youtube/{name}"):
        check_comment(the_only(read.posts, comment["id"]), comment, comment["snippet"].get("videoId", "JE8xdDp5B8Q"))


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("playlist_items_multi", 2),
        ("playlist_items_paged_1", 10),
        ("playlist_items_paged_2", 3),
        ("search_by_event", 25),
        ("search_by_keywords_p1", 25),
        ("search_by_keywords_p2", 25),
        ("search_channels", 0),
    ],
)
def test_lists_of_youtube_lead_to_the_videos_that_they_hold(name: str, count: int) -> None:
    assert len(set(video_ids(items(f"youtube/{name}")))) == count


@pytest.mark.parametrize("name", ["feed", "feed_by_time", "feed_default", "feed_fields", "posts_by_id"])
def test_posts_of_facebook(name: str) -> None:
    listed = items(f"facebook/{name}")
    posts, broken = facebook.posts_of(listed, "19292868552")
    assert broken == ()
    assert len(posts) == len(listed)
    for item in listed:
        post = the_only(posts, item["id"])
        assert post.text == item["message"]
        assert (post.url, post.published_at) == (item.get("permalink_url"), at(item["created_time"]))
        if "shares" in item:
            assert post.metrics["shares"] == item["shares"]["count"]


@pytest.mark.parametrize("name", ["comments_p2", "comments_by_id"])
def test_comments_of_facebook(name: str) -> None:
    listed = items(f"facebook/{name}")
    posts, broken = facebook.comments_of(listed, "19292868552_1", "19292868552")
    assert broken == ()
    assert [post.text for post in posts] == [item["message"] for item in listed]
    for post, item in zip(posts, listed, strict=True):
        assert post.native_id.rpartition("_")[2] in item["permalink_url"]
        assert (post.url, post.published_at) == (item["permalink_url"], at(item["created_time"]))
        assert post.metrics == {"likes": item["like_count"], "replies": item["comment_count"]}
        assert post.conversation == "19292868552_1"


@pytest.mark.parametrize("name", ["hashtag_top", "media_by_id", "media_p2"])
def test_media_of_instagram(name: str) -> None:
    listed = items(f"instagram/{name}")
    posts, broken = instagram.hashtag_media_of(listed)
    assert broken == ()
    assert len(posts) == len(listed)
    for item in listed:
        post = the_only(posts, item["id"])
        assert (post.text, post.url) == (item["caption"], item["permalink"])
        assert post.published_at == at(item.get("timestamp"))
        assert post.metrics == {"likes": item["like_count"], "comments": item["comments_count"]}


def test_comments_of_instagram() -> None:
    listed = items("instagram/comments_by_id")
    posts, broken = instagram.comments_of(listed, "17", instagram.Us("1", "region"))
    assert broken == ()
    for item in listed:
        post = the_only(posts, item["id"])
        assert (post.text, post.author, post.published_at) == (item["text"], item["username"], at(item["timestamp"]))
        assert (post.reply_to, post.metrics) == ("17", {"likes": item["like_count"]})


@pytest.mark.parametrize("name", ["post_record", "extended_post_record"])
def test_records_of_bluesky(name: str) -> None:
    said = answer(f"bluesky/{name}")
    record = said["value"]
    post = post_of("did:plc:kvwvcn5iqfooopmyzvb4qzba", said["uri"], record, SEEN, is_edit=False)
    written_at = at(record["createdAt"])
    assert (post.native_id, post.text) == (said["uri"], record["text"])
    assert post.published_at == (written_at if written_at and written_at.tzinfo else SEEN)
    assert post.lang == next(iter(record.get("langs", ())), None)


def test_a_documented_image_of_bluesky_without_a_word_is_no_post() -> None:
    view = answer("bluesky/thread_view")["thread"]["post"]
    assert posts_of_views([view]) == ((), ())
    (post,), broken = posts_of_views([view | {"record": view["record"] | {"text": "La crue"}}])
    assert broken == ()
    assert (post.native_id, post.author, post.text) == (view["uri"], view["author"]["did"], "La crue")
    assert post.metrics == {"replies": 0, "reposts": 0, "likes": 0}
