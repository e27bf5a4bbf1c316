"""A person says what a post is about: kept in the journal, written in the post's document, told back in French."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from watcher.french import listed
from watcher.model import Post, PostId
from watcher.stores.documents import from_document, with_topics
from watcher.stores.elastic import Elastic, StoredDocument
from watcher.stores.journal import Journal
from watcher.stores.journal.corrections import Correction
from watcher.stores.journal.outbox import Write

log = structlog.get_logger()

CHANGED = "Ce message vient de changer, ou vient d'être retiré : rien n'est corrigé. Réessayez dans un moment."

Teach = Callable[[Post, Sequence[str]], Awaitable[str]]
"""Makes a corrected post an example of its topics, and returns what became of that, in French."""


@dataclass(frozen=True, slots=True)
class Proofreader:
    """What corrects posts. `names` are those of the topics."""

    journal: Journal
    elastic: Elastic
    names: Mapping[str, str]
    now: Callable[[], datetime]
    teach: Teach

    async def post(self, post_id: PostId) -> Post | None:
        """Return the post as people have corrected it, None where there is none, or it was never read.

        Raises what both stores raise.
        """
        stored = await self._stored(post_id)
        post = from_document(stored.body) if stored else None
        if post is None or post.reading is None:
            return None
        topics = self.journal.corrections.topics(post_id)
        return post if topics is None else replace(post, reading=replace(post.reading, topics=topics))

    async def correct(self, post_id: PostId, topics: Sequence[str], person: str) -> str:
        """Keep that the post is about `topics`, teach it, and return the sentence that says so.

        The daemon delivers the write. Raises what both stores raise.
        """
        stored = await self._stored(post_id)
        if stored is None:
            return CHANGED
        # The version is that of what was read, plus one: a later edit that waits for its delivery is not undone.
        write = Write(stored.index, post_id, stored.version + 1, with_topics(stored.body, topics))
        said = f"Thème corrigé : {listed([self.names[topic] for topic in topics])}." if topics else "Thème retiré."
        if not self.journal.correct(Correction(post_id, tuple(topics), person, self.now()), write):
            is_said_twice = self.journal.corrections.topics(post_id) == tuple(topics)  # a double click
            return said if is_said_twice else CHANGED
        log.info("topics_corrected", post=post_id, topics=list(topics))
        return f"{said} {await self.teach(from_document(stored.body), topics)}".rstrip()

    async def _stored(self, post_id: PostId) -> StoredDocument | None:
        found = [each async for each in self.elastic.documents({"ids": {"values": [post_id]}})]
        return found[0] if found else None
