"""The values that travel along the line: what a platform gave (`RawPost`), what we make of it (`Post`)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, NewType

from pipelines.signatures import Signature
from watcher.budget import Budget

PostId = NewType("PostId", str)
"""32 hexadecimal digits of SHA-256(platform, native id): see `normalise.post_id`."""

AuthorHash = NewType("AuthorHash", str)
"""A pseudonym: see `privacy.Pseudonyms`."""

StoryId = NewType("StoryId", str)
"""16 hexadecimal digits that all copies of a text share: see `stores/journal/stories.py`."""

Cursor = NewType("Cursor", str)
"""Where a source stands; JSON text that only its collector understands."""

Relevance = Literal["institution", "territoire", "hors_sujet"]
Intent = Literal["demande_aide", "question", "plainte", "signalement", "remerciement", "information", "spam"]

PRESSING: tuple[Intent, ...] = ("demande_aide", "signalement", "plainte", "question")
"""Who needs help is answered before who tells of a danger, who complains and who asks."""

AuthorKind = Literal["person", "media", "institution", "company", "bot", "unknown"]


def document_id(key: str) -> PostId:
    """Return the id of a document that is no post and that `key` tells from all others of its index."""
    return PostId(hashlib.sha256(key.encode()).hexdigest()[:32])


@dataclass(frozen=True, slots=True)
class RawPost:
    """One post as a collector maps it from the wire: nothing cleaned, nothing hidden yet.

    `native_id` is stable for ever on the platform. `markup` says whether `title` and `text` are HTML.
    `published_at` and `edited_at` are aware; None where the platform gives none. `hashtags`, `mentions` (handles
    without the sign) and `links` are the platform's own entities, None where it gives none and they must be read
    from the text.
    """

    native_id: str
    text: str
    title: str = ""
    url: str | None = None
    markup: Literal["text", "html"] = "text"
    published_at: datetime | None = None
    edited_at: datetime | None = None
    author: str | None = None
    author_kind: AuthorKind = "unknown"
    is_own: bool = False
    lang: str | None = None
    hashtags: tuple[str, ...] | None = None
    mentions: tuple[str, ...] | None = None
    links: tuple[str, ...] | None = None
    reply_to: str | None = None
    conversation: str | None = None
    is_repost: bool = False
    metrics: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BrokenItem:
    """One item of a page that the collector could not map. `payload` is what came, for the dead letters."""

    payload: str
    reason: str


@dataclass(frozen=True, slots=True)
class Deletion:
    """The platform says that a post, or everything of an author, is gone. Exactly one of the two is given."""

    native_id: str | None = None
    author: str | None = None


class GapCause(StrEnum):
    """Why something was not heard."""

    OUTAGE = "outage"
    WAIT = "wait"
    BUDGET = "budget"
    ACCESS = "access"
    REST = "rest"
    STOPPED = "stopped"
    CLIPPED = "clipped"
    FORGOTTEN = "forgotten"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Unheard:
    """What a page could not give of its source: published from `since` (None: from the last run on) to `until`.

    `cause` is `CLIPPED` where there were more pages than could be asked for, `FORGOTTEN` where the platform no longer
    goes back so far, `CLOSED` where it never gives this. `posts` is about how many, None where nobody knows.
    `is_lost`: no backfill of this source could give it, whatever its platform gives others.
    """

    until: datetime
    cause: GapCause
    since: datetime | None = None
    posts: int | None = None
    is_lost: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a source, and the cursor that stands after it.

    `is_unchanged`: the platform said that nothing is new (304). `poll_after_s`: it asks not to be called sooner.
    `is_window`: these are the last posts that the platform shows, whatever we have read: where none of them is known,
    those before them were missed. `unheard`: what else this run could not read though it was there.
    """

    posts: tuple[RawPost, ...]
    cursor: Cursor
    deletions: tuple[Deletion, ...] = ()
    broken: tuple[BrokenItem, ...] = ()
    is_unchanged: bool = False
    poll_after_s: float | None = None
    is_window: bool = False
    unheard: tuple[Unheard, ...] = ()


@dataclass(frozen=True, slots=True)
class Lease:
    """How long a platform lets the words that it gives be kept, from their collection on, whatever the team allows.

    `spares_own`: what our own account wrote is ours.
    """

    words: timedelta
    spares_own: bool = False


@dataclass(frozen=True, slots=True)
class AccountFigures:
    """The figures of one account of ours at one time, as its platform counts them; None where it does not tell.

    `account` is its public name. `reach` is people who saw it in the last day. `engagement` counts by type, under the
    names that `RawPost.metrics` bear.
    """

    account: str
    followers: int | None = None
    posts: int | None = None
    reach: int | None = None
    engagement: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the pipelines read in a post. Codes of départements and communes are INSEE's, sorted; `evidence` is why.

    `signature` tells copies of the text, None where it says too little.
    """

    lang: str
    relevance: Relevance
    topics: tuple[str, ...]
    intent: Intent
    to_answer: bool
    hashtags: tuple[str, ...]
    hashtags_raw: tuple[str, ...]
    mentions: tuple[str, ...]
    domains: tuple[str, ...]
    departements: tuple[str, ...]
    communes: tuple[str, ...]
    evidence: tuple[str, ...] = ()
    signature: Signature | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One post in its normal form: plain text, UTC times, no handle in clear outside `url`.

    `story` is what it tells as others do; `is_first` says that nothing earlier of it is known.
    """

    id: PostId
    platform: str
    source: str
    native_id: str
    url: str | None
    title: str
    text: str
    platform_lang: str | None
    published_at: datetime | None
    edited_at: datetime | None
    collected_at: datetime
    author: AuthorHash | str | None
    author_kind: AuthorKind
    is_own: bool
    reply_to: str | None
    conversation: str | None
    is_repost: bool
    hashtags: tuple[str, ...] | None
    mentions: tuple[str, ...] | None
    links: tuple[str, ...] | None
    metrics: Mapping[str, int]
    is_truncated: bool
    territory: tuple[str, ...] = ()
    reading: Reading | None = None
    story: StoryId | None = None
    is_first: bool | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of `config/sources.yml`, checked. `territory` holds the départements that its audience lives in.

    `budget` is what its key may spend: the platform's own limits, and what the team wrote over them. `key` is the name
    of the variable that its secret comes from, or of all of them; empty where it has none.
    """

    name: str
    platform: str
    settings: object
    interval_s: float
    author_kind: AuthorKind = "unknown"
    is_own: bool = False
    territory: tuple[str, ...] = ()
    budget: Budget = field(default_factory=Budget)
    key: str = ""

    @property
    def purse(self) -> str:
        """What it spends from: sources of one key spend together, one that has none spends for itself."""
        return f"{self.platform}:{self.key or self.name}"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One thing that could not be processed, kept for 30 days so that it can be replayed after a fix.

    `about` names it, so that the same thing failing again is the same letter: a post's id where it has one, else the
    journal takes a hash of the payload.
    """

    source: str
    step: str
    error: str
    payload: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A dead letter as the journal keeps it, under its number. `at` is its last failure, aware UTC."""

    id: int
    at: datetime
    letter: DeadLetter
    tries: int
    is_replaying: bool


class Outcome(StrEnum):
    """How a run of a source ended."""

    OK = "ok"
    UNCHANGED = "unchanged"
    RATE_LIMITED = "rate_limited"
    UNREACHABLE = "unreachable"
    GONE = "gone"
    AUTH_REFUSED = "auth_refused"
    REFUSED = "refused"
    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    FORBIDDEN = "forbidden"
    TIMED_OUT = "timed_out"
    STORE_BUSY = "store_busy"
    BUDGET_SPENT = "budget_spent"
    BUDGET_PACED = "budget_paced"
    CRASHED = "crashed"

    @property
    def is_healthy(self) -> bool:
        """Tell whether the source answered as it should."""
        return self in (Outcome.OK, Outcome.UNCHANGED)

    @property
    def is_failure(self) -> bool:
        """Tell whether something went wrong: a budget that holds a source back is kept, not failed."""
        return not self.is_healthy and self not in (Outcome.BUDGET_SPENT, Outcome.BUDGET_PACED)


@dataclass(frozen=True, slots=True)
class RunReport:
    """What one run of a source did: counts of posts, and how it ended. `message` is French, for the team.

    `seen` = `new` + `edited` + `repeated` + `dead`. `retry_after_s` is what the platform asked for, in seconds.
    """

    source: str
    outcome: Outcome
    message: str = ""
    seen: int = 0
    new: int = 0
    edited: int = 0
    repeated: int = 0
    dead: int = 0
    deleted: int = 0
    retry_after_s: float | None = None
    duration_s: float = 0.0
    unheard: tuple[Unheard, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceState:
    """What the journal knows of a source's runs. Times are aware UTC; `failures` counts those in a row."""

    name: str
    last_run_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_new_at: datetime | None = None
    not_before: datetime | None = None
    outcome: Outcome | None = None
    message: str = ""
    failures: int = 0
    posts: int = 0
