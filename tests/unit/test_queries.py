"""The questions of the page, asked of a real Elasticsearch."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.fakes.clock import NOON
from tests.fakes.posts import written
from tests.fakes.stored import store
from watcher.errors import Unreachable
from watcher.model import Post, StoryId
from watcher.stores.elastic import Elastic
from watcher.stores.queries import EVERYTHING, HashtagCount, HourCount, Queries, Selection, Totals

NOW = NOON + timedelta(minutes=20)
SINCE = NOW - timedelta(hours=3)


async def stored(elastic: Elastic, posts: Sequence[Post]) -> Queries:
    await store(elastic, posts)
    return Queries(elastic.client, elastic.prefix)


async def latest_ids(queries: Queries, selection: Selection = EVERYTHING) -> list[str]:
    return [placed.post.id for placed in await queries.latest(10, NOW, selection)]


async def test_an_index_that_does_not_exist_holds_nothing(es_url: str, es_prefix: str) -> None:
    elastic = Elastic(es_url, prefix=es_prefix)
    queries = Queries(elastic.client, elastic.prefix)
    assert await queries.latest(10, NOW) == []
    assert await queries.top_hashtags(SINCE, NOW, 10) == []
    assert await queries.totals(SINCE, NOW) == Totals()
    assert [count.posts for count in await queries.volume_by_hour(SINCE, NOW)] == [0, 0, 0, 0]
    await elastic.close()


async def test_an_elasticsearch_that_is_away_is_unreachable() -> None:
    elastic = Elastic("http://127.0.0.1:9", prefix="t-")
    with pytest.raises(Unreachable, match="ne répond pas"):
        await Queries(elastic.client, elastic.prefix).latest(10, NOW)
    await elastic.close()


async def test_the_latest_come_first_and_no_more_than_asked(elastic: Elastic) -> None:
    posts = [written(str(n), NOON - timedelta(hours=n)) for n in range(5)]
    queries = await stored(elastic, posts)
    found = await queries.latest(3, NOW)
    assert [(placed.at, placed.post.id) for placed in found] == [(post.published_at, post.id) for post in posts[:3]]


async def test_of_copies_the_latest_is_shown_with_their_number(elastic: Elastic) -> None:
    copies = [
        replace(written(str(n), NOON - timedelta(minutes=n)), story=StoryId("5707"), source=f"gazette-{n}")
        for n in range(5)
    ]
    alone = replace(written("alone", NOON - timedelta(hours=1)), story=StoryId("a1"))
    queries = await stored(elastic, [*copies, alone, written("untold", NOON - timedelta(hours=2))])

    found = await queries.latest_stories(3, NOW)

    assert [placed.post.source for placed in found] == ["gazette-0", "gazette", "gazette"]
    assert [placed.copies for placed in found] == [4, 0, 0]
    assert len(await queries.latest(10, NOW)) == 7


async def test_a_copy_that_waits_for_an_answer_is_never_hidden(elastic: Elastic) -> None:
    posts = [
        replace(written(str(n), NOON - timedelta(minutes=n), to_answer=n > 0), story=StoryId("5707")) for n in range(3)
    ]
    assert len(await (await stored(elastic, posts)).latest_stories(10, NOW)) == 3


async def test_a_post_comes_back_as_it_was_read(elastic: Elastic) -> None:
    post = written("a", topics=("crises", "lycees"), departements=("34",), communes=("34145",), to_answer=True)
    queries = await stored(elastic, [post])
    (found,) = await queries.latest(1, NOW)
    assert (found.post.text, found.post.reading) == (post.text, post.reading)


@pytest.mark.parametrize("published_at", [None, NOON.replace(year=2030)], ids=["undated", "dated 2030"])
async def test_without_a_credible_date_a_post_stands_where_it_was_collected(
    elastic: Elastic, published_at: datetime | None
) -> None:
    odd = replace(written("odd"), published_at=published_at, collected_at=NOON - timedelta(hours=1))
    newer, older = written("newer", NOON), written("older", NOON - timedelta(hours=2))
    queries = await stored(elastic, [older, odd, newer])
    assert await latest_ids(queries) == [newer.id, odd.id, older.id]
    assert HourCount(NOON - timedelta(hours=1), 1) in await queries.volume_by_hour(SINCE, NOW)
    assert (await queries.totals(SINCE, NOW)).posts == 3


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), {"flood", "school", "help"}),
        (Selection(topic="lycees"), {"school", "help"}),
        (Selection(departement="34"), {"flood", "help"}),
        (Selection(topic="lycees", departement="34"), {"help"}),
        (Selection(to_answer=True), {"help"}),
        (Selection(set_aside=True), {"homonym"}),
        (Selection(topic="sport"), set()),
    ],
)
async def test_a_selection_keeps_what_it_names_and_sets_off_subject_aside(
    elastic: Elastic, selection: Selection, expected: set[str]
) -> None:
    posts = {
        "flood": written("flood", topics=("crises",), departements=("30", "34")),
        "school": written("school", topics=("lycees",), departements=("12",)),
        "help": written("help", topics=("lycees", "crises"), departements=("34",), to_answer=True),
        "homonym": written("homonym", relevance="hors_sujet"),
    }
    queries = await stored(elastic, list(posts.values()))
    assert set(await latest_ids(queries, selection)) == {posts[name].id for name in expected}


async def test_hashtags_are_counted_by_distinct_voices(elastic: Elastic) -> None:
    def tagged(name: str, tag: str, *, author: str | None, source: str = "gazette") -> Post:
        return replace(written(name, hashtags=(tag,)), author=author, source=source)

    ring = [tagged(f"ring{n}", "casino", author="spammer") for n in range(6)]
    people = [tagged(f"flood{n}", "inondations", author=f"author{n}") for n in range(3)]
    unsigned = [tagged(f"lio{n}", "lio", author=None, source=f"source{n % 2}") for n in range(4)]
    queries = await stored(elastic, [*ring, *people, *unsigned])
    assert await queries.top_hashtags(SINCE, NOW, 2) == [
        HashtagCount("inondations", posts=3, voices=3),
        HashtagCount("lio", posts=4, voices=2),
    ]


async def test_hashtags_off_subject_or_out_of_the_period_are_not_counted(elastic: Elastic) -> None:
    queries = await stored(
        elastic,
        [
            written("off", hashtags=("lot",), relevance="hors_sujet"),
            written("old", SINCE - timedelta(seconds=1), hashtags=("hier",)),
            written("in", SINCE, hashtags=("lio",)),
        ],
    )
    assert [count.tag for count in await queries.top_hashtags(SINCE, NOW, 10)] == ["lio"]


async def test_volume_gives_every_hour_of_the_period_even_the_empty_ones(elastic: Elastic) -> None:
    posts = [written("a", NOON), written("b", NOON + timedelta(minutes=19)), written("c", NOON - timedelta(hours=2))]
    queries = await stored(elastic, posts)
    hours = await queries.volume_by_hour(SINCE, NOW)
    assert [(count.start.hour, count.posts) for count in hours] == [(9, 0), (10, 1), (11, 0), (12, 2)]


async def test_totals_count_by_what_the_page_filters_on(elastic: Elastic) -> None:
    queries = await stored(
        elastic,
        [
            written("a", topics=("lycees", "crises"), departements=("34",), to_answer=True, relevance="institution"),
            written("b", topics=("crises",), departements=("30", "34")),
            replace(written("c", relevance="hors_sujet"), source="blog"),
            written("d", SINCE - timedelta(days=1), topics=("sport",)),
        ],
    )
    assert await queries.totals(SINCE, NOW) == Totals(
        posts=2,
        to_answer=1,
        by_relevance={"hors_sujet": 1, "institution": 1, "territoire": 1},
        by_source={"gazette": 2, "blog": 1},
        by_topic={"crises": 2, "lycees": 1},
        by_platform={"rss": 2},
        by_departement={"34": 2, "30": 1},
    )


async def test_our_answer_is_found_below_what_it_answers_and_only_there(elastic: Elastic) -> None:
    asked, unanswered, said = written("a", to_answer=True), written("b", to_answer=True), NOON + timedelta(minutes=3)
    ours = replace(written("ours", said, relevance="hors_sujet"), is_own=True, reply_to=asked.id)
    later = replace(written("later", NOON + timedelta(minutes=9)), is_own=True, reply_to=asked.id)
    theirs = replace(written("theirs", said), reply_to=unanswered.id)
    queries = await stored(elastic, [asked, unanswered, ours, later, theirs])
    answered = {placed.post.id: placed.answered_at for placed in await queries.latest(10, NOW)}
    assert answered[asked.id] == said
    assert answered[unanswered.id] is None
