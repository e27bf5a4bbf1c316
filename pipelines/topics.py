"""Seventh component: what a post is about. Sets `doc._.topics`, at most two ids, the surest first.

The clues of a post add up to a score for each topic (`topic_clues`, `linear_model`); a word that the team has added
decides alone. A post that is off subject has no topic.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from pipelines.folding import Word
from pipelines.linear_model import LinearModel, parse
from pipelines.topic_clues import TopicClues

MOST_TOPICS = 2
"""A third one was right in 5 labelled posts of 24."""
FIRST = 0.25
SECOND = 0.45
"""Scores from which the first and the second topic are told: of a few, the best across hands."""

_LONGEST_READ = 600
"""Words by which a post has said what it is about."""


def chosen(scores: Mapping[str, float], added: Mapping[str, float]) -> tuple[str, ...]:
    """Return the topics worth telling: those of added words, then the surest by score."""
    ranked = sorted(added, key=lambda topic: -added[topic])[:MOST_TOPICS]
    likely = [topic for topic, score in scores.items() if score >= FIRST and topic not in added]
    for topic in sorted(likely, key=lambda topic: -scores[topic]):
        if len(ranked) < MOST_TOPICS and (not ranked or scores[topic] >= SECOND):
            ranked.append(topic)
    return tuple(ranked)


class TopicReader:
    """The component: holds the compiled words and what was learned, changes nothing after."""

    def __init__(self, topics: Iterable[str], clues: TopicClues, model: LinearModel) -> None:
        self._topics = frozenset(topics)
        self._clues = clues
        self._model = model

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.topics`."""
        extensions = doc._
        if extensions.relevance != "hors_sujet":
            extensions.topics = self.topics_of(extensions.written.terms[:_LONGEST_READ])
        return doc

    def topics_of(self, terms: Sequence[Word]) -> tuple[str, ...]:
        """Return the topics of `Written.terms`."""
        found = self._clues.find(terms)
        scores = self._model.scores(found.clues)
        for topic, positions in found.excluded.items():
            kept = [word for position, word in enumerate(terms) if position not in positions]
            scores[topic] = self._model.scores(self._clues.find(kept).clues).get(topic, 0.0)
        return chosen({topic: scores[topic] for topic in scores if topic in self._topics}, found.added)


Doc.set_extension("topics", default=(), force=True)


@Language.factory("topics")
def create_topics(  # noqa: PLR0917 - spaCy calls it by name
    nlp: Language,  # noqa: ARG001 - spaCy calls it by these names
    name: str,  # noqa: ARG001
    words: dict[str, list[str]],
    added: dict[str, list[str]],
    exclusions: dict[str, list[str]],
    fields: dict[str, list[str]],
    weights: str,
) -> Callable[[Doc], Doc]:
    """Return the component; `words`, `added` and `exclusions` are by topic, `weights` a table of `LinearModel`."""
    return TopicReader(words, TopicClues(words, added, exclusions, fields), parse(weights))
