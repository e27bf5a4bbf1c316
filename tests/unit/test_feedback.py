"""What the team says of alerts: whose word counts, what it says of the rules, and where it is kept."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.clock import NOON
from watcher.alerts.judging import NO_RULE
from watcher.cli import main
from watcher.feedback import Judgement, Precision, Verdict, advice, agreed, by_rule_and_month
from watcher.model import PostId
from watcher.stores.journal import Journal
from watcher.stores.trends import alert_write, trend_write
from watcher.trend import Alert, Hearing, Trend

USEFUL, NOISE = Verdict.USEFUL, Verdict.NOISE
TREND = Trend("theme", "crises", NOON, Hearing(NOON, 8.0, 30.0, 2.0), Hearing(NOON, 8.0, 30.0, 2.0))
ALERT = Alert(TREND, NOON, "Crises : 30 voix")


def said(verdict: Verdict, alert: str = "a", person: str = "Anne", after_min: int = 0, **fields: Any) -> Judgement:
    at = NOON + timedelta(minutes=after_min)
    return Judgement(PostId(alert), person, verdict, fields.get("rule", "crises"), fields.get("alerted_at", NOON), at)


@pytest.mark.parametrize(
    ("judgements", "verdict"),
    [
        ([said(NOISE)], NOISE),
        ([said(NOISE), said(USEFUL, person="Bea"), said(USEFUL, person="Cleo")], USEFUL),
        ([said(NOISE, after_min=2), said(USEFUL, person="Bea", after_min=1)], NOISE),
    ],
    ids=["one", "most", "the last of as many"],
)
def test_what_most_say_counts(judgements: list[Judgement], verdict: Verdict) -> None:
    assert agreed(judgements) == {"a": verdict}


def test_figures_are_by_rule_and_month_of_the_alert() -> None:
    october = said(USEFUL, "b", alerted_at=NOON - timedelta(days=45))
    figures = by_rule_and_month([said(NOISE), october, said(USEFUL, "c", rule="reste")])
    months = {f"{NOON:%Y-%m}", f"{NOON - timedelta(days=45):%Y-%m}"}
    assert {month for _, month in figures} == months
    assert figures["crises", f"{NOON:%Y-%m}"] == Precision(useful=0, noise=1)


def test_without_verdicts_the_precision_is_unknown() -> None:
    assert Precision().share is None


@pytest.mark.parametrize(
    ("figures", "proposes"), [(Precision(5, 9), True), (Precision(0, 9), False), (Precision(9, 5), False)]
)
def test_ten_verdicts_mostly_noise_propose_another_sensitivity(figures: Precision, *, proposes: bool) -> None:
    assert ("sensibilite: basse" in advice("crises", figures)) is proposes


def command(data: Path, *words: str) -> int:
    config = Path(__file__).parents[2] / "config"
    return main(["feedback", *words, "--config", str(config), "--donnees", str(data)])


def test_alone_it_shows_the_figures_of_each_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(tmp_path) == 0
    assert "la précision est inconnue" in capsys.readouterr().out
    journal = Journal(tmp_path / "journal.sqlite")
    for number in range(10):
        journal.words.judge(said(NOISE, f"alerte{number}"))
    journal.close()
    assert command(tmp_path) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "0% (0\u00a0utile, 10 bruit)" in shown or "0% (0 utile, 10 bruit)" in shown
    assert "sur 10 alertes jugées, 10 étaient du bruit" in shown


def test_no_rule_has_nothing_proposed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    for number in range(10):
        journal.words.judge(said(NOISE, f"tendance{number}", rule=NO_RULE))
    journal.close()
    assert command(tmp_path) == 0
    assert "sensibilite" not in capsys.readouterr().out


def test_another_word_than_the_two_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(tmp_path, "a", "nul") == 2
    assert "« utile » ou « bruit »" in " ".join(capsys.readouterr().err.split())


def test_an_alert_is_judged_by_its_id(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    journal.commit_fold("essai", "", b"", [trend_write(TREND), alert_write(ALERT)])
    journal.close()
    assert command(tmp_path, str(ALERT.id), "utile", "--par", "Anne") == 0
    assert "C'est noté, utile : Crises : 30 voix" in " ".join(capsys.readouterr().out.split())
    journal = Journal(tmp_path / "journal.sqlite")
    (kept,) = journal.judgements.all()
    journal.close()
    assert (kept.alert, kept.person, kept.verdict, kept.rule) == (ALERT.id, "Anne", USEFUL, "crises")
    assert command(tmp_path, "inconnue", "bruit") == 2
