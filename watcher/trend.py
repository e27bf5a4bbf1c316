"""What the trend job tells: a term that more voices speak of than its past lets one expect, and the alert about it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from watcher.model import PostId, document_id

Kind = str
"""What is watched; one of the keys of `ticks.KINDS`."""

PHRASE: Kind = "expression"
"""A phrase that nobody listed. It is told when two ticks have heard it, and names an event when nothing else does."""

RANK_HALFLIFE = timedelta(hours=18)
SILENCE = timedelta(hours=25)
"""A trend lives so long at least, so that its term is not alerted on again within a day; it may begin an hour late."""

CURVE_STEP = timedelta(minutes=10)
"""What one figure of `Why.curve` counts."""

_BEFORE = timedelta(hours=1)

Key = tuple[Kind, str]
"""What tells a trend from the others of its time: its kind and its term."""

SPIKE = 2.0
"""The score, a hundred to one, at which a volume that breaks its record is told, and from which events are joined."""

SOURCE: Kind = "source"
"""No trend, but what a calendar is asked of too: a source that is not heard is expected less, down to 0."""

Calendar = Callable[[Key, datetime], float]
"""How many times its usual a term is to be expected at a time: 1 on a day like others, infinity across a gap."""

CALM = 1.0
"""The score below which a term surprises nobody: ten to one."""


class TrendState(StrEnum):
    """Where a trend stands in its life; the words are shown and stored."""

    BORN = "naissante"
    RISING = "en_hausse"
    FALLING = "en_baisse"
    OVER = "terminee"


@dataclass(frozen=True, slots=True)
class Hearing:
    """What one tick heard of a term: distinct voices in the last hour, those expected, and how surprising that is."""

    at: datetime
    score: float
    voices: float
    expected: float


@dataclass(frozen=True, slots=True)
class Why:
    """What explains a trend: distinctive words, ids of posts chosen for their spread, and who spoke where.

    Platforms, départements and communes come by weight, the communes that hold a third of the posts only; `authors`
    are those of its first two hundred posts, `first` is the kind of the one who began, on `first_platform`. `called` is
    how people write a term that the fold knows by a digest. `curve` is posts every ten minutes from
    `Trend.curve_start` on.
    """

    terms: tuple[str, ...] = ()
    examples: tuple[PostId, ...] = ()
    platforms: tuple[str, ...] = ()
    departements: tuple[str, ...] = ()
    communes: tuple[str, ...] = ()
    authors: int = 0
    first: str = ""
    first_platform: str = ""
    called: str = ""
    curve: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Trend:
    """One trend. `since` is the first use in the hour that made it one, `peak` the hearing of its highest score.

    A trend that another's posts explain is `part_of` that one, whose `parts` it is among; `split_from` names what it
    was a part of before: see `events`.
    """

    kind: Kind
    term: str
    since: datetime
    latest: Hearing
    peak: Hearing
    state: TrendState = TrendState.BORN
    why: Why = Why()
    part_of: Key | None = None
    parts: tuple[Key, ...] = ()
    split_from: Key | None = None

    @property
    def id(self) -> PostId:
        """The id of its document: the same for the same kind, term and start."""
        name = f"{self.kind}|{self.term}|{self.since.isoformat()}"
        return document_id(name)

    @property
    def key(self) -> Key:
        """What tells it from the other trends of its time."""
        return self.kind, self.term

    @property
    def called(self) -> str:
        """Its term as people write it."""
        return self.why.called or self.term

    @property
    def curve_start(self) -> datetime:
        """When the first figure of its curve begins: an hour before it, at the full ten minutes."""
        early = self.since - _BEFORE
        return early.replace(minute=early.minute // 10 * 10, second=0, microsecond=0)

    def rank(self, at: datetime) -> float:
        """Return its place in the list: the peak, halved every eighteen hours since."""
        return float(self.peak.score * 0.5 ** ((at - self.peak.at) / RANK_HALFLIFE))


@dataclass(frozen=True, slots=True)
class Alert:
    """What the team is told of a trend, once. `sentence` is French."""

    trend: Trend
    at: datetime
    sentence: str

    @property
    def id(self) -> PostId:
        """The id of its document, which is its trend's: one alert a trend."""
        return self.trend.id


def no_calendar(_: Key, __: datetime) -> float:
    """Expect of every day what is usual."""
    return 1.0


def keyed(kind: Kind, term: str) -> str:
    """Return a key in one word: under it a term is counted, and named in documents."""
    return f"{kind}:{term}"


def unkeyed(key: str) -> Key:
    """Return the kind and the term that `key` names."""
    kind, _, term = key.partition(":")
    return kind, term


def heard_again(trend: Trend, hearing: Hearing) -> Trend:
    """Return `trend` one tick later: rising, falling, or over once a day has passed and it surprises no more."""
    peak = hearing if hearing.score > trend.rank(hearing.at) else trend.peak
    after = replace(trend, latest=hearing, peak=peak)
    if hearing.at >= trend.since + SILENCE and hearing.score < CALM:
        return replace(after, state=TrendState.OVER)
    if hearing.voices > trend.latest.voices:
        return replace(after, state=TrendState.RISING)
    if hearing.voices < trend.latest.voices:
        return replace(after, state=TrendState.FALLING)
    return after
