"""What people say of trends on the page: kept in the journal under their name, shown to all, taken back by a click."""

import pytest

from tests.fakes.clock import NOON
from watcher.alerts.judging import Judging
from watcher.config import AlertRule
from watcher.feedback import Precision, Verdict
from watcher.handling import Care, morning
from watcher.model import PostId
from watcher.stores.journal import Journal
from watcher.stores.trends import alert_write, trend_write
from watcher.trend import Alert, Hearing, Trend
from watcher.web.opinions import Opinion, Opinions, Word

HEARD = Hearing(NOON, 8.0, 30.0, 2.0)
TREND = Trend("theme", "crises", NOON, HEARD, HEARD)
OTHER = Trend("hashtag", "fête", NOON, HEARD, HEARD)


@pytest.fixture
def opinions(journal: Journal) -> Opinions:
    journal.commit_fold("essai", "", b"", [trend_write(TREND), alert_write(Alert(TREND, NOON, "Crises"))])
    return Opinions(Judging(journal, [AlertRule("Crises", themes=("crises",))]), lambda: NOON)


def said(opinions: Opinions) -> Opinion:
    return opinions.of([TREND])[TREND.id]


def test_nothing_is_said_of_what_nobody_spoke_of(opinions: Opinions) -> None:
    assert opinions.of([TREND, OTHER]) == {TREND.id: Opinion(rule="Crises"), OTHER.id: Opinion()}


def test_each_person_has_one_verdict_that_counts_for_the_rule(opinions: Opinions) -> None:
    for person, word in (("Anne", Word.NOISE), ("Karim", Word.USEFUL), ("Anne", Word.USEFUL)):
        assert opinions.keep(TREND.id, person, word)
    assert said(opinions).verdicts == {"Anne": Verdict.USEFUL, "Karim": Verdict.USEFUL}
    assert said(opinions).precision == Precision(useful=1, noise=0)
    opinions.keep(TREND.id, "Anne", Word.NO_VERDICT)
    assert said(opinions).verdicts == {"Karim": Verdict.USEFUL}


def test_who_sees_to_a_trend_is_kept_until_they_leave_it(opinions: Opinions) -> None:
    opinions.keep(TREND.id, "Anne", Word.TAKE)
    assert said(opinions).care == Care(("Anne",), NOON)
    opinions.keep(TREND.id, "Anne", Word.LEAVE)
    assert said(opinions).care == Care()


def test_a_trend_is_put_to_rest_until_the_morning_and_woken(opinions: Opinions) -> None:
    opinions.keep(TREND.id, "Anne", Word.SNOOZE)
    assert said(opinions).care == Care(snoozed_by="Anne", snoozed_until=morning(NOON))
    opinions.keep(TREND.id, "Anne", Word.WAKE)
    assert said(opinions).care == Care()


def test_who_has_seen_a_trend_is_kept_until_they_say_otherwise(opinions: Opinions) -> None:
    opinions.keep(TREND.id, "Anne", Word.SEE)
    assert said(opinions).care == Care(seen_by=("Anne",))
    opinions.keep(TREND.id, "Anne", Word.UNSEE)
    assert said(opinions).care == Care()


@pytest.mark.parametrize("word", Word)
def test_nothing_is_kept_of_a_trend_that_is_not_known(opinions: Opinions, word: Word) -> None:
    assert not opinions.keep(PostId("0" * 32), "Anne", word)


def test_a_button_that_is_pressed_takes_back() -> None:
    opinion = Opinion({"Anne": Verdict.NOISE}, Care(("Karim",), NOON, "Karim", morning(NOON), ("Karim",)))
    assert opinion.words("Anne", NOON) == {
        "useful": Word.USEFUL,
        "noise": Word.NO_VERDICT,
        "take": Word.TAKE,
        "snooze": Word.SNOOZE,
        "see": Word.SEE,
    }
    assert opinion.words("Karim", NOON) == {
        "useful": Word.USEFUL,
        "noise": Word.NOISE,
        "take": Word.LEAVE,
        "snooze": Word.WAKE,
        "see": Word.UNSEE,
    }
    assert opinion.words("Karim", morning(NOON))["snooze"] is Word.SNOOZE


def test_what_is_said_is_told_by_name_and_a_stranger_is_somebody() -> None:
    verdicts = {"Anne": Verdict.USEFUL, "slack:ab12": Verdict.USEFUL, "": Verdict.USEFUL, "Karim": Verdict.NOISE}
    opinion = Opinion(
        verdicts, Care(("Karim", "slack:ab12"), NOON, seen_by=("Anne",)), "Crises", Precision(useful=8, noise=2)
    )
    assert list(opinion.sentences(NOON)) == [
        "✅ Prise en charge par Karim et quelqu'un  ·  👀 Vue par Anne",
        "Utile pour Anne et quelqu'un",
        "Bruit pour Karim",
        "Règle « Crises » : 8\u00a0utiles sur 10\u00a0jugées",
    ]
    assert list(Opinion(rule="Crises").sentences(NOON)) == ["Règle « Crises » : rien de jugé encore"]
    assert list(Opinion().sentences(NOON)) == []
