"""The whole line over LinkedIn: what the journal holds after two runs and a deletion, and a look at the past."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.fetch import FakeFetch
from tests.fakes.line import a_line
from tests.fakes.linkedin import OWN, Comment, Post
from tests.fakes.watching_linkedin import Watcher
from watcher.errors import BudgetSpent
from watcher.flow import collect_source
from watcher.model import Cursor, Page, Source
from watcher.normalise import post_id
from watcher.upkeep.sweep import sweep

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def a_conversation(linkedin: Watcher, number: int, day: float = 1) -> Post:
    at = NOON - day * DAY
    question = Comment(1, "urn:li:person:abc", "Et mon train ?", at + HOUR)
    answer = Comment(2, OWN, "Il roule demain.", at + 2 * HOUR, parent=1)
    return linkedin.linkedin.publish(Post(number, "Nos trains", at, comments=[question, answer]))


async def test_nothing_is_stored_twice_and_what_is_deleted_leaves(linkedin: Watcher, tmp_path: Path) -> None:
    post = a_conversation(linkedin, 7)
    line, journal = a_line(tmp_path)
    clock = FakeClock(NOON)
    line = replace(line, fetch=linkedin.fetch, clock=clock)
    source = Source("linkedin", "linkedin", linkedin.settings(), 900.0)
    first = await collect_source(source, linkedin.collector, line)
    again = await collect_source(source, linkedin.collector, line)
    assert (first.new, again.new, again.edited) == (3, 0, 0)

    rows = {row.doc_id: row.body for row in journal.outbox_batch(100, 1_000_000, NOON)}
    replied = rows[post_id("linkedin", post.name_of(2))]
    assert replied is not None
    assert replied["reply_to"] == post_id("linkedin", post.name_of(1))
    assert replied["conversation"] == post_id("linkedin", post.urn)
    assert replied["is_own"]
    assert "abc" not in {row["author"] for row in rows.values() if row}

    del post.comments[0]
    clock.advance(DAY.total_seconds())
    assert await sweep(source, linkedin.collector, line.fetch, journal, line.clock) == 1
    gone = [row.doc_id for row in journal.outbox_batch(100, 1_000_000, NOON) if row.body is None]
    assert gone == [post_id("linkedin", post.name_of(1))]
    journal.close()


async def test_the_sweep_asks_for_posts_together_and_for_comments_by_thread(linkedin: Watcher) -> None:
    posts = [a_conversation(linkedin, number) for number in range(1, 9)]
    known = [name for post in posts for name in (post.urn, post.name_of(1), post.name_of(2))]
    del linkedin.linkedin.posts[posts[2].urn]
    del posts[5].comments[0]
    gone = await linkedin.collector.still_there(linkedin.fetch, linkedin.settings(), [*known, "autre chose"])
    assert gone == {posts[2].urn, posts[2].name_of(1), posts[2].name_of(2), posts[5].name_of(1)}
    assert len(linkedin.linkedin.asked) == 1 + 8 + 4


async def test_what_is_no_longer_shown_to_all_is_not_gone(linkedin: Watcher) -> None:
    linkedin.linkedin.hidden = {"urn:li:share:1"}
    known = [a_conversation(linkedin, number).urn for number in (1, 2, 3)]
    del linkedin.linkedin.posts[known[2]]
    assert await linkedin.collector.still_there(linkedin.fetch, linkedin.settings(), known) == {known[2]}


async def test_a_right_that_is_taken_back_deletes_nothing(linkedin: Watcher) -> None:
    post = a_conversation(linkedin, 1)
    linkedin.linkedin.is_approved = False
    known = [post.urn, post.name_of(1)]
    assert await linkedin.collector.still_there(linkedin.fetch, linkedin.settings(), known) == set()


async def test_a_spent_budget_ends_the_sweep_and_is_heard(linkedin: Watcher) -> None:
    fetch = FakeFetch(otherwise=BudgetSpent("au repos"))
    with pytest.raises(BudgetSpent):
        await linkedin.collector.still_there(fetch, linkedin.settings(), ["urn:li:share:1"])


async def backfilled(linkedin: Watcher, cursor: Cursor | None = None) -> list[Page]:
    since, until = NOON - 50 * DAY, NOON - 20 * DAY
    given = linkedin.collector.backfill(linkedin.fetch, linkedin.settings(), since, until, cursor)
    return [page async for page in given]


def ids(pages: list[Page]) -> list[str]:
    return [post.native_id for page in pages for post in page.posts]


async def test_a_backfill_gives_the_posts_and_comments_of_its_interval(linkedin: Watcher) -> None:
    linkedin.linkedin.page_size = 7
    posts = [a_conversation(linkedin, number, 3 * number + 0.5) for number in range(24)]
    wanted = [name for post in posts[7:17] for name in (post.urn, post.name_of(1), post.name_of(2))]
    assert sorted(ids(await backfilled(linkedin))) == sorted(wanted)


async def test_a_backfill_that_was_cut_reads_no_thread_again(linkedin: Watcher) -> None:
    for number in range(16):
        a_conversation(linkedin, number, 3 * number + 0.5)
    whole = await backfilled(linkedin)
    middle = len(whole) // 2
    linkedin.linkedin.asked.clear()
    rest = await backfilled(linkedin, whole[middle].cursor)
    assert set(ids([*whole[: middle + 1], *rest])) == set(ids(whole))
    assert linkedin.linkedin.calls("socialActions") < 2 * 16
