"""Which posts tell one story: copies of a text, whoever tells it and on whichever platform, within seven days.

A story has the name that its first collected post gave it. `is_first` says that nothing of the story that was told
earlier is known. Where such a post is collected later, the one before it is overtaken: `upkeep/firsts.py` tells its
document, which only Elasticsearch has by then.
"""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import astuple, replace
from datetime import datetime, timedelta

from pipelines.signatures import Signature, is_same_story
from watcher.model import Post, PostId, StoryId
from watcher.stores.journal.file import JournalFile, milliseconds

REACH = timedelta(days=7)
"""What is told again later is told anew."""

BANDS = 16
"""Digests by which likely copies are found: of two texts that share a fifth of their runs, 97 in 100 share one."""

CORRECTED = 500
"""Overtaken posts that are looked up at once."""

CANDIDATES = 20
"""Signatures compared in full: those that share most bands."""


class Stories:
    """The tables `signatures` and `bands`. Raises what `JournalFile` raises."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    def join(self, posts: Iterable[Post]) -> list[Post]:
        """Return the posts with their stories, the earliest told first. What says too little to be known has none.

        A post that is edited stays in its story.
        """
        return [self._joined(post) for post in sorted(posts, key=told_at)]

    def overtaken(self) -> list[PostId]:
        """Return the posts whose documents say that they are first and are not any more, at most `CORRECTED`."""
        rows = self._file.execute(
            "SELECT post FROM signatures WHERE is_overtaken ORDER BY id DESC LIMIT ?", (CORRECTED,)
        )
        return [PostId(row[0]) for row in rows]

    def corrected(self, posts: Collection[PostId]) -> None:
        """Keep that the documents of `posts` are right."""
        self._file.execute(
            "UPDATE signatures SET is_overtaken = 0 WHERE post IN (SELECT value FROM json_each(?))",
            (json.dumps(list(posts)),),
        )

    def forget(self, posts: Collection[PostId]) -> None:
        """Keep nothing of `posts`; the others stay in the stories that these began."""
        self._file.execute(
            "DELETE FROM signatures WHERE post IN (SELECT value FROM json_each(?))", (json.dumps(list(posts)),)
        )

    def prune(self, now: datetime) -> None:
        """Forget what was collected more than `REACH` ago."""
        self._file.execute("DELETE FROM signatures WHERE collected_at < ?", (milliseconds(now - REACH),))

    def _joined(self, post: Post) -> Post:
        signature = post.reading.signature if post.reading else None
        if signature is None:
            self.forget([post.id])
            return replace(post, story=None, is_first=None)
        told_ms = milliseconds(told_at(post))
        story, is_first = self._known(post.id) or self._place(post.id, signature, told_ms)
        self.forget([post.id])
        self._file.execute(
            "INSERT INTO signatures (post, story, is_first, told_at, collected_at, signature)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (post.id, story, is_first, told_ms, milliseconds(post.collected_at), json.dumps(astuple(signature))),
        )
        self._file.execute(
            "INSERT INTO bands (digest, signature) SELECT value, (SELECT id FROM signatures WHERE post = ?)"
            " FROM json_each(?)",
            (post.id, json.dumps(signature.runs[:BANDS])),
        )
        return replace(post, story=story, is_first=is_first)

    def _known(self, post: PostId) -> tuple[StoryId, bool] | None:
        rows = self._file.execute("SELECT story, is_first FROM signatures WHERE post = ?", (post,))
        return (StoryId(rows[0][0]), bool(rows[0][1])) if rows else None

    def _place(self, post: PostId, signature: Signature, told_ms: int) -> tuple[StoryId, bool]:
        """Return the story of a post that is new, and whether nothing earlier of it is known."""
        reach_ms = REACH // timedelta(milliseconds=1)
        rows = self._file.execute(
            "SELECT story, signatures.signature FROM bands JOIN signatures ON signatures.id = bands.signature"
            " WHERE digest IN (SELECT value FROM json_each(?)) AND told_at BETWEEN ? AND ?"
            " GROUP BY signatures.id ORDER BY count(*) DESC, told_at, signatures.id LIMIT ?",
            (json.dumps(signature.runs[:BANDS]), told_ms - reach_ms, told_ms + reach_ms, CANDIDATES),
        )
        found = (StoryId(story) for story, kept in rows if is_same_story(signature, _signature(kept)))
        story = next(found, None)
        if story is None:
            return _named_after(post), True
        earlier = self._file.execute(
            "SELECT 1 FROM signatures WHERE story = ? AND told_at <= ? LIMIT 1", (story, told_ms)
        )
        if not earlier:
            self._file.execute(
                "UPDATE signatures SET is_first = 0, is_overtaken = 1 WHERE story = ? AND is_first", (story,)
            )
        return story, not earlier


def told_at(post: Post) -> datetime:
    """Return when `post` was told: at its own date, unless that is still to come or missing."""
    return min(post.published_at or post.collected_at, post.collected_at)


def _named_after(post: PostId) -> StoryId:
    """Return a story's name. Once its first post is erased, nothing leads from the name back to it."""
    return StoryId(hashlib.sha256(f"story\x1f{post}".encode()).hexdigest()[:16])


def _signature(kept: str) -> Signature:
    return Signature(*(tuple(values) for values in json.loads(kept)))
