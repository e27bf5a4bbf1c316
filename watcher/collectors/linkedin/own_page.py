"""One run over our Page: its posts, the comments that are due, who mentions it. `memory` moves as pages are given."""

from collections.abc import AsyncIterator
from datetime import datetime

from watcher.collectors.linkedin.api import Api, Listing, escaped
from watcher.collectors.linkedin.comments import metadata_of, under
from watcher.collectors.linkedin.memory import FOLLOWED, FollowedPost, Memory
from watcher.collectors.linkedin.mentions import mentioned
from watcher.collectors.linkedin.posts import Read, counted, posts_of, published_at
from watcher.errors import SourceGone
from watcher.model import Page, Unheard

MOST_PAGES = 10
"""A thousand of our own posts."""


class OwnPage:
    """The Page `urn`, read at `now` from where `memory` stands. Everything raises what `api` raises."""

    def __init__(self, api: Api, urn: str, memory: Memory, now: datetime) -> None:
        self._api = api
        self._urn = urn
        self._now = now
        self._followed: list[FollowedPost] = []
        self.memory = memory

    async def posts(self) -> AsyncIterator[Page]:
        """Yield the Page's last hundred posts at least, with what is counted under those of the last month."""
        async for listing in self._listed(self._now - FOLLOWED):
            read = posts_of(listing.elements, self._urn)
            times = {post.native_id: post.published_at for post in read.posts if post.published_at}
            recent = {name: at for name, at in times.items() if self._now - at < FOLLOWED}
            known = await metadata_of(self._api, recent)
            self._followed += [
                FollowedPost(name, at, known[name].comment_summary.count if name in known else None)
                for name, at in recent.items()
            ]
            if read != Read():
                yield self._page(counted(read, known))
        self.memory = self.memory.following(self._followed)

    async def comments(self) -> AsyncIterator[Page]:
        """Yield the comments that are due under the posts that were just listed, under the newest first."""
        for post in sorted(self._followed, key=lambda each: each.published_at, reverse=True):
            if self.memory.is_due(post, self._now):
                async for page in self._under(post):
                    yield page

    async def mentions(self) -> AsyncIterator[Page]:
        """Yield the posts that mention the Page since the last run."""
        async for found in mentioned(self._api, self._urn, self.memory.mentions_until, self._now):
            if found.unheard or found.read != Read():
                yield self._page(found.read, found.unheard)
        self.memory = self.memory.model_copy(update={"mentions_until": self._now})
        yield Page((), self.memory.cursor(), is_unchanged=True)

    async def past(self, since: datetime) -> AsyncIterator[Page]:
        """Yield the posts since `since`, those of the month before, and all that is said under them.

        The comments of a post that `memory` holds are read already.
        """
        async for listing in self._listed(since - FOLLOWED):
            read = posts_of(listing.elements, self._urn)
            yield self._page(read)
            for post in read.posts:
                known = self.memory.threads.get(post.native_id)
                if not (known and known.is_whole):
                    async for page in self._under(FollowedPost(post.native_id, post.published_at or since)):
                        yield page

    async def _under(self, post: FollowedPost) -> AsyncIterator[Page]:
        try:
            async for heard in under(self._api, post, self.memory.threads.get(post.name), self._urn, self._now):
                self.memory = self.memory.heard(post.name, heard.thread) if heard.thread else self.memory
                yield self._page(heard.read, heard.unheard)
        except SourceGone:
            pass  # deleted since it was listed

    async def _listed(self, since: datetime) -> AsyncIterator[Listing]:
        """Yield the pages of the Page's posts, the newest first, until one ends before `since`."""
        path, start = f"posts?q=author&author={escaped(self._urn)}&sortBy=CREATED", 0
        for _ in range(MOST_PAGES):
            listing = await self._api.page(path, start, is_finder=True)
            start += len(listing.elements)
            yield listing
            last = published_at(listing.elements[-1]) if listing.elements else None
            if not listing.has_more or (last and last < since):
                return

    def _page(self, read: Read, unheard: tuple[Unheard, ...] = ()) -> Page:
        return Page(read.posts, self.memory.cursor(), broken=read.broken, unheard=unheard)
