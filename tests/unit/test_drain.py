"""The drain against an Elasticsearch that half-answers: nothing is dropped, nothing is buried that should wait."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.elasticsearch import CUT_AFTER_APPLYING, FakeElasticsearch, Fault
from tests.fakes.journals import commit
from tests.fakes.posts import a_post
from watcher.drain import MAX_WAIT_S, Condition, DrainState, drain, drain_once, load_state, settle
from watcher.model import Deletion
from watcher.ports import OutboxRow
from watcher.stores.elastic import SCHEMA_VERSION, Answer, Elastic
from watcher.stores.journal import Journal

BUSY = Fault(429, "es_rejected_execution_exception")
AWAY = Fault(503, "unavailable_shards_exception")
POISON = Fault(400, "document_parsing_exception")
CONFLICT = Fault(409, "version_conflict_engine_exception")


@dataclass
class Bench:
    """A journal, an Elasticsearch that fails on command, and a clock."""

    journal: Journal
    fake: FakeElasticsearch
    elastic: Elastic
    clock: FakeClock = field(default_factory=FakeClock)
    rng: Random = field(default_factory=lambda: Random(3))

    async def drain(self) -> DrainState:
        return await drain(self.journal, self.elastic, self.clock, self.rng)

    async def deliver(self, seconds: int = 120) -> DrainState:
        """Drain every second until nothing waits, for at most `seconds`."""
        state = await self.drain()
        while self.journal.waiting() and seconds:
            self.clock.advance(1)
            seconds -= 1
            state = await self.drain()
        return state


@asynccontextmanager
async def bench(journal: Journal, fake: FakeElasticsearch) -> AsyncIterator[Bench]:
    async with fake:
        elastic = Elastic(fake.url)
        yield Bench(journal, fake, elastic)
        await elastic.close()


class TestDelivering:
    async def test_half_answers_lose_and_bury_nothing_but_poison(self, journal: Journal) -> None:
        posts = [a_post(str(n)) for n in range(1_000)]
        dice = Random(7)
        fates = {post.id: dice.random() for post in posts}

        def item_fault(doc_id: str, attempt: int) -> Fault | None:
            fate = fates[doc_id]  # type: ignore[index]
            if fate < 0.05:
                return POISON
            if fate < 0.10:
                return Fault(409, CONFLICT.error_type, is_applied=True)
            if fate < 0.15:
                return AWAY if attempt < 2 else None
            return BUSY if fate < 0.35 and attempt < 3 else None

        commit(journal, *posts)
        async with bench(journal, FakeElasticsearch(item_fault, faults=(Fault(413), None, CUT_AFTER_APPLYING))) as at:
            state = await at.deliver()

        poison = {post.id for post in posts if fates[post.id] < 0.05}
        letters = journal.dead_letters.letters()
        assert journal.waiting() == 0
        assert at.fake.ids() == {post.id for post in posts} - poison
        assert {kept.letter.about for kept in letters} == poison
        assert {kept.letter.error for kept in letters} == {
            "document_parsing_exception : reason of document_parsing_exception"
        }
        assert state.condition is Condition.OK
        assert len({body["stored_at"] for _, body in at.fake.documents.values()}) > 1

    async def test_a_deletion_of_what_is_not_there_is_done(self, journal: Journal) -> None:
        commit(journal, a_post("1"))
        commit(journal, deletions=[Deletion(native_id="1")])
        async with bench(journal, FakeElasticsearch()) as at:
            await at.drain()

        assert (journal.waiting(), at.fake.ids()) == (0, set())

    async def test_a_request_too_large_is_halved_until_it_fits(self, journal: Journal) -> None:
        commit(journal, *(a_post(str(n)) for n in range(40)))
        async with bench(journal, FakeElasticsearch(max_items=8)) as at:
            await at.drain()

        assert len(at.fake.ids()) == 40
        assert journal.dead_letters.count() == 0

    async def test_one_post_too_large_alone_is_a_dead_letter(self, journal: Journal) -> None:
        commit(journal, a_post("1"), a_post("2"), a_post("3"))
        async with bench(journal, FakeElasticsearch(max_items=0)) as at:
            await at.drain()

        assert (journal.waiting(), journal.dead_letters.count()) == (0, 3)

    async def test_stored_at_is_the_first_acknowledgement_and_stays(self, journal: Journal) -> None:
        commit(journal, a_post("1"))
        async with bench(journal, FakeElasticsearch(faults=(CUT_AFTER_APPLYING,))) as at:
            await at.deliver()
            ((_, first),) = at.fake.documents.values()
            at.clock.advance(3_600)
            commit(journal, a_post("1", text="corrigé", collected_at=at.clock.now()))
            await at.deliver()

        ((_, document),) = at.fake.documents.values()
        assert document["text"] == "corrigé"
        assert document["stored_at"] == first["stored_at"] > "2026-11-24T12:00:00.000+00:00"


class TestWaiting:
    async def test_an_outage_keeps_everything_and_ends_within_a_minute(self, journal: Journal) -> None:
        commit(journal, *(a_post(str(n)) for n in range(100)))
        async with bench(journal, FakeElasticsearch(faults=(AWAY,) * 8)) as at:
            state = await at.deliver(seconds=18)
            assert (state.condition, journal.waiting()) == (Condition.UNAVAILABLE, 100)
            assert state.message.startswith("Elasticsearch ne répond pas")
            await at.deliver()

        assert (len(at.fake.ids()), journal.waiting()) == (100, 0)
        assert load_state(journal) == DrainState()

    async def test_nothing_listening_is_an_outage(self, journal: Journal) -> None:
        commit(journal, a_post("1"))
        async with FakeElasticsearch() as fake:
            url = fake.url
        elastic = Elastic(url)

        report = await drain_once(journal, elastic, NOON, Random(3))

        await elastic.close()
        assert (report.state.condition, report.can_go_on, journal.waiting()) == (Condition.UNAVAILABLE, False, 1)

    async def test_its_wait_survives_a_restart(self, tmp_path: Path) -> None:
        async with bench(Journal(tmp_path / "j.db"), FakeElasticsearch(faults=(BUSY,))) as at:
            commit(at.journal, a_post("1"))
            await at.drain()
            at.journal.close()
            at.journal = Journal(tmp_path / "j.db")
            at.clock.advance(0.5)
            await at.drain()
            assert len(at.fake.bulk_sizes) == 1
            at.clock.advance(MAX_WAIT_S)
            await at.drain()
            at.journal.close()

        assert len(at.fake.ids()) == 1

    def test_alarms_after_a_quarter_of_an_hour(self) -> None:
        busy = DrainState(Condition.BUSY, since=NOON)

        assert not busy.is_alarming(NOON + timedelta(minutes=14))
        assert busy.is_alarming(NOON + timedelta(minutes=15))

    def test_never_waits_longer_than_the_cap(self) -> None:
        rng = Random(3)
        row = OutboxRow(1, "posts-2026.11.01", a_post("1").id, 1, {}, attempts=0)
        state = DrainState()
        waits = []
        for _ in range(60):
            _, state = settle([row], [Answer(503)], state, NOON, rng)
            assert state.not_before is not None
            waits.append((state.not_before - NOON).total_seconds())

        assert max(waits) <= MAX_WAIT_S
        assert (min(waits), len(set(waits)), state.since) == (waits[0], 60, NOON)


class TestWrongSetUp:
    @pytest.mark.parametrize(
        "fault",
        [Fault(401, "security_exception"), Fault(403, "security_exception"), Fault(404, "index_not_found_exception")],
    )
    async def test_stops_keeps_and_alarms(self, journal: Journal, fault: Fault) -> None:
        commit(journal, *(a_post(str(n)) for n in range(10)))
        async with bench(journal, FakeElasticsearch(faults=(fault,) * 3)) as at:
            state = await at.deliver(seconds=50)
            assert (state.condition, journal.waiting(), journal.dead_letters.count()) == (Condition.STOPPED, 10, 0)
            assert state.is_alarming(at.clock.now())
            assert f"réponse {fault.status}" in state.message
            assert len(at.fake.bulk_sizes) <= 2
            state = await at.deliver(seconds=120)

        assert (state.condition, journal.waiting()) == (Condition.OK, 0)

    async def test_of_a_few_items_lets_the_others_pass(self, journal: Journal) -> None:
        commit(journal, *(a_post(str(n)) for n in range(10)))
        unknown = {a_post("3").id: Fault(400, "illegal_argument_exception")}
        async with bench(journal, FakeElasticsearch(lambda doc_id, _: unknown.get(doc_id))) as at:  # type: ignore[call-overload]
            state = await at.drain()

        assert (state.condition, len(at.fake.ids()), journal.waiting()) == (Condition.STOPPED, 9, 1)

    @pytest.mark.parametrize(
        ("version", "cure"), [(SCHEMA_VERSION - 1, "supprimez"), (SCHEMA_VERSION + 1, "mettez ce programme à jour")]
    )
    async def test_a_template_of_another_version_is_written_nothing(
        self, journal: Journal, version: int, cure: str
    ) -> None:
        commit(journal, a_post("1"))
        async with bench(journal, FakeElasticsearch(template_version=version)) as at:
            state = await at.drain()

        assert (state.condition, at.fake.bulk_sizes, journal.waiting()) == (Condition.STOPPED, [], 1)
        assert cure in state.message

    async def test_a_missing_template_is_put_before_the_first_write(self, journal: Journal) -> None:
        commit(journal, a_post("1"))
        async with bench(journal, FakeElasticsearch(template_version=None)) as at:
            await at.drain()

        assert (at.fake.template_version, at.fake.ids()) == (SCHEMA_VERSION, {a_post("1").id})
