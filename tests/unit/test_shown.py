"""What `watcher-sources` holds: how each source goes now, and no source that is no longer there."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from tests.fakes.clock import NOON
from tests.fakes.line import SOURCE
from watcher.budget import Budget, Cost
from watcher.health import Standing, source_health
from watcher.model import Outcome, RunReport, Source, SourceState
from watcher.spending import Spent, accounts
from watcher.stores.elastic import SOURCES, TEMPLATES
from watcher.stores.journal import Journal
from watcher.upkeep.shown import show, source_write

HOUR = timedelta(hours=1)


def ran(journal: Journal, source: Source, outcome: Outcome) -> None:
    journal.record_run(RunReport(source.name, outcome, new=3 if outcome is Outcome.OK else 0), NOON)


def waiting(journal: Journal) -> dict[str, Any]:
    """Return the documents that wait for Elasticsearch, by source; those to delete by id, as None."""
    rows = [row for row in journal.outbox_batch(99, 10**6, NOON) if row.index == SOURCES]
    return {row.body["source"] if row.body else row.doc_id: row.body for row in rows}


def test_a_document_says_how_a_source_goes_and_what_to_do(journal: Journal) -> None:
    down, well = replace(SOURCE, name="midi"), replace(SOURCE, name="gazette")
    ran(journal, well, Outcome.OK)
    ran(journal, down, Outcome.UNREACHABLE)
    show(journal, [well, down], [], NOON)
    shown = waiting(journal)
    assert shown["gazette"] | {"checked_at": "", "last_ok_at": "", "last_new_at": ""} == {
        "source": "gazette",
        "platform": "fake",
        "condition": "en marche",
        "posts": 3,
        "failures": 0,
        "checked_at": "",
        "last_ok_at": "",
        "last_new_at": "",
    }
    assert (shown["midi"]["condition"], shown["midi"]["failures"]) == ("en panne", 1)
    assert shown["midi"]["why"] == "Le site ne répond pas."
    assert shown["midi"]["advice"].startswith("Rien à faire d'abord")


def test_a_source_at_rest_is_shown_and_one_that_left_is_deleted(journal: Journal) -> None:
    ran(journal, SOURCE, Outcome.OK)
    show(journal, [], [SOURCE], NOON)
    assert waiting(journal)[SOURCE.name]["condition"] == "au repos"
    show(journal, [], [], NOON + HOUR)
    assert list(waiting(journal).values()) == [None]


def test_every_field_of_a_document_is_one_of_the_template() -> None:
    budget = Budget(calls_per_day=100, euros_per_month=Decimal(0))
    spent = accounts(budget, Spent(day=Cost(calls=43)), NOON)
    state = SourceState("x", NOON, NOON, NOON, outcome=Outcome.AUTH_REFUSED, failures=2, posts=9)
    health = source_health(Standing(state, accounts=spent, expires_at=NOON + HOUR), NOON)
    body = source_write(health, "x", NOON).body or {}
    assert {*body, "stored_at"} == set(TEMPLATES[SOURCES]["template"]["mappings"]["properties"])
    assert (body["spent_percent"], len(body["spent"])) == (100, 2)
