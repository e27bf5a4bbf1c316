"""The line with a scripted platform at one end and the real journal at the other."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel

from tests.fakes.clock import FakeClock
from tests.fakes.fetch import FakeFetch
from tests.fakes.posts import READING
from watcher.errors import Poison
from watcher.flow import Line
from watcher.model import Cursor, Page, Post, RawPost, Source
from watcher.ports import Fetch
from watcher.privacy import Pseudonyms
from watcher.stores.journal import Journal

SOURCE = Source("gazette", "fake", settings=None, interval_s=900)
PSEUDONYMS = Pseudonyms(b"k" * 32)


class ScriptedCollector:
    """Yields the pages it was given from the cursor on, then raises what it was given. Cursors are page numbers."""

    name: ClassVar[str] = "fake"
    Settings: ClassVar[type[BaseModel]] = BaseModel

    def __init__(self, *pages: Sequence[RawPost] | Page, then: Exception | None = None) -> None:
        self._pages = pages
        self._then = then
        self.cursors: list[Cursor | None] = []

    async def pages(self, fetch: Fetch, settings: Any, cursor: Cursor | None, now: datetime) -> AsyncIterator[Page]:
        self.cursors.append(cursor)
        for number, page in list(enumerate(self._pages, start=1))[int(cursor or 0) :]:
            at = Cursor(str(number))
            yield replace(page, cursor=at) if isinstance(page, Page) else Page(tuple(page), cursor=at)
        if self._then:
            raise self._then


@dataclass
class ScriptedReader:
    """Reads every post alike, but poisons those that `cannot_read` points at."""

    cannot_read: Callable[[Post], bool] = lambda _: False
    read_ids: list[str] = field(default_factory=list)

    async def read(self, posts: Sequence[Post]) -> list[Post | Poison]:
        self.read_ids += [post.native_id for post in posts]
        return [
            Poison("illisible", step="tag") if self.cannot_read(post) else replace(post, reading=READING)
            for post in posts
        ]


def a_line(
    folder: Path, reader: ScriptedReader | None = None, *, clock: FakeClock | None = None, fetch: Fetch | None = None
) -> tuple[Line, Journal]:
    journal = Journal(folder / "journal.sqlite")
    line = Line(fetch or FakeFetch(), journal, reader or ScriptedReader(), PSEUDONYMS, clock or FakeClock())
    return line, journal
