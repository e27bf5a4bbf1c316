"""What a turn of the trend job makes the team read: a thread for each event, brought up to date, and closed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.clock import NOON
from tests.fakes.posts import POST
from watcher.alerts.blocks import Link
from watcher.alerts.marks import meaning
from watcher.alerts.routing import Told
from watcher.alerts.rules import alerts
from watcher.alerts.telling import HINT, Telling, kept, recalled
from watcher.config import AlertRule, AlertsConfig
from watcher.handling import Care
from watcher.model import PostId
from watcher.stores.journal.messages import Draft, Role
from watcher.trend import Hearing, Trend, TrendState, Why

HEARD = Hearing(NOON, 4.5, 12, 1)
EXAMPLE = replace(
    POST, id=PostId("un"), text="L'eau monte <!channel>", url="https://example.org/1", platform="mastodon"
)
CRUE = Trend("hashtag", "crue", NOON - timedelta(minutes=20), HEARD, HEARD, why=Why(examples=(EXAMPLE.id,)))


def telling(**config: Any) -> Telling:
    rules = {"rules": (AlertRule("tout", mentions=("U0ASTREINTE",)),), **config}
    return Telling(AlertsConfig("#veille", **rules), lambda _, term: f"#{term}", (Link("la page", "http://x/"),))


def opened(which: Telling, *trends: Trend, told: list[Told] | None = None) -> tuple[list[Draft], list[Told]]:
    raised = alerts([(NOON, trend) for trend in trends], NOON, which.name)
    return which.drafts(raised, trends, {CRUE.id: [EXAMPLE]}, told or [], NOON)


def test_an_alert_opens_a_thread_that_quotes_calls_and_links() -> None:
    [draft], told = opened(telling(), CRUE)
    assert (draft.event, draft.role, draft.channel) == (CRUE.id, Role.PARENT, "#veille")
    shown = str(draft.body)
    assert "<@U0ASTREINTE> #crue : 12 voix en 20 min" in shown
    assert "&lt;!channel&gt;" in shown
    assert "<https://example.org/1|Mastodon>" in shown
    assert "<http://x/|la page>" in shown
    assert told == [Told(CRUE.id, "tout", "#veille", NOON)]


def test_a_trend_that_goes_on_changes_its_message_and_calls_for_no_other() -> None:
    _, told = opened(telling(), CRUE)
    more = replace(CRUE, latest=replace(HEARD, voices=40), peak=replace(HEARD, voices=40), state=TrendState.RISING)
    [draft], _ = telling().drafts([], [more], {}, told, NOON)
    assert (draft.event, draft.role) == (CRUE.id, Role.UPDATE)
    assert "40 voix" in draft.body["text"]


def test_the_end_is_said_in_the_thread() -> None:
    _, told = opened(telling(), CRUE)
    drafts, _ = telling().drafts([], [replace(CRUE, state=TrendState.OVER)], {}, told, NOON)
    assert [draft.role for draft in drafts] == [Role.UPDATE, Role.REPLY]
    assert drafts[1].body["text"] == "C'est terminé : 12 voix dans l'heure au plus haut."


def test_a_trend_that_was_told_nowhere_is_followed_nowhere() -> None:
    assert telling().drafts([], [CRUE], {}, [], NOON) == ([], [])


def test_without_a_rule_nothing_is_sent() -> None:
    assert opened(telling(rules=()), CRUE) == ([], [])


def test_a_storm_opens_one_thread_for_all_that_follows() -> None:
    trends = [replace(CRUE, term=f"t{n}") for n in range(5)]
    drafts, told = opened(telling(per_hour=2), *trends)
    assert [draft.role for draft in drafts] == [
        Role.PARENT,
        Role.PARENT,
        Role.PARENT,
        Role.REPLY,
        Role.REPLY,
        Role.REPLY,
    ]
    assert "Beaucoup d'alertes" in drafts[2].body["text"]
    assert len({draft.event for draft in drafts[2:]}) == 1
    assert len(told) == 3


CARED = {CRUE.id: Care(taken_by=("Anne",), snoozed_by="Bea", snoozed_until=NOON + timedelta(hours=2))}


def test_the_message_says_who_sees_to_it() -> None:
    _, told = opened(telling(), CRUE)
    [draft], _ = telling().drafts([], [CRUE], {}, told, NOON, cares=CARED)
    assert "✅ Prise en charge par Anne  ·  💤 En pause jusqu'à" in str(draft.body)


def test_a_name_calls_nobody() -> None:
    draft = telling().update(CRUE, "#veille", {}, {CRUE.id: Care(taken_by=("<!channel>",))}, NOON)
    assert "Prise en charge par &lt;!channel&gt;" in str(draft.body)


@pytest.mark.parametrize(("passes_the_night", "waits"), [(False, True), (True, False)], ids=["others", "crises"])
def test_in_a_thread_put_to_rest_what_follows_waits_but_crises_pass(*, passes_the_night: bool, waits: bool) -> None:
    which = telling(rules=(AlertRule("tout", passes_the_night=passes_the_night, rest=timedelta(hours=1)),))
    _, told = opened(which, CRUE)
    other = replace(CRUE, term="pluie")
    raised = alerts([(NOON, other)], NOON, which.name)
    drafts, _ = which.drafts(raised, [replace(CRUE, state=TrendState.OVER)], {}, told, NOON, cares=CARED)
    update, over, joined = drafts
    assert (update.role, update.due_at) == (Role.UPDATE, None), "an update rings nowhere"
    assert (over.role, joined.role, joined.event) == (Role.REPLY, Role.REPLY, CRUE.id)
    assert over.due_at == (CARED[CRUE.id].snoozed_until if waits else None)
    assert joined.due_at == (CARED[CRUE.id].snoozed_until if waits else NOON)


def test_how_to_answer_is_said_where_answers_are_read() -> None:
    for hears in (True, False):
        [draft], _ = opened(replace(telling(), hears_reactions=hears), CRUE)
        assert ("👍 utile" in str(draft.body)) is hears


def test_all_that_the_hint_says_is_understood() -> None:
    signs = {"👍": "+1", "👎": "-1", "✅": "white_check_mark", "👀": "eyes", "💤": "zzz"}
    assert [part.split()[0] for part in HINT.split(" · ")] == list(signs)
    assert all(meaning(emoji) for emoji in signs.values())


def test_what_was_told_is_remembered_for_three_days() -> None:
    told = [Told("vieux", "tout", "#veille", NOON - timedelta(days=3)), Told("hier", "tout", "#veille", NOON)]
    assert telling().drafts([], [], {}, told, NOON) == ([], told[1:])


def test_what_was_told_survives_the_journal() -> None:
    told = [Told("a", "tout", "#veille", NOON)]
    assert recalled(kept(told)) == told
    assert recalled(None) == []
