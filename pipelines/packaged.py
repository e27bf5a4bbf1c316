"""What ships with the package: topics, territory and cues. Its only input or output, through importlib.resources."""

import json
import tomllib
from collections.abc import Iterator
from importlib import resources

from pipelines.territory import LocalName, Territory
from pipelines.themes import TaughtPost, Theme


def packaged_themes() -> tuple[Theme, ...]:
    """Return the topics that ship with the package, those of `config/themes.yml`."""
    return tuple(
        Theme(entry["id"], entry["label"], *(tuple(entry[key]) for key in ("words", "examples", "exclusions")))
        for entry in json.loads(_data("themes.json"))
    )


def packaged_territory() -> Territory:
    """Return the territory that ships with the package, that of `config/territoire.yml`."""
    entry = json.loads(_data("territory.json"))
    local_names = tuple(
        LocalName(place["name"], tuple(place["departements"]), tuple(place["communes"]))
        for place in entry.pop("places")
    )
    return Territory(places=local_names, **{key: tuple(terms) for key, terms in entry.items()})


def packaged_cues() -> dict[str, list[str]]:
    """Return what people write when they need, ask, complain, warn, thank or sell, by kind."""
    written: dict[str, list[str]] = tomllib.loads(_data("cues.toml"))
    return {kind: [" ".join(turn.split()) for cue in cues for turn in _turns(cue)] for kind, cues in written.items()}


def packaged_fields() -> dict[str, list[str]]:
    """Return the everyday words of each field of life, by "topic.field"."""
    by_topic: dict[str, dict[str, str]] = tomllib.loads(_data("fields.toml"))
    return {
        f"{topic}.{field}": [" ".join(term.split()) for term in terms.split(",")]
        for topic, fields in by_topic.items()
        for field, terms in fields.items()
    }


def packaged_table(decision: str) -> str:
    """Return a table of weights, "word", "relevance", "intent" or "topic", as `make train` wrote it."""
    return _data(f"{decision}_weights.csv")


def packaged_topic_posts() -> tuple[TaughtPost, ...]:
    """Return the labelled posts that topics are learned from."""
    entries = map(json.loads, _data("topic_posts.jsonl").splitlines())
    return tuple(TaughtPost(post["text"], frozenset(post["topics"]), post["platform"]) for post in entries)


def _turns(cue: str) -> Iterator[str]:
    """Yield the turns that a cue stands for: "(je|on) cherche" for "je cherche" and "on cherche"."""
    before, opened, rest = cue.partition("(")
    choices, _, after = rest.partition(")")
    if not opened:
        yield cue
        return
    for choice in choices.split("|"):
        for turn in _turns(after):
            yield f"{before}{choice}{turn}"


def _data(file: str) -> str:
    return resources.files("pipelines.data").joinpath(file).read_text(encoding="utf-8")
