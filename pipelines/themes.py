"""What a topic is to the pipelines: the team's words, example posts and exclusions, and posts labelled by hand."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """One topic. `words` and `exclusions` are words or phrases, in any case and number; `examples` are whole posts."""

    id: str
    label: str
    words: tuple[str, ...]
    examples: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TaughtPost:
    """A post of the region and the topics that it is about, by hand."""

    text: str
    topics: frozenset[str]
    platform: str = ""
