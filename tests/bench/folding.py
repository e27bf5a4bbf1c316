"""How fast history is folded into trends, and what a snapshot costs: `make bench-folding`, in processor time.

The posts are the labelled ones over and over, each a story told in slightly other words, of authors and tags of which a
few make most. Reading them back from Elasticsearch counts apart: `--walk` measures it on the embedded node.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from time import process_time

from tests.fakes.posts import READING, a_post
from watcher.clock import SystemClock
from watcher.drain import drain
from watcher.model import AuthorHash, Cursor, Post, StoryId
from watcher.secrets import cache_folder
from watcher.stores.elastic import Elastic
from watcher.stores.embedded import start
from watcher.stores.journal import Journal
from watcher.stores.journal.file import milliseconds
from watcher.stores.journal.folds import packed
from watcher.stores.trends import PAGE, Position, Walked, walk
from watcher.trends.ticks import Ticks
from watcher.trends.watch import take

POSTS = Path(__file__).parents[1] / "data" / "evaluation" / "written.jsonl"
BEGIN = datetime(2026, 11, 2, tzinfo=UTC)
A_DAY = (500, 5_000, 25_000)
COUNT = 25_000
WALKED = 10_000
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


async def walked() -> dict[str, float]:
    """Return the speed at which posts come back from an embedded node, in seconds of the clock and of this process."""
    with tempfile.TemporaryDirectory() as folder:
        node = await start(Path(folder) / "elasticsearch", cache_folder())
        try:
            elastic = Elastic(node.url, prefix="banc-")
            await elastic.ensure_templates()
            journal, clock = Journal(Path(folder) / "journal.sqlite"), SystemClock()
            posts = list(told(WALKED, A_DAY[-1]))
            journal.commit_page("banc", "mastodon", posts, deletions=(), dead=(), cursor=Cursor("1"), now=clock.now())
            await drain(journal, elastic, clock, random.Random(1))
            await elastic.refresh()
            began, began_s, count = process_time(), clock.monotonic_s(), 0
            async for page in walk(elastic, Position(0), clock.now()):
                count += len(page)
            spent, spent_s = process_time() - began, clock.monotonic_s() - began_s
            await elastic.close()
            journal.close()
        finally:
            node.stop()
    return {"posts": count, "posts_per_s": round(count / spent_s), "posts_per_cpu_s": round(count / spent)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--walk", action="store_true", help="measure the walk from Elasticsearch too")
    options = parser.parse_args(arguments)
    found: dict[str, object] = {"fold": [folded(a_day) for a_day in A_DAY]}
    if options.walk:
        found["walk"] = asyncio.run(walked())
    print(json.dumps(found, indent=2))  # noqa: T201 - a program's output
    return 0


if __name__ == "__main__":
    sys.exit(main())
