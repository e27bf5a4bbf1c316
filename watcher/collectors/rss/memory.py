"""What is remembered of a feed between two runs, to download nothing twice: the collector's cursor. Pure."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Self

from pydantic import AwareDatetime, Field

from watcher.collectors.rss.feed import Feed
from watcher.ports import Response
from watcher.remembered import Remembered

NOT_MODIFIED = 304

READER = 1
"""Raised when the mapping changes: old cursors are forgotten, so that every feed is read again once."""

MOVES_TO_BELIEVE = 3
"""A permanent redirect may be a mistake of an afternoon: the new address is asked directly after so many."""

LONGEST_TRUST = timedelta(hours=6)
"""Some servers answer 304 to whatever carries a date: a feed is read whole at least this often."""


class Memory(Remembered):
    """Validators hold for `final_url` only, and are used only when the document was read whole.

    `marks` tell the posts of the last window again: see `identity.remembered`.
    """

    address: str
    reader: int = READER
    final_url: str = ""
    etag: str = ""
    last_modified: str = ""
    body_sha256: str = ""
    read_at: AwareDatetime | None = None
    moved_to: str | None = None
    moves: int = 0
    is_whole: bool = True
    asked_by_feed_s: float | None = None
    marks: Mapping[str, str] = Field(default_factory=dict)

    @property
    def is_moved(self) -> bool:
        """Whether the configured address has redirected for good often enough to be believed."""
        return self.moves >= MOVES_TO_BELIEVE

    @property
    def current_address(self) -> str:
        """The address to ask first."""
        return self.moved_to if self.moved_to and self.is_moved else self.address

    def validators(self, now: datetime) -> dict[str, str]:
        """Return the headers of a conditional GET, none when the feed was broken or is due to be read whole."""
        if not self.is_whole or self.read_at is None or not timedelta(0) <= now - self.read_at < LONGEST_TRUST:
            return {}
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}

    def knows(self, response: Response) -> bool:
        """Return whether `response` brings nothing new: a 304 of the address the validators are of, or the same body.

        The body is compared because some servers invent an ETag for each answer.
        """
        if response.url != self.final_url:
            return False
        return response.status == NOT_MODIFIED or _sha256(response.body) == self.body_sha256

    def after(
        self, response: Response, now: datetime, feed: Feed | None = None, marks: Mapping[str, str] | None = None
    ) -> Self:
        """Return the memory once `response` has been understood as `feed` with these marks, or as nothing new."""
        update: dict[str, object] = self._moves(response)
        if response.status != NOT_MODIFIED:
            update |= {
                "final_url": response.url,
                "etag": response.headers.get("etag", ""),
                "last_modified": response.headers.get("last-modified", ""),
                "body_sha256": _sha256(response.body),
                "read_at": now,
            }
        if feed:
            update |= {"asked_by_feed_s": feed.poll_after_s, "is_whole": feed.is_whole, "marks": marks or {}}
        return self.model_copy(update=update)

    def _moves(self, response: Response) -> dict[str, object]:
        if self.is_moved and response.url != self.address:
            return {"moved_to": response.moved_to or self.moved_to}
        is_same = response.moved_to is not None and response.moved_to == self.moved_to
        return {
            "moved_to": response.moved_to,
            "moves": self.moves + 1 if is_same else int(response.moved_to is not None),
        }


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
