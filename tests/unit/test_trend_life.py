"""A trend's life, what explains it, how it is told and how it is stored."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.clock import NOON
from tests.fakes.journals import commit
from tests.fakes.posts import READING, a_post
from watcher.alerts.rules import FRESH, alerts, sentence
from watcher.explain import distinctive, spread, why
from watcher.model import AuthorHash, Post
from watcher.stores.elastic import ALERTS, TEMPLATES, TRENDS
from watcher.stores.journal import Journal
from watcher.stores.trends import alert_write, trend_of, trend_write
from watcher.trend import CALM, SILENCE, Alert, Hearing, Trend, TrendState, Why, heard_again

HEARD = Hearing(NOON, score=6.0, voices=11.6, expected=0.2)
TREND = Trend("hashtag", "crue", NOON - timedelta(minutes=20), HEARD, HEARD)
TOLD = replace(TREND, why=Why(("pluie", "pont"), (a_post("1").id,), ("mastodon",), ("30",)))


def named(kind: str, term: str) -> str:
    return {"departement": "Gard"}.get(kind, f"#{term}")


def later(hours: float, score: float, voices: float) -> Hearing:
    return Hearing(NOON + timedelta(hours=hours), score, voices, expected=1.0)


@pytest.mark.parametrize(
    ("hearing", "state"),
    [
        (later(1, 7.0, 15), TrendState.RISING),
        (later(1, 5.0, 9), TrendState.FALLING),
        (later(1, 6.0, 11.6), TrendState.BORN),
        (later(3, 0.0, 0), TrendState.FALLING),
        (later(25, CALM, 5), TrendState.FALLING),
        (later(25, 0.5, 5), TrendState.OVER),
    ],
)
def test_a_trend_rises_falls_and_ends_when_a_day_has_passed_and_nobody_is_surprised(
    hearing: Hearing, state: TrendState
) -> None:
    assert heard_again(TREND, hearing).state == state


def test_a_trend_lasts_until_its_term_may_be_alerted_on_again() -> None:
    quiet = Hearing(TREND.since + SILENCE - timedelta(minutes=10), 0.0, 0.0, 0.2)
    assert heard_again(TREND, quiet).state != TrendState.OVER


def test_a_peak_is_passed_by_what_is_higher_than_it_has_become() -> None:
    assert heard_again(TREND, later(1, 5.0, 9)).peak == HEARD
    assert heard_again(TREND, later(18, 3.5, 9)).peak.score == 3.5
    assert TREND.rank(NOON + timedelta(hours=18)) == pytest.approx(3.0)


def test_only_what_has_just_begun_is_alerted_on() -> None:
    assert [alert.trend for alert in alerts([TREND], NOON + FRESH, named)] == [TREND]
    assert alerts([TREND], NOON + FRESH + timedelta(seconds=1), named) == []


def test_the_sentence_says_who_many_since_when_where_and_about_what() -> None:
    assert sentence(TREND, named) == "#crue : 12 voix en 20 min (attendu moins de 1)"
    assert sentence(TOLD, named).endswith("(attendu moins de 1), surtout Gard, on y parle de : pluie, pont")


def test_examples_are_the_first_post_and_those_that_add_most() -> None:
    def said(name: str, text: str, platform: str, author: str) -> Post:
        return a_post(name, text=text, platform=platform, author=AuthorHash(author))

    first = said("1", "Le pont est fermé", "mastodon", "a")
    copy = said("2", "Le pont est fermé", "mastodon", "b")
    other = said("3", "La route aussi", "mastodon", "a")
    elsewhere = said("4", "Le pont vu du ciel", "bluesky", "c")
    assert spread([first, copy, other, elsewhere]) == [first, elsewhere, other]
    assert spread([]) == []


def test_stems_become_the_words_that_people_wrote_without_the_term_itself() -> None:
    posts = [a_post("1", text="Des inondations à Sommières #crue"), a_post("2", text="INONDATIONS, la crue monte")]
    assert distinctive(["inondat", "crue", "somier"], posts, "crue") == ["inondations"]


def test_places_and_platforms_come_by_weight() -> None:
    posts = [
        a_post(str(n), platform=platform, reading=replace(READING, departements=places))
        for n, (platform, places) in enumerate([("rss", ("34",)), ("bluesky", ("30", "34")), ("bluesky", ())])
    ]
    found = why(TREND, posts, [])
    assert (found.platforms, found.departements) == (("bluesky", "rss"), ("34", "30"))


def test_a_trend_stored_is_the_same_read_back_and_its_template_knows_every_word_of_it() -> None:
    write = trend_write(TOLD)
    assert write.body is not None
    assert trend_of(write.body) == TOLD
    assert_known(write.body, TRENDS)
    assert set(write.body["why"]) == set(properties(TRENDS)["why"]["properties"])


def test_an_alert_s_template_knows_every_word_of_it() -> None:
    write = alert_write(Alert(TOLD, NOON, "Une phrase."))
    assert write.body is not None
    assert_known(write.body, ALERTS)
    assert write.doc_id == trend_write(TOLD).doc_id


def properties(family: str) -> dict[str, Any]:
    assert TEMPLATES[family]["template"]["mappings"]["dynamic"] == "strict"
    found: dict[str, Any] = TEMPLATES[family]["template"]["mappings"]["properties"]
    return found


def assert_known(body: object, family: str) -> None:
    assert isinstance(body, dict)
    assert set(properties(family)) - set(body) == {"stored_at"}
    assert set(body) <= set(properties(family))


def test_a_tick_is_kept_whole_or_not_at_all(journal: Journal) -> None:
    commit(journal)
    journal.commit_fold("watch", "1", b"1", [trend_write(TOLD)])
    with pytest.raises(TypeError):
        journal.commit_fold("watch", "2", b"2", [replace(trend_write(TOLD), body={"term": {"not", "json"}})])
    assert (journal.state("watch"), journal.fold("watch"), journal.waiting()) == ("1", b"1", 1)
