"""LinkedIn: our own Page, its posts, every comment with its replies, and who mentions it.

    posts, how many comments each has → the comments that are due (own_page, memory) → mentions → posts → page

Nothing else may be read there: no search, no other Page.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import ClassVar

from watcher.collectors.linkedin.api import ADDRESS, Api
from watcher.collectors.linkedin.figures import figures_of
from watcher.collectors.linkedin.memory import Memory
from watcher.collectors.linkedin.own_page import OwnPage
from watcher.collectors.linkedin.presence import gone_among
from watcher.collectors.linkedin.refusals import no_mentions, told
from watcher.collectors.linkedin.settings import LinkedInSettings
from watcher.errors import AuthRefused
from watcher.model import AccountFigures, Cursor, Lease, Page
from watcher.ports import Fetch

TOKEN_LASTS = timedelta(days=60)


class Collector:
    """Reads one Page a source. `address` is where the API answers."""

    name: ClassVar[str] = "linkedin"
    Settings: ClassVar[type[LinkedInSettings]] = LinkedInSettings
    lease: ClassVar[Lease] = Lease(timedelta(hours=48), spares_own=True)
    """Data storage requirements, on the social activity of other members. Of their profiles nothing is kept at all."""

    sweep_days: ClassVar[tuple[int, ...]] = (1, 7, 28)
    """Calls are few, and what members write is gone from here after two days."""

    def __init__(self, address: str = ADDRESS) -> None:
        self._address = address

    async def pages(
        self, fetch: Fetch, settings: LinkedInSettings, cursor: Cursor | None, now: datetime
    ) -> AsyncIterator[Page]:
        """Yield the Page's posts, the comments of those whose number changed, then who mentions it.

        Raises what `Fetch` raises, with the right to ask for in `AuthRefused`; for mentions that are not granted,
        once the rest is read.
        """
        with told(settings, now):
            own = OwnPage(Api(fetch, settings, self._address), settings.urn, Memory.recall(cursor), now)
            async for page in own.posts():
                yield page
            async for page in own.comments():
                yield page
            if not settings.mentions:
                return
            try:
                async for page in own.mentions():
                    yield page
            except AuthRefused as error:
                raise no_mentions(settings) from error

    async def backfill(
        self, fetch: Fetch, settings: LinkedInSettings, since: datetime, until: datetime, cursor: Cursor | None
    ) -> AsyncIterator[Page]:
        """Yield the Page's posts of [`since`, `until`), and the comments of that time under posts of the month before.

        Raises as `pages`.
        """
        with told(settings, None):
            own = OwnPage(Api(fetch, settings, self._address), settings.urn, Memory.recall(cursor), until)
            async for page in own.past(since):
                posts = (post for post in page.posts if post.published_at and since <= post.published_at < until)
                yield replace(page, posts=tuple(posts))

    async def still_there(self, fetch: Fetch, settings: LinkedInSettings, ids: Collection[str]) -> frozenset[str]:
        """Return those of `ids` that are gone, as `presence` says. What cannot be asked counts as there."""
        return await gone_among(Api(fetch, settings, self._address), ids)

    async def figures(self, fetch: Fetch, settings: LinkedInSettings, now: datetime) -> Sequence[AccountFigures]:
        """Return the figures of the Page. Raises as `pages`."""
        with told(settings, now):
            return (await figures_of(Api(fetch, settings, self._address), settings.urn),)

    async def expires_at(self, fetch: Fetch, settings: LinkedInSettings, now: datetime) -> datetime | None:
        """Return when the token ends, 60 days after the day that `settings` give; None where they give none."""
        return datetime.combine(settings.issued_on, time(), UTC) + TOKEN_LASTS if settings.issued_on else None
