"""One run: what is read of an account of ours and in its name, in which order, and what is remembered of it."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from watcher.collectors.threads.account import LISTS, OwnAccount
from watcher.collectors.threads.place import OVERLAP, Place
from watcher.collectors.threads.posts import author_of, posts_of, with_replies
from watcher.collectors.threads.searches import found, stranger, wanted
from watcher.collectors.threads.settings import ThreadsSettings
from watcher.errors import SourceGone, Transient
from watcher.meta_graph.refusals import RightMissing
from watcher.meta_graph.values import time_of
from watcher.model import GapCause, Page, Unheard
from watcher.wire import mapping_of

_CLOCKS = timedelta(minutes=1)
"""Threads refuses a time that is still to come for it; what it leaves out is read again the next time."""


class Listening:
    """Reads from `place` on until `now`; after `most_calls` calls, the replies to no other post are begun.

    A right that is missing costs what it opens, and is told once the rest is read; a trouble costs what it cuts.
    """

    def __init__(
        self, own: OwnAccount, settings: ThreadsSettings, place: Place, now: datetime, most_calls: int
    ) -> None:
        self._own = own
        self._settings = settings
        self._place = self._kept = place
        self._now = now
        self._until = now - _CLOCKS
        self._most_calls = most_calls
        self._told: set[str] = set()

    async def pages(self) -> AsyncIterator[Page]:
        """Yield what is new of our account, then of the searches. Raises as `Graph`."""
        parts = [self._listed(name) for name in LISTS] + [self._replies()] if self._settings.listens_to_own else []
        faults: list[RightMissing | Transient] = []
        for part in (*parts, self._searched()):
            try:
                async for page in part:
                    if page.posts or page.broken or page.unheard:
                        self._kept = self._place
                        yield page
            except RightMissing as error:
                faults.append(error)
            except Transient as error:
                faults.append(error)
                break
        if self._place != self._kept:
            yield Page((), self._place.cursor(), is_unchanged=True)
        if faults:
            raise faults[-1]

    async def _listed(self, name: str) -> AsyncIterator[Page]:
        since, is_clipped = self._place.since(name, self._now), False
        async for part in self._own.listed(name, since, self._until):
            yield self._page(part.items)
            is_clipped = part.is_clipped
        self._place = self._place.read(name, self._now)
        if is_clipped:
            yield self._page((), (Unheard(self._now, GapCause.CLIPPED, since),))

    async def _replies(self) -> AsyncIterator[Page]:
        """Yield what we published in the days that are followed, then the replies that are due."""
        written_at: dict[str, datetime] = {}
        since = self._now - timedelta(days=self._settings.days)
        async for part in self._own.listed("threads", since, self._until):
            written_at |= with_replies(part.items, self._now)
            yield self._page(part.items)
        self._place = self._place.following(written_at)
        due = [post for post, at in written_at.items() if self._place.is_due(post, at, self._now)]
        for post in sorted(due, key=lambda post: self._place.followed.get(post, since)):
            if self._own.graph.asked >= self._most_calls:
                return
            async for page in self._conversation(post):
                yield page

    async def _conversation(self, post: str) -> AsyncIterator[Page]:
        heard_at, is_clipped = self._place.followed.get(post), False
        try:
            async for part in self._own.conversation(post):
                yield self._page(part.items, conversation=post)
                is_clipped = part.is_clipped
                times = [at for item in part.items if (at := time_of(mapping_of(item).get("timestamp")))]
                if heard_at and times and max(times) < heard_at - OVERLAP:
                    is_clipped = False
                    break
        except SourceGone:
            return  # deleted since it was listed
        self._place = self._place.answered(post, self._now)
        if is_clipped:
            yield self._page((), (Unheard(self._now, GapCause.CLIPPED, heard_at),))

    async def _searched(self) -> AsyncIterator[Page]:
        sought = wanted(self._settings)
        if not sought:
            return
        await self._prove([each.name for each in sought])
        for each in sorted(sought, key=lambda each: self._place.since(each.name, self._now)):
            since = self._place.since(each.name, self._now)
            async for items, gaps in found(self._own.graph, each, since, self._until):
                if any(author_of(item) not in {None, self._own.name} for item in items):
                    self._place = self._place.proved(self._now)
                yield self._page(items, gaps)
            self._place = self._place.read(each.name, self._now)

    async def _prove(self, names: list[str]) -> None:
        """Raise `RightMissing` where searches show us our own posts alone: Threads says nothing of it."""
        if self._place.is_proved(self._now):
            return
        if await stranger(self._own.graph, self._own.name) is None:
            self._place = self._place.doubted(names)
            raise RightMissing(
                "Threads ne cherche que dans nos propres messages : l'application n'a pas, ou plus, le droit "
                "threads_keyword_search. Demandez-le sur developers.facebook.com/apps (LISEZMOI.md, « Threads »)."
            )
        self._place = self._place.proved(self._now)

    def _page(
        self, items: Iterable[object], unheard: tuple[Unheard, ...] = (), *, conversation: str | None = None
    ) -> Page:
        posts, broken = posts_of(items, self._own.name)
        fresh = [post for post in posts if post.native_id not in self._told]
        self._told |= {post.native_id for post in fresh}
        if conversation:
            fresh = [
                replace(post, reply_to=post.reply_to or conversation, conversation=post.conversation or conversation)
                for post in fresh
            ]
        return Page(tuple(fresh), self._place.cursor(), broken=broken, unheard=unheard)
