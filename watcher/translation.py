"""What the team's configuration means to those who listen, read and name: each in the form that it knows."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pipelines
from pipelines.gazetteer import commune_names
from pipelines.listening import listening
from pipelines.territory import LocalName, Territory
from pipelines.themes import Theme
from watcher import collect
from watcher.config import DEPARTEMENTS, Config
from watcher.ports import Collector, Firehose, Keep, Renewing, TerritoryWords
from watcher.secrets import keep_renewed
from watcher.trends.spoken import Watchlist
from watcher.words import Labels

if TYPE_CHECKING:
    from spacy.language import Language


def build_packaged_nlp() -> "Language":
    """Return the pipeline that reads with the topics and the territory that ship with the program."""
    return pipelines.build()


def build_nlp(loaded: Config, learned: str | None = None) -> "Language":
    """Return the pipeline that reads with the team's own topics and territory, and with what `train` has learned."""
    return pipelines.build(themes_of(loaded), territory_of(loaded), learned)


def themes_of(loaded: Config) -> tuple[Theme, ...]:
    """Return the team's topics as the pipelines know them."""
    return tuple(Theme(theme.id, theme.name, theme.words, theme.examples, theme.excluded) for theme in loaded.themes)


def territory_of(loaded: Config) -> Territory:
    """Return the team's territory as the pipelines know one."""
    ours, institution = loaded.territory, loaded.territory.institution
    return Territory(
        names=institution.names,
        ambiguous_names=institution.ambiguous_names,
        duties=institution.competences,
        accounts=institution.accounts,
        services=institution.services,
        people=institution.people,
        context=ours.context,
        elsewhere=ours.other_regions,
        places=tuple(LocalName(place.name, place.departements, place.communes) for place in ours.places),
        exceptions=ours.exceptions,
    )


def territories(loaded: Config) -> Mapping[str, tuple[str, ...]]:
    """Return the départements that the audience of each source lives in."""
    return {source.name: source.territory for source in loaded.sources}


def collectors_of(loaded: Config, data: Path) -> Mapping[str, Collector]:
    """Return the collectors: those whose platform gives everything listen for the team's territory alone.

    Those whose platform renews our keys keep them in the folder `data`.
    """
    words, keep = TerritoryWords(*listening(territory_of(loaded))), partial(keep_renewed, data)
    return {name: _composed(found, words, keep) for name, found in collect.find().items()}


def _composed(found: Collector, words: TerritoryWords, keep: Keep) -> Collector:
    if isinstance(found, Firehose):
        return found.listening_for(words)
    if isinstance(found, Renewing):
        renewing: Collector = found.keeping(keep)
        return renewing
    return found


def watchlist_of(loaded: Config) -> Watchlist:
    """Return what the team asks to be heard."""
    return Watchlist(loaded.instance.watched_words, asdict(loaded.instance.voices))


def labels(loaded: Config) -> Labels:
    """Return the French names of the team's topics and of the official places."""
    return Labels(
        topics={theme.id: theme.name for theme in loaded.themes},
        departements=DEPARTEMENTS,
        communes=commune_names(),
    )
