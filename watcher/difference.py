"""What a topic has of the posts that are stored, and what it would have: values, and how they are counted. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from watcher.french import paris
from watcher.model import Post

EXAMPLES = 20
"""Posts shown of each kind: more would not be read."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One post as it is stored, and the topics that it would have."""

    post: Post
    topics: tuple[str, ...]

    @property
    def topics_before(self) -> tuple[str, ...]:
        """The topics that it has."""
        return self.post.reading.topics if self.post.reading else ()


@dataclass(frozen=True, slots=True)
class DayCount:
    """Posts collected on one day, Paris time: those the topic keeps, would gain, and would lose."""

    day: date
    kept: int
    gained: int
    lost: int

    @property
    def total(self) -> int:
        """Posts that the topic has, or would have."""
        return self.kept + self.gained + self.lost


@dataclass(frozen=True, slots=True)
class Difference:
    """What a topic has and what it would have. Examples are the latest; `days` follow each other without a hole."""

    kept: int = 0
    gained: int = 0
    lost: int = 0
    days: tuple[DayCount, ...] = ()
    gained_examples: tuple[Post, ...] = ()
    lost_examples: tuple[Post, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """The posts of a period read again: how many, of how many there are, and what changes for each topic."""

    since: datetime
    until: datetime
    read: int = 0
    found: int = 0
    differences: Mapping[str, Difference] = field(default_factory=dict)

    def of(self, topic: str) -> Difference:
        """Return what changes for `topic`."""
        return self.differences.get(topic) or Difference(days=_days((), topic, self.since, self.until))


def differences(compared: Sequence[Comparison], since: datetime, until: datetime) -> Mapping[str, Difference]:
    """Return what changes for each topic that a post has or would have."""
    topics = {topic for each in compared for topic in (*each.topics_before, *each.topics)}
    return {topic: _difference(compared, topic, since, until) for topic in sorted(topics)}


def _difference(compared: Sequence[Comparison], topic: str, since: datetime, until: datetime) -> Difference:
    days = _days(compared, topic, since, until)
    return Difference(
        kept=sum(count.kept for count in days),
        gained=sum(count.gained for count in days),
        lost=sum(count.lost for count in days),
        days=days,
        gained_examples=_latest(e.post for e in compared if topic in e.topics and topic not in e.topics_before),
        lost_examples=_latest(e.post for e in compared if topic in e.topics_before and topic not in e.topics),
    )


def _days(compared: Iterable[Comparison], topic: str, since: datetime, until: datetime) -> tuple[DayCount, ...]:
    counts = Counter(
        (paris(each.post.collected_at).date(), topic in each.topics_before, topic in each.topics) for each in compared
    )
    first, last = paris(since).date(), paris(until).date()
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return tuple(
        DayCount(day, counts[day, True, True], counts[day, False, True], counts[day, True, False]) for day in days
    )


def _latest(posts: Iterable[Post]) -> tuple[Post, ...]:
    return tuple(sorted(posts, key=lambda post: (post.collected_at, post.id), reverse=True)[:EXAMPLES])
