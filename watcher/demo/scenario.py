"""The written world: feeds of the region, invented for the demonstration, dated from the moment it starts.

Every author bears a number and the words « auteur de démonstration »; every title of a feed says so too.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Literal

from watcher.model import AuthorKind

Format = Literal["rss", "atom", "rdf", "json"]

_TAG = re.compile(r"#(\w+)")
_STAFF = 4  # a newsroom has a few pens; in a forum everybody is another person


@dataclass(frozen=True, slots=True)
class Item:
    """One written post. `number` names it in its feed for ever; `needs_answer`: somebody waits for the team."""

    number: int
    title: str
    text: str
    author: str
    published_at: datetime | None
    needs_answer: bool

    @property
    def hashtags(self) -> frozenset[str]:
        """The tags of the text, without case or accents."""
        return frozenset(folded(tag) for tag in _TAG.findall(self.text))


@dataclass(frozen=True, slots=True)
class Feed:
    """One written site. `territory` holds the départements of its readers."""

    name: str
    title: str
    format: Format
    author_kind: AuthorKind
    territory: tuple[str, ...]
    items: tuple[Item, ...]


def feeds(now: datetime) -> tuple[Feed, ...]:
    """Return the written feeds, as they stand at `now`."""
    return tuple(_feeds(now))


def folded(tag: str) -> str:
    """Return `tag` without case or accents, to compare tags."""
    letters = unicodedata.normalize("NFKD", tag.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _feeds(now: datetime) -> Iterator[Feed]:
    written = sorted(files(__package__).joinpath("feeds").iterdir(), key=lambda entry: entry.name)
    for order, entry in enumerate(written, start=1):
        site = json.loads(entry.read_text("utf-8"))
        yield Feed(
            name=entry.name.removesuffix(".json"),
            title=site["title"],
            format=site["format"],
            author_kind=site["author_kind"],
            territory=tuple(site["territory"]),
            items=tuple(
                Item(
                    number=number,
                    title=item["title"],
                    text=item["text"],
                    author=_author(order, number, site["author_kind"]),
                    published_at=_ago(now, item["hours_ago"]),
                    needs_answer=item.get("needs_answer", False),
                )
                for number, item in enumerate(site["items"], start=1)
            ),
        )


def _author(feed: int, item: int, kind: AuthorKind) -> str:
    pen = item if kind == "person" else 1 + item % _STAFF
    return f"auteur de démonstration {feed * 100 + pen}"


def _ago(now: datetime, hours: float | None) -> datetime | None:
    return None if hours is None else (now - timedelta(hours=hours)).replace(microsecond=0)
