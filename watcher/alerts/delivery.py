"""Delivers the messages of the journal, one by one: the job that follows the drain.

A message is marked before it is sent: one that a crash finds marked may have arrived, and is sent once more, saying so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import structlog

from watcher.alerts.slack import Door
from watcher.errors import Permanent, Transient
from watcher.ports import Clock, Fetch
from watcher.stores.journal import Journal
from watcher.stores.journal.messages import Role, Waiting

log = structlog.get_logger()

AT_ONCE = 20
"""Messages of one turn: a storm must not hold the job past its deadline."""

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(minutes=15)
_DOUBLINGS = 8
REPEATED = "(ce message vous est peut-être déjà parvenu) "


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one turn did: messages sent, and refused for good; `message` says in French what did not go, or ""."""

    sent: int = 0
    refused: int = 0
    message: str = ""


async def deliver(journal: Journal, door: Door, fetch: Fetch, clock: Clock) -> Delivered:
    """Send what is due, in order, until nothing is, or the service wants us to wait. Raises what the journal raises."""
    done = Delivered()
    while done.sent + done.refused < AT_ONCE and (waiting := journal.messages.due(clock.now())):
        try:
            await _send(journal, door, fetch, clock, waiting)
        except Transient as error:
            wait = timedelta(seconds=error.retry_after_s) if error.retry_after_s else _backoff(waiting)
            journal.messages.postpone(waiting, clock.now() + wait)
            return replace(done, message=str(error))
        except Permanent as error:
            journal.refuse_message(waiting, str(error), clock.now())
            log.warning("message_refused", role=waiting.draft.role, reason=type(error).__name__)
            done = replace(done, refused=done.refused + 1, message=str(error))
        else:
            done = replace(done, sent=done.sent + 1)
    return done


async def _send(journal: Journal, door: Door, fetch: Fetch, clock: Clock, waiting: Waiting) -> None:
    draft = waiting.draft
    thread = journal.messages.threads([draft.event]).get(draft.event)
    if draft.role is not Role.PARENT and thread is None:  # its first message was refused
        journal.messages.drop(waiting)
        return
    ts = thread.ts if thread and draft.role is not Role.PARENT else None
    body = _marked(draft.body) if waiting.may_have_arrived and draft.role is not Role.UPDATE else draft.body
    journal.messages.begin(waiting)
    posted = await door.send(fetch, draft.role, thread.channel if thread else draft.channel, body, ts)
    journal.messages.sent(waiting, posted.channel, posted.ts, clock.now())


def _marked(body: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**body, "text": f"{REPEATED}{body['text']}"}


def _backoff(waiting: Waiting) -> timedelta:
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(waiting.attempts, _DOUBLINGS)))
