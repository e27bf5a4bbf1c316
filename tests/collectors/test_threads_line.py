"""The whole line over Threads: what the journal holds once posts travelled, were answered and vanished."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.collectors.test_threads import JETON
from tests.fakes.clock import NOON, FakeClock
from tests.fakes.line import a_line
from tests.fakes.threads import NAME, ThreadsServer
from watcher.collectors.threads import Collector, ThreadsSettings
from watcher.fetch import HttpFetch
from watcher.flow import Line, collect_source
from watcher.model import Outcome, RunReport, Source
from watcher.normalise import post_id
from watcher.stores.journal import Journal
from watcher.upkeep.sweep import sweep
from watcher.web.server import serving

SETTINGS = ThreadsSettings(searches=("Lodève",), token=JETON)
SOURCE = Source("threads-region", "threads", SETTINGS, 900.0, budget=ThreadsSettings.budget, key=JETON.variable)


class Team:
    """One source, its server and the line with its real journal."""

    def __init__(self, server: ThreadsServer, address: str, line: Line, journal: Journal, clock: FakeClock) -> None:
        self.server, self.line, self.journal, self.clock = server, line, journal, clock
        self.collector = Collector(address.rstrip("/"))

    async def run(self) -> RunReport:
        return await collect_source(SOURCE, self.collector, self.line)

    def bodies(self) -> dict[str, dict[str, object]]:
        rows = self.journal.outbox_batch(1_000, 10_000_000, self.clock.now())
        return {row.doc_id: dict(row.body) for row in rows if row.body and row.index.startswith("posts-")}


@pytest.fixture
async def team(tmp_path: Path) -> AsyncIterator[Team]:
    clock, server = FakeClock(), ThreadsServer(NOON)
    async with serving(server) as address, HttpFetch(user_agent="essai", clock=clock, allow_loopback=True) as fetch:
        line, journal = a_line(tmp_path)
        yield Team(server, address, replace(line, fetch=fetch, clock=clock), journal, clock)
        journal.close()


async def test_what_two_lists_give_is_stored_once_and_an_answer_is_joined_to_its_question(team: Team) -> None:
    question = team.server.say(f"@{NAME} le car de Lodève ?", by="marie")
    answer = team.server.say("Il passe à 8 h", by=NAME, to=question)
    assert [(await team.run()).new, (await team.run()).new] == [2, 0]
    joined = team.bodies()[post_id("threads", answer)]
    assert joined["reply_to"] == joined["conversation"] == post_id("threads", question)
    assert joined["is_own"] is True
    assert "marie" not in repr([{**body, "url": ""} for body in team.bodies().values()])


async def test_a_deletion_is_swept_and_the_post_does_not_come_back(team: Team) -> None:
    post = team.server.say("Lodève", by="marie")
    await team.run()
    team.server.delete(post)
    fetch = team.line.fetch_for(SOURCE, team.collector)
    assert await sweep(SOURCE, team.collector, fetch, team.journal, team.clock) == 1
    assert team.journal.seen.known([post_id("threads", post)])[post_id("threads", post)].is_deleted
    assert (await team.run()).new == 0


async def test_a_right_that_was_never_approved_is_no_silence_and_searches_are_counted_apart(team: Team) -> None:
    team.server.say("Lodève", by="marie")
    team.server.is_approved = False
    refused = await team.run()
    assert (refused.outcome, refused.new) == (Outcome.AUTH_REFUSED, 0)
    assert "threads_keyword_search" in refused.message
    team.server.is_approved = True
    assert (await team.run()).new == 1
    spent = team.journal.purses.spent(SOURCE.purse, SOURCE.budget, NOON).day
    assert spent.searches == 2_200 - team.server.searches_left == 2
