"""The story of a post: down the line to one commit, whatever its neighbours do."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import structlog

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.line import PSEUDONYMS, SOURCE, ScriptedCollector, ScriptedReader, a_line
from watcher.errors import Fatal, Malformed, RateLimited, StoreBusy, Unreachable
from watcher.flow import Line, collect_source
from watcher.gaps import Fate, Gap
from watcher.model import BrokenItem, Cursor, DeadLetter, Deletion, GapCause, Outcome, Page, RawPost, RunReport
from watcher.stores.journal import Journal


@pytest.fixture
def reader() -> ScriptedReader:
    return ScriptedReader()


@pytest.fixture
def line_and_journal(tmp_path: Path, reader: ScriptedReader) -> Iterator[tuple[Line, Journal]]:
    line, journal = a_line(tmp_path, reader)
    yield line, journal
    journal.close()


@pytest.fixture
def line(line_and_journal: tuple[Line, Journal]) -> Line:
    return line_and_journal[0]


@pytest.fixture
def journal(line_and_journal: tuple[Line, Journal]) -> Journal:
    return line_and_journal[1]


def raw(native_id: str, text: str = "Le marché change de place.", **changes: object) -> RawPost:
    return replace(RawPost(native_id, text), **changes)


def texts(journal: Journal) -> list[str]:
    rows = journal.outbox_batch(100, 10**6, NOON + timedelta(days=1))
    return [row.body["text"] for row in rows if row.body is not None]


async def test_every_page_is_committed_with_the_cursor_behind_it(line: Line, journal: Journal) -> None:
    report = await collect_source(SOURCE, ScriptedCollector([raw("1"), raw("2")], [raw("3")]), line)
    assert (report.outcome, report.seen, report.new) == (Outcome.OK, 3, 3)
    assert journal.cursor(SOURCE.name) == "2"
    assert len(texts(journal)) == 3


async def test_a_second_run_goes_on_from_the_cursor_and_reads_nothing_twice(line: Line, reader: ScriptedReader) -> None:
    await collect_source(SOURCE, ScriptedCollector([raw("1")]), line)
    report = await collect_source(SOURCE, ScriptedCollector([raw("1")], [raw("1"), raw("2")]), line)
    assert (report.seen, report.new, report.repeated) == (2, 1, 1)
    assert reader.read_ids == ["1", "2"]


async def test_an_edited_post_is_read_and_stored_again(line: Line, journal: Journal) -> None:
    await collect_source(SOURCE, ScriptedCollector([raw("1")]), line)
    report = await collect_source(SOURCE, ScriptedCollector([raw("1")], [raw("1", "Corrigé.")]), line)
    assert (report.new, report.edited) == (0, 1)
    assert texts(journal) == ["Corrigé."]


async def test_what_came_before_an_error_stays_and_the_report_says_why(line: Line, journal: Journal) -> None:
    failing = ScriptedCollector([raw("1")], then=RateLimited("demande d'attendre", retry_after_s=120))
    report = await collect_source(SOURCE, failing, line)
    assert (report.outcome, report.retry_after_s, report.new) == (Outcome.RATE_LIMITED, 120, 1)
    assert journal.cursor(SOURCE.name) == "1"
    (state,) = journal.source_states()
    assert (state.outcome, state.message) == (Outcome.RATE_LIMITED, "demande d'attendre")
    assert state.not_before == NOON + timedelta(seconds=120)


@pytest.mark.parametrize("error", [Malformed("page de connexion"), Unreachable("ne répond pas")])
async def test_a_failed_run_leaves_the_cursor(line: Line, journal: Journal, error: Malformed | Unreachable) -> None:
    await collect_source(SOURCE, ScriptedCollector([raw("1")]), line)
    await collect_source(SOURCE, ScriptedCollector([raw("1")], then=error), line)
    assert journal.cursor(SOURCE.name) == "1"


async def test_what_nobody_foresaw_costs_one_run_and_is_told(line: Line, journal: Journal) -> None:
    with structlog.testing.capture_logs() as logs:
        report = await collect_source(SOURCE, ScriptedCollector([raw("1")], then=KeyError("@jeanne")), line)
    assert (report.outcome, report.new) == (Outcome.CRASHED, 1)
    (state,) = journal.source_states()
    assert (state.outcome, state.failures) == (Outcome.CRASHED, 1)
    (crash,) = [entry for entry in logs if entry["event"] == "run_crashed"]
    assert "tests/fakes/line.py" in crash["stack"]
    assert "jeanne" not in repr(logs)


async def test_a_damaged_journal_is_no_fault_of_the_source(line: Line) -> None:
    with pytest.raises(Fatal):
        await collect_source(SOURCE, ScriptedCollector([raw("1")], then=Fatal("abîmé")), line)


async def test_a_lone_surrogate_in_any_field_costs_nothing(line: Line, journal: Journal) -> None:
    bad = "\ud800"
    said = raw(
        f"1{bad}", url=f"https://x.fr/{bad}", author=bad, lang=bad, links=(bad,), mentions=(bad,), hashtags=(bad,)
    )
    report = await collect_source(SOURCE, ScriptedCollector([said, raw("2", ""), raw(f"3{bad}", ""), raw("4")]), line)
    assert (report.outcome, report.new, report.dead) == (Outcome.OK, 2, 2)
    assert len(texts(journal)) == 2


async def test_a_run_is_cut_at_its_deadline_and_keeps_what_it_committed(line: Line, journal: Journal) -> None:
    class Endless(ScriptedCollector):
        async def pages(self, *_: object) -> AsyncIterator[Page]:
            yield Page((raw("1"),), cursor=Cursor("1"))
            await asyncio.sleep(60)

    report = await collect_source(SOURCE, Endless(), line, deadline_s=0.1)
    assert (report.outcome, report.new) == (Outcome.TIMED_OUT, 1)
    assert journal.cursor(SOURCE.name) == "1"


async def test_one_item_that_cannot_be_made_into_a_post_costs_only_itself(line: Line, journal: Journal) -> None:
    report = await collect_source(SOURCE, ScriptedCollector([raw("1"), raw("2", " "), raw("3")]), line)
    assert (report.seen, report.new, report.dead) == (3, 2, 1)
    (kept,) = journal.dead_letters.letters()
    assert (kept.letter.step, kept.letter.error) == ("normalise", "ni titre ni texte")


async def test_one_item_that_the_collector_could_not_map_is_kept_apart(line: Line, journal: Journal) -> None:
    page = Page((raw("1"),), cursor=Cursor(""), broken=(BrokenItem('{"auteur": "@jeanne"}', "sans identifiant"),))
    report = await collect_source(SOURCE, ScriptedCollector(page), line)
    assert (report.seen, report.new, report.dead) == (2, 1, 1)
    (kept,) = journal.dead_letters.letters()
    assert kept.letter.step == "map"
    assert "jeanne" not in kept.letter.payload


async def test_one_post_that_cannot_be_read_costs_only_itself_and_is_read_after_the_fix(
    line: Line, journal: Journal, reader: ScriptedReader
) -> None:
    reader.cannot_read = lambda post: post.native_id == "2"
    report = await collect_source(SOURCE, ScriptedCollector([raw("1"), raw("2")]), line)
    assert (report.new, report.dead) == (1, 1)

    reader.cannot_read = lambda _: False
    journal.dead_letters.replay(journal.dead_letters.letters(), NOON)
    await collect_source(SOURCE, ScriptedCollector([raw("1")]), line)
    assert journal.dead_letters.count() == 0
    assert len(texts(journal)) == 2


@pytest.mark.parametrize("step", ["normalise", "tag"])
async def test_a_letter_of_another_version_does_not_silence_its_source(line: Line, journal: Journal, step: str) -> None:
    old = DeadLetter(SOURCE.name, step, "illisible", '{"id": "ancien"}', "a" * 32)
    journal.commit_page(SOURCE.name, "fake", (), deletions=(), dead=[old], cursor=None, now=NOON)
    journal.dead_letters.replay(journal.dead_letters.letters(), NOON)
    report = await collect_source(SOURCE, ScriptedCollector([raw("1")]), line)
    assert (report.outcome, report.new) == (Outcome.OK, 1)
    (kept,) = journal.dead_letters.letters()
    assert (kept.is_replaying, kept.letter.payload) == (False, old.payload)


async def test_no_handle_reaches_the_journal(line: Line, journal: Journal, tmp_path: Path) -> None:
    said = raw("1", "@jeanne.martin écrit à 06 12 34 56 78", author="jeanne.martin", mentions=("jeanne.martin",))
    await collect_source(SOURCE, ScriptedCollector([said, replace(said, native_id="2", text=" ")]), line)
    journal.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"jeanne" not in kept
    assert b"06 12" not in kept


async def test_what_was_erased_does_not_come_back(line: Line, journal: Journal) -> None:
    said = raw("1", author="jeanne")
    await collect_source(SOURCE, ScriptedCollector([said]), line)
    journal.erase((), [str(PSEUDONYMS.of(SOURCE.platform, "jeanne"))], (), NOON)
    report = await collect_source(SOURCE, ScriptedCollector([], [said, replace(said, native_id="2")]), line)
    assert (report.seen, report.new) == (2, 0)
    assert texts(journal) == []


async def test_a_deletion_leaves_only_the_deletion_in_the_outbox(line: Line, journal: Journal) -> None:
    await collect_source(SOURCE, ScriptedCollector([raw("1", author="jeanne"), raw("2")]), line)
    gone = Page((), cursor=Cursor(""), deletions=(Deletion(author="jeanne"), Deletion(native_id="unknown")))
    report = await collect_source(SOURCE, ScriptedCollector([], gone), line)
    assert report.deleted == 1
    assert len(texts(journal)) == 1


async def test_a_disk_too_full_to_note_the_run_does_not_stop_the_daemon(tmp_path: Path) -> None:
    class Full(Journal):
        def record_run(self, report: RunReport, now: datetime, gaps: Collection[Gap] = ()) -> None:
            raise StoreBusy("disque plein")

    line, journal = a_line(tmp_path)
    full = Full(tmp_path / "journal.sqlite")
    report = await collect_source(SOURCE, ScriptedCollector([raw("1")]), replace(line, journal=full))
    assert report.new == 1
    full.close()
    journal.close()


async def test_an_unchanged_page_is_told_apart_from_an_empty_one(line: Line) -> None:
    unchanged = Page((), cursor=Cursor(""), is_unchanged=True, poll_after_s=1800)
    report = await collect_source(SOURCE, ScriptedCollector(unchanged), line)
    assert (report.outcome, report.retry_after_s) == (Outcome.UNCHANGED, 1800)
    assert (await collect_source(SOURCE, ScriptedCollector([], []), line)).outcome is Outcome.OK


async def test_a_window_that_no_longer_reaches_back_is_a_gap_in_the_ledger(tmp_path: Path) -> None:
    clock = FakeClock()
    line, journal = a_line(tmp_path, clock=clock)
    first = Page((raw("1"),), Cursor("1"), is_window=True)
    await collect_source(SOURCE, ScriptedCollector(first), line)
    clock.advance(10 * 3600)
    jumped = tuple(raw(str(n), published_at=clock.now() - timedelta(hours=n - 5)) for n in (6, 7, 8))
    report = await collect_source(SOURCE, ScriptedCollector(first, Page(jumped, Cursor("2"), is_window=True)), line)
    assert report.new == 3
    gaps = {gap.cause: gap for gap in journal.gaps.between(NOON, clock.now())}
    assert set(gaps) == {GapCause.FORGOTTEN, GapCause.STOPPED}
    assert (gaps[GapCause.FORGOTTEN].since, gaps[GapCause.FORGOTTEN].until) == (NOON, clock.now() - timedelta(hours=3))
    assert gaps[GapCause.FORGOTTEN].fate is Fate.LOST
    assert {row.index for row in journal.outbox_batch(100, 10**6, clock.now())} >= {"gaps"}
    journal.close()


async def test_an_outage_opens_a_gap_and_the_next_reading_closes_it(tmp_path: Path) -> None:
    clock = FakeClock()
    line, journal = a_line(tmp_path, clock=clock)
    await collect_source(SOURCE, ScriptedCollector([raw("1")]), line)
    clock.advance(900)
    await collect_source(SOURCE, ScriptedCollector(then=Unreachable("en panne")), line)
    [gap] = journal.gaps.unsettled(SOURCE.name)
    assert (gap.cause, gap.since, gap.until) == (GapCause.OUTAGE, NOON, None)
    clock.advance(900)
    await collect_source(SOURCE, ScriptedCollector([raw("1")], [raw("2")]), line)
    assert journal.gaps.unsettled(SOURCE.name) == []
    assert [found.fate for found in journal.gaps.between(NOON, clock.now())] == [Fate.HEARD]
    journal.close()
