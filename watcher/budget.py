"""What a source may spend, and what its calls cost: the values. A budget belongs to a key: see `Budget`."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Cost:
    """What calls cost, in the things that platforms count or bill. Counts, never negative.

    `searches` are calls that have a bucket of their own (YouTube), and are not among `calls`. `own_posts` are posts of
    the account that asks, which some platforms sell cheaper (X), and are not among `posts`.
    """

    calls: int = 0
    searches: int = 0
    posts: int = 0
    own_posts: int = 0
    authors: int = 0


@dataclass(frozen=True, slots=True)
class Prices:
    """What each thing of a `Cost` is billed, in euros."""

    call: Decimal = Decimal(0)
    search: Decimal = Decimal(0)
    post: Decimal = Decimal(0)
    own_post: Decimal = Decimal(0)
    author: Decimal = Decimal(0)

    def euros(self, cost: Cost) -> Decimal:
        """Return what `cost` is billed."""
        return (
            cost.calls * self.call
            + cost.searches * self.search
            + cost.posts * self.post
            + cost.own_posts * self.own_post
            + cost.authors * self.author
        )


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be spent with one key in a day and in a calendar month; None where nothing limits it.

    Days and months begin at midnight of `timezone` (an IANA name): each platform has its own (YouTube: Pacific time).
    Sources of one platform that name the same secret spend from the same purse. `posts_per_month` counts own posts too.
    """

    calls_per_day: int | None = None
    searches_per_day: int | None = None
    posts_per_month: int | None = None
    euros_per_month: Decimal | None = None
    prices: Prices = field(default_factory=Prices)
    timezone: str = "UTC"

    @property
    def is_limited(self) -> bool:
        """Tell whether anything is limited at all."""
        limits = (self.calls_per_day, self.searches_per_day, self.posts_per_month, self.euros_per_month)
        return any(limit is not None for limit in limits)
