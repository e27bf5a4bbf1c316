"""What is looked at beside the runs: which source is silent or at rest, and what the team must be told of all of them.

Silences are kept in the journal, where the page and `watcher status` find them: they are not to be worked out each time
somebody looks.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import structlog
from pydantic import TypeAdapter

from watcher.alerts.blocks import reply
from watcher.alerts.notices import Notice, notices, recoveries, summed_up
from watcher.alerts.routing import after
from watcher.config import AlertsConfig
from watcher.gaps import resting
from watcher.habit import WEEK, WEEKS, Silence, silence
from watcher.health import Standing, by_urgency
from watcher.model import PostId, Source, SourceState
from watcher.spending import accounts
from watcher.stores.documents import written
from watcher.stores.elastic import ALERTS
from watcher.stores.journal import Journal
from watcher.stores.journal.file import milliseconds
from watcher.stores.journal.messages import Draft, Role
from watcher.stores.journal.outbox import Write
from watcher.upkeep.accounts import ends_of_keys

log = structlog.get_logger()

REMEMBERED = timedelta(days=70)
"""What was told is not told again within; longer than any month of a budget."""

_SILENCES, _TOLD = "silences", "told"
_SILENCE_BY_SOURCE = TypeAdapter(dict[str, Silence])
_TIME_BY_KEY = TypeAdapter(dict[str, datetime])


def standings(journal: Journal, sources: Iterable[Source], paused: Iterable[Source], now: datetime) -> list[Standing]:
    """Return all that is known of each source, those at rest and those that never ran included."""
    states = {state.name: state for state in journal.source_states()}
    silences = _SILENCE_BY_SOURCE.validate_json(journal.state(_SILENCES) or "{}")
    ends = ends_of_keys(journal)
    active = [
        Standing(
            states.get(source.name, SourceState(source.name)),
            accounts=accounts(source.budget, journal.purses.spent(source.purse, source.budget, now), now),
            silence=silences.get(source.name),
            expires_at=ends.get(source.name),
        )
        for source in sources
    ]
    return [*active, *(Standing(states[each.name], is_paused=True) for each in paused if each.name in states)]


def listen(journal: Journal, sources: Iterable[Source], now: datetime) -> None:
    """Keep which of `sources` is quieter than its habit."""
    since = now - (WEEKS + 1) * WEEK
    found = {source.name: silence(journal.hours.of(source.name, since), now) for source in sources}
    quiet = {name: how for name, how in found.items() if how}
    journal.set_state(_SILENCES, _SILENCE_BY_SOURCE.dump_json(quiet).decode())
    journal.hours.prune(since)


def rest(journal: Journal, paused: Iterable[Source], now: datetime) -> None:
    """Enter in the ledger the sources that the team put to rest, from the last time they were heard."""
    found = [
        resting(source, journal.source_state(source.name), journal.gaps.unsettled(source.name)) for source in paused
    ]
    journal.keep_gaps([gap for gap in found if gap], now)


def tell(journal: Journal, sources: Sequence[Source], now: datetime, slack: AlertsConfig | None = None) -> list[Notice]:
    """Tell the team, once, what it must know of its sources: in the log, in the index of alerts, and in `slack`.

    Returns that. In Slack it is one message, after the quiet hours.
    """
    told = _TIME_BY_KEY.validate_json(journal.state(_TOLD) or "{}")
    purses = {source.name: source.purse for source in sources}
    healths = by_urgency(standings(journal, sources, (), now), now)
    due = [each for health in healths for each in notices(health, purses[health.state.name], now)]
    new = list({notice.key: notice for notice in due if notice.key not in told}.values())
    new += recoveries(healths, told, now)
    if new:
        over = {key for notice in new for key in notice.ends}
        told = {key: at for key, at in told.items() if now - at < REMEMBERED and key not in over}
        told |= {notice.key: now for notice in new if not notice.ends}
        drafts = [_draft(summed_up(new, len(sources)), slack, now)] if slack else []
        writes = [_write(notice, now) for notice in new]
        journal.commit_state(_TOLD, _TIME_BY_KEY.dump_json(told).decode(), writes, drafts)
    for notice in new:
        if notice.ends:
            log.info("source_goes_well_again", source=notice.source)
        else:
            log.warning("source_needs_attention", source=notice.source, sentence=notice.sentence)
    return new


def _draft(text: str, slack: AlertsConfig, now: datetime) -> Draft:
    due_at = after(slack.quiet, now) if slack.quiet else now
    return Draft(f"sources|{now.isoformat()}", Role.PARENT, slack.channel, reply(text).body, due_at)


def _write(notice: Notice, now: datetime) -> Write:
    body = {"kind": "source", "term": notice.source, "since": written(now), "at": written(now)}
    said = hashlib.sha256(f"{notice.key}\x1f{now.isoformat()}".encode()).hexdigest()
    return Write(ALERTS, PostId(said[:32]), milliseconds(now), body | {"sentence": notice.sentence})
