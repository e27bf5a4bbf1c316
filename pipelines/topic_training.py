"""Learns what each clue is worth to each topic, from labelled posts and the team's examples: `watcher train`.

An example speaks for its topic alone: what else it may be about is left as it was read before. A topic that the
labelled posts do not know is taken to be theirs where its words are.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from pipelines.compose import blank, topics_config
from pipelines.hints import Hints
from pipelines.themes import TaughtPost, Theme
from pipelines.topic_clues import Found, TopicClues
from pipelines.topic_model import Matrix, TopicModel, fit
from pipelines.topics import chosen

EXAMPLE_TRUST = 3.0
"""Labelled posts that an example of the team's counts for."""


class Progress(NamedTuple):
    """How a topic is read in posts that were not learned from, each left out in turn.

    `found` of its `examples` are told; `f1` is over the labelled posts, None where they do not know the topic.
    """

    examples: int
    found: int
    f1: float | None


class Learned(NamedTuple):
    """The model, and how each of the team's topics is read with it."""

    model: TopicModel
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
    wanted = np.array([_wanted(ids, known, each, post) for each, post in zip(found, posts, strict=False)])
    first = fit(ids, [each.clues for each in found[: len(posts)]], wanted, np.ones(len(posts)))
    if not examples:
        return Learned(first.model, _progress(ids, known, posts, [], _read(ids, found, first.left_out)))
    before = [first.model.scores(each.clues) for each in found[len(posts) :]]
    taught = np.array(
        [
            [1.0 if topic in example.topics else scores[topic] for topic in ids]
            for example, scores in zip(examples, before, strict=True)
        ]
    )
    trust = np.array([1.0] * len(posts) + [EXAMPLE_TRUST] * len(examples))
    fitted = fit(ids, [each.clues for each in found], np.vstack([wanted, taught]), trust)
    return Learned(fitted.model, _progress(ids, known, posts, examples, _read(ids, found, fitted.left_out)))


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


def _progress(
    ids: Iterable[str],
    known: frozenset[str],
    posts: Sequence[TaughtPost],
    examples: Sequence[TaughtPost],
    read: Sequence[tuple[str, ...]],
) -> dict[str, Progress]:
    of_posts = list(zip(posts, read, strict=False))
    of_examples = list(zip(examples, read[len(posts) :], strict=True))
    progress = {}
    for topic in ids:
        own = [topic in topics for example, topics in of_examples if topic in example.topics]
        right = sum(topic in topics and topic in post.topics for post, topics in of_posts)
        told = sum((topic in topics) + (topic in post.topics) for post, topics in of_posts)
        f1 = 2 * right / told if topic in known and told else None
        progress[topic] = Progress(len(own), sum(own), f1)
    return progress
