"""What the line needs from the outside, as protocols. Implementations never inherit from these.

WRITING A COLLECTOR. A platform is a class `Collector` with `name`, `Settings` and `pages`: see `Collector`. What it can
do besides, it says by having the method: `Sweepable`, `Sparing`, `Backfilling`, `Counted`, `Expiring`, `Billed`,
`Firehose`, `Lending`, `Renewing`. The rest is done for it:

- Errors. `fetch` raises them; a platform that refuses in its own words (a status 400 that means "wait") is understood
  by catching `Refused`, `AuthRefused` or `RateLimited`, reading `error.answer`, and raising `RateLimited` with the wait
  in seconds, or `AuthRefused` in French. An answer 200 that is empty because a right was never approved, or because a
  token is too old, is `AuthRefused` too: the source is then "à autoriser", and no silence is believed.
- Money and quotas. `Settings.budget`, a `ClassVar[Budget]`, is what the platform allows with one key; the team changes
  it in YAML (`budget:`). The `fetch` given to a collector refuses, before it is made, a call that would pass the
  budget: it raises `BudgetSpent`, which a collector lets through. It never counts by itself, but says what calls cost
  when they do not all cost one call (`Billed`).
- Secrets. A field of type `config.fields.SecretName` holds a `NamedSecret`: `.variable` is the name that the YAML
  gives, `.value` a `Secret`, or None while the variable is empty (raise `AuthRefused` and name it). It leaves in
  `secret_headers` or in the body of a `post`, never in an address.
- Gaps. What could not be read though it was there (more pages than may be asked, a window that no longer reaches back
  to where we stood) is told on a page, in `Page.unheard`. Outages, refusals and spent budgets are told by the run.
- Conversations. `RawPost.reply_to` and `conversation` are native ids, written exactly as the `native_id` of the post
  that they name, so that both sides can be joined.
- Posts of the region's own account are `is_own`: an answer of ours is known by that.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Protocol, Self, runtime_checkable

from watcher.budget import Budget, Cost
from watcher.errors import Poison
from watcher.gaps import Gap
from watcher.habit import Hours
from watcher.model import (
    AccountFigures,
    Cursor,
    DeadLetter,
    Deletion,
    KeptLetter,
    Lease,
    Page,
    Post,
    PostId,
    RunReport,
    SourceState,
)
from watcher.secrets import Secret
from watcher.spending import Refusal


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Return the wall-clock time, aware, in UTC."""
        ...

    def monotonic_s(self) -> float:
        """Return seconds that never go back."""
        ...


@dataclass(frozen=True, slots=True)
class Response:
    """A whole HTTP answer, decompressed. Names of `headers` are lower-case.

    `url` is the final address; `moved_to` the new one where every hop was permanent (301, 308), else None.
    """

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    moved_to: str | None = None


class Fetch(Protocol):
    """The one way out."""

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        secret_headers: Mapping[str, Secret] | None = None,
    ) -> Response:
        """Return an answer whose status is 2xx or 304.

        Raises `RateLimited`, `Unreachable`, `SourceGone`, `AuthRefused`, `Refused`, each with the `answer` it stands
        for, `TooLarge`, `ForbiddenAddress`; `BudgetSpent` before a call that the source's budget does not allow.
        Never retries, and never logs a query string or a header's value.
        """
        ...

    async def post(
        self,
        url: str,
        *,
        body: Mapping[str, object] | None = None,
        as_form: bool = False,
        secret_headers: Mapping[str, Secret] | None = None,
    ) -> Response:
        """Send `body` as JSON, `as_form` as a form, none without it; no redirection is followed.

        To open or renew a session, or to ask a platform that takes its questions so.

        Returns and raises as `get` does.
        """
        ...

    def stream(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        secret_headers: Mapping[str, Secret] | None = None,
        subprotocol: str | None = None,
    ) -> AsyncGenerator[tuple[str, ...], None]:
        """Yield the text frames of the WebSocket at `url` (wss) until the server ends it, in order.

        A batch holds at most 500 frames or what came in 2 s; an empty one says that nothing did. Raises what `get`
        raises, `Unreachable` too when the stream breaks or says nothing for 60 s. Never reconnects.
        """
        ...


class Collector(Protocol):
    """One platform. A class `Collector` in `collectors/<name>.py`, found by its file's name.

    `Settings` is a frozen pydantic model of the platform's keys in `sources.yml`, each with a `title` and a
    `description` in French; it may have a `budget`, a `ClassVar[Budget]`.
    """

    name: ClassVar[str]
    Settings: ClassVar[type[Any]]

    def pages(self, fetch: Fetch, settings: Any, cursor: Cursor | None, now: datetime) -> AsyncIterator[Page]:
        """Yield pages from `cursor` on, oldest cursor first; each page's cursor is valid once the page is stored.

        Raises what `Fetch` raises, and `Malformed`. Never retries, sleeps, stores, logs secrets or reads the clock.
        """
        ...


@dataclass(frozen=True, slots=True)
class TerritoryWords:
    """What the territory is called: `sure` names mean it wherever they stand, `doubtful` ones are common words too."""

    sure: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()


@runtime_checkable
class Firehose(Collector, Protocol):
    """A collector whose platform gives everything that everybody says: told what to listen for, it gives that alone."""

    def listening_for(self, words: TerritoryWords) -> Self:
        """Return the collector that lets through, beside what its settings ask for, what may concern `words`."""
        ...


@runtime_checkable
class Sweepable(Protocol):
    """A collector whose platform must be asked what is gone. Asked once a day for every post still known by name."""

    async def still_there(self, fetch: Fetch, settings: Any, ids: Collection[str]) -> Collection[str]:
        """Return those of the native `ids` that are gone for sure. What cannot be asked counts as there.

        Raises nothing but `BudgetSpent`: a platform in trouble deletes nothing.
        """
        ...


@runtime_checkable
class Sparing(Sweepable, Protocol):
    """A sweepable collector whose platform bills each answer: a post is asked for on some days of its life alone."""

    sweep_days: ClassVar[Collection[int]]
    """How many days after a post was first collected."""


@runtime_checkable
class Backfilling(Protocol):
    """A collector that can go back in time, to hear what a gap left out."""

    def backfill(
        self, fetch: Fetch, settings: Any, since: datetime, until: datetime, cursor: Cursor | None
    ) -> AsyncIterator[Page]:
        """Yield pages of what was published in [`since`, `until`), in any order, as far as the platform still gives it.

        `cursor` is that of the last page of a backfill of the same interval that was cut, None for a new one; it is
        never that of `pages`. What the platform no longer gives is told in `Page.unheard`. Raises as `pages`.
        """
        ...


@runtime_checkable
class Counted(Protocol):
    """A collector that can tell the figures of the region's own account. Asked once a day."""

    async def figures(self, fetch: Fetch, settings: Any, now: datetime) -> Sequence[AccountFigures]:
        """Return the figures of each own account that `settings` name, none where they name none. Raises as `pages`."""
        ...


@runtime_checkable
class Expiring(Protocol):
    """A collector that knows when its key ends. Asked once a day."""

    async def expires_at(self, fetch: Fetch, settings: Any, now: datetime) -> datetime | None:
        """Return when the key of `settings` ends, aware; None where it does not, or nobody knows. Raises as `pages`."""
        ...


@runtime_checkable
class Billed(Protocol):
    """A collector whose calls do not all cost one call. Without this, each costs `Cost(calls=1)`, whatever it brings.

    Both are pure. A call that fails has cost its `price` where nobody knows whether it arrived, else its calls and
    searches.
    """

    def price(self, settings: Any, url: str, params: Mapping[str, str]) -> Cost:
        """Return the most that this call may cost: told before it is made, and what must be left for it to be made.

        Where posts are billed, it is the size of page that `params` ask for: ask for small pages when little is new.
        """
        ...

    def paid(self, settings: Any, url: str, params: Mapping[str, str], answer: Response) -> Cost:
        """Return what the call did cost, from its `answer`: never more than its `price`."""
        ...


@runtime_checkable
class Lending(Protocol):
    """A collector whose platform says for how long what it gives may be kept. `retention` obeys it."""

    lease: ClassVar[Lease]


Keep = Callable[[str, Secret, Secret], None]
"""Is told the variable of a secret, the secret, and what its platform gave in its place; keeps it or raises."""


@runtime_checkable
class Renewing(Protocol):
    """A collector whose platform gives another secret in the place of ours, and then takes no other."""

    def keeping(self, keep: Keep) -> Self:
        """Return the collector that hands to `keep` each secret that it is given, before it uses it."""
        ...


class Reader(Protocol):
    """The pipelines, wherever they run."""

    async def read(self, posts: Sequence[Post]) -> list[Post | Poison]:
        """Return each post with its `reading`, in order, or `Poison` in the place of one that cannot be read."""
        ...


@dataclass(frozen=True, slots=True)
class Committed:
    """What a page changed in the journal, in posts."""

    new: int = 0
    edited: int = 0
    repeated: int = 0
    deleted: int = 0


class Purses(Protocol):
    """What each key has spent: see `stores/journal/purses.py`."""

    def take(self, purse: str, budget: Budget, price: Cost, now: datetime) -> date | Refusal:
        """Spend `price` for good, and return on which day of its platform; or why it must not be spent now."""
        ...

    def give_back(self, purse: str, day: date, rest: Cost) -> None:
        """Take `rest` off what `purse` spent on `day`."""
        ...


class Recounts(Protocol):
    """What moves of posts that are read again: see `stores/journal/counters.py`."""

    def note(self, posts: Sequence[Post], now: datetime) -> None:
        """Keep the counters of `posts`, which are known, where they moved."""
        ...


class Ledger(Protocol):
    """The gap ledger: see `stores/journal/gaps.py`."""

    def unsettled(self, source: str) -> list[Gap]:
        """Return the gaps of `source` that last, or that a backfill could still fill."""
        ...


class Habits(Protocol):
    """What each source gives at which hour: see `stores/journal/gaps.py`."""

    def of(self, source: str, since: datetime) -> Hours:
        """Return the posts of `source` by hour from `since` on."""
        ...


class CollectionJournal(Protocol):
    """The journal as collection needs it: see `stores/journal/`."""

    @property
    def purses(self) -> Purses:
        """What each key has spent."""
        ...

    @property
    def counters(self) -> Recounts:
        """What moves of posts that are read again."""
        ...

    def cursor(self, source: str) -> Cursor | None:
        """Return where the source stands, None before its first page."""
        ...

    def unseen(self, posts: Sequence[Post]) -> list[Post]:
        """Return the posts whose id or content is new to the journal, in order: only those need reading.

        A post that failed three times is left out until the team asks for another try.
        """
        ...

    def commit_page(
        self,
        source: str,
        platform: str,
        posts: Sequence[Post],
        *,
        deletions: Sequence[Deletion],
        dead: Sequence[DeadLetter],
        cursor: Cursor | None,
        now: datetime,
        replayed: Sequence[int] = (),
    ) -> Committed:
        """Store a page and the cursor behind it in one transaction. Raises `StoreBusy` when the disk is full.

        A cursor of None stays where it is. The author of a deletion is a pseudonym. `replayed` are the numbers of the
        dead letters that were taken up again in this page: they leave, and those that failed anew come back in `dead`.
        """
        ...

    def replays(self, source: str) -> list[KeptLetter]:
        """Return the dead letters of `source` for which the team asked another try."""
        ...

    def source_state(self, source: str) -> SourceState:
        """Return what is known of the runs of `source`."""
        ...

    @property
    def gaps(self) -> Ledger:
        """What was not heard."""
        ...

    @property
    def hours(self) -> Habits:
        """What each source gives at which hour."""
        ...

    def record_run(self, report: RunReport, now: datetime, gaps: Collection[Gap] = ()) -> None:
        """Keep how a run ended, and the gaps that follow from it: for the page, the trends and the next start."""
        ...

    def opposed(self, keys: Collection[str]) -> set[str]:
        """Return those of the post ids and author pseudonyms that were erased and must not come back."""
        ...


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One write that Elasticsearch has not acknowledged yet.

    `index` is without the instance's prefix (`posts-2026.11.01`). `body` is None for a deletion. `stored_at` is the
    first acknowledgement's time in milliseconds, None before it.
    """

    seq: int
    index: str
    doc_id: PostId
    version: int
    body: Mapping[str, Any] | None
    attempts: int
    stored_at: int | None = None
