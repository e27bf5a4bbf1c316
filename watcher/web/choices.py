"""What a reader may choose by an address, and what is said of what there is not. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from watcher.words import Labels


class UnknownChoice(Exception):
    """The address asks for a topic, a département or a view that there is not. Its message is for the team."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One link. `count` is how many posts it leads to, None when that is not counted."""

    name: str
    address: str
    is_chosen: bool
    count: int | None = None


def one_of(given: str | None, known: Mapping[str, str], sentence: str) -> str | None:
    """Return what an address gives where it is `known`, None where it gives nothing. Raises `UnknownChoice`."""
    if not given:
        return None
    if given not in known:
        raise UnknownChoice(sentence)
    return given


def topic_of(given: str | None, labels: Labels) -> str | None:
    """Return the topic that an address gives, None where it gives nothing. Raises `UnknownChoice`."""
    return one_of(given, labels.topics, "Ce thème n'existe pas, ou n'existe plus.")


def departement_of(given: str | None, labels: Labels) -> str | None:
    """Return the département that an address gives, None where it gives nothing. Raises `UnknownChoice`."""
    return one_of(given, labels.departements, "Ce département n'est pas suivi.")
