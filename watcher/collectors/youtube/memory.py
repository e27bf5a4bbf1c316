"""How far each discussion and each search has been read: the collector's cursor. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict

from watcher.model import Cursor
from watcher.remembered import Remembered


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Reach(_Kept):
    """How far a discussion was read: the run that read it last, and the one that looked back a month.

    `replies` is how many there were under the threads whose replies had to be asked for.
    """

    until: AwareDatetime | None = None
    deep_at: AwareDatetime | None = None
    replies: Mapping[str, int] = {}


class Walk(_Kept):
    """A search under way, begun `at`: the token of its next page and how many were read."""

    at: AwareDatetime
    page: str | None = None
    count: int = 0


class Search(_Kept):
    """Until when a search has heard everything, and the `walk` that was cut, if any."""

    until: AwareDatetime | None = None
    walk: Walk | None = None


class Memory(Remembered):
    """The whole of it: discussions by channel or video, searches by their words."""

    discussions: Mapping[str, Reach] = {}
    searches: Mapping[str, Search] = {}

    def reached(self, discussion: str, reach: Reach) -> Self:
        """Return this with how far `discussion` was read."""
        return self.model_copy(update={"discussions": {**self.discussions, discussion: reach}})

    def searched(self, words: str, search: Search) -> Self:
        """Return this with how far the search for `words` went."""
        return self.model_copy(update={"searches": {**self.searches, words: search}})

    def cursor(self) -> Cursor:
        """Return this as the journal keeps it."""
        return Cursor(self.model_dump_json(exclude_defaults=True))


def oldest_first(words: tuple[str, ...], memory: Memory, never: datetime) -> list[str]:
    """Return `words` with those that waited longest first, so that a spent budget never starves the same ones."""
    return sorted(words, key=lambda each: memory.searches.get(each, Search()).until or never)
