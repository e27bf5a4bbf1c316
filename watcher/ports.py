"""What the line needs from the outside, as protocols. Implementations never inherit from these."""

from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol, Self, runtime_checkable

from watcher.errors import Poison
from watcher.model import Cursor, DeadLetter, Deletion, KeptLetter, Page, Post, PostId, RunReport
from watcher.secrets import Secret


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

        Raises `RateLimited`, `Unreachable`, `SourceGone`, `AuthRefused`, `Refused`, `TooLarge`, `ForbiddenAddress`.
        Never retries, and never logs a query string or a header's value.
        """
        ...

    async def post(
        self,
        url: str,
        *,
        body: Mapping[str, str | Secret] | None = None,
        secret_headers: Mapping[str, Secret] | None = None,
    ) -> Response:
        """Send `body` as JSON, none without it, to open or renew a session; no redirection is followed.

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
    """One platform. A class `Collector` in `collectors/<name>.py`, found by its file's name."""

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


class CollectionJournal(Protocol):
    """The journal as collection needs it: see `stores/journal/`."""

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

    def record_run(self, report: RunReport, now: datetime) -> None:
        """Keep how a run ended, for `watcher status`, the page and the next start."""
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
