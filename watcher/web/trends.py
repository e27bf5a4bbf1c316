"""The first view: what rises, what was said last, and whether all goes well."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from starlette.requests import Request

from watcher.gaps import Gap
from watcher.handling import morning
from watcher.health import Condition, Standing, by_urgency
from watcher.model import PostId
from watcher.stores.queries import HashtagCount, HourCount, PlacedPost, ShownTrend, Totals
from watcher.trend import Trend
from watcher.web.charts import VolumeChart, volume_chart
from watcher.web.choices import UnknownChoice
from watcher.web.opinions import NAMED, Opinion, Word
from watcher.web.unheard import Listening
from watcher.web.view import Done, Form, Sheet, View, or_trouble
from watcher.words import Labels

PERIOD_H = 72
_POSTS = 10
_HASHTAGS = 8
_TRENDS = 8

_CONFIRMATIONS: Mapping[Word, str] = {
    Word.USEFUL: "C'est noté : cette tendance est utile. Vos avis disent quelles règles d'alerte resserrer.",
    Word.NOISE: "C'est noté : cette tendance est du bruit. Vos avis disent quelles règles d'alerte resserrer.",
    Word.NO_VERDICT: "Votre avis est retiré.",
    Word.TAKE: "C'est noté : vous vous en occupez, et l'équipe le voit.",
    Word.LEAVE: "C'est noté : vous ne vous en occupez plus.",
    Word.SNOOZE: "C'est noté : cette alerte est en pause jusqu'à 8 h : Slack n'en dira pas plus, sauf crise.",
    Word.WAKE: "C'est noté : vous ne mettez plus cette alerte en pause.",
    Word.SEE: "C'est noté : vous l'avez vue, et l'équipe le voit.",
    Word.UNSEE: "C'est noté : vous n'êtes plus de ceux qui l'ont vue.",
}


class PageQueries(Protocol):
    """What the page asks of Elasticsearch; each may raise a `WatcherError` in French. See `stores.queries.Queries`."""

    async def latest_stories(self, limit: int, until: datetime) -> list[PlacedPost]:
        """Return the latest posts, copies as one."""
        ...

    async def top_hashtags(self, since: datetime, until: datetime, limit: int) -> list[HashtagCount]:
        """Return the tags of most voices."""
        ...

    async def volume_by_hour(self, since: datetime, until: datetime) -> list[HourCount]:
        """Return the posts of each hour."""
        ...

    async def totals(self, since: datetime, until: datetime) -> Totals:
        """Return the figures of the period."""
        ...

    async def trends(self, now: datetime, limit: int) -> list[ShownTrend]:
        """Return what more voices speak of than was to be expected."""
        ...


class Said(Protocol):
    """What the team says of trends: see `opinions.Opinions`."""

    def of(self, trends: Sequence[Trend]) -> Mapping[PostId, Opinion]:
        """Return what is said of each."""
        ...

    def keep(self, trend: PostId, person: str, word: Word) -> bool:
        """Keep what a person says. Return False when the trend is not known."""
        ...


@dataclass(frozen=True, slots=True)
class Deliveries:
    """What the journal holds: writes that wait for Elasticsearch, and items set apart because they are unreadable.

    `alarm` says, in French, why nothing leaves any more; empty while all is well.
    """

    waiting: int
    dead: int
    alarm: str = ""


@dataclass(frozen=True, slots=True)
class Foundations:
    """What the view stands on."""

    queries: PageQueries
    said: Said
    standings: Callable[[], Sequence[Standing]]
    gaps: Callable[[], Sequence[Gap]]
    deliveries: Callable[[], Deliveries]
    labels: Labels
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Answers:
    """What Elasticsearch answered for one page."""

    posts: Sequence[PlacedPost]
    hashtags: Sequence[HashtagCount]
    hours: Sequence[HourCount]
    chart: VolumeChart
    totals: Totals
    trends: Sequence[ShownTrend]


def trends_view(foundations: Foundations) -> View:
    """Return the view that opens first. Without Elasticsearch it says so."""

    async def show(_: Request) -> Sheet:
        now = foundations.now()
        healths = by_urgency(foundations.standings(), now)
        listening = Listening(len(healths), foundations.gaps())
        answers, trouble = await or_trouble(_ask(foundations.queries, listening, now), None)
        values = {
            "now": now,
            "labels": foundations.labels,
            "period_h": PERIOD_H,
            "answers": answers,
            "opinions": foundations.said.of([each.trend for each in answers.trends]) if answers else {},
            "trouble": trouble,
            "healths": healths,
            "listening": listening,
            "rest": morning(now),
            "running": sum(health.condition is Condition.RUNNING for health in healths),
            "broken": sum(health.condition is Condition.BROKEN for health in healths),
            "deliveries": foundations.deliveries(),
        }
        return Sheet("front.html", values)

    async def take(form: Form) -> Done:
        trend, word = form.fields.get("tendance", ""), form.fields.get("dit", "")
        if word not in set(Word):
            raise UnknownChoice("Ce bouton n'existe pas, ou n'existe plus.")
        if word in NAMED and not form.person:
            raise UnknownChoice("Dites d'abord qui vous êtes (en haut de chaque page) : l'équipe verra votre nom.")
        if not foundations.said.keep(PostId(trend), form.person, Word(word)):
            raise UnknownChoice("Cette tendance n'est plus connue : elle a plus de trois mois, ou a été effacée.")
        return Done(f"/#tendance-{trend}", _CONFIRMATIONS[Word(word)])

    return View("/", "Tendances", show, takes={"/avis": take})


async def _ask(queries: PageQueries, listening: Listening, now: datetime) -> Answers:
    since = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=PERIOD_H - 1)
    posts, hashtags, hours, totals, trends = await asyncio.gather(
        queries.latest_stories(_POSTS, now),
        queries.top_hashtags(since, now, _HASHTAGS),
        queries.volume_by_hour(since, now),
        queries.totals(since, now),
        queries.trends(now, _TRENDS),
    )
    return Answers(posts, hashtags, hours, volume_chart(hours, now, listening), totals, trends)
