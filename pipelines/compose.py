"""Composes the pipeline: one spaCy `nlp` that reads everything the watch needs to know in a post.

`pipelines.build` is the way in: this module is imported with spaCy, at the first call.
"""

from collections.abc import Iterable, Mapping, Sequence

import spacy
from spacy.language import Language

from pipelines import bearings, entities, intent, language, places, relevance, stories, topics, turns, wording
from pipelines.packaged import (
    packaged_cues,
    packaged_fields,
    packaged_table,
    packaged_territory,
    packaged_themes,
)
from pipelines.territory import Territory
from pipelines.themes import Theme
from pipelines.tokenizer import LinearTokenizer

COMPONENTS = tuple(
    module.__name__.rpartition(".")[2]
    for module in (entities, language, places, turns, wording, relevance, topics, intent, stories)
)
"""In this order: each reads what those before it have set. Importing a component's module registers its factory."""


def build(
    themes: Sequence[Theme] | None = None,
    territory: Territory | None = None,
    topic_weights: str | None = None,
    tables: Mapping[str, str] | None = None,
) -> Language:
    """Return the pipeline for these topics and this territory, by default the packaged ones of Région Occitanie.

    `topic_weights` is what `topic_training.train` has learned, by default from the packaged posts alone. Raises
    ValueError where it is no table of weights. `tables` holds others than the packaged ones, by "word", "relevance" and
    "intent": who measures what is learned from some posts on others needs them.

    `nlp(text)._` then holds `lang`, `hashtags`, `places`, `departements`, `relevance`, `evidence`, `topics`, `intent`,
    `to_answer`, `signature`…; set `doc._.hints` before the components run to tell the platform, the kind of author or
    the feed's territory.
    """
    themes = packaged_themes() if themes is None else themes
    territory = packaged_territory() if territory is None else territory
    learned = {name: packaged_table(name) for name in ("word", "relevance", "intent", "topic")} | dict(tables or {})
    if topic_weights is not None:
        learned["topic"] = topic_weights
    configs: dict[str, Mapping[str, object]] = {
        "places": {
            "places": {place.name: list(place.codes) for place in territory.places},
            "exceptions": list(territory.exceptions),
        },
        "turns": {"cues": packaged_cues()},
        "wording": {"weights": learned["word"]},
        "relevance": _relevance_config(territory) | {"weights": learned["relevance"]},
        "topics": topics_config(themes) | {"weights": learned["topic"]},
        "intent": {"weights": learned["intent"]},
    }
    nlp = blank()
    for component in COMPONENTS:
        nlp.add_pipe(component, config=dict(configs.get(component, {})))
    return nlp


def blank() -> Language:
    """Return a pipeline that cuts posts into words and has no component yet."""
    nlp = spacy.blank("xx")  # five languages are read; importing the French one compiles its tokenizer for 3 s
    nlp.tokenizer = LinearTokenizer(nlp.vocab)
    return nlp


def topics_config(themes: Sequence[Theme]) -> dict[str, dict[str, list[str]]]:
    """Return the words that topics are read by, for `TopicClues`.

    Those that did not ship with a topic are `added`: the team's own, or all of a topic of its own.
    """
    shipped = {theme.id: {word.casefold() for word in theme.words} for theme in packaged_themes()}
    return {
        "words": {theme.id: list(theme.words) for theme in themes},
        "added": {
            theme.id: [word for word in theme.words if word.casefold() not in shipped.get(theme.id, ())]
            for theme in themes
        },
        "exclusions": {theme.id: list(theme.exclusions) for theme in themes},
        "fields": packaged_fields(),
    }


def _relevance_config(territory: Territory) -> dict[str, object]:
    terms: dict[bearings.Clue, Iterable[str]] = {
        "name": (name for name in territory.names if not _is_host(name)),
        "ambiguous": territory.ambiguous_names,
        "duty": territory.duties,
        "service": territory.services,
        "person": territory.people,
        "context": territory.context,
        "elsewhere": territory.elsewhere,
    }
    return {
        "names": {clue: list(of_clue) for clue, of_clue in terms.items()},
        "own": {
            "accounts": list(territory.accounts),
            "hosts": [name for name in territory.names if _is_host(name)],
        },
    }


def _is_host(name: str) -> bool:
    return "." in name and " " not in name
