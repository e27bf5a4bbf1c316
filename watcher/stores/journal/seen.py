"""What the journal keeps of every post once its words have left for Elasticsearch: enough to know it again."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from datetime import datetime

from watcher.model import Post, PostId
from watcher.stores.journal.file import JournalFile, instant, milliseconds


@dataclass(frozen=True, slots=True)
class Sighting:
    """One post that was collected. Times are milliseconds; `collected_at` is the first one, for ever.

    `native_id` is None where it is not known (a rebuilt journal) or not kept (a deleted post).
    """

    id: PostId
    platform: str
    source: str
    native_id: str | None
    author: str | None
    collected_at: int
    version: int
    content_hash: str
    stored_at: int | None = None
    is_deleted: bool = False

    @property
    def index(self) -> str:
        """The post's index, without the instance's prefix: the month in which we first collected it."""
        return f"posts-{instant(self.collected_at):%Y.%m}.01"

    def days_known(self, now: datetime) -> int:
        """Return how many whole days before `now` it was first collected."""
        return (now - instant(self.collected_at)).days


UNKNOWN = ""
"""The content hash of a post whose words were blanked before the journal was rebuilt."""

_COLUMNS = ", ".join(column.name for column in fields(Sighting))


def content_hash(post: Post) -> str:
    """Return a digest of what the team reads in `post`.

    Counters move without changing it, and so do dates: some feeds write new ones at every request.
    """
    seen = (post.title, post.text, post.url)
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:32]


def is_news(post: Post, known: Sighting | None) -> bool:
    """Tell whether `post` must be read and stored: it is new, or edited.

    Only the source that first brought a post edits it: two feeds that tell one article in different words would
    otherwise rewrite it at every poll. What its platform has deleted stays so, and so does what cannot be compared.
    """
    if known is None:
        return True
    if known.is_deleted or known.content_hash == UNKNOWN or known.source != post.source:
        return False
    return content_hash(post) != known.content_hash


def sighting_of(post: Post, known: Sighting | None) -> Sighting:
    """Return what is kept of `post`, whose version is above that of what was `known` of it."""
    if known is None:
        collected_at = milliseconds(post.collected_at)
        return Sighting(
            id=post.id,
            platform=post.platform,
            source=post.source,
            native_id=post.native_id,
            author=post.author,
            collected_at=collected_at,
            version=collected_at,
            content_hash=content_hash(post),
        )
    return replace(
        known,
        native_id=post.native_id,
        author=post.author or known.author,
        version=next_version(known, post.collected_at),
        content_hash=content_hash(post),
    )


def deleted(known: Sighting, now: datetime) -> Sighting:
    """Return what is kept of a post that its platform deleted: that it was there, nothing of whom."""
    return replace(known, native_id=None, author=None, version=next_version(known, now), is_deleted=True)


def next_version(known: Sighting, now: datetime) -> int:
    """Return the milliseconds of an observation at `now`, and never less than the last version + 1."""
    return max(milliseconds(now), known.version + 1)


class Seen:
    """The table `seen`. Raises what `JournalFile` raises."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    def known(self, ids: Iterable[PostId]) -> dict[PostId, Sighting]:
        """Return what is known of those of `ids` that were ever collected."""
        return {found.id: found for found in self._where("id IN (SELECT value FROM json_each(?))", ids)}

    def of_authors(self, authors: Collection[str]) -> list[Sighting]:
        """Return everything collected of `authors`, given as pseudonyms, and not deleted since."""
        return self._where("author IN (SELECT value FROM json_each(?))", authors)

    def named(self, source: str, *, after: str, limit: int) -> list[Sighting]:
        """Return the next `limit` posts of `source` above id `after` whose native id is kept, in the order of ids."""
        rows = self._file.execute(
            f"SELECT {_COLUMNS} FROM seen"  # noqa: S608 - our names
            " WHERE id > ? AND source = ? AND native_id IS NOT NULL AND NOT is_deleted ORDER BY id LIMIT ?",
            (after, source, limit),
        )
        return [Sighting(*row) for row in rows]

    def put(self, sightings: Collection[Sighting]) -> None:
        """Keep `sightings` in the place of what was known of the same posts."""
        self._file.execute_many(
            f"INSERT OR REPLACE INTO seen ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - our names
            [astuple(sighting) for sighting in sightings],
        )

    def put_missing(self, sightings: Collection[Sighting]) -> int:
        """Keep those of `sightings` that are unknown, or known in an older version, and return how many."""
        with self._file.transaction():
            known = self.known(sighting.id for sighting in sightings)
            missing = [new for new in sightings if new.id not in known or known[new.id].version < new.version]
            self.put(missing)
        return len(missing)

    def stored(self, stored_at_of: Mapping[PostId, int]) -> None:
        """Keep when each post was first acknowledged; what is kept already stays."""
        self._file.execute_many(
            "UPDATE seen SET stored_at = ? WHERE id = ? AND stored_at IS NULL",
            [(stored_at, post_id) for post_id, stored_at in stored_at_of.items()],
        )

    def forget(self, ids: Sequence[PostId]) -> None:
        """Keep nothing of `ids`."""
        self._file.execute_many("DELETE FROM seen WHERE id = ?", [(post_id,) for post_id in ids])

    def count(self) -> int:
        """Return how many posts were ever collected and not erased."""
        return int(self._file.execute("SELECT count(*) FROM seen")[0][0])

    def _where(self, condition: str, keys: Iterable[str]) -> list[Sighting]:
        rows = self._file.execute(
            f"SELECT {_COLUMNS} FROM seen WHERE {condition}",  # noqa: S608 - the conditions are the two literals above
            (json.dumps(list(keys)),),
        )
        return [Sighting(*row) for row in rows]
