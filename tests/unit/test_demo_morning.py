"""What the demo misses when its morning's digest lacks the flood, who waits, or a sick source."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.digests import CALLS, FLOOD, a_source, morning_facts
from tests.fakes.page import LABELS
from watcher.demo.check import Expected
from watcher.demo.morning import lacks
from watcher.digest.blocks import message
from watcher.digest.facts import MorningFacts
from watcher.digest.morning import morning
from watcher.health import Condition
from watcher.model import Outcome

CALL = replace(CALLS[0], post=replace(CALLS[0].post, url="https://example.org/appel?a=1&b=2"))
FACTS = replace(morning_facts(), asked=[CALL, *CALLS[1:]])
WANTED = Expected(
    links=frozenset(),
    ill={"mairie-fermee": Outcome.GONE},
    topics=frozenset(),
    departements=frozenset(),
    calls=frozenset({"https://example.org/appel?a=1&b=2"}),
    waiting=frozenset(),
    alerts={"crue": FLOOD.since},
    rings=frozenset({"bonplan"}),
    opens_at=FLOOD.since - timedelta(hours=3),
)


def said(facts: MorningFacts) -> str:
    told = message(morning(facts, LABELS.named), "http://127.0.0.1:8470/")
    return "\n".join(block["text"]["text"] for block in told.blocks if "text" in block)


def test_a_whole_digest_lacks_nothing() -> None:
    assert lacks(said(FACTS), WANTED) == []


@pytest.mark.parametrize(
    ("facts", "lack"),
    [
        (replace(FACTS, trends=()), "bilan du matin : rien sur #crue"),
        (replace(FACTS, asked=CALLS[1:]), "bilan du matin : aucun des appels à l'aide n'y est"),
        (replace(FACTS, sources=()), "bilan du matin : rien sur la source malade mairie-fermee"),
        (
            replace(FACTS, sources=[a_source("mairie-fermee", Condition.RUNNING)]),
            "bilan du matin : rien sur la source malade mairie-fermee",
        ),
        (
            replace(FACTS, trends=[FLOOD, replace(FLOOD, term="bonplan")]),
            "bilan du matin : #bonplan est l'œuvre de quelques comptes",
        ),
    ],
    ids=["flood", "call", "source", "cured", "ring"],
)
def test_what_it_lacks_is_told(facts: MorningFacts, lack: str) -> None:
    assert lacks(said(facts), WANTED) == [lack]


def test_people_who_are_not_counted_are_missed() -> None:
    more = replace(WANTED, calls=WANTED.calls | {f"https://example.org/{n}" for n in range(9)})
    assert lacks(said(FACTS), more) == ["bilan du matin : 10 personnes au moins attendent, il n'en compte pas autant"]
    assert len(lacks(said(replace(FACTS, asked=())), WANTED)) == 2


def test_a_digest_that_never_came_lacks_everything() -> None:
    assert len(lacks("", WANTED)) == 4
