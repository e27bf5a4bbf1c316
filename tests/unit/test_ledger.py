"""The gap ledger in the journal, and its copy for Elasticsearch."""

from dataclasses import replace
from datetime import timedelta

from tests.fakes.clock import NOON
from watcher.gaps import Fate, Gap
from watcher.model import GapCause, Outcome, RunReport
from watcher.stores.elastic import TEMPLATES
from watcher.stores.journal import Journal
from watcher.stores.journal.gaps import GAPS, gap_write

HOUR = timedelta(hours=1)
GAP = Gap("gazette", "rss", GapCause.OUTAGE, NOON)


def test_what_is_known_later_takes_the_place_of_what_was_known(journal: Journal) -> None:
    journal.keep_gaps([GAP], NOON)
    over = replace(GAP, until=NOON + HOUR, fate=Fate.HEARD, posts=4)
    journal.keep_gaps([over], NOON + HOUR)
    assert journal.gaps.between(NOON, NOON + HOUR) == [over]
    [row] = journal.outbox_batch(10, 10**6, NOON + HOUR)
    assert row.body is not None
    assert (row.index, row.body["fate"], row.body["posts"]) == (GAPS, "heard", 4)


def test_gaps_are_found_by_the_time_that_they_touch(journal: Journal) -> None:
    past = replace(GAP, until=NOON + HOUR, fate=Fate.LOST)
    lasting = replace(GAP, source="autre", since=NOON + 3 * HOUR)
    journal.keep_gaps([past, lasting], NOON)
    assert journal.gaps.between(NOON + HOUR, NOON + 2 * HOUR) == []
    assert journal.gaps.between(NOON + HOUR / 2, NOON + HOUR) == [past]
    assert journal.gaps.between(NOON + 5 * HOUR, NOON + 6 * HOUR) == [lasting]
    assert journal.gaps.unsettled("autre") == [lasting]
    assert journal.gaps.unsettled("gazette") == []


def test_what_is_long_over_is_forgotten_and_what_lasts_is_not(journal: Journal) -> None:
    journal.keep_gaps([replace(GAP, until=NOON + HOUR, fate=Fate.LOST), replace(GAP, source="autre")], NOON)
    assert journal.gaps.prune(NOON + 2 * HOUR) == 1
    assert [gap.source for gap in journal.gaps.between(NOON, NOON + HOUR)] == ["autre"]


def test_a_document_holds_what_its_template_knows() -> None:
    body = gap_write(replace(GAP, until=NOON + HOUR, fate=Fate.LOST, posts=4), NOON).body
    assert body is not None
    assert TEMPLATES[GAPS]["template"]["mappings"]["dynamic"] == "strict"
    assert {*body, "stored_at"} == set(TEMPLATES[GAPS]["template"]["mappings"]["properties"])


def test_a_budget_that_holds_a_source_back_is_no_failure_that_makes_it_wait_longer(journal: Journal) -> None:
    for outcome in (Outcome.OK, Outcome.BUDGET_PACED, Outcome.BUDGET_SPENT):
        journal.record_run(RunReport("x", outcome), NOON)
    assert journal.source_state("x").failures == 0


def test_the_first_reading_and_those_that_catch_up_are_no_habit(journal: Journal) -> None:
    runs = [(Outcome.OK, 40), (Outcome.OK, 2), (Outcome.UNREACHABLE, 0), (Outcome.OK, 30), (Outcome.UNCHANGED, 0)]
    for hour, (outcome, new) in enumerate(runs):
        journal.record_run(RunReport("gazette", outcome, new=new), NOON + hour * HOUR)
    assert journal.hours.of("gazette", NOON) == {NOON + HOUR: 2, NOON + 4 * HOUR: 0}
