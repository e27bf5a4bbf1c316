"""Who is told of an alert, when and in which thread, by the team's rules. Pure.

The first rule that takes a trend decides. At night what is not urgent waits for the morning. What follows within a
rule's rest joins its last thread; past so many threads an hour in a channel, all that comes joins one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.config import AlertRule, AlertsConfig, Quiet
from watcher.french import PARIS
from watcher.trend import Alert, Key, Trend

STORM = "storm"
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Told:
    """One thread that was opened: for which event, by which rule, where and when it is or was due."""

    event: str
    rule: str
    channel: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Routed:
    """Where an alert goes: a thread of its own where `thread` is its event, else a line in that thread.

    `opens_storm`: that thread is the one for a whole storm, and is still to be opened.
    """

    rule: AlertRule
    channel: str
    due_at: datetime
    thread: str
    opens_storm: bool = False

    def opening(self, event: str) -> Told | None:
        """Return the thread that telling of `event` this way opens, None when it joins one."""
        if self.thread == event:
            return Told(event, self.rule.name, self.channel, self.due_at)
        return Told(self.thread, STORM, self.channel, self.due_at) if self.opens_storm else None


def rule_for(trend: Trend, rules: Iterable[AlertRule]) -> AlertRule | None:
    """Return the first rule that takes `trend`, None when none does."""
    return next((rule for rule in rules if _takes(rule, trend)), None)


def routed(alert: Alert, config: AlertsConfig, told: Sequence[Told], now: datetime) -> Routed | None:
    """Return where `alert` goes, None where no rule wants it. `told` are the threads of the last day."""
    rule = rule_for(alert.trend, config.rules)
    if rule is None:
        return None
    channel = rule.channel or config.channel
    due_at = now if rule.passes_the_night or config.quiet is None else after(config.quiet, now)
    same = [each for each in told if each.rule == rule.name and due_at - each.at < rule.rest]
    if same:
        return Routed(rule, channel, due_at, max(same, key=lambda each: each.at).event)
    recent = [each for each in told if each.channel == channel and due_at - HOUR < each.at <= due_at]
    if len(recent) < config.per_hour:
        return Routed(rule, channel, due_at, alert.id)
    storm = next((each.event for each in recent if each.rule == STORM), None)
    return Routed(rule, channel, due_at, storm or f"{STORM}|{channel}|{due_at.isoformat()}", opens_storm=storm is None)


def after(quiet: Quiet, now: datetime) -> datetime:
    """Return `now`, or the end of the quiet hours that it falls into."""
    local = now.astimezone(PARIS)
    clock = local.time()
    over_night = quiet.begins > quiet.ends
    is_quiet = clock >= quiet.begins or clock < quiet.ends if over_night else quiet.begins <= clock < quiet.ends
    if not is_quiet:
        return now
    day = local.date() + timedelta(days=over_night and clock >= quiet.begins)
    return datetime.combine(day, quiet.ends, PARIS).astimezone(now.tzinfo)


def _takes(rule: AlertRule, trend: Trend) -> bool:
    if trend.peak.score < rule.threshold or trend.peak.voices < rule.min_voices:
        return False
    named = _named(rule)
    places = set(rule.departements)
    if not named and not places:
        return True
    return not named.isdisjoint({trend.key, *trend.parts}) or not places.isdisjoint(trend.why.departements)


def _named(rule: AlertRule) -> set[Key]:
    terms = {
        "theme": rule.themes,
        "departement": rule.departements,
        "hashtag": tuple(tag.removeprefix("#").casefold() for tag in rule.hashtags),
        "mot": rule.words,
        "plateforme": rule.platforms,
        "a_repondre": ("oui",) if rule.is_to_answer else (),
    }
    return {(kind, term) for kind, named in terms.items() for term in named}
