"""Last step of the configuration: documents → one checked `Config`, or every mistake. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from watcher.config.alerts import AlertsModel
from watcher.config.calendar import CalendarModel
from watcher.config.config import Config
from watcher.config.hints import instead
from watcher.config.models import InstanceModel, ThemesModel
from watcher.config.sources import sources_of
from watcher.config.team import TeamModel
from watcher.config.territory import TerritoryModel
from watcher.config.tree import Document, Path, breadcrumb
from watcher.config.validation import checked
from watcher.errors import ConfigError, Mistake

FILES = ("veille.yml", "sources.yml", "themes.yml", "territoire.yml", "alertes.yml", "calendrier.yml", "equipe.yml")
"""Every file that is read."""

_NOUNS = {"themes": "le thème", "plateformes": "la plateforme", "mots": "le mot suivi"}


def assemble(
    documents: Mapping[str, Document],
    settings_by_platform: Mapping[str, type[BaseModel]],
    mistakes: Sequence[Mistake] = (),
) -> Config:
    """Return the configuration that `documents` (one for each of `FILES`) make together.

    Raises `ConfigError` with every mistake: those given, those of the writing, those of the meaning, in the order of
    the files and lines.
    """
    veille, listed, themed, territoire, alerting, dated, manned = (documents[name] for name in FILES)
    instance, in_instance = checked(InstanceModel, veille, veille.tree)
    sources, in_sources = sources_of(listed, settings_by_platform)
    themes, in_themes = checked(ThemesModel, themed, themed.tree)
    territory, in_territory = checked(TerritoryModel, territoire, territoire.tree)
    alerts, in_alerts = checked(AlertsModel, alerting, alerting.tree)
    calendar, in_calendar = checked(CalendarModel, dated, dated.tree)
    team, in_team = checked(TeamModel, manned, manned.tree)
    known: dict[str, Collection[str]] = {"plateformes": settings_by_platform}
    # A slip of the pen may hide what a file names: then nobody can say what is missing from it.
    if themes and not themed.mistakes:
        known["themes"] = [theme.id for theme in themes.value()]
    if instance and not veille.mistakes:
        known["mots"] = instance.value().watched_words
    unheard = _unknown(alerting, _told(alerts), known) if alerts else ()
    unexpected = _unknown(dated, _expected(calendar), known) if calendar else ()
    found = (
        *mistakes,
        *_in_order(veille, in_instance),
        *_in_order(listed, in_sources),
        *_in_order(themed, in_themes),
        *_in_order(territoire, in_territory),
        *_in_order(alerting, [*in_alerts, *unheard]),
        *_in_order(dated, [*in_calendar, *unexpected]),
        *_in_order(manned, in_team),
    )
    if found or not (instance and themes and territory and alerts and calendar and team):
        raise ConfigError(found)
    return Config(
        instance=instance.value(),
        sources=tuple(source for source, is_active in sources if is_active),
        paused=tuple(source for source, is_active in sources if not is_active),
        themes=themes.value(),
        territory=territory.value(),
        alerts=alerts.value(),
        calendar=calendar.value(),
        team=team.value(),
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    """What stands at `path`, as it is told, and the names that it gives under each key."""

    path: Path
    told: str
    named: Mapping[str, Sequence[str]]


def _told(alerts: AlertsModel) -> Iterator[_Entry]:
    for place, rule in enumerate(alerts.rules):
        named = {"themes": rule.themes, "plateformes": rule.platforms, "mots": rule.words}
        yield _Entry(("regles", place), f"la règle « {rule.name} »", named)


def _expected(calendar: CalendarModel) -> Iterator[_Entry]:
    for place, mark in enumerate(calendar.marks):
        yield _Entry(("reperes", place), f"le repère « {mark.day} »", {"themes": mark.themes})
    for place, event in enumerate(calendar.events):
        yield _Entry(("evenements", place), f"l'événement « {event.name} »", {"themes": event.themes})


def _unknown(document: Document, entries: Iterable[_Entry], known: Mapping[str, Collection[str]]) -> Iterator[Mistake]:
    """What nobody wrote, or no platform gives, would never be heard nor expected.

    `known` are the names that there are under each key; a key that it lacks is not checked.
    """
    for entry in entries:
        named = ((key, *each) for key in entry.named.keys() & known for each in enumerate(entry.named[key]))
        for key, number, name in named:
            if name not in known[key]:
                path = (*entry.path, key, number)
                mark = document.mark(path)
                message = f"{entry.told} porte sur {_NOUNS[key]} « {name} », qui n'existe pas"
                hint = instead(name, tuple(known[key])) if known[key] else "ajoutez-le d'abord dans veille.yml"
                yield Mistake(document.file, message, mark.line, mark.column, breadcrumb(path), hint)


def _in_order(document: Document, meant: Iterable[Mistake]) -> list[Mistake]:
    """Return a file's mistakes by line. On a line badly written only the slip is told: the rest follows from it."""
    if document.tree is None:
        return list(document.mistakes)
    badly_written = {mistake.line for mistake in document.mistakes}
    kept = [mistake for mistake in meant if mistake.line not in badly_written]
    return sorted([*document.mistakes, *kept], key=lambda mistake: (mistake.line or 0, mistake.column or 0))
