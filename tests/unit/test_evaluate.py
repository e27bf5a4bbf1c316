"""Figures are exact on posts counted by hand, and the measuring third is never shown."""

import json
from dataclasses import replace

import pytest

import pipelines
from pipelines.evaluate import Evaluation, LabelledPost, Labels, evaluate, mistakes, parse, report

LABELS = Labels(
    "fr",
    "institution",
    frozenset({"lycees"}),
    "question",
    to_answer=True,
    departements=frozenset({"34"}),
    hashtags=("é",),
)
LINE = json.dumps(
    {
        "id": "a",
        "text": "Toulouse",
        "platform": "x",
        "lang": "fr",
        "relevance": "territoire",
        "topics": [],
        "intent": "information",
        "a_repondre": False,
        "departements": ["31"],
        "hashtags": [],
    },
)


def post(post_id: str, labels: Labels = LABELS) -> LabelledPost:
    return LabelledPost(post_id, "…", "x", labels)


def held_out_and_shown() -> tuple[LabelledPost, LabelledPost]:
    posts = [post(str(number)) for number in range(20)]
    return next(p for p in posts if p.is_held_out), next(p for p in posts if not p.is_held_out)


def test_the_same_labels_give_full_marks() -> None:
    figures = report([LABELS], [LABELS], elapsed_s=0.5)
    assert figures.posts_per_s == 2
    assert figures.relevance_macro_f1 == figures.topics_micro_f1 == figures.hashtags_exact == 1


def test_topics_are_counted_over_all_posts() -> None:
    expected = [replace(LABELS, topics=frozenset({"lycees", "sante"})), replace(LABELS, topics=frozenset())]
    found = [replace(LABELS, topics=frozenset({"lycees"})), replace(LABELS, topics=frozenset({"sport"}))]
    figures = report(expected, found, elapsed_s=1)
    assert figures.topics_micro_f1 == pytest.approx(0.5)
    assert figures.by_topic["lycees"].f1 == 1
    assert figures.by_topic["sante"].recall == 0


def test_relevant_is_institution_or_territory_against_off_subject() -> None:
    expected = [replace(LABELS, relevance=name) for name in ("institution", "territoire", "hors_sujet", "hors_sujet")]
    found = [replace(LABELS, relevance=name) for name in ("territoire", "hors_sujet", "institution", "hors_sujet")]
    figures = report(expected, found, elapsed_s=1)
    assert (figures.relevant_recall, figures.relevant_precision) == (0.5, 0.5)


def test_hashtags_are_right_only_in_full_and_in_order() -> None:
    expected = [replace(LABELS, hashtags=("a", "b"))] * 2
    found = [replace(LABELS, hashtags=("b", "a")), replace(LABELS, hashtags=("a", "b"))]
    assert report(expected, found, elapsed_s=1).hashtags_exact == 0.5


def test_a_post_held_out_is_never_shown() -> None:
    held_out, shown = held_out_and_shown()
    wrong = replace(LABELS, intent="plainte")
    assert [mistake.post for mistake in mistakes([held_out, shown], [wrong, wrong])] == [shown]


def test_a_mistake_says_what_was_expected_and_what_was_found() -> None:
    _, shown = held_out_and_shown()
    [mistake] = mistakes([shown], [replace(LABELS, departements=frozenset({"34", "11"}))])
    assert (mistake.what, mistake.expected, mistake.found) == ("départements", "34", "11, 34")


def test_a_file_is_read_line_by_line() -> None:
    [parsed] = parse([LINE, "", "  "])
    assert parsed.labels.departements == {"31"}


@pytest.mark.parametrize("line", ["{", "[]", '{"id": "a"}', "3"])
def test_a_line_that_is_no_post_is_named(line: str) -> None:
    with pytest.raises(ValueError, match="ligne 2"):
        parse([LINE, line])


def test_there_must_be_posts_to_measure() -> None:
    with pytest.raises(ValueError, match="aucun message"):
        evaluate(pipelines.build(themes=[]), [], lambda: 0.0)


def test_speed_is_measured_with_the_timer_given() -> None:
    ticks = iter([10.0, 12.0])
    figures = evaluate(pipelines.build(themes=[]), parse([LINE] * 4), lambda: next(ticks)).whole()
    assert (figures.posts, figures.posts_per_s) == (4, 2)


def test_both_parts_are_measured_apart() -> None:
    held_out, shown = held_out_and_shown()
    evaluation = Evaluation([held_out, shown], [replace(LABELS, lang="oc"), LABELS], elapsed_s=1)
    parts = [evaluation.part(held_out=True), evaluation.part(held_out=False)]
    assert [part and (part.posts, part.lang_accuracy) for part in parts] == [(1, 0), (1, 1)]


def test_a_part_without_posts_has_no_figures() -> None:
    _, shown = held_out_and_shown()
    assert Evaluation([shown], [LABELS], elapsed_s=1).part(held_out=True) is None
