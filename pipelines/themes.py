"""What a topic is to the pipelines: the team's words, example posts and exclusions, from `config/themes.yml`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """One topic. `words` and `exclusions` are words or phrases, in any case and number; `examples` are whole posts."""

    id: str
    label: str
    words: tuple[str, ...]
    examples: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
