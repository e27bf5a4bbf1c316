"""How each source goes, for whoever reads Elasticsearch: one document a source in `watcher-sources`, kept up to date.

The local page and `watcher status` read the journal itself.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from watcher.health import SourceHealth, by_urgency
from watcher.model import Source, document_id
from watcher.stores.documents import written
from watcher.stores.elastic import SOURCES
from watcher.stores.journal import Journal
from watcher.stores.journal.file import milliseconds
from watcher.stores.journal.outbox import Write
from watcher.upkeep.checkup import standings

_SHOWN = "shown"


def show(journal: Journal, sources: Sequence[Source], paused: Sequence[Source], now: datetime) -> None:
    """Bring the document of each source up to date, by the outbox; that of one that is no longer there goes."""
    platforms = {each.name: each.platform for each in (*sources, *paused)}
    healths = by_urgency(standings(journal, sources, paused, now), now)
    names = {health.state.name for health in healths}
    gone = set(json.loads(journal.state(_SHOWN) or "[]")) - names
    writes = [source_write(health, platforms[health.state.name], now) for health in healths]
    writes += [Write(SOURCES, document_id(name), milliseconds(now), None) for name in sorted(gone)]
    journal.commit_state(_SHOWN, json.dumps(sorted(names)), writes)


def source_write(health: SourceHealth, platform: str, now: datetime) -> Write:
    """Return the write of how a source goes at `now`."""
    state, standing = health.state, health.standing
    times = {"last_ok_at": state.last_ok_at, "last_new_at": state.last_new_at, "key_ends_at": standing.expires_at}
    percents = [int(100 * account.spent / account.limit) if account.limit else 100 for account in standing.accounts]
    body = {
        "source": state.name,
        "platform": platform,
        "condition": str(health.condition),
        "posts": state.posts,
        "failures": state.failures,
        "checked_at": written(now),
        **{name: text for name, text in {"why": health.why, "advice": health.advice}.items() if text},
        **{name: written(at) for name, at in times.items() if at},
        **({"spent": list(health.spent), "spent_percent": max(percents)} if percents else {}),
    }
    return Write(SOURCES, document_id(state.name), milliseconds(now), body)
