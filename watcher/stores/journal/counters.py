"""Counters of posts that were read again: likes, comments, shares move while the words stay."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from watcher.model import Post, PostId
from watcher.stores.journal.file import JournalFile, milliseconds


class Counters:
    """The table `counters`. Raises what `JournalFile` raises."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    def note(self, posts: Sequence[Post], now: datetime) -> None:
        """Keep the counters of `posts` that moved since they were last read; only a post's own source counts for it."""
        counted = (post for post in posts if post.metrics)
        told = {post.id: (post.source, json.dumps(dict(post.metrics), sort_keys=True)) for post in counted}
        if not told:
            return
        rows = self._file.execute(
            "SELECT id, source, metrics FROM seen LEFT JOIN counters ON post = id"
            " WHERE id IN (SELECT value FROM json_each(?)) AND NOT is_deleted",
            (json.dumps(list(told)),),
        )
        moved = [
            (post, told[post][1], milliseconds(now))
            for post, source, metrics in rows
            if told[post][0] == source and told[post][1] != metrics
        ]
        if moved:
            self._file.execute_many("INSERT OR REPLACE INTO counters (post, metrics, at) VALUES (?, ?, ?)", moved)

    def waiting(self, limit: int) -> Mapping[PostId, Mapping[str, int]]:
        """Return the counters that no document was compared with yet, the oldest first, at most `limit`."""
        rows = self._file.execute(
            "SELECT post, metrics FROM counters WHERE is_waiting ORDER BY at LIMIT ?",
            (limit,),
        )
        return {PostId(post): json.loads(metrics) for post, metrics in rows}

    def compared(self, posts: Collection[PostId]) -> None:
        """Keep that the documents of `posts` tell their counters, as far as they must."""
        self._file.execute(
            "UPDATE counters SET is_waiting = 0 WHERE post IN (SELECT value FROM json_each(?))",
            (json.dumps(list(posts)),),
        )

    def forget(self, posts: Collection[str]) -> None:
        """Keep no counters of `posts`."""
        self._file.execute_many("DELETE FROM counters WHERE post = ?", [(post,) for post in posts])

    def prune(self, before: datetime) -> None:
        """Forget what has not moved since that time."""
        self._file.execute("DELETE FROM counters WHERE at < ?", (milliseconds(before),))
