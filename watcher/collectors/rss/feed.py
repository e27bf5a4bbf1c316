"""A feed in its own words, whatever its format: what `syndication` and `jsonfeed` read and `posts` maps."""

from dataclasses import dataclass
from datetime import datetime

from watcher.model import BrokenItem


@dataclass(frozen=True, slots=True)
class Item:
    """One item. `title` and `summary` are HTML, plain text being escaped; "" is what the feed does not say.

    `link` may be relative to the feed's address. Times are aware UTC.
    """

    guid: str
    link: str
    title: str
    summary: str
    published_at: datetime | None = None
    edited_at: datetime | None = None
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A whole feed, items in its order. `home` is the site it speaks for; `poll_after_s` what it asks of readers.

    Not `is_whole`: the document is broken, and may be complete next time under the same validators.
    """

    title: str
    home: str
    items: tuple[Item | BrokenItem, ...]
    poll_after_s: float | None = None
    is_whole: bool = True
