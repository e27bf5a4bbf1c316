"""Measures the pipeline on posts labelled by hand: precision, recall and F1 of each decision, and speed.

The labels are those of the annotation guide. A third of the posts (`is_held_out`) is for measuring only: it is counted
with the others, or alone, and never shown.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pipelines.hints import Hints

if TYPE_CHECKING:
    from spacy.language import Language

RELEVANCES = ("institution", "territoire", "hors_sujet")
INTENTS = ("demande_aide", "question", "plainte", "signalement", "remerciement", "information", "spam")
_HELD_OUT = frozenset("01234")


@dataclass(frozen=True, slots=True)
class Labels:
    """What a post is, by hand or by the pipeline."""

    lang: str
    relevance: str
    topics: frozenset[str]
    intent: str
    to_answer: bool
    departements: frozenset[str]
    hashtags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LabelledPost:
    """One line of a labelled file."""

    id: str
    text: str
    platform: str
    labels: Labels

    @property
    def is_held_out(self) -> bool:
        """Say whether the post is for measuring only: the first digit of SHA-256(id) is 0 to 4."""
        return hashlib.sha256(self.id.encode()).hexdigest()[0] in _HELD_OUT


_Pairs = Sequence[tuple[Labels, Labels]]
_Values = Callable[[Labels], AbstractSet[str]]


class Score(NamedTuple):
    """Precision, recall and F1 in [0, 1], `support`: how many there are by hand. Nothing to find, none found: 1."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Report:
    """Every figure, in [0, 1]; `posts_per_s` is of the whole pipeline in one process, `by_*` by class."""

    posts: int
    posts_per_s: float
    lang_accuracy: float
    relevance_macro_f1: float
    relevant_recall: float
    relevant_precision: float
    topics_micro_f1: float
    topics_macro_f1: float
    intent_macro_f1: float
    to_answer_f1: float
    to_answer_recall: float
    departements_f1: float
    hashtags_exact: float
    by_lang: dict[str, Score] = field(default_factory=dict)
    by_relevance: dict[str, Score] = field(default_factory=dict)
    by_topic: dict[str, Score] = field(default_factory=dict)
    by_intent: dict[str, Score] = field(default_factory=dict)


class Mistake(NamedTuple):
    """A post that was read otherwise than by hand: `what` went wrong, by hand `expected`, by the pipeline `found`."""

    post: LabelledPost
    what: str
    expected: str
    found: str


def parse(lines: Iterable[str]) -> list[LabelledPost]:
    """Return the labelled posts of a JSON Lines file.

    Raises:
        ValueError: A line is no labelled post; the message names the line, in French.
    """
    posts = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            labels = Labels(
                entry["lang"],
                entry["relevance"],
                frozenset(entry["topics"]),
                entry["intent"],
                entry["a_repondre"],
                frozenset(entry["departements"]),
                tuple(entry["hashtags"]),
            )
            posts.append(LabelledPost(entry["id"], entry["text"], entry["platform"], labels))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"ligne {number} : ce n'est pas un message annoté ({error})") from error
    return posts


def read(nlp: "Language", posts: Sequence[LabelledPost]) -> list[Labels]:
    """Return what the pipeline reads in each post."""
    return [_labels(nlp, post) for post in posts]


def _labels(nlp: "Language", post: LabelledPost) -> Labels:
    doc = nlp.make_doc(post.text)
    doc._.hints = Hints(platform=post.platform)
    read_in = nlp(doc)._
    return Labels(
        read_in.lang,
        read_in.relevance,
        frozenset(read_in.topics),
        read_in.intent,
        read_in.to_answer,
        frozenset(read_in.departements),
        tuple(read_in.hashtags_raw),
    )


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Posts by hand and as read, in the same order, and how long the reading took."""

    posts: Sequence[LabelledPost]
    found: Sequence[Labels]
    elapsed_s: float

    def whole(self) -> Report:
        """Return the figures over all posts."""
        return report([post.labels for post in self.posts], self.found, self.elapsed_s)

    def part(self, *, held_out: bool) -> Report | None:
        """Return the figures over the measuring third, or over the others; None where there are none."""
        pairs = [(p, found) for p, found in zip(self.posts, self.found, strict=True) if p.is_held_out is held_out]
        if not pairs:
            return None
        share_s = self.elapsed_s * len(pairs) / len(self.posts)
        return report([post.labels for post, _ in pairs], [found for _, found in pairs], share_s)


def evaluate(nlp: "Language", posts: Sequence[LabelledPost], timer: Callable[[], float]) -> Evaluation:
    """Read `posts` with `nlp` and return what was read and the figures; `timer` gives seconds from any origin.

    Raises:
        ValueError: There is no post to measure on.
    """
    if not posts:
        raise ValueError("aucun message annoté à mesurer")
    nlp("Le premier message remplit les mémoires : il n'est pas compté.")
    started = timer()
    found = read(nlp, posts)
    return Evaluation(posts, found, elapsed_s=timer() - started)


def report(expected: Sequence[Labels], found: Sequence[Labels], elapsed_s: float) -> Report:
    """Return the figures of two labellings of the same posts, in the same order."""
    pairs = list(zip(expected, found, strict=True))
    by_relevance = _by_class(pairs, RELEVANCES, lambda labels: {labels.relevance})
    by_intent = _by_class(pairs, INTENTS, lambda labels: {labels.intent})
    topics = sorted({topic for labels in expected for topic in labels.topics})
    by_topic = _by_class(pairs, topics, lambda labels: labels.topics)
    langs = sorted({labels.lang for labels in expected})
    by_lang = _by_class(pairs, langs, lambda labels: {labels.lang})
    relevant = _score_of(pairs, lambda labels: {"relevant"} if labels.relevance != "hors_sujet" else set())
    to_answer = _score_of(pairs, lambda labels: {"to_answer"} if labels.to_answer else set())
    return Report(
        posts=len(pairs),
        posts_per_s=len(pairs) / elapsed_s if elapsed_s > 0 else 0.0,
        lang_accuracy=_share(pairs, lambda one, other: one.lang == other.lang),
        relevance_macro_f1=_mean(by_relevance.values()),
        relevant_recall=relevant.recall,
        relevant_precision=relevant.precision,
        topics_micro_f1=_score_of(pairs, lambda labels: labels.topics).f1,
        topics_macro_f1=_mean(by_topic.values()),
        intent_macro_f1=_mean(by_intent.values()),
        to_answer_f1=to_answer.f1,
        to_answer_recall=to_answer.recall,
        departements_f1=_score_of(pairs, lambda labels: labels.departements).f1,
        hashtags_exact=_share(pairs, lambda one, other: one.hashtags == other.hashtags),
        by_lang=by_lang,
        by_relevance=by_relevance,
        by_topic=by_topic,
        by_intent=by_intent,
    )


def _by_class(pairs: _Pairs, classes: Iterable[str], values: _Values) -> dict[str, Score]:
    return {each: _score_of(pairs, lambda labels: values(labels) & {each}) for each in classes}  # noqa: B023 - called at once


def _score_of(pairs: _Pairs, values: _Values) -> Score:
    """Return the micro figures of sets of values, over all posts."""
    right = wrong = missed = 0
    for expected, found in pairs:
        by_hand, read_in = values(expected), values(found)
        right += len(by_hand & read_in)
        wrong += len(read_in - by_hand)
        missed += len(by_hand - read_in)
    return Score(
        precision=right / (right + wrong) if right + wrong else 1.0,
        recall=right / (right + missed) if right + missed else 1.0,
        f1=2 * right / (2 * right + wrong + missed) if right + wrong + missed else 1.0,
        support=right + missed,
    )


def _mean(scores: Collection[Score]) -> float:
    return sum(score.f1 for score in scores) / len(scores) if scores else 1.0


def _share(pairs: _Pairs, agree: Callable[[Labels, Labels], bool]) -> float:
    return sum(agree(*pair) for pair in pairs) / len(pairs)


def mistakes(posts: Sequence[LabelledPost], found: Sequence[Labels]) -> list[Mistake]:
    """Return what was read otherwise than by hand, one entry for each decision; posts held out are left out."""
    return [
        Mistake(post, what, by_hand, read_in)
        for post, labels in zip(posts, found, strict=True)
        if not post.is_held_out
        for what, by_hand, read_in in _differences(post.labels, labels)
    ]


def _differences(expected: Labels, found: Labels) -> list[tuple[str, str, str]]:
    decisions = (
        ("langue", expected.lang, found.lang),
        ("pertinence", expected.relevance, found.relevance),
        ("thèmes", _listed(expected.topics), _listed(found.topics)),
        ("intention", expected.intent, found.intent),
        ("à répondre", _yes(said=expected.to_answer), _yes(said=found.to_answer)),
        ("départements", _listed(expected.departements), _listed(found.departements)),
        ("hashtags", " ".join(expected.hashtags), " ".join(found.hashtags)),
    )
    return [(what, by_hand, read_in) for what, by_hand, read_in in decisions if by_hand != read_in]


def _listed(values: Iterable[str]) -> str:
    return ", ".join(sorted(values)) or "—"


def _yes(*, said: bool) -> str:
    return "oui" if said else "non"
