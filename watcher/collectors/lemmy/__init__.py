"""Lemmy: words and communities of one instance, in posts and comments. Free, and without a key.

    which version the instance speaks (instance) → lists since the last run → views (wire) → page

What an instance knows of others came to it: a post that two instances tell of is one, its `ap_id` is the same.
"""

from collections.abc import AsyncIterator, Collection, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar

from pydantic import AwareDatetime

from watcher.collectors.lemmy.instance import MOST_PAST_PAGES, Feed, Instance
from watcher.collectors.lemmy.presence import gone_among
from watcher.collectors.lemmy.settings import LemmySettings
from watcher.model import Cursor, Page
from watcher.past import past_pages
from watcher.ports import Fetch
from watcher.remembered import Remembered

FIRST_LOOK = timedelta(days=7)

OVERLAP = timedelta(hours=6)
"""Instances tell one another late; and what is edited or deleted soon is seen again."""


class _Heard(Remembered):
    """Until when each feed was heard."""

    until: Mapping[str, AwareDatetime] = {}


class Collector:
    """Reads one instance a source."""

    name: ClassVar[str] = "lemmy"
    Settings: ClassVar[type[LemmySettings]] = LemmySettings

    async def pages(
        self, fetch: Fetch, settings: LemmySettings, cursor: Cursor | None, now: datetime
    ) -> AsyncIterator[Page]:
        """Yield what each community and each search gives since `cursor`; its place moves once it is read.

        Raises what `Fetch` raises, and `Malformed`.
        """
        until = dict(_Heard.recall(cursor).until)
        instance = await Instance.open(fetch, settings.address)
        for feed in _feeds(instance, settings):
            since = until[feed.name] - OVERLAP if feed.name in until else now - FIRST_LOOK
            async for read, unheard in instance.since(feed, since):
                if read.posts or read.broken or read.deletions:
                    yield Page(read.posts, _cursor(until), read.deletions, read.broken, unheard=unheard)
            until[feed.name] = now
        yield Page((), _cursor(until), is_unchanged=True)

    async def backfill(
        self, fetch: Fetch, settings: LemmySettings, since: datetime, until: datetime, cursor: Cursor | None
    ) -> AsyncIterator[Page]:
        """Yield what each community and each search holds of [`since`, `until`). Raises as `pages`."""
        instance = await Instance.open(fetch, settings.address)
        parts = {feed.name: partial(_past, instance, feed, since) for feed in _feeds(instance, settings)}
        async for page in past_pages(parts, since, until, cursor):
            yield page

    async def still_there(self, fetch: Fetch, settings: LemmySettings, ids: Collection[str]) -> frozenset[str]:
        """Return those of `ids` that are gone, as `presence` says. What cannot be asked counts as there."""
        return await gone_among(fetch, ids)


def _feeds(instance: Instance, settings: LemmySettings) -> list[Feed]:
    communities = (feed for name in settings.communities for feed in instance.dialect.community(name))
    return [*communities, *map(instance.dialect.search, settings.searches)]


async def _past(instance: Instance, feed: Feed, since: datetime) -> AsyncIterator[Page]:
    async for read, unheard in instance.since(feed, since, MOST_PAST_PAGES):
        yield Page(read.posts, _cursor({}), read.deletions, read.broken, unheard=unheard)


def _cursor(until: Mapping[str, datetime]) -> Cursor:
    return _Heard(until=until).cursor()
