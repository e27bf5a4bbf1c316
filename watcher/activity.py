"""What a period held, as the digests count it. Values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from watcher.model import Post

Span = tuple[datetime, datetime]
"""From a time on, which is in it, until another, which is not."""


@dataclass(frozen=True, slots=True)
class Group:
    """Posts of one kind: how many, from how many distinct voices, and how many call for an answer.

    A source that names no author is one voice. `nameless` posts have lost the name of their author: while there are
    any, `voices` is the least that there were. `by_source` counts posts.
    """

    posts: int = 0
    voices: int = 0
    nameless: int = 0
    to_answer: int = 0
    by_source: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Activity:
    """A period: all of its posts, and those of each platform and of each topic."""

    total: Group = Group()
    by_platform: Mapping[str, Group] = field(default_factory=dict)
    by_topic: Mapping[str, Group] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """A post that calls for an answer, where it stands in time, and when an account of ours first answered it."""

    at: datetime
    post: Post
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AccountDay:
    """How many followers one account of ours had on one day of the region."""

    platform: str
    account: str
    day: date
    followers: int
