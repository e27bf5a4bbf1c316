"""Turns of phrase: what is written once is said in many ways, each time in other words. Pure."""

import re
from collections.abc import Mapping
from random import Random

_CHOICE = re.compile(r"\{([^{}]*)\}")
_SPACES = re.compile(" +")
_VOWELS = frozenset("AEIOUÉÈHÂÎ")


def said(phrase: str, rng: Random, names: Mapping[str, str]) -> str:
    """Return one way to say `phrase`: {a|b} is a or b, {ville} what `names` gives for it; the innermost first."""

    def turn(match: re.Match[str]) -> str:
        chosen = rng.choice(match[1].split("|"))
        return names.get(chosen, chosen)

    while "{" in phrase:
        phrase = _CHOICE.sub(turn, phrase)
    return _SPACES.sub(" ", phrase).strip()


def of_town(town: str) -> Mapping[str, str]:
    """Return the names that a phrase may hold when it speaks of `town`."""
    elided = town[0] in _VOWELS
    return {"ville": town, "de_ville": f"d'{town}" if elided else f"de {town}"}
