"""Mastodon and what speaks like it: hashtags, accounts and, with a token, full text of one instance.

    timelines (instance) from where we stood (place) → statuses → posts, under their ActivityPub id

A post that three instances tell of is one: its `uri` is the same everywhere.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from typing import ClassVar

from watcher.collectors.mastodon.instance import Instance, of_hashtag
from watcher.collectors.mastodon.origin import gone_among
from watcher.collectors.mastodon.past import walk_down
from watcher.collectors.mastodon.place import Place
from watcher.collectors.mastodon.settings import InstanceSettings
from watcher.collectors.mastodon.statuses import posts_of
from watcher.errors import SourceGone
from watcher.model import Cursor, Page
from watcher.ports import Fetch


class Collector:
    """Reads one instance a source."""

    name: ClassVar[str] = "mastodon"
    Settings: ClassVar[type[InstanceSettings]] = InstanceSettings

    async def pages(
        self, fetch: Fetch, settings: InstanceSettings, cursor: Cursor | None, now: datetime
    ) -> AsyncIterator[Page]:
        """Yield what each timeline holds since `cursor`, then what is searched; a first run gives the last 40 of each.

        Raises what `Fetch` raises, `AuthRefused` where the instance is closed to us, `SourceGone` for accounts that it
        does not know (once the others are read), and `Malformed`.
        """
        instance, place = Instance(fetch, settings), Place.recall(cursor, instance=settings.instance)
        hashtags = [of_hashtag(tag) for tag in settings.hashtags]
        accounts, unknown = await instance.accounts(settings.accounts)
        heard = set()
        for timeline in (*hashtags, *accounts):
            async for statuses in instance.since(timeline, place.last.get(timeline.name)):
                heard.add(timeline.name)
                place = place.moved(timeline.name, statuses)
                yield _page(statuses, place, settings)
        for words in settings.searches:
            yield _page(await instance.found(words), place, settings)
        silent = [hashtag.name for hashtag in hashtags if hashtag.name not in heard]
        if silent and len(silent) == len(hashtags):
            await instance.check_open()
        begun = place.begun(silent)
        if begun != place:
            yield Page((), begun.cursor(), is_unchanged=True)
        if unknown:
            raise SourceGone(f"L'instance {settings.host} ne connaît pas : {', '.join(unknown)}")

    async def backfill(
        self, fetch: Fetch, settings: InstanceSettings, since: datetime, until: datetime, cursor: Cursor | None
    ) -> AsyncIterator[Page]:
        """Yield what hashtags and accounts hold of [`since`, `until`); searches know no dates, and are left out.

        Raises as `pages`, but for accounts that the instance does not know.
        """
        instance = Instance(fetch, settings)
        accounts, _ = await instance.accounts(settings.accounts)
        timelines = [*(of_hashtag(tag) for tag in settings.hashtags), *accounts]
        async for page in walk_down(instance, timelines, since=since, until=until, cursor=cursor):
            yield page

    async def still_there(self, fetch: Fetch, settings: InstanceSettings, ids: Collection[str]) -> frozenset[str]:
        """Return those of `ids` that are gone, as `origin` says. What cannot be asked counts as there."""
        return await gone_among(fetch, ids)


def _page(statuses: Sequence[object], place: Place, settings: InstanceSettings) -> Page:
    posts, broken = posts_of(statuses, settings.host)
    return Page(posts, place.cursor(), broken=broken)
