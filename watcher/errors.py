"""Every error the daemon raises, split by what the caller does about it.

WatcherError
├── ConfigError        the team's YAML is wrong: say where and how to mend it
├── Transient          try again later, no sooner than `retry_after_s`
│   ├── RateLimited    the platform asked us to wait
│   ├── Unreachable    no answer, or a 5xx
│   ├── BudgetSpent    our own budget does not allow the call: it was not made
│   │   └── BudgetPaced   it is spread over the day or the month, and the rest is for later
│   └── StoreBusy      Elasticsearch or the journal cannot take more now
├── Permanent          trying again changes nothing; tell the team
│   ├── SourceGone     404, 410
│   ├── AuthRefused    401, 403, a login page, or an empty answer for want of a right
│   ├── Refused        any other 4xx
│   ├── Malformed      the answer is not what the platform promises
│   ├── TooLarge       the answer passes the size cap
│   └── ForbiddenAddress  the address leads inside, or to a scheme we do not speak
├── Poison             one item cannot be processed: dead letter, the batch goes on
└── Fatal              stop the process; the service manager starts it again

Messages of `ConfigError`, `Transient` and `Permanent` are shown to the team: they are in French.
"""

from collections.abc import Mapping
from dataclasses import dataclass


class WatcherError(Exception):
    """Root of the tree."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in the team's YAML. `line` and `column` count from 1; None where a file as a whole is meant."""

    file: str
    message: str
    line: int | None = None
    column: int | None = None
    key: str = ""
    hint: str = ""

    @property
    def place(self) -> str:
        """Where it is: `sources.yml, ligne 3, colonne 5 (sources › 1 › plateforme)`."""
        line = f", ligne {self.line}" if self.line else ""
        column = f", colonne {self.column}" if self.line and self.column else ""
        return f"{self.file}{line}{column}{f' ({self.key})' if self.key else ''}"


class ConfigError(WatcherError):
    """The configuration cannot be used. Carries every mistake found, not only the first."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("; ".join(m.message for m in mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Answered:
    """What came with a refusal, for the collector that knows its platform's words; never shown and never logged.

    Names of `headers` are lower-case; `body` is decompressed, empty where it passes 64 KiB or cannot be read.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transient(WatcherError):
    """Worth another try, no sooner than `retry_after_s` seconds when it is given.

    `answer` is what the platform said, where it said anything.
    """

    answer: Answered | None = None

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class RateLimited(Transient):
    """The platform answered 429, or 503 with Retry-After."""


class Unreachable(Transient):
    """No answer in time, a broken connection, or a 5xx."""


class BudgetSpent(Transient):
    """The source's budget does not allow this call now, and it was not made."""


class BudgetPaced(BudgetSpent):
    """What is left of the budget is for later in the period."""


class StoreBusy(Transient):
    """A store refuses more work for now."""


class Permanent(WatcherError):
    """Trying again changes nothing until somebody acts.

    `status` is the HTTP status where there was one, and `answer` what the platform said with it.
    """

    answer: Answered | None = None

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class SourceGone(Permanent):
    """404 or 410."""


class AuthRefused(Permanent):
    """401, 403, a login page in place of the answer, or an empty one that means that a right is missing."""


class Refused(Permanent):
    """Another 4xx."""


class Malformed(Permanent):
    """The answer cannot be understood."""


class TooLarge(Permanent):
    """The answer passes the cap on size."""


class ForbiddenAddress(Permanent):
    """The address is private, or its scheme is not http or https."""


class Poison(WatcherError):
    """One item failed at `step` and would fail again."""

    def __init__(self, message: str, step: str) -> None:
        super().__init__(message)
        self.step = step


class Fatal(WatcherError):
    """Nothing sensible can be done in this process."""
