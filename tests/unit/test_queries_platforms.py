"""What each platform gives of what is said, in a real Elasticsearch."""

from dataclasses import replace
from datetime import timedelta

from tests.fakes.clock import NOON
from tests.fakes.posts import written
from tests.fakes.stored import store
from watcher.french import paris
from watcher.model import AccountFigures, Post, Source
from watcher.ports import OutboxRow
from watcher.stores.elastic import Elastic
from watcher.stores.queries.platforms import Compared, Heard, Own, Platforms
from watcher.upkeep.accounts import figures_write

NOW = NOON + timedelta(minutes=20)
SINCE = NOW - timedelta(days=7)


def said(name: str, platform: str, author: str | None, **reading: object) -> Post:
    return replace(written(name, **reading), platform=platform, author=author)


async def compared(elastic: Elastic, *posts: Post) -> Compared:
    await store(elastic, posts)
    return await Platforms(elastic.client, elastic.prefix).compared(SINCE, NOW)


async def count(elastic: Elastic, platform: str, account: str, followers: int | None, days_ago: int) -> None:
    at = NOON - timedelta(days=days_ago)
    source = Source(f"{platform}-region", platform, None, 3600.0)
    write = figures_write(AccountFigures(account, followers=followers), source, paris(at).date(), at)
    await elastic.bulk([OutboxRow(0, write.index, write.doc_id, write.version, write.body, attempts=0)])
    await elastic.client.indices.refresh(index=f"{elastic.prefix}{write.index}")


async def test_each_platform_is_counted_by_voices_and_by_what_is_said(elastic: Elastic) -> None:
    found = await compared(
        elastic,
        said("a", "bluesky", "ana", relevance="institution", topics=("lycees", "crises")),
        said("b", "bluesky", "ana", topics=("lycees",), to_answer=True),
        said("c", "bluesky", "bob"),
        replace(said("d", "rss", None), source="une"),
        replace(said("e", "rss", None), source="une"),
    )
    assert found == Compared(
        {
            "bluesky": Heard(3, 1, 2, 1, 1, {"lycees": 2, "crises": 1}, NOON),
            "rss": Heard(posts=2, voices=1, since=NOON),
        }
    )


async def test_what_is_off_subject_ours_or_out_of_the_period_is_not_counted(elastic: Elastic) -> None:
    old = NOON - timedelta(days=8)
    found = await compared(
        elastic,
        said("off", "bluesky", "ana", relevance="hors_sujet"),
        replace(said("ours", "bluesky", "region"), is_own=True),
        replace(said("old", "bluesky", "bob"), published_at=old, collected_at=old),
    )
    assert found.heard == {"bluesky": Heard(since=old)}


async def test_engagement_is_what_people_did_with_our_posts_for_a_thousand_who_follow(elastic: Elastic) -> None:
    await count(elastic, "facebook", "region", 100_000, days_ago=3)
    await count(elastic, "facebook", "region", 120_000, days_ago=1)
    await count(elastic, "facebook", "lio", 30_000, days_ago=1)
    await count(elastic, "x", "region", None, days_ago=1)
    ours = replace(said("ours", "facebook", "region"), is_own=True)
    found = await compared(
        elastic,
        replace(ours, metrics={"likes": 200, "comments": 80, "views": 9_000}),
        replace(said("more", "facebook", "region"), is_own=True, metrics={"shares": 20}),
        replace(said("theirs", "facebook", "ana"), metrics={"likes": 7}),
        replace(said("uncounted", "linkedin", "region"), is_own=True),
    )
    assert found.own == {
        "facebook": Own(2, 300, 150_000, NOON - timedelta(days=1)),
        "linkedin": Own(1),
    }
    assert found.own["facebook"].per_thousand == 2.0
    assert found.own["linkedin"].per_thousand is None


async def test_nothing_stored_yet_is_nothing(es_url: str, es_prefix: str) -> None:
    elastic = Elastic(es_url, prefix=es_prefix)
    assert await Platforms(elastic.client, elastic.prefix).compared(SINCE, NOW) == Compared()
    await elastic.close()
