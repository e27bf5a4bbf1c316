"""What the team says of its alerts, and what that says of its rules. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from watcher.french import PARIS
from watcher.model import PostId

ENOUGH = 10
"""Verdicts from which on a rule's figures say something."""

MANY = 0.5
"""A share of noise above which a rule tells too much."""


K = TypeVar("K")


class Verdict(StrEnum):
    """What a person says of an alert; the words are typed and stored."""

    USEFUL = "utile"
    NOISE = "bruit"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The last word of a person, "" when it is not known whose, on the alert that `rule` gave at `alerted_at`."""

    alert: PostId
    person: str
    verdict: Verdict
    rule: str
    alerted_at: datetime
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Precision:
    """How many of the alerts that were judged were useful, and how many were noise."""

    useful: int = 0
    noise: int = 0

    @property
    def judged(self) -> int:
        """How many alerts were judged at all."""
        return self.useful + self.noise

    @property
    def share(self) -> float | None:
        """The share of useful ones, None when nothing was judged."""
        return self.useful / self.judged if self.judged else None


def agreed(judgements: Iterable[Judgement]) -> Mapping[PostId, Verdict]:
    """Return what most people say of each alert; where as many say the contrary, what was said last."""
    by_alert: dict[PostId, list[Judgement]] = defaultdict(list)
    for judgement in sorted(judgements, key=lambda each: each.said_at):
        by_alert[judgement.alert].append(judgement)
    return {alert: _most(said) for alert, said in by_alert.items()}


def precision(verdicts: Iterable[Verdict]) -> Precision:
    """Return the figures of alerts of which this was said."""
    counts = Counter(verdicts)
    return Precision(counts[Verdict.USEFUL], counts[Verdict.NOISE])


def by_rule(judgements: Iterable[Judgement]) -> Mapping[str, Precision]:
    """Return the figures of each rule."""
    return _grouped((judgement.rule, judgement) for judgement in judgements)


def by_rule_and_month(judgements: Iterable[Judgement]) -> Mapping[tuple[str, str], Precision]:
    """Return the figures of each rule in each month of the region (« 2026-11 ») in which it alerted."""
    return _grouped(
        ((judgement.rule, f"{judgement.alerted_at.astimezone(PARIS):%Y-%m}"), judgement) for judgement in judgements
    )


def advice(rule: str, figures: Precision) -> str:
    """Return the French sentence that proposes another sensitivity, "" while nothing calls for one."""
    if figures.judged < ENOUGH or figures.noise <= MANY * figures.judged:
        return ""
    return (
        f"« {rule} » : sur {figures.judged} alertes jugées, {figures.noise} étaient du bruit. Essayez "
        "« sensibilite: basse » dans un brouillon : « watcher backtest » dit ce que cela donnerait."
    )


def _most(said: list[Judgement]) -> Verdict:
    figures = precision(judgement.verdict for judgement in said)
    if figures.useful == figures.noise:
        return said[-1].verdict
    return Verdict.USEFUL if figures.useful > figures.noise else Verdict.NOISE


def _grouped(keyed: Iterable[tuple[K, Judgement]]) -> Mapping[K, Precision]:
    groups: dict[K, list[Judgement]] = defaultdict(list)
    for key, judgement in keyed:
        groups[key].append(judgement)
    return {
        key: precision(agreed(said).values()) for key, said in sorted(groups.items(), key=lambda each: str(each[0]))
    }
