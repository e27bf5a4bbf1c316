"""Speed of the whole pipeline beside spaCy's stock French one, on the same texts, in one run: `make bench-reading`.

Rounds of the two alternate and the best of each counts, in seconds of processor time, so that what else the machine
does weighs on neither.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

import spacy

import pipelines

ROOT = Path(__file__).parents[1]
POSTS = ROOT / "data" / "evaluation" / "written.jsonl"
STOCK = "fr_core_news_sm"
ROUNDS = 5


def texts() -> list[str]:
    """Return the posts that the product is measured on."""
    return [json.loads(line)["text"] for line in POSTS.read_text(encoding="utf-8").splitlines()]


def posts_per_s(posts: list[str], readers: dict[str, Callable[[str], object]]) -> dict[str, float]:
    """Return the best speed of each reader."""
    best = dict.fromkeys(readers, float("inf"))
    for _ in range(ROUNDS):
        for name, read in readers.items():
            started = process_time()
            for post in posts:
                read(post)
            best[name] = min(best[name], process_time() - started)
    return {name: len(posts) / elapsed_s for name, elapsed_s in best.items()}


LONG = (
    *("#lycee " * 500, "👩‍🍳" * 3_000, "a.fr " * 2_000, "le Lot de Foix à Auch " * 450, "je n'arrive pas à " * 550),
    *("@laregion " * 1_000, "Saint-Jean-de-" * 700, "l'" * 5_000, "#a" * 5_000, "a\u200b" * 5_000, "\u202eب" * 5_000),
    *("Ã©tÃ© Ã\xa0 la cantine " * 450, "(" * 10_000, "\x00" * 10_000, "34000 Montpellier " * 550),
)
"""Posts of ten thousand characters that ask for most work: none may take more than 50 ms."""


def slowest_s(read: Callable[[str], object], posts: list[str]) -> float:
    """Return the best time of the slowest of `LONG`, and of `posts` in one, in seconds of processor time."""
    return max(1 / posts_per_s([text], {"": read})[""] for text in (*LONG, " ".join(posts)[:10_000]))


def main() -> int:
    """Print the speeds and their ratio; the exit code is 1 where the stock pipeline is absent."""
    posts = texts()
    readers: dict[str, Callable[[str], object]] = {"pipelines.build()": pipelines.build()}
    if spacy.util.is_package(STOCK):
        readers[STOCK] = spacy.load(STOCK)
    speeds = posts_per_s(posts, readers)
    for name, speed in speeds.items():
        print(f"{name:20} {speed:7.0f} posts/s on {len(posts)} posts")  # noqa: T201 - its purpose
    slowest_ms = 1000 * slowest_s(readers["pipelines.build()"], posts)
    print(f"slowest post of ten thousand characters: {slowest_ms:.0f} ms (50 promised)")  # noqa: T201
    if STOCK not in speeds:
        print(f"{STOCK} IS ABSENT: NOTHING TO COMPARE WITH. Install the extra `models` of pyproject.toml.")  # noqa: T201
        return 1
    print(f"ratio: {speeds['pipelines.build()'] / speeds[STOCK]:.1f} times the stock pipeline")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
