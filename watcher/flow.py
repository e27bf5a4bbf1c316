"""THE STORY of a post.

    page → normalise → pseudonymise → tag → one journal transaction (with the cursor)

Then three jobs follow: drain to Elasticsearch (`drain.py`), fold into trends, send alerts.

A source's run asks its collector for a page, takes the page's posts down that line, commits them together with the
cursor that stands behind them, and only then asks for the next page. A crash anywhere repeats at most one page, and
ids make the repeat harmless.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import structlog
from pydantic import TypeAdapter

from watcher.collect import outcome_of
from watcher.errors import Poison, WatcherError
from watcher.model import DeadLetter, Outcome, Page, Post, RawPost, RunReport, Source
from watcher.normalise import normalise
from watcher.ports import Clock, CollectionJournal, Collector, Fetch, Reader
from watcher.privacy import Pseudonyms, hide, pseudonymise, pseudonymise_raw

log = structlog.get_logger()

RUN_DEADLINE_S = 300.0
"""A run that lasts longer is cut: what it committed stays, and the next run goes on from there."""

RAW_POST = TypeAdapter(RawPost)
POST = TypeAdapter(Post)


@dataclass(frozen=True, slots=True)
class Line:
    """What the line stands on."""

    fetch: Fetch
    journal: CollectionJournal
    reader: Reader
    pseudonyms: Pseudonyms
    clock: Clock


async def collect_source(
    source: Source, collector: Collector, line: Line, deadline_s: float = RUN_DEADLINE_S
) -> RunReport:
    """Run `source` once, page by page, and return what it did. Never raises a `WatcherError`: the report says it."""
    started_s = line.clock.monotonic_s()
    report = RunReport(source.name, Outcome.UNCHANGED)
    with structlog.contextvars.bound_contextvars(source=source.name, platform=source.platform):
        try:
            async with asyncio.timeout(deadline_s):
                cursor = line.journal.cursor(source.name)
                async for page in collector.pages(line.fetch, source.settings, cursor, line.clock.now()):
                    report = await take_page(page, source, line, report)
        except (WatcherError, TimeoutError) as error:
            outcome, message, retry_after_s = outcome_of(error)
            report = replace(report, outcome=outcome, message=message, retry_after_s=retry_after_s)
        report = replace(report, duration_s=line.clock.monotonic_s() - started_s)
        line.journal.record_run(report, line.clock.now())
        log.info("run_finished", **{key: value for key, value in asdict(report).items() if key != "message"})
    return report


async def take_page(page: Page, source: Source, line: Line, report: RunReport) -> RunReport:
    """Take one page down the line to its commit, and return `report` with this page added."""
    now = line.clock.now()
    dead = [
        DeadLetter(source.name, "map", item.reason, hide(item.payload, source.platform, line.pseudonyms))
        for item in page.broken
    ]
    posts: list[Post] = []
    for raw in page.posts:
        try:
            posts.append(pseudonymise(normalise(raw, source, now), line.pseudonyms))
        except Exception as error:  # noqa: BLE001 - one item, whatever it holds, never costs the page
            hidden = pseudonymise_raw(raw, source.platform, line.pseudonyms)
            dead.append(dead_letter(source, error, "normalise", RAW_POST.dump_json(hidden).decode()))
    fresh = line.journal.unseen(allowed(posts, line.journal))
    tagged, unread = await tag(fresh, source, line)
    committed = line.journal.commit_page(
        source.name,
        source.platform,
        tagged,
        deletions=page.deletions,
        dead=dead + unread,
        cursor=page.cursor,
        now=now,
    )
    return replace(
        report,
        outcome=Outcome.OK if not page.is_unchanged else report.outcome,
        seen=report.seen + len(page.posts) + len(page.broken),
        new=report.new + committed.new,
        edited=report.edited + committed.edited,
        repeated=report.repeated + len(posts) - len(fresh) + committed.repeated,
        dead=report.dead + len(dead) + len(unread),
        deleted=report.deleted + committed.deleted,
        retry_after_s=page.poll_after_s,
    )


def allowed(posts: Sequence[Post], journal: CollectionJournal) -> list[Post]:
    """Return the posts that nobody had erased: neither the post nor its author is on the opposition list."""
    keys = {str(post.id) for post in posts} | {str(post.author) for post in posts if post.author}
    opposed = journal.opposed(keys)
    return [post for post in posts if post.id not in opposed and post.author not in opposed]


async def tag(posts: Sequence[Post], source: Source, line: Line) -> tuple[list[Post], list[DeadLetter]]:
    """Return the posts with their reading, and a dead letter for each that could not be read."""
    results = await line.reader.read(posts) if posts else []
    tagged = [result for result in results if isinstance(result, Post)]
    unread = [
        dead_letter(source, result, result.step, POST.dump_json(post).decode())
        for post, result in zip(posts, results, strict=True)
        if isinstance(result, Poison)
    ]
    return tagged, unread


def dead_letter(source: Source, error: Exception, step: str, payload: str) -> DeadLetter:
    """Return what is kept of one item that failed at `step`; an unforeseen error's words may hold a handle: not kept."""
    return DeadLetter(source.name, step, str(error) if isinstance(error, Poison) else type(error).__name__, payload)
