"""Somebody's right to be forgotten: found, erased everywhere, and kept from coming back (reliability.md 8)."""

import random
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from watcher.drain import drain
from watcher.errors import Unreachable
from watcher.model import PostId
from watcher.ports import Clock
from watcher.privacy import Pseudonyms
from watcher.stores.elastic import Elastic
from watcher.stores.journal import Journal

_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did: posts found and erased, and writes that Elasticsearch has not taken yet.

    `examples` of the team's file are still in it though they must leave it.
    """

    found: int
    waiting: int
    examples: int = 0


async def erase(
    journal: Journal,
    elastic: Elastic | None,
    pseudonyms: Pseudonyms,
    clock: Clock,
    *,
    posts: Collection[str] = (),
    author: str = "",
    platform: str = "",
) -> Erased:
    """Erase posts, given by id or by address, and everything that `author` wrote on `platform`.

    Without `elastic` the deletions wait in the outbox. Raises `Unreachable` when an address is then asked for, since
    only Elasticsearch knows addresses, and what both stores raise.
    """
    ids = {PostId(key) for key in posts if _ID.fullmatch(key)}
    addresses = set(posts) - ids
    if addresses and elastic is None:
        raise Unreachable(
            "Elasticsearch est arrêté, et lui seul connaît l'adresse des messages : rien n'a été effacé. Démarrez-le "
            "(watcher es start), ou donnez l'identifiant du message."
        )
    # A public account stood in clear while the team listed it.
    authors = [str(pseudonyms.hash_of(platform, author)), author.lstrip("@")] if author else []
    if elastic is not None:
        query = None if addresses else meant(ids, authors)
        stored = [
            each
            async for each in elastic.documents(query)
            if each.id in ids or each.body.get("author") in authors or each.body.get("url") in addresses
        ]
        journal.forget([each.write(None, clock.now()) for each in stored])
        ids |= {each.id for each in stored}
    known = journal.erase(ids, authors, [author] if author else [], clock.now())
    if elastic is not None:
        await drain(journal, elastic, clock, random.SystemRandom())
        await elastic.expunge()
    return Erased(known, journal.waiting())


def meant(ids: Collection[PostId], authors: Collection[str]) -> Mapping[str, Any]:
    """Return the query for the posts of these ids or authors."""
    return {"bool": {"should": [{"terms": {"id": sorted(ids)}}, {"terms": {"author": sorted(authors)}}]}}
