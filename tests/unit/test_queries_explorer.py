"""What is found by who searches, in a real Elasticsearch."""

import random
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.fakes.clock import NOON
from tests.fakes.posts import written
from tests.fakes.stored import store
from watcher.model import Post
from watcher.stores.elastic import Elastic
from watcher.stores.queries.explorer import DayCount, Explorer, Search

NOW = NOON + timedelta(minutes=20)
WEEK = Search(NOON - timedelta(days=7), NOW)
SIGNS = '"-+|*~()\\/:[]{}&!^<>=? aébcœ\u202e\U0001f6b2'


def saying(name: str, text: str, title: str = "") -> Post:
    return replace(written(name), text=text, title=title)


async def explorer(elastic: Elastic, *posts: Post) -> Explorer:
    await store(elastic, posts)
    return Explorer(elastic.client, elastic.prefix)


async def native_ids(questions: Explorer, search: Search, posts: list[Post]) -> set[str]:
    names = {post.id: post.native_id for post in posts}
    return {names[each.post.id] for each in (await questions.page(search, 50)).posts}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", {"bus", "school", "canteen"}),
        ("lycées", {"school", "canteen"}),
        ("LYCEE", {"school", "canteen"}),
        ("lycée cantine", {"canteen"}),
        ('"cantine du lycée"', {"canteen"}),
        ('"lycée cantine"', set()),
        ("lycée -cantine", {"school"}),
        ("bus|cantine", {"bus", "canteen"}),
        ("l'autobus", {"bus"}),
        ("!!! ???", set()),
    ],
)
async def test_words_are_found_as_people_write_them(elastic: Elastic, words: str, expected: set[str]) -> None:
    posts = [
        saying("bus", "Le bus de 8 h n'est pas passé.", "Où est l'autobus ?"),
        saying("school", "Le lycée ferme."),
        saying("canteen", "On mange mal à la cantine du lycée."),
    ]
    questions = await explorer(elastic, *posts)
    assert await native_ids(questions, replace(WEEK, words=words), posts) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, {"plain", "asked"}),
        ({"platform": "bluesky"}, {"asked"}),
        ({"topic": "lycees"}, {"asked"}),
        ({"departement": "34"}, {"plain"}),
        ({"intent": "question"}, {"asked"}),
        ({"relevance": "institution"}, {"asked"}),
        ({"relevance": "hors_sujet"}, {"off"}),
        ({"topic": "lycees", "departement": "34"}, set()),
    ],
)
async def test_filters_add_up_and_what_is_off_subject_must_be_asked_for(
    elastic: Elastic, asked: dict[str, str], expected: set[str]
) -> None:
    posts = [
        written("plain", departements=("34",)),
        replace(written("asked", topics=("lycees",), intent="question", relevance="institution"), platform="bluesky"),
        written("off", relevance="hors_sujet"),
    ]
    questions = await explorer(elastic, *posts)
    assert await native_ids(questions, replace(WEEK, **asked), posts) == expected


async def test_pages_that_follow_each_other_hold_each_post_once_whatever_comes_meanwhile(elastic: Elastic) -> None:
    same_time = [written(f"s{n}", NOON - timedelta(hours=1)) for n in range(5)]
    odd = [
        replace(written("undated"), published_at=None, collected_at=NOON - timedelta(hours=1)),
        replace(written("2030"), published_at=NOON.replace(year=2030), collected_at=NOON - timedelta(hours=2)),
    ]
    older = [written(f"o{n}", NOON - timedelta(hours=3 + n)) for n in range(4)]
    everything = [*same_time, *odd, *older]
    questions = await explorer(elastic, *everything)

    seen: list[str] = []
    after = None
    for turn in range(4):
        found = await questions.page(WEEK, 3, after)
        seen += [each.post.id for each in found.posts]
        after = found.end
        await store(elastic, [written(f"new{turn}", NOW + timedelta(minutes=turn))])
    assert after is None
    assert sorted(seen) == sorted(post.id for post in everything)
    assert seen[-4:] == [post.id for post in older]


async def test_all_are_walked_up_to_the_limit_and_no_further(elastic: Elastic) -> None:
    questions = await explorer(elastic, *(written(str(n), NOON - timedelta(minutes=n)) for n in range(7)))
    assert len([each async for each in questions.walk(WEEK, 50)]) == 7
    walked = [each.at async for each in questions.walk(WEEK, 4)]
    assert walked == [NOON - timedelta(minutes=n) for n in range(4)]


async def test_days_are_those_of_the_region_and_the_empty_ones_count(elastic: Elastic) -> None:
    late = datetime.fromisoformat("2026-11-20T23:30:00+00:00")  # half past midnight in Paris
    questions = await explorer(
        elastic,
        written("late", late),
        replace(written("undated"), published_at=None, collected_at=late + timedelta(days=1)),
        written("before", late - timedelta(hours=1)),
    )
    since = datetime.fromisoformat("2026-11-20T23:00:00+00:00")
    assert await questions.days(Search(since, since + timedelta(days=3))) == [
        DayCount(date(2026, 11, 21), 1),
        DayCount(date(2026, 11, 22), 1),
        DayCount(date(2026, 11, 23), 0),
    ]


async def test_nothing_that_is_typed_is_refused(elastic: Elastic) -> None:
    questions = await explorer(elastic, written("a"))
    rng = random.Random(8)
    typed = ["".join(rng.choices(SIGNS, k=rng.randrange(1, 60))) for _ in range(60)]
    typed += ['"', "-", "|", '"" -""', "\\", "(" * 300, "a|" * 150, '"a b" ' * 50, "é" * 300, "a " * 150, "\x00"]
    for words in typed:
        await questions.page(replace(WEEK, words=words), 10)
