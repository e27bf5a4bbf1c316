"""Learns what each clue is worth to each topic, from labelled posts and the team's examples: `watcher train`.

An example speaks for its topic alone: what else it may be about is left as it was read before. A topic that the
labelled posts do not know is taken to be theirs where its words are.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from pipelines.compose import blank, topics_config
from pipelines.hints import Hints
from pipelines.linear_model import LinearModel, Matrix, fit
from pipelines.themes import TaughtPost, Theme
from pipelines.topic_clues import Found, TopicClues
from pipelines.topics import chosen

EXAMPLE_TRUST = 10.0
"""Labelled posts that an example of the team's counts for."""


class Reading(NamedTuple):
    """How well a topic is read: `found` of its examples are told; `f1` is over the labelled posts that know it."""

    found: int
    f1: float | None


class Progress(NamedTuple):
    """What a topic's `examples` have changed. What is read was never learned from: each post is left out in turn."""

    examples: int
    before: Reading
    after: Reading


class Learned(NamedTuple):
    """The model, and how each of the team's topics is read without any example and with all of them."""

    model: LinearModel
    progress: dict[str, Progress]


def examples_of(themes: Iterable[Theme]) -> list[TaughtPost]:
    """Return the example posts of all topics; one that stands under several is about each."""
    topics: dict[str, set[str]] = {}
    for theme in themes:
        for example in theme.examples:
            topics.setdefault(example, set()).add(theme.id)
    return [TaughtPost(text, frozenset(of_text)) for text, of_text in topics.items()]


def learn(themes: Sequence[Theme], posts: Sequence[TaughtPost], examples: Sequence[TaughtPost]) -> Learned:
    """Return what `posts` and `examples` teach about `themes`."""
    ids = [theme.id for theme in themes]
    known = frozenset[str]().union(*(post.topics for post in posts))
    found = list(_found(themes, [*posts, *examples]))
    clues = [each.clues for each in found]
    wanted = np.array([_wanted(ids, known, each, post) for each, post in zip(found, posts, strict=False)])
    without = fit(ids, clues[: len(posts)], wanted, np.ones(len(posts)))
    before = np.array(
        [*without.left_out, *(list(without.model.scores(of_post).values()) for of_post in clues[len(posts) :])]
    )
    own = [[topic in example.topics for topic in ids] for example in examples]
    taught = np.array([*wanted, *np.where(np.reshape(own, (-1, len(ids))), 1.0, before[len(posts) :])])
    fitted = fit(ids, clues, taught, np.array([1.0] * len(posts) + [EXAMPLE_TRUST] * len(examples)))
    read = [
        _readings(ids, known, [*posts, *examples], len(posts), _read(ids, found, scores))
        for scores in (before, fitted.left_out)
    ]
    counts = Counter(topic for example in examples for topic in example.topics)
    return Learned(fitted.model, {topic: Progress(counts[topic], read[0][topic], read[1][topic]) for topic in ids})


def _found(themes: Sequence[Theme], posts: Iterable[TaughtPost]) -> Iterator[Found]:
    nlp, clues = blank(), TopicClues(**topics_config(themes))
    nlp.add_pipe("entities")
    for post in posts:
        doc = nlp.make_doc(post.text)
        doc._.hints = Hints(platform=post.platform)
        yield clues.find(nlp(doc)._.written.terms)


def _wanted(ids: Iterable[str], known: frozenset[str], found: Found, post: TaughtPost) -> list[float]:
    return [float(topic in post.topics if topic in known else topic in found.added) for topic in ids]


def _read(ids: Sequence[str], found: Iterable[Found], scores: Matrix) -> list[tuple[str, ...]]:
    return [
        chosen(dict(zip(ids, row, strict=True)), each.added) for each, row in zip(found, scores.tolist(), strict=True)
    ]


def _readings(
    ids: Iterable[str],
    known: frozenset[str],
    posts: Sequence[TaughtPost],
    labelled: int,
    read: Sequence[tuple[str, ...]],
) -> dict[str, Reading]:
    """Return how each topic is read in `posts`, of which the first are `labelled` and the others examples."""
    pairs = list(zip(posts, read, strict=True))
    readings = {}
    for topic in ids:
        right = sum(topic in topics and topic in post.topics for post, topics in pairs[:labelled])
        told = sum((topic in topics) + (topic in post.topics) for post, topics in pairs[:labelled])
        found = sum(topic in topics and topic in post.topics for post, topics in pairs[labelled:])
        readings[topic] = Reading(found, 2 * right / told if topic in known else None)
    return readings
