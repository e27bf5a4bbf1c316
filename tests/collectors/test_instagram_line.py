"""The whole line over a real server: what the journal holds of our account once posts travelled and vanished."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.collectors.test_instagram import JETON
from tests.fakes.clock import FakeClock
from tests.fakes.facebook import NAME, NOW
from tests.fakes.instagram import US, AccountServer
from tests.fakes.line import a_line
from watcher.collectors.instagram import Collector, InstagramSettings
from watcher.fetch import HttpFetch
from watcher.flow import Line, collect_source
from watcher.model import GapCause, Outcome, Source
from watcher.normalise import post_id
from watcher.stores.journal import Journal
from watcher.upkeep.sweep import sweep
from watcher.web.server import serving


@pytest.fixture
async def team(tmp_path: Path) -> AsyncIterator[tuple[AccountServer, Source, Collector, Line, Journal]]:
    clock, server = FakeClock(NOW), AccountServer()
    async with serving(server) as address, HttpFetch(user_agent="essai", clock=clock, allow_loopback=True) as fetch:
        line, journal = a_line(tmp_path)
        source = Source("instagram", "instagram", InstagramSettings(page=NAME, token=JETON), 900.0)
        yield server, source, Collector(address.rstrip("/")), replace(line, fetch=fetch, clock=clock), journal
        journal.close()


async def test_two_runs_store_nothing_twice_answers_are_joined_and_a_deletion_is_swept(
    team: tuple[AccountServer, Source, Collector, Line, Journal],
) -> None:
    server, source, collector, line, journal = team
    medium = server.publish("La ligne de Lodève rouvre")
    question = server.comment(medium, "À quelle heure ?", by="passante")
    reply = server.comment(medium, "À 8 h.", by=US, to=question)
    server.tag("Merci", by="passante")
    first, second = await collect_source(source, collector, line), await collect_source(source, collector, line)
    assert (first.outcome, first.new, second.new) == (Outcome.OK, 4, 0)
    assert [gap.cause for gap in second.unheard] == [GapCause.CLOSED]
    documents = {row.doc_id: row.body for row in journal.outbox_batch(100, 1_000_000, line.clock.now())}
    joined = documents[post_id("instagram", reply)]
    assert joined is not None
    assert (joined["reply_to"], joined["is_own"]) == (post_id("instagram", question), True)
    assert "passante" not in repr(documents)
    server.delete(question)
    assert await sweep(source, collector, line.fetch, journal, line.clock) == 2  # and the answer that hung on it
    assert (await collect_source(source, collector, line)).new == 0
