"""Fifth component: what a post is about, by the team's words. Sets `doc._.topics`, at most two ids, the surest first.

A post that is off subject has no topic.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from pipelines.folding import Word
from pipelines.matching import Lexicon, Match

_MOST_TOPICS = 2
"""A third one was right in 5 labelled posts of 24."""
_HEAD_SHARE = 3
_HEAD_BONUS = 0.3
"""What the first third of a post says is sooner its subject."""
_PHRASE_BONUS = 0.5
"""Each further word makes a phrase so much surer than a single word."""
_SHARE_OF_BEST = 0.5
"""A second topic is kept when it scores at least this share of the first: what a post only brushes is no topic."""

Themes = Lexicon[tuple[str, bool]]


def compiled(words: Mapping[str, Iterable[str]], exclusions: Mapping[str, Iterable[str]]) -> Themes:
    """Return the words of each topic under (id, True) and its exclusions under (id, False)."""
    counted = {(topic, True): terms for topic, terms in words.items()}
    return Lexicon(counted | {(topic, False): terms for topic, terms in exclusions.items()})


def topic_scores(terms: Sequence[Word], themes: Themes) -> dict[str, float]:
    """Return the score of each topic found: its distinct terms outside its exclusions, phrases weighing more."""
    found = themes.find(terms)
    excluded = [match for match in found if not match.label[1]]
    best: dict[tuple[str, str], float] = {}
    for match in found:
        topic, counts = match.label
        if counts and not any(_shares(match, other) for other in excluded):
            key = (topic, terms[match.first].stem or match.term)
            head = _HEAD_BONUS if _HEAD_SHARE * match.first < len(terms) else 0.0
            best[key] = max(best.get(key, 0.0), 1 + _PHRASE_BONUS * (match.last - match.first) + head)
    scores: dict[str, float] = {}
    for (topic, _), weight in best.items():
        scores[topic] = scores.get(topic, 0.0) + weight
    return scores


def _shares(match: Match[tuple[str, bool]], excluded: Match[tuple[str, bool]]) -> bool:
    return match.label[0] == excluded.label[0] and match.start < excluded.end and excluded.start < match.end


def chosen(scores: dict[str, float]) -> tuple[str, ...]:
    """Return the topics worth telling, the surest first; equal ones in the order of the team's file."""
    ranked = sorted(scores, key=lambda topic: -scores[topic])
    return tuple(topic for topic in ranked if scores[topic] >= _SHARE_OF_BEST * scores[ranked[0]])[:_MOST_TOPICS]


class TopicReader:
    """The component: holds the compiled themes, changes nothing after."""

    def __init__(self, words: Mapping[str, Iterable[str]], exclusions: Mapping[str, Iterable[str]]) -> None:
        self._themes = compiled(words, exclusions)

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.topics`."""
        extensions = doc._
        if extensions.relevance != "hors_sujet":
            extensions.topics = chosen(topic_scores(extensions.written.terms, self._themes))
        return doc


Doc.set_extension("topics", default=(), force=True)


@Language.factory("topics")
def create_topics(
    nlp: Language,  # noqa: ARG001 - spaCy calls it by these names
    name: str,  # noqa: ARG001
    words: dict[str, list[str]],
    exclusions: dict[str, list[str]],
) -> Callable[[Doc], Doc]:
    """Return the component for `nlp.add_pipe("topics", config={"words": {topic: terms}, "exclusions": …})`."""
    return TopicReader(words, exclusions)
