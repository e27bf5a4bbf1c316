"""Videos and comments as the API writes them → raw posts. Pure.

A video answers nothing; a comment answers its video, a reply the comment above it. Their conversation is the video.
"""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.collectors.youtube.wire import Comment, CommentThread, Video, read
from watcher.model import BrokenItem, RawPost

WATCH = "https://www.youtube.com/watch?v="


@dataclass(frozen=True, slots=True)
class Read:
    """What a page gave: posts, and items that cannot be one."""

    posts: tuple[RawPost, ...] = ()
    broken: tuple[BrokenItem, ...] = ()

    def __add__(self, other: "Read") -> "Read":
        return Read(self.posts + other.posts, self.broken + other.broken)


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment under `video` ("": of the channel), and how many of its `total` replies were `given` with it."""

    id: str
    video: str
    opened_at: datetime | None
    given: int
    total: int


def videos_of(items: Sequence[object], own: str | None) -> Read:
    """Return the videos of a page of `videos`, `own` being the id of our channel.

    Left aside: those made for children, whom the watch does not listen to, and private ones.
    """
    videos = [read(Video, item) for item in items]
    return _gathered(video if isinstance(video, BrokenItem) else _video(video, own) for video in videos)


def threads_of(items: Sequence[object], own: str | None) -> tuple[Read, tuple[Thread, ...]]:
    """Return the comments of a page of `commentThreads` with the replies in it, and its threads in their order."""
    gathered, threads = Read(), []
    for item in items:
        thread = read(CommentThread, item)
        if isinstance(thread, BrokenItem):
            gathered += Read(broken=(thread,))
            continue
        snippet, replies = thread.snippet, thread.replies.comments
        if snippet.is_public is False:
            continue
        top = comments_of([snippet.top_level_comment], own, snippet.video_id, snippet.total_reply_count)
        gathered += top + comments_of(replies, own, snippet.video_id)
        threads += [
            Thread(post.native_id, snippet.video_id, post.published_at, len(replies), snippet.total_reply_count or 0)
            for post in top.posts
        ]
    return gathered, tuple(threads)


def comments_of(items: Sequence[object], own: str | None, video: str, replies: int | None = None) -> Read:
    """Return comments under `video` ("" where they are of a channel); `replies` is how many a first one has."""
    comments = [read(Comment, item) for item in items]
    return _gathered(
        comment if isinstance(comment, BrokenItem) else _comment(comment, own, video, replies) for comment in comments
    )


def _video(video: Video, own: str | None) -> RawPost | None:
    snippet, counted = video.snippet, video.statistics
    if video.status.made_for_kids is True or video.status.privacy_status == "private":
        return None
    counts = {"views": counted.view_count, "likes": counted.like_count, "comments": counted.comment_count}
    is_own = bool(own) and snippet.channel_id == own
    return RawPost(
        native_id=video.id,
        title=html.unescape(snippet.title),  # searches escape it, and videos here and there
        text=snippet.description,
        url=f"{WATCH}{video.id}",
        published_at=snippet.published_at,
        author=snippet.channel_id or None,
        author_kind="institution" if is_own else "unknown",
        is_own=is_own,
        lang=snippet.default_language or snippet.default_audio_language or None,
        metrics={name: count for name, count in counts.items() if count is not None},
    )


def _comment(comment: Comment, own: str | None, video: str, replies: int | None) -> RawPost:
    snippet = comment.snippet
    video, parent = snippet.video_id or video, snippet.parent_id
    author = snippet.author_channel_id.value or snippet.author_display_name or None
    is_own = bool(own) and author == own
    was_edited = snippet.updated_at and snippet.published_at and snippet.updated_at > snippet.published_at
    counts = {"likes": snippet.like_count, "replies": replies}
    return RawPost(
        native_id=comment.id,
        text=snippet.text_original or snippet.text_display,
        markup="text" if snippet.text_original else "html",
        url=f"{WATCH}{video}&lc={comment.id}" if video else None,
        published_at=snippet.published_at,
        edited_at=snippet.updated_at if was_edited else None,
        author=author,
        author_kind="institution" if is_own else "unknown",
        is_own=is_own,
        reply_to=parent or video or None,
        conversation=video or parent or None,
        metrics={name: count for name, count in counts.items() if count is not None},
    )


def _gathered(items: Iterable[RawPost | BrokenItem | None]) -> Read:
    """Return what items became, without those that hold no word: a comment may be an image."""
    listed = list(items)
    posts = (item for item in listed if isinstance(item, RawPost))
    return Read(
        tuple(post for post in posts if post.title.strip() or post.text.strip()),
        tuple(item for item in listed if isinstance(item, BrokenItem)),
    )
