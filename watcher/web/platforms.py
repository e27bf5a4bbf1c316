"""The view in which platforms stand side by side: what each gives of what is said, and what is not heard there."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from starlette.requests import Request

from watcher.french import PARIS, paris
from watcher.gaps import Fate, Gap
from watcher.stores.queries.platforms import Compared, Heard, Own
from watcher.web.choices import Choice, UnknownChoice
from watcher.web.view import Sheet, View, or_trouble
from watcher.words import PLATFORMS, Labels

PATH = "/plateformes"
PERIODS = (7, 30, 90)

_USUAL_DAYS = 30
_TOPICS = 5

T = TypeVar("T")


class PlatformQueries(Protocol):
    """What the view asks of Elasticsearch: see `stores.queries.platforms.Platforms`."""

    async def compared(self, since: datetime, until: datetime) -> Compared:
        """Return what each platform gave."""
        ...


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of one platform, and how long its bar is beside the others' of the same kind, in per cent."""

    value: float | None
    share: float


@dataclass(frozen=True, slots=True)
class Column:
    """One measure of all platforms. `said` explains it."""

    name: str
    said: str
    by_platform: Mapping[str, Measure]


@dataclass(frozen=True, slots=True)
class Silence:
    """What a platform did not give us in a period: how many times, and for how long in all."""

    times: int
    span: timedelta


@dataclass(frozen=True, slots=True)
class TopicShare:
    """One topic of a platform, in per cent of its posts: a post may have two."""

    name: str
    posts: int
    share: float


def period(days: str | None, now: datetime) -> tuple[int, datetime]:
    """Return how many days the address asks for, today the last, and when they begin. Raises `UnknownChoice`."""
    if days not in {None, *map(str, PERIODS)}:
        raise UnknownChoice("Cette durée n'est pas proposée.")
    length = int(days) if days else _USUAL_DAYS
    first = paris(now).date() - timedelta(days=length - 1)
    return length, datetime(first.year, first.month, first.day, tzinfo=PARIS)


def columns(compared: Compared) -> list[Column]:
    """Return the measures, in the order in which they are read."""
    heard, own = compared.heard, compared.own
    return [
        _column("Voix", "auteurs distincts ; une source qui n'en nomme pas compte pour une", heard, lambda h: h.voices),
        _column("Sur la Région", "publications qui parlent de la Région elle-même", heard, lambda h: h.about_us),
        _column("Auteurs actifs", "ceux qui ont écrit au moins deux fois", heard, lambda h: h.active),
        _column("À répondre", "messages qui appellent une réponse", heard, lambda h: h.to_answer),
        _column(
            "Interactions pour 1\u202f000 abonnés",
            "sur nos publications de la période, d'après leurs compteurs lus en dernier",
            own,
            lambda o: o.per_thousand,
        ),
    ]


def _column(name: str, said: str, of: Mapping[str, T], value: Callable[[T], float | None]) -> Column:
    values = {platform: value(each) for platform, each in of.items()}
    top = max((each for each in values.values() if each), default=1)
    measures = {platform: Measure(each, round(100 * (each or 0) / top, 1)) for platform, each in values.items()}
    return Column(name, said, measures)


def topics(heard: Heard, labels: Labels) -> list[TopicShare]:
    """Return the topics most spoken of on a platform."""
    most = sorted(heard.topics.items(), key=lambda item: (-item[1], item[0]))[:_TOPICS]
    return [
        TopicShare(labels.topics.get(topic, topic), posts, round(100 * posts / heard.posts, 1)) for topic, posts in most
    ]


def silences(gaps: Iterable[Gap], since: datetime, until: datetime) -> Mapping[str, Silence]:
    """Return what each platform did not give in [`since`, `until`): an hour in which two sources were deaf is one."""
    spans: dict[str, list[tuple[datetime, datetime]]] = {}
    for gap in gaps:
        start, end = max(gap.since, since), min(gap.until or until, until)
        if gap.fate is not Fate.HEARD and start < end:
            spans.setdefault(gap.platform, []).append((start, end))
    return {platform: Silence(len(found), _length(found)) for platform, found in spans.items()}


def _length(spans: Sequence[tuple[datetime, datetime]]) -> timedelta:
    total, reached = timedelta(0), datetime.min.replace(tzinfo=PARIS)
    for start, end in sorted(spans):
        total += max(timedelta(0), end - max(start, reached))
        reached = max(reached, end)
    return total


def platforms_view(
    queries: PlatformQueries,
    listened: Collection[str],
    gaps: Callable[[datetime, datetime], Sequence[Gap]],
    labels: Labels,
    now: Callable[[], datetime],
) -> View:
    """Return the view. `listened` are the platforms that have a source; `gaps` gives those of an interval."""

    async def show(request: Request) -> Sheet:
        opened = now()
        days, since = period(request.query_params.get("jours"), opened)
        compared, trouble = await or_trouble(queries.compared(since, opened), Compared())
        heard = compared.heard
        spoken = {name for name, each in heard.items() if each.posts}
        order = sorted({*spoken, *compared.own, *listened}, key=lambda name: -heard.get(name, Heard()).about_us)
        values = {
            "days": days,
            "since": since,
            "periods": [Choice(f"{each} jours", f"{PATH}?jours={each}", each == days) for each in PERIODS],
            "order": order,
            "columns": columns(compared),
            "heard": heard,
            "own": compared.own,
            "nobody": Own(),
            "silences": silences(gaps(since, opened), since, opened),
            "topics_of": {name: topics(each, labels) for name, each in heard.items() if each.topics},
            "unheard": [title for name, title in PLATFORMS.items() if name not in order],
            "listened": listened,
            "trouble": trouble,
        }
        return Sheet("platforms.html", values)

    return View(PATH, "Plateformes", show)
