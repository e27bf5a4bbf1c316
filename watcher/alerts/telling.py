"""What the team is told in Slack of what a turn of the trend job found: new threads, what becomes of them. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from pydantic import TypeAdapter

from watcher.alerts.blocks import Event, Link, Quote, message, reply
from watcher.alerts.routing import Routed, Told, routed, rule_for
from watcher.alerts.rules import Name, sentence
from watcher.config import AlertRule, AlertsConfig
from watcher.handling import Care
from watcher.handling import told as care_told
from watcher.model import Post, PostId
from watcher.stores.journal.messages import Draft, Role
from watcher.trend import Alert, Trend, TrendState
from watcher.words import PLATFORMS, TREND_KINDS

REMEMBERED = timedelta(days=3)
"""A trend lives a day or two: what it was told in is known so long."""

HINT = "👍 utile · 👎 bruit · ✅ je m'en occupe · 👀 vu · 💤 jusqu'au matin"
"""What `marks` understands."""

_TOLD = TypeAdapter(list[Told])

Posts = Mapping[PostId, Sequence[Post]]
"""The posts that explain each trend, by its id."""

Cares = Mapping[PostId, Care]
"""Who sees to each alert, by its id."""

NOBODY: Cares = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Telling:
    """How this instance tells: by which rules, under which names, and where more is to be seen.

    `hears_reactions`: what people answer by a reaction is read.
    """

    config: AlertsConfig
    name: Name
    links: tuple[Link, ...] = ()
    hears_reactions: bool = False

    def drafts(
        self,
        raised: Iterable[Alert],
        changed: Iterable[Trend],
        posts: Posts,
        told: Sequence[Told],
        now: datetime,
        *,
        cares: Cares = NOBODY,
    ) -> tuple[list[Draft], list[Told]]:
        """Return the messages to send, and what was told by then: `told` as far as it is recent, and what is added.

        In a thread that somebody of `cares` put to rest nothing is said before its end, but what passes the night.
        """
        known = [each for each in told if now - each.at < REMEMBERED]
        drafts = list[Draft]()
        for trend in changed:
            thread = next((each for each in known if each.event == trend.id), None)
            if thread:
                drafts += self._followed(trend, thread, posts, cares, now)
        for alert in raised:
            way = routed(alert, self.config, known, now)
            if way:
                drafts += self._opened(alert, way, posts, cares, now)
                known += filter(None, [way.opening(alert.id)])
        return drafts, known

    def update(self, trend: Trend, channel: str, posts: Posts, cares: Cares, now: datetime) -> Draft:
        """Return what brings the first message about `trend` up to date."""
        care = cares.get(trend.id, Care())
        body = message(self._event(trend, posts, care_told(care, now))).body
        return Draft(trend.id, Role.UPDATE, channel, body)

    def _followed(self, trend: Trend, thread: Told, posts: Posts, cares: Cares, now: datetime) -> Iterable[Draft]:
        yield self.update(trend, thread.channel, posts, cares, now)
        if trend.state is TrendState.OVER:
            said = f"C'est terminé : {round(trend.peak.voices)} voix dans l'heure au plus haut."
            rest = _rest(thread.event, cares, rule_for(trend, self.config.rules), now)
            yield Draft(thread.event, Role.REPLY, thread.channel, reply(said).body, rest)

    def _opened(self, alert: Alert, way: Routed, posts: Posts, cares: Cares, now: datetime) -> Iterable[Draft]:
        if way.thread == alert.id:
            body = message(self._event(alert.trend, posts)).body
            yield Draft(alert.id, Role.PARENT, way.channel, body, way.due_at)
            return
        if way.opens_storm:
            said = reply("Beaucoup d'alertes à la fois : celles qui suivent sont dans ce fil, et toutes sur la page.")
            yield Draft(way.thread, Role.PARENT, way.channel, said.body, way.due_at)
        due_at = max(way.due_at, _rest(way.thread, cares, way.rule, now) or now)
        yield Draft(way.thread, Role.REPLY, way.channel, reply(alert.sentence).body, due_at)

    def _event(self, trend: Trend, posts: Posts, status: str = "") -> Event:
        rule = rule_for(trend, self.config.rules)
        quoted = {post.id: post for post in posts.get(trend.id, ())}
        return Event(
            title=titled(trend, self.name),
            sentence=sentence(trend, self.name),
            curve=trend.why.curve,
            quotes=[_quote(quoted[example]) for example in trend.why.examples if example in quoted],
            links=self.links,
            mentions=rule.mentions if rule else (),
            status=status,
            hint=HINT if self.hears_reactions else "",
        )


def _rest(thread: str, cares: Cares, rule: AlertRule | None, now: datetime) -> datetime | None:
    """Return until when what follows in `thread` waits, None where it does not: crises pass."""
    care = cares.get(PostId(thread))
    return None if care is None or (rule and rule.passes_the_night) else care.rests_at(now)


def titled(trend: Trend, name: Name) -> str:
    """Return what stands on top of the thread of `trend`: « Hashtag : #crue »."""
    return f"{TREND_KINDS.get(trend.kind, trend.kind)} : {name(*trend.key)}"


def recalled(state: str | None) -> list[Told]:
    """Return what was told, as `kept` wrote it."""
    return _TOLD.validate_json(state) if state else []


def kept(told: list[Told]) -> str:
    """Return `told` as the journal keeps it."""
    return _TOLD.dump_json(told).decode()


def _quote(post: Post) -> Quote:
    return Quote(post.title or post.text, post.url, PLATFORMS.get(post.platform, post.platform), post.id)
