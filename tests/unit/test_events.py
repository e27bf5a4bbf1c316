"""Trends that are one event: told once, by the better name, until they part."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.clock import NOON
from watcher.trend import Hearing, Trend
from watcher.trends.events import joined

Posts = Mapping[str, frozenset[int]]


def trend(kind: str, term: str, minutes: int = 20, score: float = 6.0) -> Trend:
    hearing = Hearing(NOON, score, voices=12.0, expected=0.2)
    return Trend(kind, term, NOON - timedelta(minutes=minutes), hearing, hearing)


TAG, OLDER, TOPIC, TOWN = (
    trend("hashtag", "crue"),
    trend("hashtag", "orage", 40),
    trend("theme", "crises"),
    trend("commune", "30321"),
)


def told(posts: Posts, *trends: Trend) -> dict[str, Trend]:
    """Return the trends by term, once joined; `posts` says which each is made of, one of which surprises by 0.5."""

    def beside(one: Trend, other: Trend) -> float:
        return len(posts[one.term] - posts[other.term]) / 2

    return {each.term: each for each in joined(trends, beside)}


SAME = frozenset(range(12))


@pytest.mark.parametrize(
    ("trends", "whole"),
    [
        pytest.param([TAG, TOPIC], "crue", id="a hashtag tells more than a topic"),
        pytest.param([TOPIC, TOWN], "30321", id="a town tells more than a topic"),
        pytest.param([TAG, TOWN], "crue", id="a hashtag tells more than a town"),
        pytest.param([TAG, OLDER], "orage", id="of two hashtags the older one"),
    ],
)
def test_of_two_that_the_same_posts_make_one_is_told_with_the_other(trends: list[Trend], whole: str) -> None:
    found = told({each.term: SAME for each in trends}, *trends)
    parts = [each for each in found.values() if each.part_of]
    assert [each.key for each in parts] == list(found[whole].parts)
    assert parts[0].part_of == found[whole].key


def test_a_phrase_is_a_part_that_needs_no_naming() -> None:
    phrase = trend("expression", "00ff")
    found = told({"crue": SAME, "00ff": SAME}, TAG, phrase)
    assert (found["00ff"].part_of, found["crue"].parts) == (TAG.key, ())
    assert told({"crises": SAME, "00ff": SAME}, TOPIC, phrase)["crises"].part_of == phrase.key


def test_what_other_posts_make_too_stays_apart() -> None:
    found = told({"crue": SAME, "crises": SAME | set(range(20, 26))}, TAG, TOPIC)
    assert not any(each.part_of for each in found.values())


def test_a_topic_never_hides_a_hashtag() -> None:
    found = told({"crue": SAME, "crises": SAME | set(range(20, 40))}, TAG, TOPIC)
    assert found["crue"].part_of is None


def test_an_older_hashtag_joins_the_newer_that_explains_it() -> None:
    found = told({"crue": SAME | set(range(20, 40)), "orage": SAME}, TAG, OLDER)
    assert found["orage"].part_of == TAG.key


def test_what_hardly_surprises_is_explained_by_nothing() -> None:
    faint = trend("theme", "crises", score=1.2)
    assert told({"crue": SAME, "crises": SAME}, TAG, faint)["crises"].part_of is None


def test_a_part_that_goes_its_own_way_splits_and_says_from_whom() -> None:
    part, whole = replace(TOPIC, part_of=TAG.key), replace(TAG, parts=(TOPIC.key,))
    still = told({"crue": SAME, "crises": SAME | set(range(20, 24))}, part, whole)
    assert (still["crises"].part_of, still["crises"].split_from) == (TAG.key, None)

    split = told({"crue": SAME, "crises": SAME | set(range(20, 32))}, part, whole)
    assert (split["crises"].part_of, split["crises"].split_from) == (None, TAG.key)
    assert split["crue"].parts == ()


def test_a_part_whose_whole_is_over_stays_silent_unless_it_still_surprises() -> None:
    quiet = replace(trend("theme", "crises", score=0.5), part_of=TAG.key)
    loud = replace(TOPIC, part_of=TAG.key)
    assert told({}, quiet)["crises"].split_from is None
    assert told({}, loud)["crises"].split_from == TAG.key
