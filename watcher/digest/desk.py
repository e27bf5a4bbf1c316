"""Where digests are made: asks what was, has it composed, writes the file and hands the message to the journal.

A digest is told once: its message and the name of the last one told are one transaction of the journal, whose outbox
sends it. A crash before that makes the same file again, one after it sends what waits. A fresh watch has heard nothing
yet, and begins with the next edition.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path

import structlog

from watcher.alerts.rules import Name
from watcher.config import DigestsConfig
from watcher.digest import blocks
from watcher.digest.comparison import hearing
from watcher.digest.document import Digest
from watcher.digest.edition import Morning, Week, due
from watcher.digest.facts import MorningFacts, Past, WeekFacts
from watcher.digest.morning import WAITS, morning
from watcher.digest.page import page
from watcher.digest.week import week
from watcher.health import Standing, by_urgency
from watcher.stores.digests import DigestFiles
from watcher.stores.journal import Journal
from watcher.stores.journal.messages import Draft, Role
from watcher.stores.queries.activity import Activities

log = structlog.get_logger()

AHEAD = timedelta(days=8)
"""A digest told of a later day was told by a clock that was wrong: what follows begins anew."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What digests are made from, and where they go.

    `site_name` is the watch's, `name` gives terms their French names, `address` that of a digest on the page by its
    name; `topics` are the names of topics. `sources` names the sources of each platform, and names of people are kept
    for `named`. Digests are told in `channel`, nowhere but on the page where it is None.
    """

    activities: Activities
    journal: Journal
    files: DigestFiles
    config: DigestsConfig
    site_name: str
    name: Name
    topics: Mapping[str, str]
    address: Callable[[str], str]
    standings: Callable[[datetime], Sequence[Standing]]
    sources: Mapping[str, Sequence[str]]
    named: timedelta
    channel: str | None = None

    @property
    def listened(self) -> frozenset[str]:
        """The sources that are listened to; others are files that were imported."""
        return frozenset(chain.from_iterable(self.sources.values()))


async def publish_due(desk: Desk, now: datetime) -> list[Path]:
    """Make the digests whose hour has come since the last ones, and return where they are.

    Raises `Unreachable` and `Permanent` as Elasticsearch makes them, and what the journal raises: nothing is told then,
    and the next turn tries again.
    """
    written, hours = [], (desk.config.morning, desk.config.monday)
    for each, ahead in zip(due(now, *hours), due(now + AHEAD, *hours), strict=True):
        told = desk.journal.state(_state(each.edition))
        if told is None or told > ahead.edition.name:
            desk.journal.set_state(_state(each.edition), each.edition.name)
        elif told < each.edition.name:
            digest = await publish(desk, each.edition, now, is_sent=not each.is_late)
            written.append(desk.files.path(digest.name))
            log.info("digest_made", digest=digest.name, late=each.is_late)
    return written


async def publish(desk: Desk, edition: Morning | Week, now: datetime, *, is_sent: bool = True) -> Digest:
    """Make the digest of `edition`, write its file and, where it is sent, let its message wait. Raises as above."""
    digest = await made(desk, edition, now)
    keep(desk, digest)
    desk.journal.commit_state(_state(edition), digest.name, (), _drafts(desk, digest) if is_sent else ())
    if isinstance(edition, Morning) or desk.config.morning is None:
        desk.files.forget_quotes(but=digest.name)
    desk.files.prune(now)
    return digest


async def made(desk: Desk, edition: Morning | Week, now: datetime) -> Digest:
    """Return the digest of `edition` as it is known at `now`. Raises as `publish_due`."""
    if isinstance(edition, Morning):
        return morning(await _of_morning(desk, edition, now), desk.name)
    return week(await _of_week(desk, edition, now), desk.topics)


def keep(desk: Desk, digest: Digest) -> Path:
    """Write the file of `digest`, and return where it is. Raises `OSError`."""
    return desk.files.write(digest.name, page(digest, desk.site_name))


def _drafts(desk: Desk, digest: Digest) -> Sequence[Draft]:
    """Return the message that tells `digest`, none where there is nobody to tell."""
    if desk.channel is None:
        return ()
    body = blocks.message(digest, desk.address(digest.name)).body
    return (Draft(f"digest|{digest.name}", Role.PARENT, desk.channel, body),)


def _state(edition: Morning | Week) -> str:
    return "digest:morning" if isinstance(edition, Morning) else "digest:week"


async def _of_morning(desk: Desk, edition: Morning, now: datetime) -> MorningFacts:
    asking, until = desk.activities, edition.due_at
    trends = await asking.trends(edition.span)
    return MorningFacts(
        edition,
        now,
        activity=await asking.of(edition.span),
        trends=trends,
        examples=await asking.quoted([post_id for trend in trends for post_id in trend.why.examples]),
        asked=await asking.asked((until - WAITS, until)),
        sources=by_urgency(desk.standings(now), now),
        gaps=await asking.gaps(edition.span),
        made_good=await asking.made_good(edition.span),
    )


async def _of_week(desk: Desk, edition: Week, now: datetime) -> WeekFacts:
    asking, before, year_before = desk.activities, edition.before, edition.year_before
    firsts = await asking.first_collected()
    four = [before.before.before, before.before, before, edition]
    weeks = [edition, before, *([year_before] if year_before else [])]

    def is_named(week: Week) -> bool:
        return now - week.span[0] <= desk.named

    async def past(week: Week) -> Past:
        gaps = await asking.gaps(week.span)
        return Past(week, await asking.of(week.span), hearing(week.span, gaps, firsts, desk.listened))

    return WeekFacts(
        past=await past(edition),
        before=await past(before),
        year_before=await past(year_before) if year_before else None,
        made_at=now,
        by_day=await asking.by_span(edition.days),
        by_day_before=await asking.by_span(before.days),
        writers=await asking.writers([week.span for week in four]) if is_named(four[0]) else None,
        asked=await asking.asked(edition.span) if is_named(edition) else None,
        followers=[told for week in weeks for told in await asking.followers(week.monday, week.sunday)],
        gaps=await asking.gaps(edition.span),
        sources=desk.sources,
    )
