"""What the platforms know of our accounts and keys, asked once a day: figures over time, and when a key ends.

Figures go to `watcher-accounts`, one document an account a day; ends of keys stay in the journal for the check-up.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

import structlog
from pydantic import TypeAdapter

from watcher.errors import Permanent, Transient
from watcher.flow import Line
from watcher.french import paris
from watcher.model import AccountFigures, Source, document_id
from watcher.ports import Collector, Counted, Expiring, Fetch
from watcher.stores.documents import written
from watcher.stores.elastic import ACCOUNTS
from watcher.stores.journal import Journal
from watcher.stores.journal.file import milliseconds
from watcher.stores.journal.outbox import Write

log = structlog.get_logger()

_ENDS = "key_ends"
_TIME_BY_SOURCE = TypeAdapter(dict[str, datetime])


async def ask(journal: Journal, line: Line, sources: Iterable[Source], collectors: Mapping[str, Collector]) -> None:
    """Ask for the figures and the key of each source that was not asked today.

    One that does not answer is asked again next time; what it said before stays. Raises what the journal raises.
    """
    today = paris(line.clock.now()).date()
    for source in sources:
        collector = collectors[source.platform]
        if not isinstance(collector, (Counted, Expiring)) or journal.state(_asked(source)) == today.isoformat():
            continue
        try:
            await _ask(journal, line, source, collector, today)
        except (Transient, Permanent) as error:
            log.info("account_not_told", source=source.name, error=type(error).__name__)


def ends_of_keys(journal: Journal) -> Mapping[str, datetime]:
    """Return when the key of each source ends, where its platform told it."""
    return _TIME_BY_SOURCE.validate_json(journal.state(_ENDS) or "{}")


async def _ask(journal: Journal, line: Line, source: Source, collector: Collector, today: date) -> None:
    fetch: Fetch = line.fetch_for(source, collector)
    now = line.clock.now()
    if isinstance(collector, Expiring):
        ends_at = await collector.expires_at(fetch, source.settings, now)
        known = {name: at for name, at in ends_of_keys(journal).items() if name != source.name}
        known |= {source.name: ends_at} if ends_at else {}
        journal.set_state(_ENDS, _TIME_BY_SOURCE.dump_json(known).decode())
    figures = await collector.figures(fetch, source.settings, now) if isinstance(collector, Counted) else ()
    writes = [figures_write(found, source, today, now) for found in figures]
    journal.commit_state(_asked(source), today.isoformat(), writes)
    log.info("account_told", source=source.name, accounts=len(writes))


def figures_write(figures: AccountFigures, source: Source, day: date, now: datetime) -> Write:
    """Return the write of an account's figures on a day of the region; later ones of that day take their place."""
    key = f"{source.platform}\x1f{figures.account}\x1f{day.isoformat()}"
    counts = {"followers": figures.followers, "posts": figures.posts, "reach": figures.reach}
    body = {
        "platform": source.platform,
        "source": source.name,
        "account": figures.account,
        "day": day.isoformat(),
        "asked_at": written(now),
        **{name: count for name, count in counts.items() if count is not None},
        **({"engagement": dict(figures.engagement)} if figures.engagement else {}),
    }
    return Write(ACCOUNTS, document_id(key), milliseconds(now), body)


def _asked(source: Source) -> str:
    return f"asked:{source.name}"
