# ruff: noqa: INP001 - a script, not a package
"""Writes `pipelines/data/topic_posts.jsonl`, what topics are learned from, and `topic_weights.csv`, what was learned.

Run by `make train`, in seconds.
"""

import json
from collections.abc import Iterable

from deploy.labelled import ROOT, hands
from pipelines.packaged import packaged_themes, packaged_topic_posts
from pipelines.themes import TaughtPost
from pipelines.topic_training import examples_of, learn

DATA = ROOT / "pipelines" / "data"
SENTENCES = ROOT / "tests" / "data" / "topics" / "sentences.txt"


def labelled() -> list[TaughtPost]:
    """Return what may be learned from: the posts of every hand that are of the region, and the sentences."""
    posts = [post for posts in hands().values() for post in posts if post.labels.relevance != "hors_sujet"]
    return [TaughtPost(post.text, post.labels.topics, post.platform) for post in posts] + sentences()


def sentences() -> list[TaughtPost]:
    """Return the sentences written for what posts seldom name."""
    lines = (line for line in SENTENCES.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return [
        TaughtPost(text, frozenset(topics.split())) for topics, _, text in (line.partition(" | ") for line in lines)
    ]


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
