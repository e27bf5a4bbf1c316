"""What in a post speaks for its topics: the team's words, fields of life, and the words of the text themselves.

`linear_model` weighs these clues; they are found alike when it is fitted and when posts are read.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import log1p
from typing import Literal, NamedTuple

from pipelines.fields import Fields, Hit
from pipelines.folding import Word
from pipelines.linear_model import ALWAYS
from pipelines.matching import Lexicon, Match

_HEAD_SHARE = 3
_HEAD_BONUS = 0.3
"""What the first third of a post says is sooner its subject."""
_PHRASE_BONUS = 0.5
"""Each further word makes a phrase so much surer than a single word."""
_FIELD = 0.7
_WORD = 0.75
_ROOT = 0.5
"""How far a field, a word and a root are trusted beside the team's words: of a few values, the best across hands."""
_ROOT_LETTERS = 4
_SHORTEST_WORD = 3
_REMEMBERED = 65_536

Kind = Literal["listed", "added", "excluded", "field"]
Label = tuple[Kind, str]
_TEAMS = frozenset({"listed", "added"})


class Found(NamedTuple):
    """What a post holds: its clues, the topics of added words with their score, and what is excluded.

    `excluded` gives by topic the positions of the words that do not count for it.
    """

    clues: dict[str, float]
    added: dict[str, float]
    excluded: dict[str, set[int]]


class TopicClues:
    """The team's words by topic and the words of each field, "topic.field", compiled once.

    `added` are those of the team's words that no model was fitted on: they decide alone.
    """

    def __init__(
        self,
        words: Mapping[str, Iterable[str]],
        added: Mapping[str, Iterable[str]],
        exclusions: Mapping[str, Iterable[str]],
        fields: Mapping[str, Iterable[str]],
    ) -> None:
        known = Fields(fields)
        terms: dict[Label, Iterable[str]] = {}
        terms |= {("listed", topic): listed for topic, listed in words.items()}
        terms |= {("added", topic): decisive for topic, decisive in added.items()}
        terms |= {("excluded", topic): excluded for topic, excluded in exclusions.items()}
        terms |= {("field", field): phrases for field, phrases in known.phrases.items()}
        self._terms: Lexicon[Label] = Lexicon(terms)
        self._of_word = lru_cache(_REMEMBERED)(lambda folded, stem: (_of_word(folded, stem), known.of(folded, stem)))

    def find(self, terms: Sequence[Word]) -> Found:
        """Return what `Written.terms` hold."""
        matches = self._terms.find(terms)
        excluded: dict[str, set[int]] = {}
        for match in matches:
            if match.label[0] == "excluded":
                excluded.setdefault(match.label[1], set()).update(range(match.first, match.last + 1))
        scores = _scores(terms, matches, excluded)
        clues = {ALWAYS: 1.0}
        hits = {(match.label[1], match.term) for match in matches if match.label[0] == "field"}
        for folded, _, _, _, stem in terms:
            of_word, of_fields = self._of_word(folded, stem)
            clues |= of_word
            if of_fields:
                hits.update(of_fields)
        clues.update(_of_fields(hits))
        clues.update((f"listed:{topic}", log1p(score)) for (kind, topic), score in scores.items() if kind == "listed")
        return Found(clues, {topic: score for (kind, topic), score in scores.items() if kind == "added"}, excluded)


def _of_word(folded: str, stem: str) -> dict[str, float]:
    """Return the clues that a word is by itself; hashtags and handles whole, which have no stem, are none."""
    if not stem or len(folded) < _SHORTEST_WORD:
        return {}
    root = {f"root:{folded[:_ROOT_LETTERS]}": _ROOT} if len(folded) > _ROOT_LETTERS else {}
    return {f"word:{stem}": _WORD} | root


def _of_fields(hits: Iterable[Hit]) -> dict[str, float]:
    """Return the clues of the distinct terms of fields: of each field, and of each topic's fields together."""
    counts: dict[str, int] = {}
    for field, _ in hits:
        counts[field] = counts.get(field, 0) + 1
    clues: dict[str, float] = {}
    by_topic: dict[str, int] = {}
    for field, count in counts.items():
        topic = field.partition(".")[0]
        by_topic[topic] = by_topic.get(topic, 0) + count
        clues["field:" + field] = _FIELD * log1p(count)
    clues |= {"fields:" + topic: log1p(count) for topic, count in by_topic.items()}
    return clues


def _scores(
    terms: Sequence[Word], matches: Iterable[Match[Label]], excluded: Mapping[str, set[int]]
) -> dict[Label, float]:
    """Return the score of each topic's listed and added words: distinct terms outside its exclusions, phrases more."""
    best: dict[tuple[Label, str], float] = {}
    for match in matches:
        kind, topic = match.label
        if kind not in _TEAMS or (
            topic in excluded and not excluded[topic].isdisjoint(range(match.first, match.last + 1))
        ):
            continue
        key = (match.label, terms[match.first].stem or match.term)
        head = _HEAD_BONUS if _HEAD_SHARE * match.first < len(terms) else 0.0
        best[key] = max(best.get(key, 0.0), 1 + _PHRASE_BONUS * (match.last - match.first) + head)
    scores: dict[Label, float] = {}
    for (label, _), weight in best.items():
        scores[label] = scores.get(label, 0.0) + weight
    return scores
