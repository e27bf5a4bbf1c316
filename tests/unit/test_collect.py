"""Collectors by name, and the words for a run that one of them cut short."""

import pytest

from watcher import errors
from watcher.collect import OUTCOMES, find, outcome_of
from watcher.errors import Fatal, Malformed, Permanent, RateLimited, Transient, Unreachable, WatcherError
from watcher.model import Outcome


def test_platforms_are_found_by_name() -> None:
    assert find()["rss"].name == "rss"


def kinds(root: type[Exception]) -> set[type[Exception]]:
    return {root}.union(*(kinds(kind) for kind in root.__subclasses__()))


def test_every_error_of_a_platform_has_its_own_outcome() -> None:
    """Collectors may split these further for themselves; what is theirs ends a run as what it is a kind of."""
    outside = {kind for root in (Transient, Permanent) for kind in kinds(root)} - {Transient, Permanent}
    assert {kind for kind in outside if kind.__module__ == errors.__name__} <= set(OUTCOMES)
    assert all(OUTCOMES.keys() & set(kind.__mro__) for kind in outside)
    assert len(set(OUTCOMES.values())) == len(OUTCOMES)
    assert all(kind.__module__ in {errors.__name__, "builtins"} for kind in OUTCOMES)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RateLimited("attendez 90 s", 90.0), (Outcome.RATE_LIMITED, "attendez 90 s", 90.0)),
        (Unreachable("en panne"), (Outcome.UNREACHABLE, "en panne", None)),
        (Malformed("pas un flux"), (Outcome.MALFORMED, "pas un flux", None)),
        (
            TimeoutError("internal words"),
            (Outcome.TIMED_OUT, "La source n'a pas fini de répondre dans le temps accordé.", None),
        ),
        (
            Fatal("internal words"),
            (Outcome.CRASHED, "Erreur imprévue (Fatal) : le journal du service en dit plus.", None),
        ),
    ],
)
def test_an_error_becomes_an_outcome_and_a_sentence_for_the_team(
    error: WatcherError | TimeoutError, expected: tuple[Outcome, str, float | None]
) -> None:
    assert outcome_of(error) == expected
