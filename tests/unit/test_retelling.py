"""Who takes an alert sees it said in its message within seconds, wherever it was taken."""

import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.journals import commit
from tests.fakes.posts import POST
from tests.fakes.servers import FaultyServer, answer
from watcher.alerts.blocks import reply
from watcher.alerts.judging import Judging
from watcher.alerts.retelling import retell
from watcher.alerts.telling import Telling
from watcher.config import AlertRule, AlertsConfig
from watcher.drain import drain
from watcher.feedback import Verdict
from watcher.handling import Deed
from watcher.stores.elastic import Elastic
from watcher.stores.journal import Journal
from watcher.stores.journal.messages import Draft, Role
from watcher.stores.trends import alert_write, trend_write
from watcher.trend import Alert, Hearing, Trend, Why

HEARD = Hearing(NOON, 8.0, 30.0, 2.0)
EXAMPLE = replace(POST, text="L'eau monte rue de la République")
TREND = Trend("hashtag", "crue", NOON, HEARD, HEARD, why=Why(examples=(EXAMPLE.id,)))
ALERT = Alert(TREND, NOON, "#crue : 30 voix")
CONFIG = AlertsConfig("#veille", rules=(AlertRule("tout"),))
TELLING = Telling(CONFIG, lambda _, term: f"#{term}", hears_reactions=True)
LATER = NOON + timedelta(minutes=1)


@dataclass
class Told:
    judging: Judging
    elastic: Elastic

    async def waiting(self) -> list[tuple[str, str]]:
        """Return the roles and contents of the messages that wait, the first one of the thread apart."""
        journal = self.judging.journal
        await retell(journal, self.elastic, TELLING, LATER)
        rows = journal.messages._file.execute("SELECT role, body FROM messages WHERE role != 'parent'")
        return [(role, body) for role, body in rows]


@pytest.fixture
async def told(journal: Journal, es_url: str, es_prefix: str) -> AsyncIterator[Told]:
    elastic = Elastic(es_url, prefix=es_prefix)
    commit(journal, EXAMPLE)
    journal.commit_fold("essai", "", b"", [trend_write(TREND), alert_write(ALERT)])
    await drain(journal, elastic, FakeClock(NOON), random.Random(1))
    await elastic.client.indices.refresh(index=f"{es_prefix}*")
    yield Told(Judging(journal, CONFIG.rules), elastic)
    await elastic.close()


def say(journal: Journal) -> None:
    journal.messages.put([Draft(ALERT.id, Role.PARENT, "#veille", reply("30 voix").body)])


async def test_the_message_says_who_took_it_and_still_quotes_its_posts(told: Told) -> None:
    say(told.judging.journal)
    told.judging.take(ALERT.id, "Anne", LATER)
    [(role, body)] = await told.waiting()
    assert role == "update"
    assert "Prise en charge par Anne" in body
    assert "rue de la République" in body
    told.judging.undo(ALERT.id, "Anne", Deed.TAKEN)
    [(_, body)] = await told.waiting()
    assert "Prise en charge" not in body


async def test_a_verdict_changes_no_message(told: Told) -> None:
    say(told.judging.journal)
    told.judging.judge(ALERT.id, "Anne", Verdict.USEFUL, LATER)
    assert await told.waiting() == []


async def test_an_alert_without_a_message_of_its_own_needs_none(told: Told) -> None:
    told.judging.take(ALERT.id, "Anne", LATER)
    assert await told.waiting() == []
    assert told.judging.journal.subjects.untold() == []


async def test_while_elasticsearch_is_away_it_waits(told: Told) -> None:
    say(told.judging.journal)
    told.judging.take(ALERT.id, "Anne", LATER)
    away = Elastic("http://127.0.0.1:9", prefix="x-")
    here, told.elastic = told.elastic, away
    assert await told.waiting() == []
    told.elastic = here
    assert len(await told.waiting()) == 1
    await away.close()


async def test_while_elasticsearch_refuses_it_waits_and_hinders_nothing(told: Told) -> None:
    say(told.judging.journal)
    told.judging.take(ALERT.id, "Anne", LATER)
    headers = {"X-Elastic-Product": "Elasticsearch", "Content-Type": "application/json"}
    async with FaultyServer(answer(401, b"{}", headers)) as server:
        refusing = Elastic(f"http://127.0.0.1:{server.port}", prefix="x-")
        here, told.elastic = told.elastic, refusing
        assert await told.waiting() == []
        await refusing.close()
    told.elastic = here
    assert len(await told.waiting()) == 1
