"""THE STORY of a post.

    page → normalise → pseudonymise → tag → join its story → one journal transaction (with the cursor)

Then three jobs follow: drain to Elasticsearch (`drain.py`), fold into trends, send alerts.

A source's run asks its collector for a page, takes the page's posts down that line, commits them together with the
cursor that stands behind them, and only then asks for the next page. A crash anywhere repeats at most one page, and
ids make the repeat harmless.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from watcher import deadletters
from watcher.collect import cut_short
from watcher.errors import Fatal, Poison
from watcher.gaps import outside_window
from watcher.meter import metered
from watcher.model import DeadLetter, Outcome, Page, Post, RawPost, RunReport, Source
from watcher.normalise import normalise, writable
from watcher.ports import Backfilling, Clock, CollectionJournal, Collector, Fetch, Reader
from watcher.privacy import Pseudonyms, allowed, pseudonymise, pseudonymise_deletion
from watcher.runs import record

log = structlog.get_logger()

RUN_DEADLINE_S = 300.0
"""A run that lasts longer is cut: what it committed stays, and the next run goes on from there."""


@dataclass(frozen=True, slots=True)
class Line:
    """What the line stands on."""

    fetch: Fetch
    journal: CollectionJournal
    reader: Reader
    pseudonyms: Pseudonyms
    clock: Clock

    def fetch_for(self, source: Source, collector: Collector) -> Fetch:
        """Return the way out of `source`, which never passes its budget."""
        return metered(self.fetch, source, collector, self.journal.purses, self.clock)


async def collect_source(
    source: Source, collector: Collector, line: Line, deadline_s: float = RUN_DEADLINE_S
) -> RunReport:
    """Run `source` once, page by page, and return what it did. Raises `Fatal`; the report says whatever else fails."""
    started_at, started_s = line.clock.now(), line.clock.monotonic_s()
    report = RunReport(source.name, Outcome.UNCHANGED)
    fetch = line.fetch_for(source, collector)
    with structlog.contextvars.bound_contextvars(source=source.name, platform=source.platform):
        try:
            async with asyncio.timeout(deadline_s):
                await replay(source, line)
                cursor = line.journal.cursor(source.name)
                async for page in collector.pages(fetch, source.settings, cursor, line.clock.now()):
                    report = await take_page(page, source, line, report)
        except Fatal:
            raise
        except Exception as error:  # noqa: BLE001 - a source that fails as nobody foresaw costs its own run only
            report = cut_short(report, error)
        report = replace(report, duration_s=line.clock.monotonic_s() - started_s)
        can_go_back = isinstance(collector, Backfilling)
        record(report, source, line.journal, started_at, line.clock.now(), can_go_back=can_go_back)
    return report


async def take_page(page: Page, source: Source, line: Line, report: RunReport, *, moves: bool = True) -> RunReport:
    """Take one page down the line to its commit, and return `report` with this page added.

    A page that does not move the source (a backfill's) leaves its cursor where it is.
    """
    now = line.clock.now()
    posts, unmade = make_posts(page.posts, source, line.pseudonyms, now)
    fresh = line.journal.unseen(allowed(posts, line.journal.opposed))
    tagged, unread = await tag(fresh, line.reader)
    dead = [*(deadletters.of_broken(item, source, line.pseudonyms) for item in page.broken), *unmade, *unread]
    committed = line.journal.commit_page(
        source.name,
        source.platform,
        tagged,
        deletions=[pseudonymise_deletion(gone, source.platform, line.pseudonyms) for gone in page.deletions],
        dead=dead,
        cursor=page.cursor if moves else None,
        now=now,
    )
    taken = {post.id for post in fresh}
    line.journal.counters.note([post for post in posts if post.id not in taken], now)
    return replace(
        report,
        outcome=report.outcome if page.is_unchanged else Outcome.OK,
        seen=report.seen + len(page.posts) + len(page.broken),
        new=report.new + committed.new,
        edited=report.edited + committed.edited,
        repeated=report.repeated + len(posts) - len(fresh) + committed.repeated,
        dead=report.dead + len(dead),
        deleted=report.deleted + committed.deleted,
        retry_after_s=page.poll_after_s,
        unheard=(*report.unheard, *page.unheard, *outside_window(page, committed.new)),
    )


async def replay(source: Source, line: Line) -> None:
    """Take up the dead letters of `source` that the team asked to try again, from the step at which each failed."""
    letters = line.journal.replays(source.name)
    if not letters:
        return
    now = line.clock.now()
    raws, posts, outdated = deadletters.opened(letters)
    normalised, unmade = make_posts(raws, source, None, now)
    tagged, unread = await tag([*posts, *normalised], line.reader)
    line.journal.commit_page(
        source.name,
        source.platform,
        tagged,
        deletions=(),
        dead=[*unmade, *unread, *outdated],
        cursor=None,
        now=now,
        replayed=[kept.id for kept in letters],
    )
    log.info("letters_replayed", count=len(letters), failed=len(unmade) + len(unread) + len(outdated))


def make_posts(
    raws: Sequence[RawPost], source: Source, pseudonyms: Pseudonyms | None, now: datetime
) -> tuple[list[Post], list[DeadLetter]]:
    """Return the posts of `raws`, and a dead letter for each that could not be made into one.

    `pseudonyms` is None for what comes back from the dead letters: it was hidden before it was kept.
    """
    posts: list[Post] = []
    dead: list[DeadLetter] = []
    for raw in map(writable, raws):
        try:
            post = normalise(raw, source, now)
            posts.append(pseudonymise(post, pseudonyms) if pseudonyms else post)
        except Exception as error:  # noqa: BLE001 - one item, whatever it holds, never costs the page
            dead.append(deadletters.of_raw(raw, error, source, pseudonyms))
    return posts, dead


async def tag(posts: Sequence[Post], reader: Reader) -> tuple[list[Post], list[DeadLetter]]:
    """Return the posts with their reading, and a dead letter for each that could not be read."""
    results = await reader.read(posts) if posts else []
    tagged = [result for result in results if isinstance(result, Post)]
    pairs = zip(posts, results, strict=True)
    return tagged, [deadletters.of_post(post, result) for post, result in pairs if isinstance(result, Poison)]
