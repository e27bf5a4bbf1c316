"""How fast history is folded into trends, and what a snapshot costs: `make bench-folding`, in processor time.

The posts are the labelled ones over and over, each a story told in slightly other words, of authors and tags of which a
few make most. `--walk` stores them on the embedded node, reads them back, and folds them as they come.
"""

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from tests.fakes.posts import READING, a_post
from watcher.model import AuthorHash, Post, StoryId
from watcher.ports import OutboxRow
from watcher.secrets import cache_folder
from watcher.stores.documents import to_document, written
from watcher.stores.elastic import POSTS as INDEX
from watcher.stores.elastic import Elastic
from watcher.stores.embedded import start
from watcher.stores.journal.file import milliseconds
from watcher.stores.journal.folds import packed
from watcher.stores.trends import PAGE, Position, Walked, walk
from watcher.trends.ticks import Ticks
from watcher.trends.watch import take

POSTS = Path(__file__).parents[1] / "data" / "evaluation" / "written.jsonl"
BEGIN = datetime(2026, 11, 2, tzinfo=UTC)
A_DAY = (500, 5_000, 25_000)
COUNT = 25_000
WALKED = 30_000
DELAY = timedelta(minutes=1)
ROUNDS = 3
"""The best counts: what else the machine does weighs on the others."""

COMMUNES = 4_446


def told(count: int, a_day: int, seed: int = 1) -> Iterator[Post]:
    """Yield `count` posts, `a_day` of them a day, each collected when it is published."""
    rng = random.Random(seed)
    written = [json.loads(line) for line in POSTS.read_text(encoding="utf-8").splitlines()]
    for n in range(count):
        entry = rng.choice(written)
        at = BEGIN + timedelta(days=n / a_day)
        tags = (f"sujet{rng.paretovariate(0.7):.0f}",) if rng.random() < 0.6 else ()
        reading = replace(
            READING,
            topics=tuple(entry["topics"]),
            departements=tuple(entry["departements"]),
            communes=(f"{rng.randrange(COMMUNES):05}",) if rng.random() < 0.5 else (),
            hashtags=tags,
            domains=("gazette.example.org",) if rng.random() < 0.2 else (),
            to_answer=entry["a_repondre"],
        )
        yield a_post(
            str(n),
            platform="mastodon",
            author=AuthorHash(f"auteur{rng.paretovariate(0.5):.0f}"),
            author_kind="person",
            text=f"{entry['text']} {rng.randrange(1000)}",
            published_at=at,
            collected_at=at,
            story=StoryId(entry["id"]),
            reading=reading,
        )


def fold(a_day: int) -> tuple[Ticks, float]:
    """Fold posts page by page, each stored a minute after its collection; return the fold and the seconds it took."""
    ticks, posts, spent = Ticks(), told(COUNT, a_day), 0.0
    for _ in range(0, COUNT, PAGE):
        page = [Walked(post, Position(milliseconds(post.collected_at + DELAY))) for post in islice(posts, PAGE)]
        began = process_time()
        take(ticks, page)
        spent += process_time() - began
    return ticks, spent


def folded(a_day: int) -> dict[str, float]:
    """Return the speed of a fold at `a_day` posts a day, and what its snapshot costs at the end."""
    folds = [fold(a_day) for _ in range(ROUNDS)]
    began = process_time()
    kept = packed(folds[0][0].snapshot())
    return {
        "posts_a_day": a_day,
        "posts_per_s": round(COUNT / min(spent for _, spent in folds)),
        "snapshot_mb": round(len(kept) / 2**20, 2),
        "snapshot_ms": round((process_time() - began) * 1000),
    }


async def rebuilt() -> dict[str, object]:
    """Return how fast posts come back from an embedded node, and are folded meanwhile: by the clock, and in CPU time.

    Posts are stored when they are told, so that ticks close on the way as in a real history.
    """
    with tempfile.TemporaryDirectory() as folder:
        node = await start(Path(folder) / "elasticsearch", cache_folder())
        try:
            elastic = Elastic(node.url, prefix="banc-")
            await elastic.ensure_templates()
            await _store(elastic, told(WALKED, A_DAY[-1]))
            read = [await _turn(elastic, lambda _: []) for _ in range(ROUNDS)]
            both = [await _turn(elastic, partial(take, Ticks())) for _ in range(ROUNDS)]
            await elastic.close()
        finally:
            node.stop()
    return {"posts": WALKED, "read": max(read), "read_and_folded": max(both)}


async def _store(elastic: Elastic, posts: Iterable[Post]) -> None:
    rows = [OutboxRow(n, f"{INDEX}-2026.11.01", post.id, 1, _body(post), attempts=0) for n, post in enumerate(posts)]
    for begin in range(0, len(rows), PAGE):
        assert all(answer.status == 201 for answer in await elastic.bulk(rows[begin : begin + PAGE]))
    await elastic.refresh()


def _body(post: Post) -> Mapping[str, Any]:
    return to_document(post) | {"stored_at": written(post.collected_at + DELAY)}


async def _turn(elastic: Elastic, fold: Callable[[Sequence[Walked]], object]) -> tuple[int, int]:
    """Return posts a second by the clock, and by processor time, of one walk over everything."""
    began, began_s, count = process_time(), perf_counter(), 0
    async for page in walk(elastic, Position(0), BEGIN + timedelta(days=366)):
        await asyncio.to_thread(fold, page)
        count += len(page)
    assert count == WALKED
    return round(count / (perf_counter() - began_s)), round(count / (process_time() - began))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--walk", action="store_true", help="measure the walk from Elasticsearch too")
    options = parser.parse_args(arguments)
    found: dict[str, object] = {"fold": [folded(a_day) for a_day in A_DAY], "cores": os.cpu_count()}
    if options.walk:
        found["rebuild_posts_per_s_and_per_cpu_s"] = asyncio.run(rebuilt())
    found["load_1_5_15_min"] = os.getloadavg()
    print(json.dumps(found, indent=2))  # noqa: T201 - a program's output
    return 0


if __name__ == "__main__":
    sys.exit(main())
