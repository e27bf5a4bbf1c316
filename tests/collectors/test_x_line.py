"""The whole line over X: what the journal holds, what was paid, what is kept of a post that is gone."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.line import a_line
from tests.fakes.x import REGION, TOKEN, XServer
from watcher.collectors.x import Collector, XSettings
from watcher.fetch import HttpFetch
from watcher.flow import Line, collect_source
from watcher.model import Outcome, RunReport, Source
from watcher.normalise import post_id
from watcher.secrets import NamedSecret, Secret
from watcher.spending import Account, Thing, accounts
from watcher.stores.journal import Journal
from watcher.upkeep.sweep import sweep
from watcher.web.server import serving

SETTINGS = XSettings(searches=("Lodève",), account="Occitanie", token=NamedSecret("WATCHER_X_JETON", Secret(TOKEN)))
BUDGET = replace(XSettings.budget, euros_per_month=Decimal("0.19"))
SOURCE = Source("x-region", "x", SETTINGS, 900.0, budget=BUDGET, key="WATCHER_X_JETON")


class Region:
    """One source, its server and the line with its real journal; the line's clock is the server's."""

    def __init__(self, server: XServer, collector: Collector, line: Line, journal: Journal, clock: FakeClock) -> None:
        self.server, self.collector, self.line, self.journal, self.clock = server, collector, line, journal, clock

    async def run(self) -> RunReport:
        return await collect_source(SOURCE, self.collector, self.line)

    async def sweep(self) -> int:
        fetch = self.line.fetch_for(SOURCE, self.collector)
        return await sweep(SOURCE, self.collector, fetch, self.journal, self.clock)

    def pass_time(self, passed: timedelta) -> None:
        self.clock.advance(passed.total_seconds())
        self.server.now = self.clock.now()

    def accounts(self, now: datetime) -> Sequence[Account]:
        return accounts(BUDGET, self.journal.purses.spent(SOURCE.purse, BUDGET, now), now)

    def bodies(self) -> list[dict[str, object]]:
        rows = self.journal.outbox_batch(1_000, 10_000_000, self.clock.now())
        return [dict(row.body) for row in rows if row.body and row.index.startswith("posts-")]


@pytest.fixture
async def region(tmp_path: Path) -> AsyncIterator[Region]:
    clock, server = FakeClock(), XServer(NOON)
    async with (
        serving(server) as address,
        HttpFetch(user_agent="essai", clock=clock, allow_loopback=True) as fetch,
    ):
        line, journal = a_line(tmp_path)
        yield Region(server, Collector(address.rstrip("/")), replace(line, fetch=fetch, clock=clock), journal, clock)
        journal.close()


async def test_what_two_timelines_give_is_stored_once_and_a_second_look_brings_nothing(region: Region) -> None:
    region.server.write("@Occitanie le car de Lodève ?")
    assert (await region.run()).new == 1
    second = await region.run()
    assert (second.outcome, second.seen) == (Outcome.UNCHANGED, 0)


async def test_our_answer_is_joined_to_the_question(region: Region) -> None:
    question = region.server.write("@Occitanie le car de Lodève ?")
    asked = {"conversation_id": question.id, "referenced_tweets": [{"type": "replied_to", "id": question.id}]}
    region.server.write("Il passe à 8 h", author=REGION[0], **asked)
    await region.run()
    (answer,) = (body for body in region.bodies() if body["is_own"])
    assert answer["reply_to"] == answer["conversation"] == post_id("x", question.id)


async def test_an_edit_replaces_the_words_under_the_first_id(region: Region) -> None:
    post = region.server.write("La crue à Lodève", ago=timedelta(minutes=20))
    await region.run()
    region.server.edit(post, "La décrue à Lodève")
    assert (await region.run()).edited == 1
    (body,) = region.bodies()
    assert (body["id"], body["text"]) == (post_id("x", post.versions[0]), "La décrue à Lodève")


async def test_nobody_is_named_in_what_is_stored(region: Region) -> None:
    region.server.write("@Occitanie et @marie_34 : Lodève", author="77")
    await region.run()
    assert "marie_34" not in repr(region.bodies())
    assert [body["author"] for body in region.bodies()] != ["77"]
    assert [str(body["url"]).startswith("https://x.com/i/status/") for body in region.bodies()] == [True]


async def test_a_deletion_is_found_the_day_after_and_the_post_does_not_come_back(region: Region) -> None:
    post, other = region.server.write("La crue à Lodève"), region.server.write("Lodève demain")
    await region.run()
    region.server.delete(post)
    assert await region.sweep() == 0
    region.pass_time(timedelta(days=1))
    assert await region.sweep() == 1
    known = region.journal.seen.known([post_id("x", post.id), post_id("x", other.id)])
    assert [known[post_id("x", each.id)].is_deleted for each in (post, other)] == [True, False]
    assert (await region.run()).new == 0


async def test_a_month_that_is_spent_is_never_passed_and_the_next_one_brings_the_rest(region: Region) -> None:
    written = {region.server.write(f"Lodève {n}", ago=timedelta(minutes=5, seconds=n)).id for n in range(40)}
    outcomes = set()
    for _ in range(32):
        outcomes.add((await region.run()).outcome)
        region.pass_time(timedelta(hours=6))
    assert Outcome.BUDGET_SPENT in outcomes
    for month in (NOON, region.clock.now()):
        (euros,) = (each for each in region.accounts(month) if each.thing is Thing.EUROS)
        assert 0 < euros.spent <= euros.limit
    assert {str(body["id"]) for body in region.bodies()} == {post_id("x", each) for each in written}
    assert region.server.sold == len(written) + 2
