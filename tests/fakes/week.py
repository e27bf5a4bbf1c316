"""Three platforms of a simulated week, each with its own way of giving little, and the collectors that read them.

`window` shows its last posts only; `paid` sells posts by the piece and forgets what is three days old; `busy` gives
three pages a run, newest first. All of them fail as they are told, and count what they are asked and what they sold.
"""

import json
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from pydantic import BaseModel

from tests.fakes.clock import FakeClock
from tests.fakes.fetch import answer, refused
from watcher.budget import Cost
from watcher.errors import AuthRefused, RateLimited, Unreachable, WatcherError
from watcher.model import Cursor, GapCause, Page, RawPost, Unheard
from watcher.ports import Fetch, Response
from watcher.secrets import Secret

HOST = "https://week.example.org"
PAGE = 10
WINDOW = 12
PAGES_A_RUN = 3
PAID_REMEMBERS = timedelta(days=3)


class Killed(BaseException):
    """The process dies while an answer is on its way."""


@dataclass(frozen=True, slots=True)
class Written:
    """One post of a platform. `number` rises with time."""

    number: int
    at: datetime
    deleted_at: datetime | None = None

    def is_there(self, now: datetime) -> bool:
        return self.at <= now and (self.deleted_at is None or self.deleted_at > now)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a platform answers with between two times."""

    since: datetime
    until: datetime
    cause: GapCause
    error: Callable[[float], WatcherError]


def outage(since: datetime, until: datetime) -> Trouble:
    return Trouble(since, until, GapCause.OUTAGE, lambda _left_s: Unreachable("en panne"))


def asks_to_wait(since: datetime, until: datetime) -> Trouble:
    return Trouble(since, until, GapCause.WAIT, lambda left_s: refused(RateLimited("attendez", left_s), 429, b"{}"))


def key_expired(since: datetime, until: datetime) -> Trouble:
    return Trouble(since, until, GapCause.ACCESS, lambda _left_s: refused(AuthRefused("clé expirée", 401), 401, b"{}"))


@dataclass
class Platform:
    """One platform: its posts in order of time, its troubles, what it remembers, and what it was asked for.

    `calls` are counted by day, posts `sold` by month; `kills` are the calls, by number, whose caller dies meanwhile.
    """

    posts: Sequence[Written]
    troubles: Sequence[Trouble]
    remembers: timedelta
    calls: Counter[date] = field(default_factory=Counter)
    sold: Counter[str] = field(default_factory=Counter)
    served: set[int] = field(default_factory=set)
    kills: set[int] = field(default_factory=set)
    asked: int = 0

    def ask(self, now: datetime, path: str, params: Mapping[str, str]) -> bytes:
        """Answer one call, or raise; a call that is refused counts all the same."""
        self.asked += 1
        self.calls[now.date()] += 1
        for trouble in self.troubles:
            if trouble.since <= now < trouble.until:
                raise trouble.error((trouble.until - now).total_seconds())
        there = [post for post in self.posts if post.is_there(now) and post.at > now - self.remembers]
        if path == "exists":
            return json.dumps([post.number for post in there]).encode()
        after, before = int(params.get("after", -1)), int(params.get("before", 10**9))
        until_s = int(params.get("until", 10**12))
        found = [post for post in there if after < post.number < before and post.at.timestamp() < until_s]
        found = found[: int(params["max"])] if "after" in params else found[-int(params["max"]) :]
        self.sold[f"{now:%Y-%m}"] += len(found)
        self.served |= {post.number for post in found}
        oldest = there[0] if there else None
        if self.asked in self.kills:
            raise Killed
        return json.dumps(
            {
                "posts": [[post.number, post.at.isoformat()] for post in found],
                "oldest": [oldest.number, oldest.at.isoformat()] if oldest else None,
            }
        ).encode()


class WeekFetch:
    """The way out, to the platforms of the week alone."""

    def __init__(self, platforms: Mapping[str, Platform], clock: FakeClock) -> None:
        self._platforms = platforms
        self._clock = clock

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        secret_headers: Mapping[str, Secret] | None = None,
    ) -> Response:
        name, path = url.removeprefix(f"{HOST}/").split("/")
        return answer(url, self._platforms[name].ask(self._clock.now(), path, params or {}))

    async def post(
        self,
        url: str,
        *,
        body: Mapping[str, object] | None = None,
        as_form: bool = False,
        secret_headers: Mapping[str, Secret] | None = None,
    ) -> Response:
        raise NotImplementedError

    def stream(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        secret_headers: Mapping[str, Secret] | None = None,
        subprotocol: str | None = None,
    ) -> AsyncGenerator[tuple[str, ...], None]:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Given:
    """What a platform gave at once, and the oldest post that it still remembers."""

    posts: tuple[RawPost, ...]
    oldest: tuple[int, datetime] | None

    @property
    def numbers(self) -> list[int]:
        return [int(post.native_id) for post in self.posts]


async def asked(fetch: Fetch, name: str, **params: int) -> Given:
    found = await fetch.get(f"{HOST}/{name}/list", params={key: str(value) for key, value in params.items()})
    read = json.loads(found.body)
    posts = [RawPost(str(n), f"{name} {n}", published_at=datetime.fromisoformat(at)) for n, at in read["posts"]]
    oldest = (read["oldest"][0], datetime.fromisoformat(read["oldest"][1])) if read["oldest"] else None
    return Given(tuple(posts), oldest)


class WindowCollector:
    """Reads the last posts, all that there is to see."""

    name: ClassVar[str] = "window"
    Settings: ClassVar[type[BaseModel]] = BaseModel

    async def pages(self, fetch: Fetch, settings: Any, cursor: Cursor | None, now: datetime) -> AsyncIterator[Page]:
        given = await asked(fetch, self.name, max=WINDOW)
        yield Page(given.posts, Cursor("{}"), is_window=True)


class _Past:
    """What the two others share: they can go back, and be asked what is gone."""

    name: ClassVar[str]

    async def still_there(self, fetch: Fetch, settings: Any, ids: Collection[str]) -> set[str]:
        there = json.loads((await fetch.get(f"{HOST}/{self.name}/exists")).body)
        return {native_id for native_id in ids if int(native_id) >= min(there, default=10**9)} - {str(n) for n in there}

    async def backfill(
        self, fetch: Fetch, settings: Any, since: datetime, until: datetime, cursor: Cursor | None
    ) -> AsyncIterator[Page]:
        before = int(cursor) if cursor else 10**8
        while True:
            given = await asked(fetch, self.name, max=PAGE, before=before, until=round(until.timestamp()) + 1)
            if not given.posts:
                oldest = given.oldest[1] if given.oldest else until
                lost = (Unheard(oldest, GapCause.FORGOTTEN, since),) if oldest > since else ()
                yield Page((), Cursor(str(before)), unheard=lost)
                return
            before = min(given.numbers)
            inside = tuple(post for post in given.posts if post.published_at and since <= post.published_at < until)
            yield Page(inside, Cursor(str(before)))
            if len(inside) < len(given.posts) and min(post.published_at or until for post in given.posts) < since:
                return


class PaidCollector(_Past):
    """Reads from the last post on, oldest first; a post that is given is a post that is paid."""

    name: ClassVar[str] = "paid"
    Settings: ClassVar[type[BaseModel]] = BaseModel

    async def pages(self, fetch: Fetch, settings: Any, cursor: Cursor | None, now: datetime) -> AsyncIterator[Page]:
        after = int(cursor) if cursor else -1
        while True:
            given = await asked(fetch, self.name, max=PAGE, after=after)
            oldest, oldest_at = given.oldest or (10**9, now - PAID_REMEMBERS)
            unheard = (Unheard(oldest_at, GapCause.FORGOTTEN),) if cursor is not None and oldest > after + 1 else ()
            after = max(given.numbers, default=after)
            yield Page(given.posts, Cursor(str(after)), unheard=unheard)
            cursor = Cursor(str(after))
            if len(given.posts) < PAGE:
                return

    def price(self, settings: Any, url: str, params: Mapping[str, str]) -> Cost:
        return Cost(calls=1, posts=int(params.get("max", 0)))

    def paid(self, settings: Any, url: str, params: Mapping[str, str], answer: Response) -> Cost:
        return Cost(calls=1, posts=len(json.loads(answer.body)["posts"]) if params else 0)


class BusyCollector(_Past):
    """Reads the newest pages, three at the most a run; what lies below them is clipped."""

    name: ClassVar[str] = "busy"
    Settings: ClassVar[type[BaseModel]] = BaseModel

    async def pages(self, fetch: Fetch, settings: Any, cursor: Cursor | None, now: datetime) -> AsyncIterator[Page]:
        last = int(cursor) if cursor else -1
        read: list[Given] = []
        before = 10**8
        for _ in range(PAGES_A_RUN):
            read.append(await asked(fetch, self.name, max=PAGE, before=before))
            before = min(read[-1].numbers, default=-1)
            if before <= last + 1 or len(read[-1].posts) < PAGE:
                break
        posts = tuple(post for given in read for post in given.posts if int(post.native_id) > last)
        is_clipped = last >= 0 and before > last + 1
        dates = [post.published_at for post in posts if post.published_at]
        unheard = (Unheard(min(dates), GapCause.CLIPPED),) if is_clipped and dates else ()
        newest = max([last, *(int(post.native_id) for post in posts)])
        yield Page(posts, Cursor(str(newest)), unheard=unheard)
