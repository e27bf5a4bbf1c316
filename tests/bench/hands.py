"""How each hand is read by what was learned from the others alone: `make bench-hands`, some minutes.

The figures to expect of a hand that nobody has seen. Places, word lists and turns are the same for all; what flatters
is told in `pipelines/model_card.md`.
"""

from collections.abc import Iterable, Sequence
from time import process_time

import pipelines
from deploy.labelled import hands
from deploy.train import learn
from deploy.train_topics import sentences
from pipelines.evaluate import LabelledPost, Report, evaluate
from pipelines.packaged import packaged_themes
from pipelines.themes import TaughtPost
from pipelines.topic_training import examples_of
from pipelines.topic_training import learn as learn_topics

FIGURES = (
    *("relevance_macro_f1", "relevant_recall", "relevant_precision", "topics_micro_f1", "topics_macro_f1"),
    *("intent_macro_f1", "to_answer_recall", "to_answer_f1"),
)


def read_by_others(posts: Sequence[LabelledPost], others: Sequence[LabelledPost]) -> Report:
    """Return how `posts` are read by what `others` teach."""
    themes = packaged_themes()
    ours = [post for post in others if post.labels.relevance != "hors_sujet"]
    taught = [TaughtPost(post.text, post.labels.topics, post.platform) for post in ours] + sentences()
    topics = learn_topics(themes, taught, examples_of(themes)).model.table()
    nlp = pipelines.build(tables=learn(others)._asdict(), topic_weights=topics)
    return evaluate(nlp, posts, process_time).whole()


def mean(reports: Iterable[Report], figure: str) -> float:
    """Return a figure's mean over hands, whatever the number of their posts."""
    values = [getattr(report, figure) for report in reports]
    return sum(values) / len(values)


def main() -> None:
    """Print the figures of each hand, left out in turn, and their mean."""
    by_hand = hands()
    reports = {
        hand: read_by_others(posts, [post for other in by_hand if other != hand for post in by_hand[other]])
        for hand, posts in by_hand.items()
    }
    print(f"{'':20}", *(f"{hand:>9}" for hand in reports), f"{'mean':>9}")  # noqa: T201 - its purpose
    for figure in FIGURES:
        values = [*(getattr(report, figure) for report in reports.values()), mean(reports.values(), figure)]
        print(f"{figure:20}", *(f"{value:9.3f}" for value in values))  # noqa: T201
    for part in ("by_relevance", "by_intent", "by_topic"):
        for each in getattr(next(iter(reports.values())), part):
            scores = [getattr(report, part)[each].f1 for report in reports.values()]
            print(f"{each:20}", *(f"{score:9.3f}" for score in scores), f"{sum(scores) / len(scores):9.3f}")  # noqa: T201


if __name__ == "__main__":
    main()
