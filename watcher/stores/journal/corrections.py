"""What people say that posts are about, whatever the pipelines read in them: the last word on each.

It is put into every write of the post on its way out (`Outbox.batch`), so that no later one takes it back: not an edit
of the post that is collected again, not a new reading, not refreshed counters. What a corrected post gave to the team's
examples is known by its digest for as long as it is in their file, so that it leaves the file with the post.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from watcher.model import PostId
from watcher.stores.journal.file import JournalFile, milliseconds


@dataclass(frozen=True, slots=True)
class Correction:
    """The topics of a post as `person` gives them, "" when it is not known who; none where it has none."""

    post: PostId
    topics: tuple[str, ...]
    person: str
    at: datetime


class Corrections:
    """The tables `corrections` and `examples`. Raises what `JournalFile` raises."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    def put(self, said: Correction) -> None:
        """Keep `said` in the place of what was said before of that post."""
        self._file.execute(
            "INSERT OR REPLACE INTO corrections (post, topics, person, at) VALUES (?, ?, ?, ?)",
            (said.post, json.dumps(said.topics), said.person, milliseconds(said.at)),
        )

    def topics(self, post: PostId) -> tuple[str, ...] | None:
        """Return the topics that a person gave to `post`, None where nobody did."""
        rows = self._file.execute("SELECT topics FROM corrections WHERE post = ?", (post,))
        return tuple(json.loads(rows[0][0])) if rows else None

    def forget(self, posts: Collection[str]) -> None:
        """Keep nothing that was said of `posts`; the examples that they gave are orphans from now on."""
        rows = [(post,) for post in posts]
        self._file.execute_many("DELETE FROM corrections WHERE post = ?", rows)
        self._file.execute_many("UPDATE examples SET is_orphan = 1 WHERE post = ?", rows)

    def exemplify(self, post: PostId, digest: str) -> None:
        """Keep that `post` gave the example of that digest."""
        self._file.execute("INSERT OR REPLACE INTO examples (post, digest) VALUES (?, ?)", (post, digest))

    def orphans(self) -> frozenset[str]:
        """Return the digests of the examples that must leave the team's file: a post that gave them is gone."""
        return frozenset(row[0] for row in self._file.execute("SELECT DISTINCT digest FROM examples WHERE is_orphan"))

    def forget_examples(self, digests: Collection[str]) -> None:
        """Keep nothing of the examples of these digests: they are in the team's file no longer."""
        self._file.execute_many("DELETE FROM examples WHERE digest = ?", [(digest,) for digest in digests])
