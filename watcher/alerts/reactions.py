"""Reads what the team answers to its alerts in Slack by a reaction, with no address of ours that Slack would call.

    threads of the last days → those that are due → `reactions.get` → what changed since → `Judging`

What a reading found is kept: a reaction that is still there says nothing new, one that is gone takes its word back, and
a crash between the two repeats what is already kept. Nobody's name is stored but that of `equipe.yml`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from watcher.alerts.blocks import reply
from watcher.alerts.judging import Judging
from watcher.alerts.marks import Change, Mark, Marks, changes, marks
from watcher.alerts.slack import Slack
from watcher.config import Member
from watcher.errors import AuthRefused, Permanent, Transient
from watcher.feedback import Verdict
from watcher.handling import OUTSIDER, Deed, morning
from watcher.model import PostId
from watcher.ports import Clock, Fetch
from watcher.privacy import Pseudonyms
from watcher.stores.journal.messages import Draft, Role, Thread
from watcher.stores.journal.reactions import Reading

log = structlog.get_logger()

READ_FOR = timedelta(days=7)
"""How long a thread is read: who says nothing of an alert within a week says it on the page."""

PERIODS: Sequence[tuple[timedelta, timedelta]] = (
    (timedelta(hours=6), timedelta(minutes=1)),
    (timedelta(days=1), timedelta(minutes=10)),
    (READ_FOR, timedelta(hours=1)),
)
"""How often a thread is read, by its age: people react while something goes on."""

AT_ONCE = 20
"""Readings of one turn: Slack allows fifty a minute, and the alerts themselves must pass."""

LATER_S = 3_600.0
"""The wait where the key or a right is missing: somebody must act first."""

LACKING = (
    "Les réactions 👍 👎 ✅ 👀 💤 ne sont pas lues : il manque un droit au robot. Qui administre Slack lui donne "
    "`reactions:read` (« OAuth & Permissions », « Bot Token Scopes »), puis réinstalle l'application. Les alertes, "
    "elles, continuent."
)

_RIGHT = "reactions_right"
"""The state of the journal that tells whether the team knows of a right that is lacking."""

_MARKS: Mapping[str, Mark] = {**{each.value: each for each in Verdict}, **{each.value: each for each in Deed}}


@dataclass(frozen=True, slots=True)
class People:
    """Who is who: the `team` by name, everybody else by a pseudonym."""

    team: Sequence[Member]
    pseudonyms: Pseudonyms

    def name(self, slack_id: str) -> str:
        """Return under which name what a user of Slack says is kept."""
        known = next((member.name for member in self.team if member.slack == slack_id), None)
        return known or f"{OUTSIDER}{self.pseudonyms.hash_of('slack', slack_id)}"


@dataclass(frozen=True, slots=True)
class Listener:
    """Reads the reactions to alerts through `door`; `channel` is where the team is told what keeps it from it."""

    judging: Judging
    people: People
    door: Slack
    channel: str

    async def listen(self, fetch: Fetch, clock: Clock) -> float | None:
        """Read the threads that are due, and return the seconds to wait at least where Slack or a right says so.

        Raises what the journal raises.
        """
        journal, now = self.judging.journal, clock.now()
        threads = [
            thread for thread in journal.messages.opened_since(now - READ_FOR) if journal.subjects.get(thread.event)
        ]
        readings = journal.reactions.of([thread.event for thread in threads])
        for thread in due(threads, {event: each.read_at for event, each in readings.items()}, now):
            before = _marked(readings.get(thread.event))
            try:
                found = await self.door.reactions(fetch, thread.channel, thread.ts or "")
            except Transient as error:
                return error.retry_after_s
            except AuthRefused as error:
                log.warning("reactions_unread", reason=str(error))
                return LATER_S
            except Permanent as error:  # the message is gone, not what was said of it
                log.info("thread_unread", reason=str(error))
                journal.reactions.put(thread.event, Reading(_kept(before), clock.now()))
                continue
            if found is None:
                self._tell_what_lacks(clock.now())
                return LATER_S
            if journal.state(_RIGHT):
                journal.set_state(_RIGHT, "")
            self._take(thread, before, marks(found, self.people.name, before), clock.now())
        return None

    def _take(self, thread: Thread, before: Marks, after: Marks, now: datetime) -> None:
        for change in changes(before, after):
            self._apply(PostId(thread.event), change, now)
        self.judging.journal.reactions.put(thread.event, Reading(_kept(after), now))

    def _apply(self, alert: PostId, change: Change, now: datetime) -> None:
        match change.mark, change.is_made:
            case Verdict() as verdict, True:
                self.judging.judge(alert, change.person, verdict, now)
            case Verdict() as verdict, False:
                said = self.judging.journal.judgements.of([alert]).get(alert, ())
                if any(each.person == change.person and each.verdict is verdict for each in said):
                    self.judging.unjudge(alert, change.person)
            case Deed.TAKEN, True:
                self.judging.take(alert, change.person, now)
            case Deed.SEEN, True:
                self.judging.acknowledge(alert, change.person, now)
            case Deed.SNOOZED, True:
                self.judging.snooze(alert, change.person, morning(now), now)
            case Deed() as deed, _:
                self.judging.undo(alert, change.person, deed)

    def _tell_what_lacks(self, now: datetime) -> None:
        journal = self.judging.journal
        if not journal.state(_RIGHT):
            draft = Draft(f"{_RIGHT}|{now.isoformat()}", Role.PARENT, self.channel, reply(LACKING).body)
            journal.commit_state(_RIGHT, "lacking", [], [draft])
            log.warning("reactions_unread", reason="missing_scope")


def due(threads: Iterable[Thread], read_at: Mapping[str, datetime], now: datetime) -> list[Thread]:
    """Return the threads to read now, those that wait longest for their age first, at most `AT_ONCE`."""
    late = {thread: _lateness(thread, read_at.get(thread.event), now) for thread in threads if thread.ts is not None}
    first = sorted((each for each in late if late[each] >= 1), key=lambda each: (-late[each], now - each.opened_at))
    return first[:AT_ONCE]


def _lateness(thread: Thread, read_at: datetime | None, now: datetime) -> float:
    """Return how many of its periods ago a thread was read; a reading that is still to come had a wrong clock."""
    if read_at is None or read_at > now:
        return float("inf")
    period = next((period for age, period in PERIODS if now - thread.opened_at < age), PERIODS[-1][1])
    return (now - read_at) / period


def _marked(reading: Reading | None) -> Marks:
    return frozenset((person, _MARKS[mark]) for person, mark in reading.marks) if reading else frozenset()


def _kept(found: Marks) -> frozenset[tuple[str, str]]:
    return frozenset((person, mark.value) for person, mark in found)
