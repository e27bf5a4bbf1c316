"""What the demo misses when its alerts are not found again, or not judged."""

from tests.fakes.clock import NOON
from watcher.alerts.routing import Routed
from watcher.backtest import Backtest, Sent
from watcher.config import AlertRule
from watcher.demo.hindsight import lacks
from watcher.feedback import Judgement, Verdict
from watcher.trend import Alert, Hearing, Trend

HEARING = Hearing(NOON, 8.0, 30.0, 2.0)
ALERT = Alert(Trend("hashtag", "crue", NOON, HEARING, HEARING), NOON, "#crue : 30 voix")
FOUND = Backtest(NOON, NOON, 1, (Sent(ALERT, Routed(AlertRule("tout"), "#veille", NOON, ALERT.id)),))
JUDGED = [Judgement(ALERT.id, "", Verdict.USEFUL, "tout", NOON, NOON)]


def test_an_alert_found_again_and_judged_lacks_nothing() -> None:
    assert lacks([ALERT], FOUND, JUDGED) == []


def test_an_alert_that_the_back_test_does_not_find_is_told() -> None:
    assert lacks([ALERT], Backtest(NOON, NOON, 1, ()), JUDGED) == ["rejeu : rien sur « #crue : 30 voix »"]


def test_a_verdict_that_is_lost_is_told() -> None:
    assert lacks([ALERT], FOUND, []) == ["avis perdu : « #crue : 30 voix »"]
