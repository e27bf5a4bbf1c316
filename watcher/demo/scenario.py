"""The written world: fifteen days of the region that end now, invented for the demonstration. Pure.

Every post says that its author is one of demonstration. What is expected of a demo follows from what is here.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Literal

from watcher.model import AuthorKind

Platform = Literal["rss", "mastodon", "bluesky"]

HISTORY = timedelta(days=15)
LIVE = timedelta(hours=3)
"""What is played tick by tick; all that came before is history, and loads first."""

TICK = timedelta(minutes=10)

AFTER_TICK = timedelta(minutes=1)
"""The demo looks a minute after the end of each of the trend job's ticks: what was said in it is stored by then."""

_TAG = re.compile(r"#(\w+)")


@dataclass(frozen=True, slots=True)
class Scripted:
    """One written post, which appears at `at` on `site`, where `number` names it for ever.

    `dated_at` is the date that it bears: none, or a wrong one, on some sites. `story` tells why it was written.
    """

    platform: Platform
    site: str
    author: str
    at: datetime
    text: str
    story: str
    title: str = ""
    dated_at: datetime | None = None
    author_kind: AuthorKind = "unknown"
    awaits_answer: bool = False
    number: int = 0

    @property
    def hashtags(self) -> frozenset[str]:
        """The tags of the text, without case or accents."""
        return frozenset(folded(tag) for tag in _TAG.findall(self.text))


def curtain(now: datetime) -> datetime:
    """Return the time at which a demo that starts at `now` ends: the last time it would look, not after `now`."""
    begin = datetime(1970, 1, 1, tzinfo=UTC) + AFTER_TICK
    return begin + (now - begin) // TICK * TICK


def folded(tag: str) -> str:
    """Return `tag` without case or accents, to compare tags."""
    letters = unicodedata.normalize("NFKD", tag.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def dice(purpose: str) -> Random:
    """Return the chance that decides for `purpose`, the same at each demo."""
    return Random(f"demonstration {purpose}")  # noqa: S311 - a written world needs no secret


def numbered(posts: Iterable[Scripted]) -> tuple[Scripted, ...]:
    """Return `posts` in the order in which they appear, each with its number on its site."""
    last: Counter[str] = Counter()

    def numbers() -> Iterator[Scripted]:
        for post in sorted(posts, key=lambda post: (post.at, post.site, post.author, post.text)):
            last[post.site] += 1
            yield replace(post, number=last[post.site])

    return tuple(numbers())


def voices_at(posts: Iterable[Scripted], tag: str, count: int) -> datetime:
    """Return when the distinct author number `count` used `tag`. Raises `LookupError` when fewer ever did."""
    heard: set[tuple[str, str]] = set()
    for post in sorted(posts, key=lambda post: post.at):
        if folded(tag) in post.hashtags:
            heard.add((post.platform, post.author))
            if len(heard) == count:
                return post.at
    raise LookupError(tag)
