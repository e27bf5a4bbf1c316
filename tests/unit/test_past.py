"""Going back list by list: the interval alone, each post once, and on from the list that was cut."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from tests.fakes.clock import NOON
from watcher.model import Cursor, GapCause, Page, RawPost, Unheard
from watcher.past import Part, past_pages

HOUR = timedelta(hours=1)
SINCE, UNTIL = NOON - 5 * HOUR, NOON - 2 * HOUR


def post(name: str, hours: float) -> RawPost:
    return RawPost(name, name, published_at=NOON - hours * HOUR)


def part(*pages: Page) -> Part:
    async def read() -> AsyncIterator[Page]:
        for page in pages:
            yield page

    return read


def listed(*posts: RawPost, unheard: tuple[Unheard, ...] = ()) -> Page:
    return Page(posts, Cursor("nulle part"), unheard=unheard)


async def gone_through(parts: dict[str, Part], cursor: Cursor | None = None) -> list[Page]:
    return [page async for page in past_pages(parts, SINCE, UNTIL, cursor)]


def names(pages: list[Page]) -> list[str]:
    return [one.native_id for page in pages for one in page.posts]


async def test_the_interval_alone_is_given_its_end_left_out() -> None:
    undated = RawPost("sans date", "x")
    page = listed(post("après", 1), post("fin", 2), post("dedans", 3), post("début", 5), post("avant", 6), undated)
    assert names(await gone_through({"liste": part(page)})) == ["dedans", "début"]


async def test_what_two_lists_hold_is_given_once() -> None:
    parts = {"a": part(listed(post("même", 3))), "b": part(listed(post("même", 3), post("autre", 4)))}
    assert names(await gone_through(parts)) == ["même", "autre"]


async def test_a_list_that_was_cut_is_read_again_and_one_that_was_whole_is_not() -> None:
    parts = {"a": part(listed(post("un", 3))), "b": part(listed(post("deux", 3)), listed(post("trois", 4)))}
    pages = await gone_through(parts)
    cut = next(page for page in pages if names([page]) == ["deux"])
    assert names(await gone_through(parts, cut.cursor)) == ["deux", "trois"]
    assert await gone_through(parts, pages[-1].cursor) == []


async def test_what_was_not_heard_is_told_as_far_as_it_lies_in_the_interval() -> None:
    def told(begins: datetime | None, ends: datetime) -> Unheard:
        return Unheard(ends, GapCause.CLIPPED, since=begins)

    gaps = (told(NOON - 9 * HOUR, NOON), told(None, NOON - 3 * HOUR), told(NOON - HOUR, NOON))
    pages = await gone_through({"liste": part(listed(unheard=gaps))})
    assert [gap for page in pages for gap in page.unheard] == [told(SINCE, UNTIL), told(SINCE, NOON - 3 * HOUR)]
