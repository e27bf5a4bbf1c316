"""What a digest is made of, as it was found. Values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from watcher.activity import AccountDay, Activity, Asked
from watcher.digest.comparison import Hearing
from watcher.digest.edition import Morning, Week
from watcher.gaps import Gap
from watcher.health import SourceHealth
from watcher.model import Post, PostId
from watcher.trend import Trend


@dataclass(frozen=True, slots=True)
class MorningFacts:
    """What there is to say of a morning, at `made_at`.

    `asked` are all posts that called for an answer in the days before, answered or not; `examples` are posts that
    trends name and that are still there; `sources` are as they stand at `made_at`; `gaps` were never made good,
    `made_good` others were.
    """

    edition: Morning
    made_at: datetime
    activity: Activity
    trends: Sequence[Trend] = ()
    examples: Mapping[PostId, Post] = field(default_factory=dict)
    asked: Sequence[Asked] = ()
    sources: Sequence[SourceHealth] = ()
    gaps: Sequence[Gap] = ()
    made_good: int = 0


@dataclass(frozen=True, slots=True)
class Past:
    """What a week was: its figures, and what was not heard of it."""

    week: Week
    activity: Activity
    hearing: Hearing


@dataclass(frozen=True, slots=True)
class WeekFacts:
    """What there is to say of the week `past`, at `made_at`.

    `year_before` is None where that year had no such week. `by_day` and `by_day_before` are the posts of seven days.
    `writers` tells of each person how many posts they wrote in each of the last four weeks, this one last; None where
    their names are no longer kept. `asked` are the posts of the week that called for an answer, None likewise.
    `sources` names the sources of each platform.
    """

    past: Past
    before: Past
    year_before: Past | None
    made_at: datetime
    by_day: Sequence[int]
    by_day_before: Sequence[int]
    writers: Sequence[Sequence[int]] | None = None
    asked: Sequence[Asked] | None = None
    followers: Sequence[AccountDay] = ()
    gaps: Sequence[Gap] = ()
    sources: Mapping[str, Sequence[str]] = field(default_factory=dict)
