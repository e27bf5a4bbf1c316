"""What to listen for in a stream of everything: the names of a territory, told apart by whether they mean it alone.

A first filter stands before the pipelines and cannot ask them: what it refuses is never read. So every name that could
make a post count is here, but for the places whose name is an everyday word (`Trust.WORD`): "vers", "portes", "vieux"
would let everybody through, and who speaks of such a village names another place beside it.
"""

from typing import NamedTuple

from pipelines.gazetteer import Name, Trust, build_gazetteer
from pipelines.territory import Territory

_SHORTEST_SURE = 6
"""Letters under which a name is a word of some other language: "sete" is seven in Portuguese, "mende" ends in it."""


class Listening(NamedTuple):
    """`sure` names mean the territory in any language; `doubtful` ones are common words too."""

    sure: frozenset[str]
    doubtful: frozenset[str]


def listening(territory: Territory) -> Listening:
    """Return the names to listen for so that no post that may concern `territory` is missed."""
    gazetteer = build_gazetteer({place.name: place.codes for place in territory.places})
    # Not `by_spelling`, in which "Font-Romeu" and "Fontromeu" are one.
    names = (name for by_second in gazetteer.by_words.values() for found in by_second.values() for name in found)
    places = [name for name in names if name.entries and _can_be_heard(name)]
    spellings = {" ".join(name.words): _is_sure(name) for name in places}
    ours = {*territory.names, *territory.accounts, *territory.services, *territory.people}
    return Listening(
        sure=frozenset({*ours, *(name for name, is_sure in spellings.items() if is_sure)}),
        doubtful=frozenset({*territory.ambiguous_names, *(name for name, is_sure in spellings.items() if not is_sure)}),
    )


def _can_be_heard(name: Name) -> bool:
    return name.trust > Trust.WORD or any(entry.kind == "departement" for entry in name.entries)


def _is_sure(name: Name) -> bool:
    return name.trust >= Trust.PLAIN and sum(map(len, name.words)) >= _SHORTEST_SURE
