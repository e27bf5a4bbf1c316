"""Outbox → Elasticsearch, item by item: the first of the three jobs that follow a post's commit.

A row leaves the outbox when Elasticsearch has acknowledged it, and only then. What has no known outcome is sent again:
its id and its version make that harmless. A wrong set-up stops the drain and buries nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

import structlog
from pydantic import TypeAdapter

from watcher.errors import Permanent, Unreachable
from watcher.ports import Clock, OutboxRow
from watcher.stores.documents import written
from watcher.stores.elastic import UNREACHABLE, Answer, Elastic
from watcher.stores.journal import Journal, Settlement
from watcher.stores.journal.file import instant
from watcher.stores.verdicts import Verdict, verdict_on

log = structlog.get_logger()

MAX_ROWS = 500
MAX_BYTES = 5_000_000
MAX_WAIT_S = 15.0
"""The longest wait between two tries: a backlog is gone within a minute of Elasticsearch's return."""

STOPPED_WAIT_S = 30.0
"""A stopped drain looks so often whether somebody has mended the set-up."""

ALARM_AFTER = timedelta(minutes=15)


class Condition(StrEnum):
    """How the drain goes."""

    OK = "ok"
    BUSY = "busy"
    UNAVAILABLE = "unavailable"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class DrainState:
    """What the drain remembers between two batches, through restarts too. `message` is French, for the team.

    `since` is when the condition began. Nothing is sent before `not_before`. `failures` counts the batches in a row of
    which nothing passed. `max_rows` falls when a request was too large, and grows again.
    """

    condition: Condition = Condition.OK
    message: str = ""
    since: datetime | None = None
    not_before: datetime | None = None
    failures: int = 0
    max_rows: int = MAX_ROWS

    def holds(self, now: datetime) -> bool:
        """Tell whether nothing may be sent yet."""
        return self.not_before is not None and now < self.not_before

    def is_alarming(self, now: datetime) -> bool:
        """Tell whether somebody must act: the set-up is wrong, or nothing has gone well for a quarter of an hour."""
        if self.condition is Condition.OK or self.since is None:
            return False
        return self.condition is Condition.STOPPED or now - self.since >= ALARM_AFTER


@dataclass(frozen=True, slots=True)
class DrainReport:
    """What one batch did, in rows. `can_go_on` tells that another may be sent at once."""

    state: DrainState
    taken: int = 0
    postponed: int = 0
    refused: int = 0
    can_go_on: bool = False


_NAME = "drain"
_STATE = TypeAdapter(DrainState)
_NOTHING_LOST = "les posts attendent dans le journal, rien n'est perdu."
_TROUBLES = {
    Verdict.BUSY: (Condition.BUSY, f"Elasticsearch est saturé : {_NOTHING_LOST}"),
    Verdict.UNAVAILABLE: (Condition.UNAVAILABLE, f"Elasticsearch ne répond pas : {_NOTHING_LOST}"),
}


def load_state(journal: Journal) -> DrainState:
    """Return how the drain goes, for `watcher status` and the page."""
    text = journal.state(_NAME)
    return DrainState() if text is None else _STATE.validate_json(text)


async def drain(journal: Journal, elastic: Elastic, clock: Clock, rng: Random) -> DrainState:
    """Send batch after batch until nothing is due, or until Elasticsearch makes us wait. Raises as `drain_once`."""
    report = await drain_once(journal, elastic, clock.now(), rng)
    while report.can_go_on:
        report = await drain_once(journal, elastic, clock.now(), rng)
    return report.state


async def drain_once(journal: Journal, elastic: Elastic, now: datetime, rng: Random) -> DrainReport:
    """Send the rows that are due in one request, and keep what became of each.

    Raises what the journal raises; nothing for what Elasticsearch does, which its state tells.
    """
    before = load_state(journal)
    rows = [] if before.holds(now) else journal.outbox_batch(before.max_rows, MAX_BYTES, now)
    if not rows:
        return DrainReport(before)
    try:
        await elastic.ensure_templates()
        answers = await elastic.bulk([stamped(row, now) for row in rows])
    except Unreachable:
        answers = [Answer(UNREACHABLE)] * len(rows)
    except Permanent as error:
        return _keep(journal, Settlement(), stopped(before, str(error), now), now)
    settlement, after = settle(rows, answers, before, now, rng)
    return _keep(journal, settlement, after, now)


def _keep(journal: Journal, settlement: Settlement, after: DrainState, now: datetime) -> DrainReport:
    journal.settle(settlement, now)
    journal.set_state(_NAME, _STATE.dump_json(after).decode())
    report = DrainReport(
        after,
        taken=len(settlement.taken),
        postponed=len(settlement.postponed),
        refused=len(settlement.refused),
        can_go_on=not after.holds(now),
    )
    log.info(
        "batch_drained",
        taken=report.taken,
        postponed=report.postponed,
        refused=report.refused,
        condition=after.condition.value,
        failures=after.failures,
    )
    return report


def stamped(row: OutboxRow, now: datetime) -> OutboxRow:
    """Return `row` whose document says when it was first stored: `now`, until a first acknowledgement has fixed it.

    What was read back from Elasticsearch says it already.
    """
    if row.body is None or "stored_at" in row.body:
        return row
    stored_at = now if row.stored_at is None else instant(row.stored_at)
    return replace(row, body={**row.body, "stored_at": written(stored_at)})


def settle(
    rows: Sequence[OutboxRow], answers: Sequence[Answer], before: DrainState, now: datetime, rng: Random
) -> tuple[Settlement, DrainState]:
    """Return what becomes of each row, and how the drain goes on.

    A batch of which nothing passed holds the whole drain; one of which something passed keeps back the other rows only.
    """
    judged = [(row, answer, verdict_on(answer)) for row, answer in zip(rows, answers, strict=True)]
    taken = [row for row, _, verdict in judged if verdict is Verdict.ACKNOWLEDGE]
    refused = [
        (row, f"{answer.error_type or answer.status} : {answer.reason}")
        for row, answer, verdict in judged
        if verdict is Verdict.BURY or (verdict is Verdict.SPLIT and len(rows) == 1)
    ]
    has_passed = bool(taken or refused)
    postponed = [
        (row, now + _wait(row.attempts + 1, rng)) for row, _, verdict in judged if has_passed and verdict in _TROUBLES
    ]
    after = _state_after(judged, before, now, rng, has_passed=has_passed)
    return Settlement(taken, postponed, refused), after


def stopped(before: DrainState, message: str, now: datetime) -> DrainState:
    """Return the state of a drain whose set-up is wrong, and which looks again in a while."""
    return replace(
        before,
        condition=Condition.STOPPED,
        message=message,
        since=before.since if before.condition is Condition.STOPPED else now,
        not_before=now + timedelta(seconds=STOPPED_WAIT_S),
    )


def _state_after(
    judged: Sequence[tuple[OutboxRow, Answer, Verdict]],
    before: DrainState,
    now: datetime,
    rng: Random,
    *,
    has_passed: bool,
) -> DrainState:
    answer_of = {verdict: answer for _, answer, verdict in judged}
    if Verdict.STOP in answer_of:
        return stopped(before, _set_up(answer_of[Verdict.STOP]), now)
    if Verdict.SPLIT in answer_of and not has_passed:
        return replace(before, not_before=None, max_rows=len(judged) // 2)
    trouble = next((verdict for verdict in _TROUBLES if verdict in answer_of), None)
    if trouble is None:
        return DrainState(max_rows=min(MAX_ROWS, before.max_rows * 2))
    condition, message = _TROUBLES[trouble]
    failures = 0 if has_passed else before.failures + 1
    return DrainState(
        condition=condition,
        message=message,
        since=before.since or now,
        not_before=None if has_passed else now + _wait(failures, rng),
        failures=failures,
        max_rows=before.max_rows,
    )


def _wait(failures: int, rng: Random) -> timedelta:
    """Return how long to wait: doubled at each failure up to a cap, and up to half of it taken off by chance."""
    return timedelta(seconds=min(MAX_WAIT_S, 2.0 ** min(failures, 10)) * rng.uniform(0.5, 1))


def _set_up(answer: Answer) -> str:
    return (
        f"Elasticsearch refuse l'écriture (réponse {answer.status}, {answer.error_type}) : vérifiez l'adresse, "
        f"la clé d'API et ses droits. L'envoi est arrêté ; {_NOTHING_LOST}"
    )
