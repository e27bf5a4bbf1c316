"""Feeds that go on being written: each `publish` adds items to every one, as a newsroom does."""

from collections.abc import Iterator, Sequence
from email.utils import format_datetime
from itertools import count
from pathlib import Path

from tests.fakes.clock import NOON
from watcher.normalise import post_id


class Gazettes:
    """`number` RSS feeds in `folder`, all of whose items stay in their window."""

    def __init__(self, folder: Path, number: int) -> None:
        self._folder = folder
        self._items: dict[str, list[str]] = {f"gazette-{feed}": [] for feed in range(number)}
        self._numbers: Iterator[int] = count()
        self.publish(0)

    @property
    def names(self) -> Sequence[str]:
        return list(self._items)

    @property
    def post_ids(self) -> set[str]:
        """The ids under which every item published so far must be found, once."""
        return {post_id("rss", guid) for guids in self._items.values() for guid in guids}

    def publish(self, each: int) -> None:
        """Add `each` items to every feed. A reader sees a feed as it was or as it is, nothing between."""
        for name, guids in self._items.items():
            guids += [f"https://gazette.example.org/{name}/{next(self._numbers)}" for _ in range(each)]
            new = self._folder / f"{name}.tmp"
            new.write_text(_rss(name, guids), encoding="utf-8")
            new.replace(self._folder / f"{name}.rss")


def _rss(name: str, guids: Sequence[str]) -> str:
    items = "".join(
        f"<item><guid>{guid}</guid><link>{guid}</link><title>Lodève : nouvelle {guid.rpartition('/')[2]}</title>"
        f"<description>Le marché de Lodève change de place.</description>"
        f"<pubDate>{format_datetime(NOON)}</pubDate></item>"
        for guid in guids
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{name}</title>{items}</channel></rss>'
