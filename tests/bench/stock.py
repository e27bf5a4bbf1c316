"""A million posts in a real Elasticsearch, kept under var/bench for the next time: what views are asked over.

Two years of posts, more of them each month; the labelled ones over and over, by authors and with tags of which a few
make most, a third of them off subject, told on ten platforms. The same seed always gives the same posts.
"""

import json
import random
from bisect import bisect
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path

from rich.progress import Progress

from tests.fakes.posts import READING, a_post
from watcher.config import DEPARTEMENTS
from watcher.model import AccountFigures, AuthorHash, Post, PostId, Source, StoryId
from watcher.ports import OutboxRow
from watcher.secrets import cache_folder
from watcher.stores.documents import to_document, written
from watcher.stores.elastic import Elastic
from watcher.stores.embedded import start
from watcher.stores.journal.file import milliseconds
from watcher.upkeep.accounts import figures_write

FOLDER = Path("var/bench")
POSTS = Path(__file__).parents[1] / "data" / "evaluation" / "written.jsonl"
PREFIX = "bench-"
END = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAYS = 730
BATCH = 2_000
COMMUNES = 4_446
FOLLOWED = ("facebook", "instagram", "x", "linkedin")
PLATFORMS = {"bluesky": 30, "mastodon": 15, "rss": 15, "facebook": 14, "x": 9, "instagram": 7, "youtube": 4} | {
    "threads": 3,
    "linkedin": 2,
    "lemmy": 1,
}
"""The platforms, and how many posts in a hundred each gives."""


def told(count: int, seed: int = 8) -> Iterator[Post]:
    """Yield `count` posts, the oldest first."""
    rng = random.Random(seed)
    entries = [json.loads(line) for line in POSTS.read_text(encoding="utf-8").splitlines()]
    names, weights = list(PLATFORMS), list(accumulate(PLATFORMS.values()))
    said: deque[PostId] = deque(maxlen=200)
    for number in range(count):
        entry = rng.choice(entries)
        at = END - timedelta(days=DAYS * (1 - (number / count) ** 0.7), seconds=rng.random() * 900)
        is_off = rng.random() < 0.33
        reading = replace(
            READING,
            relevance="hors_sujet" if is_off else entry["relevance"].replace("hors_sujet", "territoire"),
            topics=() if is_off else tuple(entry["topics"]),
            intent=entry["intent"],
            to_answer=not is_off and entry["a_repondre"] and rng.random() < 0.2,
            departements=tuple(code for code in entry["departements"] if code in DEPARTEMENTS),
            communes=(f"{rng.randrange(COMMUNES):05}",) if rng.random() < 0.3 else (),
            hashtags=(f"sujet{rng.paretovariate(0.7):.0f}",) if rng.random() < 0.5 else (),
        )
        platform = names[bisect(weights, rng.randrange(weights[-1]))]
        is_own = platform in FOLLOWED and rng.random() < 0.01
        is_reply = bool(said) and rng.random() < 0.3
        post = a_post(
            str(number),
            platform=platform,
            source=f"{platform}-{rng.randrange(4)}",
            author=AuthorHash(f"{int(rng.paretovariate(0.4)) % 400_000:020x}"),
            author_kind="person",
            is_own=is_own,
            text=f"{entry['text']} {rng.randrange(100_000)}",
            published_at=None if rng.random() < 0.01 else at,
            collected_at=at + timedelta(minutes=rng.randrange(1, 60)),
            story=StoryId(f"{entry['id']}-{number // 50_000}") if rng.random() < 0.2 else None,
            metrics={"likes": int(rng.paretovariate(0.9)), "comments": int(rng.paretovariate(1.5)) - 1},
            reply_to=rng.choice(said) if is_reply else None,
            reading=reading,
        )
        said.append(post.id)
        yield post


def figures() -> Iterator[OutboxRow]:
    """Yield what the platforms counted of our accounts in the last ninety days."""
    for number, platform in enumerate(FOLLOWED):
        source = Source(f"{platform}-region", platform, None, 3600.0, is_own=True)
        for back in range(90):
            day = END.date() - timedelta(days=back)
            told_of = AccountFigures("region", followers=80_000 * (number + 1) - 10 * back)
            write = figures_write(told_of, source, day, END - timedelta(days=back))
            yield OutboxRow(0, write.index, write.doc_id, write.version, write.body, attempts=0)


def rows(posts: Sequence[Post]) -> list[OutboxRow]:
    """Return the writes of `posts`, each in the index of its month, stored a minute after its collection."""
    return [
        OutboxRow(
            seq=0,
            index=f"posts-{post.collected_at:%Y.%m}.01",
            doc_id=post.id,
            version=milliseconds(post.collected_at),
            body=to_document(post) | {"stored_at": written(post.collected_at + timedelta(minutes=1))},
            attempts=0,
        )
        for post in posts
    ]


@asynccontextmanager
async def stocked(count: int, heap_mb: int, folder: Path = FOLDER) -> AsyncIterator[Elastic]:
    """Give an embedded node of `heap_mb` that holds `count` posts: what is missing is written first, and kept."""
    node = await start(folder / "elasticsearch", cache_folder(), heap_mb=heap_mb)
    elastic = Elastic(node.url, prefix=PREFIX)
    try:
        await elastic.ensure_templates()
        if await elastic.count() != count:
            await _fill(elastic, count)
        yield elastic
    finally:
        await elastic.close()
        node.stop()


async def _fill(elastic: Elastic, count: int) -> None:
    for index in await elastic.client.indices.get(index=f"{PREFIX}*"):
        await elastic.client.indices.delete(index=index)
    posts = told(count)
    with Progress() as progress:
        task = progress.add_task(f"{count} messages", total=count)
        while batch := list(islice(posts, BATCH)):
            answers = await elastic.bulk(rows(batch))
            assert {answer.status for answer in answers} == {201}, answers[0]
            progress.advance(task, len(batch))
    await elastic.bulk(list(figures()))
    await elastic.client.indices.refresh(index=f"{PREFIX}*")
