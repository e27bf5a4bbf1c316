"""Press, blogs and institutions: RSS 0.9x to 2.0, RSS 1.0 (RDF), Atom and JSON Feed.

    conditional GET (memory) → characters (encoding) → feed (document: syndication | jsonfeed) → posts (identity)

A feed is a window on its last items: whenever it has changed, all of them are given, and the journal knows which are
new or corrected. So no date decides what is heard.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from watcher.collectors.rss.cadence import poll_after_s
from watcher.collectors.rss.document import read_document
from watcher.collectors.rss.feed import Feed
from watcher.collectors.rss.memory import NOT_MODIFIED, READER, Memory
from watcher.collectors.rss.posts import Window, window_of
from watcher.config.fields import refuse
from watcher.errors import Malformed, SourceGone
from watcher.model import Cursor, Page
from watcher.ports import Fetch, Response

_PARSERS = ThreadPoolExecutor(2, thread_name_prefix="rss")
"""Threads of their own: the loop's serve name resolution too, which hostile feeds would then hold up."""

ACCEPT = {
    "Accept": "application/feed+json, application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.1"
}


class FeedSettings(BaseModel):
    """The keys of a source whose `plateforme` is `rss`."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    address: str = Field(
        alias="adresse",
        title="Adresse du flux",
        description="Adresse complète du flux RSS, Atom ou JSON Feed, par exemple https://www.exemple.fr/rss.xml",
        pattern=r"^https?://[^\s/]+\S*$",
    )

    @field_validator("address")
    @classmethod
    def _holds_no_password(cls, address: str) -> str:
        if re.match(r"https?://[^/?#]*@", address):
            refuse(  # what is written may hold one
                "l'adresse contient un nom ou un mot de passe : il ne doit pas y figurer",
                "retirez ce qui se trouve entre « // » et « @ » ; un flux privé ne peut pas être lu",
            )
        return address


class Collector:
    """Reads one feed a source: one page at most a run."""

    name: ClassVar[str] = "rss"
    Settings: ClassVar[type[FeedSettings]] = FeedSettings

    async def pages(
        self, fetch: Fetch, settings: FeedSettings, cursor: Cursor | None, now: datetime
    ) -> AsyncIterator[Page]:
        """Yield the feed's whole window, or an unchanged page when nothing moved since `cursor`.

        Raises what `Fetch` raises, `AuthRefused` for a login page and `Malformed` for whatever else is no feed.
        """
        memory = Memory.recall(cursor, address=settings.address, reader=READER)
        response = await _asked(fetch, memory, now)
        if memory.knows(response):
            wait_s = poll_after_s(response.headers, memory.asked_by_feed_s, now)
            yield Page((), memory.after(response, now).cursor(), is_unchanged=True, poll_after_s=wait_s)
            return
        # In a thread: five megabytes of a broken feed take feedparser twenty seconds, and its markup ten more.
        loop = asyncio.get_running_loop()
        feed, window = await loop.run_in_executor(_PARSERS, _read, response, settings.address, memory.marks)
        remembered = memory.after(response, now, feed, window.marks).cursor()
        wait_s = poll_after_s(response.headers, feed.poll_after_s, now)
        yield Page(window.posts, remembered, broken=window.broken, poll_after_s=wait_s, is_window=True)


def _read(response: Response, feed_address: str, known: Mapping[str, str]) -> tuple[Feed, Window]:
    """Return the feed in `response`, and its window."""
    feed = read_document(response.body, response.headers.get("content-type", ""))
    return feed, window_of(feed, feed_address, response.url, known)


async def _asked(fetch: Fetch, memory: Memory, now: datetime) -> Response:
    """Return the feed's answer; a 304 only when it is about what `memory` holds."""
    conditions = memory.validators(now)
    response = None
    try:
        response = await fetch.get(memory.current_address, headers=ACCEPT | conditions)
    except SourceGone:
        if not memory.is_moved:
            raise
    if response is None or (response.status == NOT_MODIFIED and conditions and not memory.knows(response)):
        conditions = {}
        response = await fetch.get(memory.address, headers=ACCEPT)
    if response.status == NOT_MODIFIED and not conditions:
        raise Malformed(
            "Le serveur répond « inchangé » (304) à qui ne lui demande rien de tel : le flux reste inconnu."
        )
    return response
