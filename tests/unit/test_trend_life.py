"""A trend's life, what explains it, how it is told and how it is stored."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pipelines.phrases import phrases_in
from tests.fakes.clock import NOON, FakeClock
from tests.fakes.journals import commit
from tests.fakes.posts import READING, a_post
from tests.fakes.watching import says
from watcher.alerts.rules import FRESH, alerts, sentence
from watcher.drain import drain
from watcher.model import AuthorHash, Post
from watcher.stores.elastic import ALERTS, TEMPLATES, TRENDS, Elastic
from watcher.stores.journal import Journal
from watcher.stores.trends import alert_write, sample, trend_of, trend_write
from watcher.trend import CALM, PHRASE, SILENCE, Alert, Hearing, Trend, TrendState, Why, heard_again
from watcher.trends.explain import distinctive, spelled, spread, why

HEARD = Hearing(NOON, score=6.0, voices=11.6, expected=0.2)
TREND = Trend("hashtag", "crue", NOON - timedelta(minutes=20), HEARD, HEARD)
TOLD = replace(
    TREND,
    why=Why(
        terms=("pluie", "pont"),
        examples=(a_post("1").id,),
        platforms=("mastodon",),
        departements=("30", "34"),
        communes=("30321",),
        authors=12,
        first="media",
        first_platform="rss",
        called="la crue",
        curve=(1, 0, 11),
    ),
    part_of=("hashtag", "inondation"),
    parts=(("commune", "30321"), ("theme", "crises")),
    split_from=("hashtag", "orages"),
)


def named(kind: str, term: str) -> str:
    names = {"30": "Gard", "34": "Hérault", "30321": "Sommières", "mastodon": "Mastodon"}
    return names.get(term, f"#{term}" if kind == "hashtag" else term.capitalize())


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
    assert [alert.trend for alert in alerts([(NOON, TREND)], NOON + FRESH, named)] == [TREND]
    still_going = replace(TREND, latest=later(1, 7.0, 15))
    assert alerts([(NOON, still_going)], NOON + FRESH + timedelta(seconds=1), named) == []


def test_the_sentence_says_who_many_since_when_where_and_about_what() -> None:
    assert sentence(TREND, named) == "#crue : 12 voix en 20 min (attendu moins de 1)"
    assert sentence(TOLD, named) == (
        "#la crue : 12 voix en 20 min (attendu moins de 1), ne fait plus un avec #orages, avec Crises, "
        "surtout à Sommières (30), partie de la presse, pluie, pont"
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"communes": ()}, "surtout Gard et Hérault, partie de la presse"),
        ({"communes": (), "departements": ("30", "34", "11", "48")}, "surtout Gard, Hérault et 11,"),
        ({"first_platform": "mastodon", "first": "institution"}, "partie d'une institution"),
        ({"first_platform": "mastodon", "first": "person"}, "partie de Mastodon"),
    ],
)
def test_the_sentence_says_where_and_from_whom(changes: dict[str, Any], told: str) -> None:
    assert told in sentence(replace(TOLD, why=replace(TOLD.why, **changes)), named)


def test_a_place_is_not_said_to_be_where_it_is() -> None:
    assert "surtout" not in sentence(replace(TOLD, kind="commune", term="30321", why=Why(communes=("30321",))), named)


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


def test_a_phrase_is_spelled_as_most_people_write_it() -> None:
    posts = [
        a_post(str(n), text=text) for n, text in enumerate(["Lycée de Muret", "le lycée de Muret", "lycée de Muret !"])
    ]
    (phrase,) = {phrase for phrase, _ in phrases_in("lycée de Muret")}
    trend = replace(TREND, kind=PHRASE, term=f"{phrase:016x}")
    assert spelled(trend, posts) == "lycée de Muret"
    assert spelled(trend, [a_post("1", text="Le collège de Muret")]) == ""


def test_a_phrase_is_called_by_its_words_and_says_nothing_without() -> None:
    phrase = replace(TREND, kind=PHRASE, term="00ff", why=Why(called="vanne ouverte"))
    (alert,) = alerts([(NOON, phrase), (NOON, replace(phrase, why=Why()))], NOON, lambda _, term: term)
    assert alert.sentence.startswith("vanne ouverte : ")


def test_places_and_platforms_come_by_weight() -> None:
    posts = [
        a_post(str(n), platform=platform, reading=replace(READING, departements=places))
        for n, (platform, places) in enumerate([("rss", ("34",)), ("bluesky", ("30", "34")), ("bluesky", ())])
    ]
    found = why(TREND, posts, [])
    assert (found.platforms, found.departements) == (("bluesky", "rss"), ("34", "30"))


def test_a_commune_is_where_it_happens_when_a_third_of_the_posts_name_it() -> None:
    told = [("30321",), ("30321", "34172"), (), (), ("11069",), ()]
    posts = [a_post(str(n), reading=replace(READING, communes=communes)) for n, communes in enumerate(told)]
    assert why(TREND, posts, []).communes == ("30321",)


def test_who_began_is_who_wrote_first_whoever_was_collected_first() -> None:
    late = a_post("1", published_at=NOON, author=AuthorHash("a"), author_kind="person", platform="mastodon")
    early = a_post("2", published_at=NOON - timedelta(hours=1))
    found = why(TREND, [late, early, replace(late, id=early.id)], [], (1, 2))
    assert (found.first, found.first_platform, found.authors, found.curve) == ("media", "rss", 2, (1, 2))


def test_a_trend_stored_is_the_same_read_back_and_its_template_knows_every_word_of_it() -> None:
    write = trend_write(TOLD)
    assert write.body is not None
    assert trend_of(write.body) == TOLD
    assert_known(write.body, TRENDS, later={"feedback"})
    assert set(write.body["why"]) == set(properties(TRENDS)["why"]["properties"])


def test_an_alert_s_template_knows_every_word_of_it() -> None:
    write = alert_write(Alert(TOLD, NOON, "Une phrase."))
    assert write.body is not None
    assert_known(write.body, ALERTS, later={"feedback", "taken_by", "taken_at", "snoozed_until", "seen_by"})
    assert write.doc_id == trend_write(TOLD).doc_id


def properties(family: str) -> dict[str, Any]:
    assert TEMPLATES[family]["template"]["mappings"]["dynamic"] == "strict"
    found: dict[str, Any] = TEMPLATES[family]["template"]["mappings"]["properties"]
    return found


def assert_known(body: object, family: str, later: set[str]) -> None:
    """Hold `body` against its template, but for what the team gives `later`."""
    assert isinstance(body, dict)
    assert set(properties(family)) - set(body) == {"stored_at"} | later
    assert set(body) <= set(properties(family))


def test_a_tick_is_kept_whole_or_not_at_all(journal: Journal) -> None:
    commit(journal)
    journal.commit_fold("watch", "1", b"1", [trend_write(TOLD)])
    with pytest.raises(TypeError):
        journal.commit_fold("watch", "2", b"2", [replace(trend_write(TOLD), body={"term": {"not", "json"}})])
    assert (journal.state("watch"), journal.fold("watch"), journal.waiting()) == ("1", b"1", 1)


async def test_a_curve_begins_an_hour_before_its_trend_whenever_its_first_post_came(
    es_url: str, es_prefix: str, journal: Journal
) -> None:
    elastic = Elastic(es_url, prefix=es_prefix)
    trend = replace(TREND, since=NOON - timedelta(minutes=5))
    commit(journal, *[says(str(n), "crue", NOON - timedelta(minutes=minutes)) for n, minutes in enumerate((31, 2, 1))])
    await drain(journal, elastic, FakeClock(), random.Random(1))
    await elastic.client.indices.refresh(index=f"{es_prefix}*")
    assert trend.curve_start == NOON - timedelta(minutes=70)
    assert (await sample(elastic, trend)).curve == (0, 0, 0, 1, 0, 0, 2)
    await elastic.close()
