"""The journal's promises, one by one: what a page leaves in it, and what it never does."""

import sqlite3
import stat
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.fakes.clock import NOON
from tests.fakes.journals import commit
from tests.fakes.letters import a_letter
from tests.fakes.posts import READING, a_post
from watcher.errors import Fatal, StoreBusy
from watcher.model import Deletion, Outcome, Post, RunReport
from watcher.ports import Committed, OutboxRow
from watcher.stores.journal import Journal, Settlement
from watcher.stores.journal.file import MIGRATIONS

LATER = NOON + timedelta(minutes=5)
IN_JANUARY = NOON + timedelta(days=60)
MS = round(NOON.timestamp() * 1000)


def waiting_rows(journal: Journal, now: datetime = IN_JANUARY) -> list[OutboxRow]:
    return journal.outbox_batch(limit=500, max_bytes=5_000_000, now=now)


class TestCommittingAPage:
    def test_keeps_posts_and_cursor_together(self, journal: Journal) -> None:
        assert journal.cursor("gazette") is None

        committed = commit(journal, a_post("1"), a_post("2"), cursor="page-2")

        assert committed == Committed(new=2)
        assert journal.cursor("gazette") == "page-2"
        assert [row.doc_id for row in waiting_rows(journal)] == [a_post("1").id, a_post("2").id]

    def test_survives_a_restart(self, tmp_path: Path) -> None:
        before = Journal(tmp_path / "j.db")
        commit(before, a_post("1"))
        before.close()

        after = Journal(tmp_path / "j.db")

        assert (after.cursor("gazette"), after.waiting(), after.unseen([a_post("1")])) == ("c1", 1, [])
        after.close()

    def test_a_known_post_is_repeated_and_waits_once(self, journal: Journal) -> None:
        commit(journal, a_post("1"))

        assert commit(journal, a_post("1"), now=LATER) == Committed(repeated=1)
        assert journal.waiting() == 1

    def test_a_post_twice_in_one_page_is_stored_once(self, journal: Journal) -> None:
        assert commit(journal, a_post("1"), a_post("1")) == Committed(new=1, repeated=1)
        assert journal.waiting() == 1

    def test_an_edit_replaces_the_row_that_waits(self, journal: Journal) -> None:
        commit(journal, a_post("1"))

        edit = a_post("1", text="corrigé", collected_at=LATER)

        assert commit(journal, edit, now=LATER) == Committed(edited=1)
        (row,) = waiting_rows(journal)
        assert row.body is not None
        assert row.body["text"] == "corrigé"
        assert row.version == MS + 300_000

    def test_two_edits_in_one_millisecond_have_rising_versions(self, journal: Journal) -> None:
        commit(journal, a_post("1"), a_post("1", text="deux"), a_post("1", text="trois"))

        assert [row.version for row in waiting_rows(journal)] == [MS + 2]

    def test_a_clock_set_back_never_lowers_a_version(self, journal: Journal) -> None:
        commit(journal, a_post("1"))

        commit(journal, a_post("1", text="corrigé", collected_at=NOON - timedelta(days=1)))

        assert [row.version for row in waiting_rows(journal)] == [MS + 1]

    def test_an_edit_keeps_the_month_and_time_of_the_first_collection(self, journal: Journal) -> None:
        commit(journal, a_post("1"))

        commit(journal, a_post("1", text="corrigé", collected_at=IN_JANUARY), now=IN_JANUARY)

        (row,) = waiting_rows(journal)
        assert row.body is not None
        assert (row.index, row.body["collected_at"]) == ("posts-2026.11.01", "2026-11-24T12:00:00.000+00:00")

    def test_an_edit_keeps_the_time_of_the_first_acknowledgement(self, journal: Journal) -> None:
        commit(journal, a_post("1"))
        journal.settle(Settlement(taken=waiting_rows(journal)), LATER)

        commit(journal, a_post("1", text="corrigé", collected_at=IN_JANUARY), now=IN_JANUARY)

        assert [row.stored_at for row in waiting_rows(journal)] == [MS + 300_000]

    def test_the_post_s_own_date_moves_nothing(self, journal: Journal) -> None:
        commit(journal, a_post("1", published_at=NOON.replace(year=2030)), a_post("2", published_at=None))

        assert {row.index for row in waiting_rows(journal)} == {"posts-2026.11.01"}

    def test_an_off_subject_post_waits_without_its_author(self, journal: Journal) -> None:
        commit(journal, a_post("1", author="alice", reading=replace(READING, relevance="hors_sujet")))

        (row,) = waiting_rows(journal)
        assert row.body is not None
        assert "author" not in row.body


class TestUnseen:
    @pytest.mark.parametrize(
        ("again", "is_unseen"),
        [
            (a_post("1"), False),
            (a_post("1", metrics={"likes": 900}, collected_at=LATER), False),
            (a_post("1", text="corrigé"), True),
            (a_post("1", title="corrigé"), True),
            (a_post("1", url="https://example.org/2"), True),
            (a_post("1", published_at=LATER, edited_at=LATER), False),
            (a_post("2"), True),
            (a_post("1", source="autre-flux", text="le même article, dit autrement"), False),
        ],
        ids=["same", "counters", "text", "title", "url", "dates", "new", "other source's words"],
    )
    def test_only_what_is_new_or_edited_needs_reading(self, journal: Journal, again: Post, is_unseen: bool) -> None:  # noqa: FBT001 - a table
        commit(journal, a_post("1"))

        assert journal.unseen([again]) == ([again] if is_unseen else [])

    def test_a_post_that_failed_three_times_is_left_alone_until_its_replay(self, journal: Journal) -> None:
        poison = a_post("1")
        for tries in range(3):
            assert journal.unseen([poison]) == [poison], tries
            commit(journal, dead=[a_letter(step="tag", about=poison.id)])

        assert journal.unseen([poison]) == []
        journal.dead_letters.replay(journal.dead_letters.letters(), LATER)
        assert journal.unseen([poison]) == [poison]


class TestDeletions:
    def test_of_a_known_post_goes_to_its_index_with_the_next_version(self, journal: Journal) -> None:
        commit(journal, a_post("1"))

        assert commit(journal, now=LATER, deletions=[Deletion(native_id="1")]).deleted == 1
        (row,) = waiting_rows(journal)
        assert (row.index, row.doc_id, row.body, row.version) == (
            "posts-2026.11.01",
            a_post("1").id,
            None,
            MS + 300_000,
        )

    def test_of_an_unknown_post_is_nothing(self, journal: Journal) -> None:
        assert commit(journal, deletions=[Deletion(native_id="1")]) == Committed()
        assert journal.waiting() == 0

    def test_of_an_author_takes_all_that_was_seen_on_that_platform_only(self, journal: Journal) -> None:
        elsewhere = a_post("1", platform="mastodon", author="alice")
        commit(journal, a_post("1", author="alice"), a_post("2", author="alice"), a_post("3", author="bob"), elsewhere)

        assert commit(journal, deletions=[Deletion(author="alice")]).deleted == 2
        deleted = {row.doc_id for row in waiting_rows(journal) if row.body is None}
        assert deleted == {a_post("1").id, a_post("2").id}

    def test_happen_once(self, journal: Journal) -> None:
        commit(journal, a_post("1"))
        commit(journal, deletions=[Deletion(native_id="1")])

        assert commit(journal, deletions=[Deletion(native_id="1")]).deleted == 0

    def test_keep_out_a_late_copy(self, journal: Journal) -> None:
        commit(journal, a_post("1"))
        commit(journal, deletions=[Deletion(native_id="1")])

        assert journal.unseen([a_post("1", text="copie tardive")]) == []

    def test_take_the_dead_letters_along_so_that_no_replay_brings_them_back(self, journal: Journal) -> None:
        letters = [
            a_letter(about=a_post("1").id),
            a_letter('{"author":"alice"}', "tag", a_post("2").id),
            a_letter('{"author":"bob"}', "tag", a_post("3").id),
        ]
        commit(journal, dead=letters)

        commit(journal, deletions=[Deletion(native_id="1"), Deletion(author="alice")])

        assert [kept.letter.about for kept in journal.dead_letters.letters()] == [a_post("3").id]


class TestOutbox:
    def test_gives_the_oldest_first_within_limit_and_size(self, journal: Journal) -> None:
        commit(journal, *(a_post(str(n), text="é" * 1_000) for n in range(10)))

        assert len(journal.outbox_batch(limit=4, max_bytes=10**6, now=NOON)) == 4
        assert len(journal.outbox_batch(limit=10, max_bytes=8_000, now=NOON)) == 3
        (alone,) = journal.outbox_batch(limit=10, max_bytes=10, now=NOON)
        assert alone.doc_id == a_post("0").id

    def test_a_postponed_row_waits_for_its_time_and_counts_its_attempts(self, journal: Journal) -> None:
        commit(journal, a_post("1"))
        journal.settle(Settlement(postponed=[(row, LATER) for row in waiting_rows(journal)]), NOON)

        assert waiting_rows(journal, NOON) == []
        assert [row.attempts for row in waiting_rows(journal, LATER)] == [1]

    def test_an_edit_committed_while_its_row_is_on_its_way_still_waits(self, journal: Journal) -> None:
        commit(journal, a_post("1"))
        on_its_way = waiting_rows(journal)
        commit(journal, a_post("1", text="corrigé", collected_at=LATER))

        journal.settle(Settlement(taken=on_its_way), LATER)

        (row,) = waiting_rows(journal)
        assert row.body is not None
        assert row.body["text"] == "corrigé"


class TestDeadLetters:
    def test_the_same_failure_again_is_one_letter(self, journal: Journal) -> None:
        commit(journal, dead=[a_letter()])
        commit(journal, dead=[a_letter()], now=LATER)

        (kept,) = journal.dead_letters.letters()
        assert (kept.tries, kept.at, kept.letter.error) == (2, LATER, "ni titre ni texte")

    def test_a_refused_write_goes_back_to_the_outbox_as_it_was(self, journal: Journal) -> None:
        commit(journal, a_post("1"))
        (row,) = waiting_rows(journal)
        journal.settle(Settlement(refused=[(row, "document_parsing_exception : champ inconnu")]), NOON)
        assert journal.waiting() == 0
        (kept,) = journal.dead_letters.letters()
        assert (kept.letter.source, kept.letter.step, kept.letter.error) == (
            "gazette",
            "store",
            "document_parsing_exception : champ inconnu",
        )

        journal.dead_letters.replay([kept], LATER)

        (back,) = waiting_rows(journal)
        assert (back.index, back.doc_id, back.version, back.body) == (row.index, row.doc_id, row.version, row.body)
        assert journal.dead_letters.letters() == []

    def test_a_refused_write_that_was_replaced_meanwhile_leaves_no_letter(self, journal: Journal) -> None:
        commit(journal, a_post("1"))
        on_its_way = waiting_rows(journal)
        commit(journal, a_post("1", text="corrigé", collected_at=LATER))

        journal.settle(Settlement(refused=[(row, "refusé") for row in on_its_way]), LATER)

        assert (journal.dead_letters.count(), journal.waiting()) == (0, 1)

    def test_a_replay_never_brings_back_what_was_deleted_since(self, journal: Journal) -> None:
        commit(journal, a_post("1"))
        journal.settle(Settlement(refused=[(row, "refusé") for row in waiting_rows(journal)]), NOON)
        commit(journal, deletions=[Deletion(native_id="1")])
        journal.settle(Settlement(taken=waiting_rows(journal)), LATER)

        journal.dead_letters.replay(journal.dead_letters.letters(), LATER)

        assert (journal.waiting(), journal.dead_letters.count()) == (0, 0)

    def test_others_wait_for_the_next_run_of_their_source(self, journal: Journal) -> None:
        commit(journal, dead=[a_letter()])
        assert journal.replays("gazette") == []
        journal.dead_letters.replay(journal.dead_letters.letters(), LATER)
        assert journal.replays("autre-flux") == []
        (asked,) = journal.replays("gazette")
        assert asked.is_replaying

        commit(journal, a_post("n9"), replayed=[asked.id])

        assert (journal.replays("gazette"), journal.dead_letters.count()) == ([], 0)

    def test_a_replay_that_fails_again_is_a_letter_again(self, journal: Journal) -> None:
        commit(journal, dead=[a_letter()])
        journal.dead_letters.replay(journal.dead_letters.letters(), LATER)
        (asked,) = journal.replays("gazette")

        commit(journal, dead=[a_letter()], replayed=[asked.id])

        (kept,) = journal.dead_letters.letters()
        assert (kept.is_replaying, kept.tries) == (False, 1)

    def test_leave_when_they_are_too_old(self, journal: Journal) -> None:
        commit(journal, dead=[a_letter("vieille")])
        commit(journal, dead=[a_letter("récente")], now=NOON + timedelta(days=20))

        assert journal.prune(NOON + timedelta(days=1), LATER) == 1
        assert [kept.letter.payload for kept in journal.dead_letters.letters()] == ["récente"]


class TestErasing:
    def test_leaves_no_byte_and_does_not_come_back(self, tmp_path: Path) -> None:
        journal, daemon = Journal(tmp_path / "j.db"), Journal(tmp_path / "j.db")
        theirs = [a_post(f"secret-natif-{n}", author="pseudo-alice", text=f"aveu numéro {n}") for n in range(50)]
        commit(
            journal,
            *theirs,
            a_post("autre", author="pseudo-bob"),
            dead=[a_letter('{"author":"alice.dupont","text":"aveu"}')],
        )
        journal.settle(Settlement(refused=[(waiting_rows(journal)[0], "refusé")]), NOON)

        assert journal.erase([], ["pseudo-alice"], ["alice.dupont"], LATER) == 50

        assert journal.dead_letters.count() == 0
        assert len([row for row in waiting_rows(journal) if row.body is None]) == 50
        assert journal.unseen(theirs) == theirs, "nothing of them is kept"
        assert commit(journal, *theirs) == Committed(repeated=50), "and nothing of them is stored again"
        raw = b"".join(file.read_bytes() for file in tmp_path.iterdir())
        journal.close()
        daemon.close()
        assert [word for word in (b"aveu", b"secret-natif", b"alice.dupont") if word in raw] == []
        assert b"pseudo-bob" in raw

    def test_of_one_post_leaves_its_author_s_others(self, journal: Journal) -> None:
        commit(journal, a_post("1", author="alice"), a_post("2", author="alice"))

        assert journal.erase([a_post("1").id], [], [], LATER) == 1
        assert [row.body is None for row in waiting_rows(journal)] == [True, False]
        assert journal.opposed([a_post("1").id, "alice"]) == {a_post("1").id}

    def test_that_cannot_scrub_the_file_says_so_and_has_erased(self, tmp_path: Path) -> None:
        journal, reader = Journal(tmp_path / "j.db"), Journal(tmp_path / "j.db")
        commit(journal, a_post("1"))
        journal._file.execute("PRAGMA busy_timeout = 1")
        reader._file.execute("BEGIN")
        assert reader.seen.count() == 1

        with pytest.raises(StoreBusy, match="relancez"):
            journal.erase([a_post("1").id], [], [], LATER)

        reader.close()
        assert journal.seen.count() == 0
        journal.close()

    def test_while_its_row_is_on_its_way_still_deletes_it(self, journal: Journal) -> None:
        commit(journal, a_post("1"))
        on_its_way = waiting_rows(journal)
        journal.erase([a_post("1").id], [], [], LATER)

        journal.settle(Settlement(taken=on_its_way), LATER)

        assert [(row.body, row.version > on_its_way[0].version) for row in waiting_rows(journal)] == [(None, True)]


class TestRuns:
    def test_are_told_by_source(self, journal: Journal) -> None:
        journal.record_run(RunReport("gazette", Outcome.OK, new=3), NOON)
        journal.record_run(
            RunReport("gazette", Outcome.RATE_LIMITED, "attendre", retry_after_s=60.0), NOON + timedelta(minutes=1)
        )

        (state,) = journal.source_states()

        assert (state.last_ok_at, state.last_run_at, state.last_new_at) == (NOON, NOON + timedelta(minutes=1), NOON)
        assert (state.not_before, state.failures, state.posts) == (NOON + timedelta(minutes=2), 1, 3)
        assert (state.outcome, state.message) == (Outcome.RATE_LIMITED, "attendre")

    def test_a_healthy_one_ends_the_count_of_failures(self, journal: Journal) -> None:
        for outcome in (Outcome.UNREACHABLE, Outcome.MALFORMED, Outcome.UNCHANGED):
            journal.record_run(RunReport("gazette", outcome), NOON)

        assert [state.failures for state in journal.source_states()] == [0]

    def test_do_not_move_the_cursor(self, journal: Journal) -> None:
        commit(journal, cursor="page-2")
        journal.record_run(RunReport("gazette", Outcome.MALFORMED), NOON)

        assert journal.cursor("gazette") == "page-2"


class TestTheFile:
    def test_is_its_owner_s_only(self, tmp_path: Path) -> None:
        journal = Journal(tmp_path / "var" / "j.db")
        commit(journal, a_post("1"))

        modes = {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "var").iterdir()}

        journal.close()
        assert modes == {0o600}

    def test_that_is_full_refuses_a_page_whole_and_takes_it_when_there_is_room(self, journal: Journal) -> None:
        commit(journal, a_post("0"), cursor="c0")
        pages = journal._file.execute("PRAGMA page_count")[0][0]
        journal._file.execute(f"PRAGMA max_page_count = {pages + 2}")
        page = [a_post(str(n), text="mot " * 500) for n in range(1, 50)]

        with pytest.raises(StoreBusy, match="disque est plein"):
            commit(journal, *page, cursor="c1")

        assert (journal.cursor("gazette"), journal.waiting(), journal.unseen(page)) == ("c0", 1, page)
        journal._file.execute("PRAGMA max_page_count = 1000000")
        assert commit(journal, *page, cursor="c1").new == 49

    def test_held_by_another_command_is_busy(self, tmp_path: Path) -> None:
        ours, other = Journal(tmp_path / "j.db"), Journal(tmp_path / "j.db")
        ours._file.execute("PRAGMA busy_timeout = 1")

        with other._file.transaction(), pytest.raises(StoreBusy, match="occupé"):
            commit(ours, a_post("1"))

        assert commit(ours, a_post("1")).new == 1
        ours.close()
        other.close()

    def test_of_a_later_version_is_refused(self, tmp_path: Path) -> None:
        journal = Journal(tmp_path / "j.db")
        journal._file.execute("PRAGMA user_version = 99")
        journal.close()

        with pytest.raises(Fatal, match="plus récente"):
            Journal(tmp_path / "j.db")

    def test_of_an_earlier_version_keeps_what_it_holds(self, tmp_path: Path) -> None:
        with closing(sqlite3.connect(tmp_path / "j.db")) as first:
            first.executescript(MIGRATIONS[0])
            first.execute("PRAGMA user_version = 1")
            first.execute("INSERT INTO states VALUES ('drain', 'ici')")
            first.commit()

        journal = Journal(tmp_path / "j.db")

        journal.commit_fold("watch", "là", b"pli", ())
        assert (journal.state("drain"), journal.state("watch"), journal.fold("watch")) == ("ici", "là", b"pli")
        journal.close()

    def test_that_cannot_be_made_says_why(self, tmp_path: Path) -> None:
        (tmp_path / "fichier").write_text("pas un dossier")

        with pytest.raises(Fatal, match="ne peut pas être créé"):
            Journal(tmp_path / "fichier" / "j.db")

    def test_leaves_no_draft_behind(self, tmp_path: Path) -> None:
        Journal(tmp_path / "j.db").close()

        assert [file.name for file in tmp_path.iterdir()] == ["j.db"]
