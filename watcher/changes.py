"""What an edit of the team's YAML changes: in one French line, and in what the running daemon must do. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from watcher.config.config import Config, ThemeConfig
from watcher.french import plural
from watcher.model import Source

LATER = "prendra effet au prochain démarrage"

_OF_A_THEME = {
    "words": ("mot", "mots", ""),
    "examples": ("exemple", "exemples", ""),
    "excluded": ("exclusion", "exclusions", "e"),
}
_OF_THE_INSTANCE = {
    "name": "nom de la veille modifié",
    "retention": "durées de conservation modifiées",
    "voices": "voix modifiées",
}
_FIXED = {"contact": "contact", "page": "réglages de la page", "elasticsearch": "réglages d'Elasticsearch"}
"""What is in use from the start to the end of a run."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What passes from one configuration to another.

    `config` is the new one, but for what a running daemon cannot change. `sources` are the names of those that end,
    begin or change; `changes_reading` tells that posts are read by other topics or another territory.
    """

    sentence: str
    config: Config
    sources: frozenset[str]
    changes_reading: bool


def difference(before: Config, after: Config) -> Changes:
    """Return what changes from `before` to `after`; an empty sentence where nothing does."""
    fixed = {name: getattr(before.instance, name) for name in _FIXED}
    return Changes(
        sentence=" ; ".join(_sentences(before, after)),
        config=replace(after, instance=replace(after.instance, **fixed)),
        sources=_changed_sources(before, after),
        changes_reading=_read_by(before) != _read_by(after),
    )


def _read_by(config: Config) -> object:
    """Return what posts are read by: examples teach `watcher train` alone."""
    return [replace(theme, examples=()) for theme in config.themes], config.territory


def _sentences(before: Config, after: Config) -> Iterator[str]:
    yield from _of_sources(before, after)
    yield from _of_themes(_by_id(before.themes), _by_id(after.themes))
    if before.territory != after.territory:
        yield "territoire modifié"
    yield from _of_named("règle", "e", before.alerts.rules, after.alerts.rules)
    if replace(before.alerts, rules=()) != replace(after.alerts, rules=()):
        yield "réglages des alertes modifiés"
    yield from _of_named("événement", "", before.calendar.expectations, after.calendar.expectations)
    yield from _of_named("membre de l'équipe", "", before.team, after.team)
    watched = _counted(before.instance.watched_words, after.instance.watched_words, "mot", "mots", "")
    if watched:
        yield f"mots suivis : {watched}"
    for name, sentence in _OF_THE_INSTANCE.items():
        if getattr(before.instance, name) != getattr(after.instance, name):
            yield sentence
    later = [said for name, said in _FIXED.items() if getattr(before.instance, name) != getattr(after.instance, name)]
    for said in later:
        yield f"{said} : {LATER}"


def _changed_sources(before: Config, after: Config) -> frozenset[str]:
    old, new = _standing(before), _standing(after)
    return frozenset(name for name in {**old, **new} if old.get(name) != new.get(name))


def _standing(config: Config) -> Mapping[str, tuple[Source, bool]]:
    """Return each source by its name, with whether it is listened to."""
    return {each.name: (each, True) for each in config.sources} | {each.name: (each, False) for each in config.paused}


def _of_sources(before: Config, after: Config) -> Iterator[str]:
    old, new = _standing(before), _standing(after)
    for name in sorted(_changed_sources(before, after)):
        if name not in old:
            yield f"source {name} ajoutée"
        elif name not in new:
            yield f"source {name} retirée"
        elif old[name][1] != new[name][1]:
            yield f"source {name} {'remise en marche' if new[name][1] else 'mise au repos'}"
        else:
            yield f"source {name} modifiée"


def _by_id(themes: Iterable[ThemeConfig]) -> Mapping[str, ThemeConfig]:
    return {theme.id: theme for theme in themes}


def _of_themes(old: Mapping[str, ThemeConfig], new: Mapping[str, ThemeConfig]) -> Iterator[str]:
    for name in {**old, **new}:
        if name not in old:
            yield f"thème {name} ajouté"
        elif name not in new:
            yield f"thème {name} retiré"
        elif old[name] != new[name]:
            parts = [
                _counted(getattr(old[name], field), getattr(new[name], field), *words)
                for field, words in _OF_A_THEME.items()
            ]
            yield f"thème {name} : {', '.join(filter(None, parts)) or 'modifié'}"


def _counted(old: Sequence[str], new: Sequence[str], one: str, many: str, feminine: str) -> str:
    parts = []
    for count, verb in ((len(set(new) - set(old)), "ajouté"), (len(set(old) - set(new)), "retiré")):
        if count:
            parts.append(f"{plural(count, one, many)} {verb}{feminine}{'s' if count > 1 else ''}")
    return ", ".join(parts)


def _of_named(kind: str, feminine: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[str]:
    """Tell of values that bear a `name`, and of their order where they are otherwise the same."""
    before, after = {each.name: each for each in old}, {each.name: each for each in new}
    if before == after and tuple(old) != tuple(new):
        yield f"liste « {kind} » modifiée"
    for name in {**before, **after}:
        if name not in before:
            yield f"{kind} {name} ajouté{feminine}"
        elif name not in after:
            yield f"{kind} {name} retiré{feminine}"
        elif before[name] != after[name]:
            yield f"{kind} {name} modifié{feminine}"
