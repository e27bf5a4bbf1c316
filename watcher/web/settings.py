"""The view that says in words what the team's YAML says, and what is wrong in its last edit."""

from collections import Counter
from dataclasses import dataclass

from starlette.requests import Request

from watcher.config import Config
from watcher.config.durations import in_words
from watcher.web.rules import conditions, takes
from watcher.web.view import Sheet, Show, View
from watcher.words import MOST_MISTAKES, PLATFORMS, Labels

TRIAL = "/essai"


@dataclass(frozen=True, slots=True)
class Listened:
    """How many sources of a platform are read, and how many are at rest."""

    platform: str
    active: int
    paused: int


def settings_view(loaded: Config, labels: Labels, trial: Show) -> View:
    """Return the view of `loaded`, beside which words are tried."""
    ages = loaded.instance.retention
    values = {
        "loaded": loaded,
        "labels": labels,
        "listened": listened(loaded),
        "takes": lambda rule: takes(rule, labels),
        "conditions": lambda rule: conditions(rule, loaded.alerts.channel),
        "ages": [
            ("Qui a écrit, et l'adresse du message", in_words(ages.identifiers)),
            ("Le texte", in_words(ages.texts)),
            ("Ce qui est hors sujet", in_words(ages.off_subject)),
            ("Ce qui n'a pas pu être lu", in_words(ages.dead_letters)),
        ],
        "most_mistakes": MOST_MISTAKES,
        "trial_path": TRIAL,
    }

    async def show(_: Request) -> Sheet:
        return Sheet("settings.html", values)

    return View("/reglages", "Réglages", show, beside={TRIAL: trial})


def listened(loaded: Config) -> list[Listened]:
    """Return the platforms that have a source, the most listened to first."""
    active = Counter(source.platform for source in loaded.sources)
    paused = Counter(source.platform for source in loaded.paused)
    names = sorted(active | paused, key=lambda name: (-active[name], PLATFORMS.get(name, name)))
    return [Listened(PLATFORMS.get(name, name), active[name], paused[name]) for name in names]
