"""What the demo expects follows from what is written, and whatever lacks is told."""

from dataclasses import replace

import pytest

from tests.fakes.clock import NOON
from watcher.demo.check import Observed, expected, missing
from watcher.demo.scenario import feeds
from watcher.demo.world import SICK, World
from watcher.model import Outcome

WRITTEN = feeds(NOON)
WORLD = World(WRITTEN, {feed.name: 8000 + order for order, feed in enumerate(WRITTEN)})
WANTED = expected(WORLD)
WHOLE = Observed(WANTED.posts, WANTED.outcomes, WANTED.hashtags, WANTED.topics, WANTED.to_answer)


def test_a_whole_demo_lacks_nothing() -> None:
    assert missing(WHOLE, WANTED) == []


def test_tags_are_compared_without_case_or_accents() -> None:
    assert missing(replace(WHOLE, hashtags=("InondationsHérault", "grèveSNCF", "liO")), WANTED) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"posts": {**WANTED.posts, "tramontane": 14}},
            "tramontane : 14 publications dans Elasticsearch, 15 attendues",
        ),
        (
            {"posts": {**WANTED.posts, "tramontane": 30}},
            "tramontane : 30 publications dans Elasticsearch, 15 attendues",
        ),
        (
            {"outcomes": {**WANTED.outcomes, "mairie-fermee": Outcome.OK}},
            "mairie-fermee : « disparue » attendu, « lue » obtenu",
        ),
        ({"hashtags": ("lio", "grevesncf")}, "hashtag absent des premiers : #inondationsherault"),
        ({"topics": WANTED.topics - {"sport"}}, "thème jamais reconnu : sport"),
    ],
)
def test_what_lacks_is_told(change: dict[str, object], sentence: str) -> None:
    assert missing(replace(WHOLE, **change), WANTED) == [sentence]


def test_three_people_out_of_four_at_least_must_be_heard() -> None:
    waiting = sorted(WANTED.to_answer)
    enough = -(-len(waiting) * 3 // 4)
    assert missing(replace(WHOLE, to_answer=frozenset(waiting[:enough])), WANTED) == []
    (lack,) = missing(replace(WHOLE, to_answer=frozenset(waiting[: enough - 1])), WANTED)
    assert lack.startswith(f"à répondre : {enough - 1} personnes entendues sur {len(waiting)}")


def test_who_does_not_wait_makes_up_for_nobody() -> None:
    strangers = frozenset(f"http://elsewhere.localhost/{n}" for n in range(20))
    (lack,) = missing(replace(WHOLE, to_answer=strangers), WANTED)
    assert lack.startswith("à répondre : 0 personnes")


def test_nothing_at_all_lacks_everything() -> None:
    nothing = Observed({}, {}, (), frozenset(), frozenset())
    things = len(WANTED.posts) + len(WANTED.outcomes) + len(WANTED.hashtags) + len(WANTED.topics) + len(("answers",))
    assert len(missing(nothing, WANTED)) == things


# ---- the scenario itself


def test_the_scenario_is_large_and_varied_enough() -> None:
    items = [item for feed in WORLD.feeds for item in feed.items]
    assert (len(WORLD.feeds), len(items), len(SICK)) == (8, 118, 3)
    assert len({item.text for item in items}) == len(items)
    assert len(WANTED.to_answer) >= 6
    territories = {code for feed in WORLD.feeds for code in feed.territory}
    assert territories == set("09 11 12 30 31 32 34 46 48 65 66 81 82".split())


def test_the_flood_is_what_is_spoken_of_most() -> None:
    assert WANTED.hashtags == ("inondationsherault", "grevesncf", "lio")


def test_everything_says_that_it_is_written() -> None:
    for feed in WORLD.feeds:
        assert "(démonstration)" in feed.title
        assert all(item.author.startswith("auteur de démonstration") for item in feed.items)


def test_some_items_are_undated_or_dated_in_years_to_come() -> None:
    dates = [item.published_at for feed in WORLD.feeds for item in feed.items]
    assert None in dates
    assert any(date is not None and date.year > NOON.year + 1 for date in dates)
