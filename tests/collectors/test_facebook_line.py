"""The whole line over a real server: what the journal holds of a Page once posts travelled, changed and vanished."""

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.collectors.test_facebook import JETON, QUARTER
from tests.fakes.clock import FakeClock
from tests.fakes.facebook import NAME, NOW, PAGE, PageServer, days
from tests.fakes.line import a_line
from tests.fakes.meta_graph import Refusal, business_usage
from watcher.collectors.facebook import Collector, PageSettings
from watcher.fetch import HttpFetch
from watcher.flow import Line, collect_source
from watcher.model import Outcome, RunReport, Source
from watcher.normalise import post_id
from watcher.stores.journal import Journal
from watcher.upkeep.sweep import sweep
from watcher.web.server import serving


class Team:
    """One source, the Page, and the line with its real journal."""

    def __init__(self, server: PageServer, address: str, line: Line, journal: Journal) -> None:
        self.server, self.line, self.journal = server, line, journal
        self.address, self.collector = address, Collector(address)
        self.source = Source("page-facebook", "facebook", PageSettings(page=NAME, token=JETON), 900.0)

    async def run(self) -> RunReport:
        return await collect_source(self.source, self.collector, self.line)

    def documents(self) -> dict[str, object]:
        rows = self.journal.outbox_batch(100, 1_000_000, self.line.clock.now())
        return {row.doc_id: row.body for row in rows}


@pytest.fixture
async def team(tmp_path: Path) -> AsyncIterator[Team]:
    clock, server = FakeClock(NOW), PageServer()
    async with (
        serving(server) as address,
        HttpFetch(user_agent="essai", clock=clock, allow_loopback=True) as fetch,
    ):
        line, journal = a_line(tmp_path)
        yield Team(server, address.rstrip("/"), replace(line, fetch=fetch, clock=clock), journal)
        journal.close()


async def test_two_runs_store_nothing_twice_and_an_answer_is_joined_to_its_question(team: Team) -> None:
    post = team.server.publish("La ligne de Lodève rouvre")
    question = team.server.comment(post, "À quelle heure ?", by="77")
    reply = team.server.comment(post, "À 8 h.", by=PAGE, to=question)
    assert ((await team.run()).new, (await team.run()).new) == (3, 0)
    documents = team.documents()
    joined = documents[post_id("facebook", reply)]
    assert isinstance(joined, dict)
    assert joined["reply_to"] == post_id("facebook", question)
    assert joined["conversation"] == post_id("facebook", post)
    assert joined["is_own"] is True
    assert "Prénom" not in repr(documents)


async def test_an_edit_replaces_the_words_and_a_deletion_is_swept(team: Team) -> None:
    post = team.server.publish("Annonce")
    comment = team.server.comment(post, "Merci", by="77")
    await team.run()
    team.server.edit(comment, "Merci bien")
    team.server.comment(post, "Oui", by="88", at=NOW + QUARTER)
    assert (await team.run()).edited == 1
    team.server.delete(comment)
    fetch = team.line.fetch
    assert await sweep(team.source, team.collector, fetch, team.journal, team.line.clock) == 1
    assert team.journal.seen.known([post_id("facebook", comment)])[post_id("facebook", comment)].is_deleted
    assert (await team.run()).new == 0


async def test_a_token_that_ended_and_a_block_are_told_each_in_its_way(team: Team) -> None:
    team.server.publish("Annonce")
    team.server.door.refusals += [Refusal(190, 463), Refusal(4, status=403, headers=business_usage(100, 3))]
    ended, blocked, healthy = [await team.run() for _ in range(3)]
    assert (ended.outcome, blocked.outcome, healthy.outcome) == (
        Outcome.AUTH_REFUSED,
        Outcome.RATE_LIMITED,
        Outcome.OK,
    )
    assert "WATCHER_FACEBOOK_JETON" in ended.message
    assert blocked.retry_after_s == 180


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_a_month_of_comments_on_posts_of_all_ages_loses_none(team: Team) -> None:
    """Outages, blocks, cut runs, answers that move no date and comments that take another's place: all are heard."""
    chance = random.Random(11)
    clock, server = team.line.clock, team.server
    assert isinstance(clock, FakeClock)
    team.collector = Collector(team.address, calls_a_run=12)
    posts = [server.publish(f"Annonce {age}", at=NOW - days(age)) for age in range(0, 60, 2)]
    written: set[str] = set()
    for step in range(120):
        clock.advance(6 * 3600)
        at = clock.now()
        if step % 4 == 0:
            posts.append(server.publish(f"Annonce du {at:%d %H}", at=at))
        for _ in range(chance.randrange(4)):
            post = chance.choice(posts)
            others = server.comments[post]
            to = chance.choice(others)["id"] if others and chance.random() < 0.5 else None
            if len(others) > 1 and chance.random() < 0.5:  # an answer takes the place of a comment: the count stays
                server.delete(others[-1]["id"])
                to = server.comments[post][0]["id"]
                written &= {one["id"] for comments in server.comments.values() for one in comments}
            written.add(server.comment(post, f"Avis du {at:%d %H}", by="77", at=at, to=to))
        if chance.random() < 0.2:
            server.door.refusals += [None] * chance.randrange(6) + [Refusal(4, headers=business_usage(100, 5))]
        await team.run()
    server.door.refusals.clear()
    for _ in range(60):
        clock.advance(6 * 3600)
        await team.run()
    known = team.journal.seen.known([post_id("facebook", one) for one in written])
    assert len(written) > 100
    assert len(known) == len(written)
