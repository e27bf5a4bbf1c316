"""The gap ledger: what each kind of run opens, ends and settles."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.fakes.clock import NOON
from watcher.gaps import Fate, Gap, Run, after_run, backfilled, outside_window, resting
from watcher.model import Cursor, GapCause, Outcome, Page, RawPost, RunReport, Source, SourceState, Unheard

SOURCE = Source("page-facebook", "facebook", None, 900.0)
HOUR = timedelta(hours=1)
BEFORE = SourceState(SOURCE.name, last_run_at=NOON - HOUR / 4, last_ok_at=NOON - HOUR / 4, outcome=Outcome.OK, posts=50)
OUTAGE = Gap(SOURCE.name, SOURCE.platform, GapCause.OUTAGE, NOON - 5 * HOUR)


def ran(
    outcome: Outcome = Outcome.OK,
    *unheard: Unheard,
    before: SourceState = BEFORE,
    known: Sequence[Gap] = (),
    can_go_back: bool = False,
) -> list[Gap]:
    report = RunReport(SOURCE.name, outcome, unheard=unheard)
    run = Run(SOURCE, before, report, NOON, NOON + timedelta(seconds=20), known, can_go_back)
    return after_run(run, lambda since, until: round((until - since) / HOUR * 4))


def test_a_healthy_run_after_a_healthy_one_leaves_no_trace() -> None:
    assert ran() == []


@pytest.mark.parametrize(
    ("outcome", "cause"),
    [
        (Outcome.UNREACHABLE, GapCause.OUTAGE),
        (Outcome.TIMED_OUT, GapCause.OUTAGE),
        (Outcome.CRASHED, GapCause.OUTAGE),
        (Outcome.RATE_LIMITED, GapCause.WAIT),
        (Outcome.BUDGET_SPENT, GapCause.BUDGET),
        (Outcome.BUDGET_PACED, GapCause.BUDGET),
        (Outcome.AUTH_REFUSED, GapCause.ACCESS),
    ],
)
def test_a_failure_opens_a_gap_from_the_last_time_it_went_well(outcome: Outcome, cause: GapCause) -> None:
    assert BEFORE.last_ok_at is not None
    assert ran(outcome) == [Gap(SOURCE.name, SOURCE.platform, cause, BEFORE.last_ok_at)]


def test_the_gap_lasts_while_the_failure_does() -> None:
    assert ran(Outcome.UNREACHABLE, known=[OUTAGE]) == []


def test_another_cause_is_another_gap() -> None:
    first, second = ran(Outcome.AUTH_REFUSED, known=[OUTAGE])
    assert (first.cause, first.fate, first.until) == (GapCause.OUTAGE, Fate.OPEN, second.since)
    assert (second.cause, second.fate, second.until) == (GapCause.ACCESS, Fate.LASTING, None)


def test_what_was_said_meanwhile_is_heard_late_where_nothing_tells_otherwise() -> None:
    over = replace(OUTAGE, cause=GapCause.ACCESS, until=NOON - HOUR, fate=Fate.OPEN)
    heard = ran(known=[OUTAGE, over])
    assert [(gap.fate, gap.until) for gap in heard] == [
        (Fate.HEARD, NOON + timedelta(seconds=20)),
        (Fate.HEARD, NOON - HOUR),
    ]


@pytest.mark.parametrize(("can_go_back", "fate"), [(True, Fate.OPEN), (False, Fate.LOST)])
def test_what_a_page_no_longer_reaches_is_open_to_a_backfill_or_lost(*, can_go_back: bool, fate: Fate) -> None:
    before = replace(BEFORE, last_ok_at=NOON - 5 * HOUR, outcome=Outcome.UNREACHABLE, failures=3)
    forgotten = Unheard(NOON - 2 * HOUR, GapCause.FORGOTTEN)
    outage, gap = ran(Outcome.OK, forgotten, before=before, known=[OUTAGE], can_go_back=can_go_back)
    assert outage.fate is Fate.HEARD
    assert gap == Gap(
        SOURCE.name, SOURCE.platform, GapCause.FORGOTTEN, NOON - 5 * HOUR, NOON - 2 * HOUR, fate, posts=12
    )


def test_what_no_backfill_of_the_source_could_give_is_lost_at_once() -> None:
    gone = Unheard(NOON - 2 * HOUR, GapCause.FORGOTTEN, NOON - 5 * HOUR, is_lost=True)
    assert [gap.fate for gap in ran(Outcome.OK, gone, can_go_back=True)] == [Fate.LOST]


def test_what_is_clipped_at_every_run_is_one_gap() -> None:
    known = replace(OUTAGE, cause=GapCause.CLIPPED, until=NOON - HOUR / 4, fate=Fate.OPEN)
    [gap] = ran(Outcome.OK, Unheard(NOON, GapCause.CLIPPED), known=[known], can_go_back=True)
    assert (gap.since, gap.until, gap.posts) == (known.since, NOON, 20)


def test_a_window_that_ends_before_the_last_run_misses_nothing() -> None:
    assert ran(Outcome.OK, Unheard(NOON - HOUR, GapCause.FORGOTTEN)) == []


def test_what_a_platform_never_gives_is_one_standing_line_until_it_does() -> None:
    never = Unheard(NOON, GapCause.CLOSED)
    [line] = ran(Outcome.OK, never)
    assert (line.cause, line.fate, line.since, line.until) == (GapCause.CLOSED, Fate.LASTING, NOON, None)
    assert ran(Outcome.OK, never, known=[line]) == []
    [over] = ran(known=[line])
    assert over.fate is Fate.LOST


def test_a_daemon_that_was_off_leaves_a_gap_that_it_has_caught_up() -> None:
    before = replace(BEFORE, last_run_at=NOON - 9 * HOUR, last_ok_at=NOON - 9 * HOUR)
    [gap] = ran(before=before)
    assert (gap.cause, gap.since, gap.until, gap.fate) == (GapCause.STOPPED, NOON - 9 * HOUR, NOON, Fate.HEARD)


def test_a_feed_that_asks_not_to_be_called_for_a_day_was_not_left_alone() -> None:
    before = replace(BEFORE, last_run_at=NOON - 24 * HOUR, not_before=NOON)
    assert ran(before=before) == []


def test_a_source_put_to_rest_was_heard_until_then() -> None:
    assert resting(SOURCE, BEFORE, ()) == Gap(SOURCE.name, SOURCE.platform, GapCause.REST, NOON - HOUR / 4)
    assert resting(SOURCE, BEFORE, [OUTAGE]) is None
    assert resting(SOURCE, SourceState(SOURCE.name), ()) is None


def window(*published_at: datetime | None, is_window: bool = True) -> Page:
    posts = tuple(RawPost(str(n), "texte", published_at=at) for n, at in enumerate(published_at))
    return Page(posts, Cursor("{}"), is_window=is_window)


def test_a_window_of_nothing_known_no_longer_reaches_back_to_where_we_stood() -> None:
    page = window(NOON, NOON - HOUR, NOON - 2 * HOUR)
    assert outside_window(page, new=3) == (Unheard(NOON - 2 * HOUR, GapCause.FORGOTTEN),)


@pytest.mark.parametrize(
    ("page", "new"),
    [
        (window(NOON, NOON, NOON), 2),  # one was known: nothing lies between
        (window(NOON, NOON), 2),  # a window that small says nothing
        (window(NOON, NOON, None), 3),  # one without a date may be as old as can be
        (window(NOON, NOON, NOON, is_window=False), 3),
    ],
)
def test_a_window_that_says_nothing_tells_no_gap(page: Page, new: int) -> None:
    assert outside_window(page, new) == ()


OPEN = replace(OUTAGE, cause=GapCause.FORGOTTEN, until=NOON, fate=Fate.OPEN, posts=20)


@pytest.mark.parametrize(
    ("since_h", "until_h", "lost_until_h", "pieces"),
    [
        (9, 0, None, [(5, 0, Fate.HEARD)]),
        (9, 0, 4, [(5, 4, Fate.LOST), (4, 0, Fate.HEARD)]),
        (9, 0, 0, [(5, 0, Fate.LOST)]),
        (3, 1, None, [(5, 3, Fate.OPEN), (3, 1, Fate.HEARD), (1, 0, Fate.OPEN)]),
        (9, 6, None, [(5, 0, Fate.OPEN)]),
    ],
    ids=["whole", "its beginning is gone", "all is gone", "only its middle", "beside it"],
)
def test_a_backfill_cuts_a_gap_into_what_it_heard_what_is_lost_and_what_is_left(
    since_h: int, until_h: int, lost_until_h: int | None, pieces: list[tuple[int, int, Fate]]
) -> None:
    lost = [] if lost_until_h is None else [Unheard(NOON - lost_until_h * HOUR, GapCause.FORGOTTEN)]
    found = backfilled(OPEN, NOON - since_h * HOUR, NOON - until_h * HOUR, lost)
    assert [(gap.since, gap.until, gap.fate) for gap in found] == [
        (NOON - began * HOUR, NOON - ended * HOUR, fate) for began, ended, fate in pieces
    ]
