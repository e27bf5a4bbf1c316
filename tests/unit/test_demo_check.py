"""What the demo expects follows from what is written, and whatever lacks is told."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.clock import NOON
from watcher.demo.check import DELAY, Expected, Observed, expected, missing
from watcher.demo.scenario import LIVE, TICK
from watcher.demo.sites import SICK
from watcher.demo.stories import timeline
from watcher.model import Outcome

WRITTEN = timeline(NOON)


@pytest.fixture(scope="module")
def wanted() -> Expected:
    return expected(WRITTEN, lambda post: f"http://{post.site}.localhost/{post.number}", NOON)


@pytest.fixture(scope="module")
def whole(wanted: Expected) -> Observed:
    return Observed(
        Counter(wanted.links),
        wanted.ill,
        wanted.topics,
        wanted.departements,
        wanted.waiting,
        wanted.alerts,
        wanted.rings | wanted.alerts.keys(),
    )


def test_a_whole_demo_lacks_nothing(whole: Observed, wanted: Expected) -> None:
    assert missing(whole, wanted) == []


def test_every_written_post_is_expected_once(wanted: Expected) -> None:
    assert len(wanted.links) == len(WRITTEN)


def test_a_post_that_is_not_there_is_missed(whole: Observed, wanted: Expected) -> None:
    fewer = dict.fromkeys(sorted(wanted.links)[1:], 1)
    assert missing(replace(whole, links=fewer), wanted) == ["publication qui n'est pas arrivée : 1"]


def test_a_post_that_is_there_twice_is_told(whole: Observed, wanted: Expected) -> None:
    doubled = {**whole.links, min(wanted.links): 2}
    assert missing(replace(whole, links=doubled), wanted) == ["publication qui est là plus d'une fois : 1"]


def test_a_post_that_nobody_wrote_is_told(whole: Observed, wanted: Expected) -> None:
    more = {**whole.links, "https://elsewhere.example/1": 1}
    assert missing(replace(whole, links=more), wanted) == ["publication qui n'a été écrite par personne : 1"]


def test_a_sick_site_that_answers_is_told(whole: Observed, wanted: Expected) -> None:
    cured = {site: outcome for site, outcome in SICK.items() if site != "mairie-fermee"}
    assert missing(replace(whole, ill=cured), wanted) == ["mairie-fermee : « disparue » attendu, « lue » obtenu"]


def test_a_healthy_source_that_fails_is_told(whole: Observed, wanted: Expected) -> None:
    ill = {**SICK, "bluesky": Outcome.UNREACHABLE}
    assert missing(replace(whole, ill=ill), wanted) == ["bluesky : « lue » attendu, « injoignable » obtenu"]


def test_a_topic_or_a_departement_that_nobody_recognised_is_told(whole: Observed, wanted: Expected) -> None:
    poorer = replace(whole, topics=wanted.topics - {"sport"}, departements=wanted.departements - {"48"})
    assert missing(poorer, wanted) == ["thème jamais reconnu : sport", "département jamais reconnu : 48"]


def test_each_of_the_six_calls_must_be_heard(whole: Observed, wanted: Expected) -> None:
    assert len(wanted.calls) == 6
    deaf = replace(whole, to_answer=wanted.waiting - {min(wanted.calls)})
    assert missing(deaf, wanted) == ["à répondre : 1 des 6 appels à l'aide n'y sont pas"]


def test_three_people_out_of_four_at_least_must_be_heard(whole: Observed, wanted: Expected) -> None:
    others = sorted(wanted.waiting - wanted.calls)
    enough = -(-len(wanted.waiting) * 3 // 4) - len(wanted.calls)
    assert missing(replace(whole, to_answer=wanted.calls | set(others[:enough])), wanted) == []
    (lack,) = missing(replace(whole, to_answer=wanted.calls | set(others[: enough - 1])), wanted)
    assert lack.startswith("à répondre : ")


def test_who_does_not_wait_makes_up_for_nobody(whole: Observed, wanted: Expected) -> None:
    strangers = frozenset(f"http://elsewhere.localhost/{n}" for n in range(30))
    assert len(missing(replace(whole, to_answer=strangers), wanted)) == 2


# ---- alerts


def test_the_flood_and_the_new_hashtag_must_be_alerted_on_and_the_ring_not(wanted: Expected) -> None:
    assert wanted.alerts.keys() == {"inondationsherault", "untrainpourmende"}
    assert wanted.rings == {"bonplantoulouse"}


def test_they_must_be_within_two_ticks_of_the_fifth_voice(wanted: Expected) -> None:
    assert DELAY == 2 * TICK
    assert all(NOON - LIVE + DELAY < latest < NOON - LIVE / 3 for latest in wanted.alerts.values())


def test_an_alert_that_lacks_is_told(whole: Observed, wanted: Expected) -> None:
    alerts = {"untrainpourmende": wanted.alerts["untrainpourmende"]}
    assert missing(replace(whole, alerts=alerts), wanted) == ["aucune alerte sur #inondationsherault"]


def test_an_alert_that_is_late_is_told(whole: Observed, wanted: Expected) -> None:
    late = {tag: latest + timedelta(seconds=tag == "untrainpourmende") for tag, latest in wanted.alerts.items()}
    (lack,) = missing(replace(whole, alerts=late), wanted)
    assert lack.startswith("alerte sur #untrainpourmende tardive")


def test_an_alert_on_a_ring_is_told(whole: Observed, wanted: Expected) -> None:
    alerts = {**wanted.alerts, "bonplantoulouse": NOON}
    (lack,) = missing(replace(whole, alerts=alerts), wanted)
    assert lack == "alerte de trop : #bonplantoulouse est l'œuvre de quelques comptes"


def test_an_alert_on_history_is_told(whole: Observed, wanted: Expected) -> None:
    alerts = {**wanted.alerts, "grevesncf": NOON - LIVE - timedelta(days=3)}
    (lack,) = missing(replace(whole, alerts=alerts), wanted)
    assert lack.startswith("alerte sur #grevesncf")
    assert missing(replace(whole, alerts={**alerts, "grevesncf": NOON - LIVE}), wanted) == []


def test_a_ring_that_no_trend_is_made_of_proves_nothing_and_is_told(whole: Observed, wanted: Expected) -> None:
    (lack,) = missing(replace(whole, hashtags=frozenset(wanted.alerts)), wanted)
    assert lack.startswith("#bonplantoulouse mis à l'écart")


# ---- what must be written


def test_a_flood_that_nobody_wrote_is_told(whole: Observed, wanted: Expected) -> None:
    alerts = {"untrainpourmende": wanted.alerts["untrainpourmende"]}
    (lack,) = missing(whole, replace(wanted, alerts=alerts))
    assert lack.startswith("monde écrit : 1 hashtag")


def test_a_call_that_nobody_wrote_is_told(whole: Observed, wanted: Expected) -> None:
    (lack,) = missing(whole, replace(wanted, calls=wanted.calls - {min(wanted.calls)}))
    assert lack.startswith("monde écrit : 5 appels")


def test_a_ring_that_nobody_wrote_is_told(whole: Observed, wanted: Expected) -> None:
    (lack,) = missing(whole, replace(wanted, rings=frozenset()))
    assert lack.startswith("monde écrit : personne")
