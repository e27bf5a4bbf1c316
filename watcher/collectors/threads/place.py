"""How far a source of Threads has been read: the collector's cursor. Pure."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Self

from pydantic import AwareDatetime

from watcher.model import Cursor
from watcher.remembered import Remembered

FIRST_LOOK = timedelta(days=1)

OVERLAP = timedelta(minutes=20)
"""Read again each time: a post is found some minutes late, and may be edited for a quarter of an hour."""

PROOF_LASTS = timedelta(days=1)

_SHARE_OF_AGE = 20
"""The replies to a post of a day are read again after an hour, those of a month after a day and a half."""


class Place(Remembered):
    """Until when each list and search was read (`heard`), and the replies to each of our posts (`followed`).

    `proved_at` is when a search last brought what somebody else wrote: without the right to search, Threads answers
    with our own posts alone and says nothing.
    """

    heard: Mapping[str, AwareDatetime] = {}
    followed: Mapping[str, AwareDatetime] = {}
    proved_at: AwareDatetime | None = None

    def since(self, name: str, now: datetime) -> datetime:
        """Return from when on the list or search called `name` is to be read."""
        return self.heard.get(name, now - FIRST_LOOK + OVERLAP) - OVERLAP

    def read(self, name: str, now: datetime) -> Self:
        """Return the place once `name` is read until `now`."""
        return self.model_copy(update={"heard": {**self.heard, name: now}})

    def is_due(self, post: str, written_at: datetime, now: datetime) -> bool:
        """Tell whether the replies to one of our posts are to be read: the older it is, the less often."""
        heard_at = self.followed.get(post)
        return heard_at is None or now - heard_at >= (now - written_at) / _SHARE_OF_AGE

    def answered(self, post: str, now: datetime) -> Self:
        """Return the place once the replies to `post` are read."""
        return self.model_copy(update={"followed": {**self.followed, post: now}})

    def following(self, posts: Collection[str]) -> Self:
        """Return the place that remembers the replies to `posts` alone."""
        return self.model_copy(update={"followed": {post: at for post, at in self.followed.items() if post in posts}})

    def is_proved(self, now: datetime) -> bool:
        """Tell whether searches are known to bring what others write."""
        return self.proved_at is not None and now - self.proved_at < PROOF_LASTS

    def proved(self, now: datetime) -> Self:
        """Return the place once a search brought what somebody else wrote."""
        return self.model_copy(update={"proved_at": now})

    def doubted(self, names: Collection[str]) -> Self:
        """Return the place once the right to search is known to be lost: since the last proof nothing was heard."""
        at = self.proved_at
        heard = {name: min(when, at) if at and name in names else when for name, when in self.heard.items()}
        return self.model_copy(update={"heard": heard, "proved_at": None})

    def cursor(self) -> Cursor:
        """Return this place as the journal keeps it."""
        return Cursor(self.model_dump_json(exclude_none=True))
