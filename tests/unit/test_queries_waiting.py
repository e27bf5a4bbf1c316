"""Who waits for an answer, and who had one, in a real Elasticsearch."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.fakes.clock import NOON
from tests.fakes.posts import written
from tests.fakes.stored import store
from watcher.model import Post, PostId
from watcher.normalise import post_id
from watcher.stores.elastic import Elastic
from watcher.stores.queries.answers import Reply, answered_at
from watcher.stores.queries.waiting import Desk, Waiting

NOW = NOON + timedelta(minutes=20)
SINCE = NOW - timedelta(days=30)
SOON = NOON + timedelta(minutes=5)
ASKED, THREAD, OTHER = post_id("rss", "asked"), post_id("rss", "thread"), post_id("rss", "other")
A_COMMENT = replace(written("asked"), author="ana", conversation=THREAD, reply_to=THREAD)
A_BEGINNING = replace(written("asked"), author="ana")


@pytest.mark.parametrize(
    ("post", "reply", "authors", "expected"),
    [
        (A_COMMENT, Reply(SOON, ASKED, THREAD), {}, SOON),
        (A_COMMENT, Reply(SOON, OTHER, THREAD), {OTHER: "ana"}, SOON),
        (A_COMMENT, Reply(SOON, OTHER, THREAD), {OTHER: "bob"}, None),
        (A_COMMENT, Reply(SOON, OTHER, THREAD), {}, None),
        (A_COMMENT, Reply(SOON, OTHER, OTHER), {OTHER: "ana"}, None),
        (A_COMMENT, Reply(NOON - timedelta(minutes=1), OTHER, THREAD), {OTHER: "ana"}, None),
        (replace(A_COMMENT, author=None), Reply(SOON, OTHER, THREAD), {}, None),
        (A_BEGINNING, Reply(SOON, OTHER, ASKED), {OTHER: "bob"}, SOON),
        (A_BEGINNING, Reply(SOON, OTHER, THREAD), {OTHER: "ana"}, None),
        (A_BEGINNING, Reply(SOON, OTHER), {OTHER: "ana"}, None),
    ],
    ids=[
        "right below",
        "below a later post of the same author there",
        "below another's",
        "below one that nobody knows",
        "in another conversation",
        "before it was said",
        "author unknown",
        "in a conversation that it began",
        "in one that it did not begin",
        "in no conversation",
    ],
)
def test_a_reply_answers_who_is_spoken_to(
    post: Post, reply: Reply, authors: dict[PostId, str], expected: datetime | None
) -> None:
    assert answered_at(post, [reply], authors) == expected


def test_the_first_answer_counts() -> None:
    replies = [Reply(SOON + timedelta(hours=1), ASKED), Reply(SOON, ASKED)]
    assert answered_at(A_COMMENT, replies, {}) == SOON


def asking(name: str, minutes_ago: int = 0, **reading: object) -> Post:
    return written(name, NOON - timedelta(minutes=minutes_ago), **({"to_answer": True, "intent": "question"} | reading))


def ours(name: str, to: Post, **changes: object) -> Post:
    return replace(written(name, SOON), is_own=True, reply_to=to.id, **changes)


async def names(elastic: Elastic, *posts: Post, **asked: str) -> tuple[list[str], list[str]]:
    """Return who waits and who was answered, by native id."""
    await store(elastic, posts)
    waiting = await Desk(elastic.client, elastic.prefix).waiting(SINCE, NOW, **asked)
    known = {post.id: post.native_id for post in posts}
    return [known[each.post.id] for each in waiting.unanswered], [known[each.post.id] for each in waiting.answered]


async def test_the_most_pressing_come_first_and_of_one_kind_what_just_came(elastic: Elastic) -> None:
    unanswered, _ = await names(
        elastic,
        asking("question", 1),
        asking("question to us", 9, relevance="institution"),
        asking("danger", 5, intent="signalement"),
        asking("complaint", 3, intent="plainte", relevance="institution"),
        asking("help an hour ago", 60, intent="demande_aide"),
        asking("help now", 2, intent="demande_aide"),
        asking("nothing", 0, to_answer=False),
    )
    assert unanswered == ["help now", "help an hour ago", "danger", "complaint", "question to us", "question"]


async def test_who_was_answered_no_longer_waits_the_latest_answer_first(elastic: Elastic) -> None:
    direct, commented, waiting = asking("direct"), asking("commented"), asking("waiting", 3)
    comment = replace(commented, author="ana", conversation=THREAD, reply_to=THREAD)
    later = replace(written("later"), author="ana", conversation=THREAD, reply_to=comment.id)
    below = replace(ours("below", later), conversation=THREAD, published_at=SOON + timedelta(minutes=1))
    assert await names(elastic, direct, comment, waiting, later, ours("right", direct), below) == (
        ["waiting"],
        ["commented", "direct"],
    )


async def test_a_topic_and_a_departement_narrow_it_and_what_is_old_is_left(elastic: Elastic) -> None:
    old = asking("old", 31 * 24 * 60, topics=("lycees",), departements=("34",))
    both = asking("both", topics=("lycees",), departements=("34",))
    posts = (old, both, asking("topic", topics=("lycees",)), asking("place", departements=("34",)))
    assert await names(elastic, *posts, topic="lycees", departement="34") == (["both"], [])


async def test_nothing_stored_yet_is_nobody(es_url: str, es_prefix: str) -> None:
    elastic = Elastic(es_url, prefix=es_prefix)
    assert await Desk(elastic.client, elastic.prefix).waiting(SINCE, NOW) == Waiting()
    await elastic.close()
