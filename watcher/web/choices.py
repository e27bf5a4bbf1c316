"""Which posts the reader chose, in the page's address and back, and the choices on offer. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from watcher.stores.queries import EVERYTHING, Selection, Totals
from watcher.words import Labels

_TO_ANSWER, _SET_ASIDE = "a-repondre", "hors-sujet"


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


def selection_of(params: Mapping[str, str], labels: Labels) -> Selection:
    """Return what the address asks for. Raises `UnknownChoice`."""
    topic, departement, view = params.get("theme"), params.get("departement"), params.get("vue")
    if topic is not None and topic not in labels.topics:
        raise UnknownChoice("Ce thème n'existe pas, ou n'existe plus.")
    if departement is not None and departement not in labels.departements:
        raise UnknownChoice("Ce département n'est pas suivi.")
    if view not in {None, _TO_ANSWER, _SET_ASIDE}:
        raise UnknownChoice("Cette vue n'existe pas.")
    return Selection(topic, departement, to_answer=view == _TO_ANSWER, set_aside=view == _SET_ASIDE)


def address(selection: Selection) -> str:
    """Return the address of the page for `selection`: the inverse of `selection_of`."""
    view = _TO_ANSWER if selection.to_answer else _SET_ASIDE if selection.set_aside else None
    asked = {"theme": selection.topic, "departement": selection.departement, "vue": view}
    query = urlencode({key: value for key, value in asked.items() if value is not None})
    return f"/?{query}" if query else "/"


def heading(selection: Selection, labels: Labels) -> str:
    """Return the title of the list: « À répondre : Lycées, Hérault »."""
    view = "Hors sujet" if selection.set_aside else "À répondre" if selection.to_answer else "Dernières publications"
    parts = [
        labels.topics.get(selection.topic or "", ""),
        labels.departements.get(selection.departement or "", ""),
    ]
    narrowed = ", ".join(part for part in parts if part)
    return f"{view} : {narrowed}" if narrowed else view


def views(selection: Selection, totals: Totals) -> list[Choice]:
    """Return the three ways to look; off subject has no topic."""
    plain = replace(selection, to_answer=False, set_aside=False)
    waiting = replace(plain, to_answer=True)
    aside = replace(EVERYTHING, set_aside=True)
    return [
        Choice("Toutes", address(plain), selection == plain),
        Choice("À répondre", address(waiting), selection == waiting, totals.to_answer),
        Choice("Hors sujet", address(aside), selection.set_aside, totals.by_relevance.get("hors_sujet", 0)),
    ]


def topics(selection: Selection, totals: Totals, labels: Labels) -> list[Choice]:
    """Return every topic, the most spoken of first. The chosen one leads back to all."""
    return [
        Choice(
            name=labels.topics[topic],
            address=address(replace(selection, topic=None if topic == selection.topic else topic, set_aside=False)),
            is_chosen=topic == selection.topic,
            count=totals.by_topic.get(topic, 0),
        )
        for topic in sorted(labels.topics, key=lambda topic: (-totals.by_topic.get(topic, 0), labels.topics[topic]))
    ]


def departements(selection: Selection, totals: Totals, labels: Labels) -> list[Choice]:
    """Return every département in the order of their codes. The chosen one leads back to all."""
    return [
        Choice(
            name=name,
            address=address(
                replace(selection, departement=None if code == selection.departement else code, set_aside=False)
            ),
            is_chosen=code == selection.departement,
            count=totals.by_departement.get(code, 0),
        )
        for code, name in sorted(labels.departements.items())
    ]
