# ruff: noqa: INP001 - a script, not a package
"""Writes `pipelines/data/topic_posts.jsonl`, what topics are learned from, and `topic_weights.csv`, what was learned.

Run by `make train`, in seconds. No post of the measuring thirds of `posts_dev.jsonl` and
`written.jsonl` is learned from; the three hands are, whole.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from pipelines.evaluate import LabelledPost, parse
from pipelines.packaged import packaged_themes, packaged_topic_posts
from pipelines.themes import TaughtPost
from pipelines.topic_training import examples_of, learn

ROOT = Path(__file__).parent.parent
DATA = ROOT / "pipelines" / "data"
LABELLED = ROOT / "tests" / "data" / "evaluation"
SENTENCES = ROOT / "tests" / "data" / "topics" / "sentences.txt"


def labelled() -> list[TaughtPost]:
    """Return what may be learned from: the shown part of two files, three hands whole, and the sentences."""
    posts = [post for post in _posts_of_hands() if post.labels.relevance != "hors_sujet"]
    return [TaughtPost(post.text, post.labels.topics, post.platform) for post in posts] + sentences()


def sentences() -> list[TaughtPost]:
    """Return the sentences written for what posts seldom name."""
    lines = (line for line in SENTENCES.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return [
        TaughtPost(text, frozenset(topics.split())) for topics, _, text in (line.partition(" | ") for line in lines)
    ]


def _posts_of_hands() -> list[LabelledPost]:
    shown = [post for file in sorted(LABELLED.glob("*.jsonl")) for post in _posts(file) if not post.is_held_out]
    return shown + [post for file in sorted(LABELLED.glob("hands/*.jsonl")) for post in _posts(file)]


def _posts(file: Path) -> list[LabelledPost]:
    return parse(file.read_text(encoding="utf-8").splitlines())


def written(posts: Iterable[TaughtPost]) -> str:
    """Return the posts as the JSON lines that ship."""
    return "".join(
        json.dumps({"topics": sorted(post.topics), "platform": post.platform, "text": post.text}, ensure_ascii=False)
        + "\n"
        for post in posts
    )


def main() -> None:
    """Write both."""
    (DATA / "topic_posts.jsonl").write_text(written(labelled()), encoding="utf-8")
    themes = packaged_themes()
    learned = learn(themes, packaged_topic_posts(), examples_of(themes))
    (DATA / "topic_weights.csv").write_text(learned.model.table(), encoding="utf-8")


if __name__ == "__main__":
    main()
