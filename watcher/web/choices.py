"""What a reader may choose by an address, and what is said of what there is not. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


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
