"""What the demo misses when its alerts are not found again, or when what people say of them is not heard."""

from tests.fakes.clock import NOON
from watcher.alerts.judging import Judging
from watcher.alerts.routing import Routed
from watcher.backtest import Backtest, Sent
from watcher.config import AlertRule
from watcher.demo.hindsight import heard, lacks, unheard
from watcher.feedback import Verdict
from watcher.handling import Deed
from watcher.stores.journal import Journal
from watcher.stores.trends import alert_write, trend_write
from watcher.trend import Alert, Hearing, Trend

HEARING = Hearing(NOON, 8.0, 30.0, 2.0)
ALERT = Alert(Trend("hashtag", "crue", NOON, HEARING, HEARING), NOON, "#crue : 30 voix")
FOUND = Backtest(NOON, NOON, 1, (Sent(ALERT, Routed(AlertRule("tout"), "#veille", NOON, ALERT.id)),))
USEFUL = ("Hashtag : #crue", "Anne", Verdict.USEFUL)
TAKEN = ("Hashtag : #crue", "quelqu'un", Deed.TAKEN)


def test_an_alert_found_again_lacks_nothing() -> None:
    assert lacks([ALERT], FOUND) == []


def test_an_alert_that_the_back_test_does_not_find_is_told() -> None:
    assert lacks([ALERT], Backtest(NOON, NOON, 1, ())) == ["rejeu : rien sur « #crue : 30 voix »"]


def test_what_is_said_is_heard_by_title_and_name_and_of_a_stranger_without_one(journal: Journal) -> None:
    journal.commit_fold("essai", "", b"", [trend_write(ALERT.trend), alert_write(ALERT)])
    judging = Judging(journal, [])
    judging.judge(ALERT.id, "Anne", Verdict.USEFUL, NOON)
    judging.take(ALERT.id, "slack:0f3c", NOON)
    assert heard(journal, {"Hashtag : #crue": ALERT}) == {USEFUL, TAKEN}


def test_when_all_that_is_said_is_heard_nothing_lacks() -> None:
    assert unheard({USEFUL, TAKEN}, {USEFUL, TAKEN}, ["Hashtag : #crue"]) == []


def test_a_reaction_that_was_not_read_is_told() -> None:
    assert unheard({USEFUL, TAKEN}, {TAKEN}, ["Hashtag : #crue"]) == [
        "réaction non lue : Anne, « utile », sur « Hashtag : #crue »"
    ]


def test_a_verdict_that_nobody_gave_is_told() -> None:
    assert unheard({USEFUL}, {USEFUL, TAKEN}, ["Hashtag : #crue"]) == [
        "réaction de trop : quelqu'un, « prise_en_charge », sur « Hashtag : #crue »"
    ]


def test_an_alert_that_nobody_answers_is_told_for_it_proves_nothing() -> None:
    assert unheard(set(), set(), ["Hashtag : #crue"]) == ["personne n'a réagi à « Hashtag : #crue »"]
