"""Reactions in Slack become verdicts and names: read over real HTTP from a Slack as strict as the real one."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.servers import FaultyServer, answer
from watcher.alerts.blocks import reply
from watcher.alerts.delivery import deliver
from watcher.alerts.judging import Judging
from watcher.alerts.reactions import AT_ONCE, LATER_S, READ_FOR, Listener, People, due
from watcher.alerts.slack import Slack
from watcher.clock import SystemClock
from watcher.config import AlertRule, Member
from watcher.demo.slack import BOT, TOKEN, FakeSlack
from watcher.errors import Refused
from watcher.feedback import Verdict
from watcher.fetch import HttpFetch
from watcher.handling import OUTSIDER, morning
from watcher.privacy import Pseudonyms
from watcher.secrets import Secret
from watcher.stores.journal import Journal
from watcher.stores.journal.messages import Draft, Role, Thread
from watcher.stores.trends import alert_write, trend_write
from watcher.trend import Alert, Hearing, Trend
from watcher.web.server import serving

HEARD = Hearing(NOON, 8.0, 30.0, 2.0)
TREND = Trend("theme", "crises", NOON, HEARD, HEARD)
ALERT = Alert(TREND, NOON, "Crises : 30 voix")
PEOPLE = People([Member("Anne", "U0ANNE"), Member("Bea", "U0BEA"), Member("Cleo")], Pseudonyms(b"une cle"))
TS = "1764000000.000000"
MINUTE = timedelta(minutes=1)


@dataclass
class Scene:
    """An alert that was told in Slack, and somebody who listens."""

    slack: FakeSlack
    listener: Listener
    fetch: HttpFetch
    clock: FakeClock

    @property
    def journal(self) -> Journal:
        return self.listener.judging.journal

    async def listen(self) -> float | None:
        self.clock.advance(60)
        return await self.listener.listen(self.fetch, self.clock)

    def verdicts(self) -> dict[str, Verdict]:
        return {each.person: each.verdict for each in self.journal.judgements.all()}

    def takers(self) -> list[str]:
        return [each.person for each in self.journal.handlings.of([ALERT.id]).get(ALERT.id, [])]


@pytest.fixture
async def scene(journal: Journal) -> AsyncIterator[Scene]:
    fake, clock = FakeSlack(SystemClock().monotonic_s, apart_s=0.0), FakeClock()
    async with (
        serving(fake.app) as url,
        HttpFetch(user_agent="essai/1 (+https://x.example)", clock=SystemClock(), allow_loopback=True) as fetch,
    ):
        door = Slack(Secret(TOKEN), api=f"{url}/api")
        journal.commit_fold("essai", "", b"", [trend_write(TREND), alert_write(ALERT)])
        journal.messages.put([Draft(ALERT.id, Role.PARENT, "#veille", reply("12 voix").body)])
        await deliver(journal, door, fetch, clock)
        judging = Judging(journal, [AlertRule("crises", themes=("crises",))])
        yield Scene(fake, Listener(judging, PEOPLE, door, "#veille"), fetch, clock)


async def test_thumbs_are_verdicts_by_person_and_a_check_mark_takes(scene: Scene) -> None:
    scene.slack.react(TS, "+1::skin-tone-3", "U0ANNE")
    scene.slack.react(TS, "-1", "U0BEA")
    scene.slack.react(TS, "white_check_mark", "U0BEA")
    assert await scene.listen() is None
    assert scene.verdicts() == {"Anne": Verdict.USEFUL, "Bea": Verdict.NOISE}
    assert scene.takers() == ["Bea"]
    assert {each.rule for each in scene.journal.judgements.all()} == {"crises"}


async def test_a_thread_is_put_to_rest_until_the_morning_and_woken_when_that_is_taken_back(scene: Scene) -> None:
    scene.slack.react(TS, "zzz", "U0ANNE")
    await scene.listen()
    care = scene.journal.handlings.cares([ALERT.id])[ALERT.id]
    assert (care.snoozed_by, care.snoozed_until) == ("Anne", morning(NOON))
    scene.slack.unreact(TS, "zzz", "U0ANNE")
    await scene.listen()
    assert scene.journal.handlings.cares([ALERT.id]) == {}


async def test_who_is_not_in_the_team_counts_under_a_pseudonym(scene: Scene) -> None:
    scene.slack.react(TS, "+1", "U0INCONNU")
    await scene.listen()
    ((person, verdict),) = scene.verdicts().items()
    assert (person.startswith(OUTSIDER), verdict) == (True, Verdict.USEFUL)
    assert "U0INCONNU" not in person


async def test_what_the_bot_itself_puts_there_counts_for_nothing(scene: Scene) -> None:
    scene.slack.react(TS, "+1", BOT)
    scene.slack.react(TS, "white_check_mark", BOT)
    await scene.listen()
    assert (scene.verdicts(), scene.takers()) == ({}, [])


async def test_more_people_than_slack_lists_by_itself_all_count(scene: Scene) -> None:
    for number in range(12):
        scene.slack.react(TS, "+1", f"U0PERSONNE{number}")
    await scene.listen()
    assert len(scene.verdicts()) == 12


async def test_a_reaction_taken_back_takes_its_word_back(scene: Scene) -> None:
    for emoji in ("+1", "white_check_mark"):
        scene.slack.react(TS, emoji, "U0ANNE")
    await scene.listen()
    for emoji in ("+1", "white_check_mark"):
        scene.slack.unreact(TS, emoji, "U0ANNE")
    await scene.listen()
    assert (scene.verdicts(), scene.takers()) == ({}, [])


async def test_a_word_said_elsewhere_since_outlives_the_reaction(scene: Scene) -> None:
    scene.slack.react(TS, "+1", "U0ANNE")
    await scene.listen()
    scene.listener.judging.judge(ALERT.id, "Anne", Verdict.NOISE, scene.clock.now())
    await scene.listen()
    assert scene.verdicts() == {"Anne": Verdict.NOISE}, "what was already read says nothing new"
    scene.slack.unreact(TS, "+1", "U0ANNE")
    await scene.listen()
    assert scene.verdicts() == {"Anne": Verdict.NOISE}


async def test_somebody_who_enters_the_team_gets_a_name(scene: Scene) -> None:
    scene.slack.react(TS, "+1", "U0NOUVEAU")
    await scene.listen()
    scene.listener = replace(scene.listener, people=replace(PEOPLE, team=[Member("Nina", "U0NOUVEAU")]))
    await scene.listen()
    assert scene.verdicts() == {"Nina": Verdict.USEFUL}


async def test_a_restart_repeats_nothing_and_still_knows_what_was_there(scene: Scene, tmp_path: Path) -> None:
    scene.slack.react(TS, "+1", "U0ANNE")
    await scene.listen()
    said_at = scene.journal.judgements.all()[0].said_at
    scene.journal.close()
    again = Journal(tmp_path / "journal.db")
    scene.listener = replace(scene.listener, judging=replace(scene.listener.judging, journal=again))
    await scene.listen()
    assert [each.said_at for each in again.judgements.all()] == [said_at]
    scene.slack.unreact(TS, "+1", "U0ANNE")
    await scene.listen()
    assert again.judgements.all() == []
    again.close()


async def test_a_crash_before_the_reading_was_kept_says_the_same_once_more(scene: Scene) -> None:
    scene.slack.react(TS, "+1", "U0ANNE")
    scene.listener.judging.judge(ALERT.id, "Anne", Verdict.USEFUL, NOON)  # what a crashed turn had kept by then
    await scene.listen()
    assert scene.verdicts() == {"Anne": Verdict.USEFUL}


async def test_a_message_that_is_gone_leaves_what_was_said_of_it(scene: Scene) -> None:
    scene.slack.react(TS, "+1", "U0ANNE")
    await scene.listen()
    scene.slack.delete(TS)
    assert await scene.listen() is None
    assert scene.verdicts() == {"Anne": Verdict.USEFUL}


async def test_a_right_that_lacks_is_told_once_and_alerts_go_on(scene: Scene) -> None:
    scene.slack.scopes = frozenset({"chat:write"})
    scene.slack.react(TS, "+1", "U0ANNE")
    assert [await scene.listen(), await scene.listen()] == [LATER_S, LATER_S]
    await deliver(scene.journal, scene.listener.door, scene.fetch, scene.clock)
    lacking = [said["text"] for said in scene.slack.threads if "reactions:read" in said["text"]]
    assert len(lacking) == 1
    scene.slack.scopes |= {"reactions:read"}
    assert await scene.listen() is None
    assert scene.verdicts() == {"Anne": Verdict.USEFUL}


async def test_a_key_that_slack_refuses_is_not_asked_again_soon(scene: Scene) -> None:
    scene.listener = replace(scene.listener, door=replace(scene.listener.door, token=Secret("xoxb-autre")))
    assert await scene.listen() == LATER_S


@pytest.mark.parametrize(
    ("behaviour", "wait_s"),
    [
        (answer(429, headers={"Retry-After": "37"}), 37),
        (answer(503), None),
        (answer(body=b'{"ok": false, "error": "ratelimited"}'), None),
        (answer(body=b"<html>"), None),
        (answer(body=b'{"ok": true, "message": {"reactions": [{"name": "+1"}]}}'), None),
    ],
    ids=["wait", "down", "wait, said otherwise", "no JSON", "not as promised"],
)
async def test_slack_in_trouble_is_asked_again_when_it_says_and_no_word_is_lost(
    scene: Scene, behaviour: object, wait_s: float | None
) -> None:
    scene.slack.react(TS, "+1", "U0ANNE")
    await scene.listen()
    good = scene.listener
    async with FaultyServer({"/reactions.get": behaviour}) as server:  # type: ignore[dict-item]
        scene.listener = replace(good, door=replace(good.door, api=server.url("")))
        assert await scene.listen() == wait_s
        assert len(server.requests) == 1
    assert scene.verdicts() == {"Anne": Verdict.USEFUL}
    scene.listener = good
    assert await scene.listen() is None
    assert scene.verdicts() == {"Anne": Verdict.USEFUL}


@pytest.mark.parametrize(
    ("channel", "ts", "why"),
    [
        ("#veille", TS, "n'y est pas invité"),
        ("CVEILLE", "1764000000.999999", "supprimé"),
        ("CVEILLE", "hier", "bad_timestamp"),
    ],
    ids=["a channel by its name", "another message", "no time of a message"],
)
async def test_slack_gives_reactions_by_ids_and_times_alone(scene: Scene, channel: str, ts: str, why: str) -> None:
    assert await scene.listener.door.reactions(scene.fetch, "CVEILLE", TS) == []
    with pytest.raises(Refused, match=why):
        await scene.listener.door.reactions(scene.fetch, channel, ts)


async def test_only_threads_of_alerts_are_read(scene: Scene) -> None:
    scene.journal.messages.put([Draft("edit|1", Role.PARENT, "#veille", reply("Vos réglages").body)])
    await deliver(scene.journal, scene.listener.door, scene.fetch, scene.clock)
    await scene.listen()
    assert set(scene.journal.reactions.of(["edit|1", ALERT.id])) == {ALERT.id}


def thread(age: timedelta, name: str = "a") -> Thread:
    return Thread(name, "C1", TS, NOON - age)


@pytest.mark.parametrize(
    ("age", "read_ago", "is_due"),
    [
        (timedelta(minutes=5), None, True),
        (timedelta(minutes=5), MINUTE, True),
        (timedelta(minutes=5), MINUTE / 2, False),
        (timedelta(hours=7), 9 * MINUTE, False),
        (timedelta(hours=7), 10 * MINUTE, True),
        (timedelta(days=2), 59 * MINUTE, False),
        (timedelta(days=2), 60 * MINUTE, True),
        (timedelta(days=2), -MINUTE, True),
    ],
)
def test_the_older_a_thread_the_less_often_it_is_read(
    age: timedelta, read_ago: timedelta | None, *, is_due: bool
) -> None:
    read_at = {} if read_ago is None else {"a": NOON - read_ago}
    assert bool(due([thread(age)], read_at, NOON)) is is_due


def test_a_turn_is_short_begins_with_the_latest_and_starves_none() -> None:
    threads = [thread(n * MINUTE, f"t{n}") for n in range(30)]
    first = due(threads, {}, NOON)
    assert [each.event for each in first] == [f"t{n}" for n in range(AT_ONCE)]
    second = due(threads, {each.event: NOON for each in first}, NOON + MINUTE)
    assert {each.event for each in second} >= {f"t{n}" for n in range(AT_ONCE, 30)}


def test_what_a_webhook_told_is_not_read() -> None:
    assert due([replace(thread(MINUTE), ts=None)], {}, NOON) == []


async def test_a_thread_is_read_for_a_week(scene: Scene) -> None:
    scene.slack.react(TS, "+1", "U0ANNE")
    scene.clock.advance(READ_FOR.total_seconds())
    await scene.listen()
    assert scene.verdicts() == {}
