"""The gap ledger: what was not heard, from when to when, why, and what became of it. Pure.

A source that does not answer opens a gap, which lasts until it answers again. A collector goes on from where it stood,
so that what was said meanwhile is then heard late, unless its page tells otherwise (`Page.unheard`): that is a gap of
its own, open to a backfill, and lost where the platform gives it no more.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain, pairwise

from watcher.model import GapCause, Outcome, Page, RunReport, Source, SourceState, Unheard

Estimate = Callable[[datetime, datetime], int | None]
"""Gives about how many posts a source publishes in an interval; None where nobody knows."""


class Fate(StrEnum):
    """What became of a gap: it lasts; it is over and can still be filled; it was heard late; it is lost."""

    LASTING = "lasting"
    OPEN = "open"
    HEARD = "heard"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Gap:
    """One interval [`since`, `until`) in which a source was not heard; `until` is None while it lasts.

    A gap is known by its source, its cause and `since`. `posts` is about how many, None where nobody knows.
    """

    source: str
    platform: str
    cause: GapCause
    since: datetime
    until: datetime | None = None
    fate: Fate = Fate.LASTING
    posts: int | None = None


_CAUSES: Mapping[Outcome, GapCause] = {
    Outcome.RATE_LIMITED: GapCause.WAIT,
    Outcome.BUDGET_SPENT: GapCause.BUDGET,
    Outcome.BUDGET_PACED: GapCause.BUDGET,
    Outcome.AUTH_REFUSED: GapCause.ACCESS,
}
"""Why an outcome leaves a source unheard; any other failure is an outage."""

_TOLD_BY_PAGES = frozenset({GapCause.CLIPPED, GapCause.FORGOTTEN, GapCause.CLOSED})

WINDOW = 3
"""A window of fewer posts says nothing: some feeds hold their last item alone."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run that has ended, and what was known of its source before: what gaps follow from.

    `unsettled` are the source's gaps that last or are open. `can_go_back` when its collector has a backfill.
    """

    source: Source
    before: SourceState
    report: RunReport
    started_at: datetime
    ended_at: datetime
    unsettled: Sequence[Gap] = ()
    can_go_back: bool = False


def after_run(run: Run, estimate: Estimate) -> list[Gap]:
    """Return the gaps that `run` opens, ends or settles: what is to be kept in the place of those it knew."""
    found = list(_recovered(run) if run.report.outcome.is_healthy else _failing(run))
    found += _told(run, estimate)
    return [gap if gap.until is None or gap.posts else replace(gap, posts=_estimated(gap, estimate)) for gap in found]


def resting(source: Source, state: SourceState, unsettled: Sequence[Gap]) -> Gap | None:
    """Return the gap of a source that the team put to rest, None where it has one already or was never heard."""
    if state.last_run_at is None or _lasting(unsettled):
        return None
    return Gap(source.name, source.platform, GapCause.REST, state.last_run_at)


def outside_window(page: Page, new: int) -> tuple[Unheard, ...]:
    """Return what a window no longer reaches back to: a page none of whose posts was known, of which `new` are new.

    It holds from the last run on; `after_run` drops it where the oldest post is older than that.
    """
    dates = [post.published_at for post in page.posts if post.published_at]
    if not page.is_window or not WINDOW <= len(page.posts) == new or len(dates) < len(page.posts):
        return ()
    return (Unheard(until=min(dates), cause=GapCause.FORGOTTEN),)


def backfilled(gap: Gap, since: datetime, until: datetime, lost: Sequence[Unheard]) -> list[Gap]:
    """Return `gap` cut, in order, into what a backfill of [`since`, `until`) heard, what is `lost`, and what is left.

    `lost` is what the platform gives no more.
    """
    end = gap.until or gap.since
    losses = [(part.since or since, part.until) for part in lost]
    cuts = {gap.since, end, *(at for at in (since, until, *chain(*losses)) if gap.since < at < end)}
    pieces: list[Gap] = []
    for start, stop in pairwise(sorted(cuts)):
        is_lost = any(began <= start and stop <= ended for began, ended in losses)
        inside = since <= start and stop <= until
        fate = gap.fate if not inside else Fate.LOST if is_lost else Fate.HEARD
        if pieces and pieces[-1].fate is fate:
            pieces[-1] = replace(pieces[-1], until=stop)
        else:
            pieces.append(replace(gap, since=start, until=stop, fate=fate, posts=None))
    return [replace(gap, fate=pieces[0].fate)] if len(pieces) == 1 else pieces


def _recovered(run: Run) -> Iterator[Gap]:
    """Yield the gaps that a healthy run ends: what it could not hear again, its pages tell."""
    told = {unheard.cause for unheard in run.report.unheard}
    for gap in run.unsettled:
        if gap.cause not in _TOLD_BY_PAGES:
            yield replace(gap, until=gap.until or run.ended_at, fate=Fate.HEARD)
        elif gap.cause is GapCause.CLOSED and gap.cause not in told:
            yield replace(gap, until=run.ended_at, fate=Fate.LOST)
    if not _lasting(run.unsettled) and (stopped := _stopped(run)):
        yield stopped


def _failing(run: Run) -> Iterator[Gap]:
    """Yield the gap that a failing run opens; where its cause is another than that of the one before, both."""
    cause = _CAUSES.get(run.report.outcome, GapCause.OUTAGE)
    before = _lasting(run.unsettled)
    if before is None:
        since = run.before.last_ok_at or run.started_at
        yield Gap(run.source.name, run.source.platform, cause, since)
    elif before.cause is not cause:
        yield replace(before, until=run.ended_at, fate=Fate.OPEN)
        yield Gap(run.source.name, run.source.platform, cause, run.ended_at)


def _stopped(run: Run) -> Gap | None:
    """Return the gap of a daemon that was off: the source answered last time, and was not asked when it was due."""
    last = run.before.last_run_at
    if last is None or run.before.outcome is None or not run.before.outcome.is_healthy:
        return None
    due = max(last + timedelta(seconds=run.source.interval_s), run.before.not_before or last)
    if run.started_at <= due + timedelta(seconds=run.source.interval_s):
        return None
    return Gap(run.source.name, run.source.platform, GapCause.STOPPED, last, run.started_at, Fate.HEARD)


def _told(run: Run, estimate: Estimate) -> Iterator[Gap]:
    """Yield the gaps that the run's pages told of; one that touches a gap of its cause makes that longer."""
    for unheard in run.report.unheard:
        known = [gap for gap in run.unsettled if gap.cause is unheard.cause]
        if unheard.cause is GapCause.CLOSED:
            if not known:
                since = unheard.since or run.started_at
                yield Gap(run.source.name, run.source.platform, unheard.cause, since)
        elif told := _interval(run, unheard):
            yield _joined(told, known, estimate)


def _interval(run: Run, unheard: Unheard) -> Gap | None:
    """Return the gap of what a page told, None where it ends before the last run heard."""
    began = unheard.since or run.before.last_ok_at
    if began is None or began >= unheard.until:
        return None
    fate = Fate.OPEN if run.can_go_back and not unheard.is_lost else Fate.LOST
    return Gap(run.source.name, run.source.platform, unheard.cause, began, unheard.until, fate, unheard.posts)


def _joined(told: Gap, known: Sequence[Gap], estimate: Estimate) -> Gap:
    """Return `told`, or the gap among `known` that it touches, made longer."""
    for gap in known:
        if told.until and gap.until and gap.since <= told.since <= gap.until:
            until = max(told.until, gap.until)
            return replace(gap, until=until, posts=estimate(gap.since, until))
    return told


def _lasting(gaps: Sequence[Gap]) -> Gap | None:
    return next((gap for gap in gaps if gap.fate is Fate.LASTING and gap.cause is not GapCause.CLOSED), None)


def _estimated(gap: Gap, estimate: Estimate) -> int | None:
    return estimate(gap.since, gap.until) if gap.until else None
