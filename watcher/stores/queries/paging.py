"""Posts from the latest back, page by page, over any length of time."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from watcher.stores.documents import from_document
from watcher.stores.journal.file import instant
from watcher.stores.queries.asking import Asking
from watcher.stores.queries.clauses import Clause, PlacedPost, all_of, dated, newest, placed, undated

_LOOK = timedelta(days=7)
"""How far back is looked first: to sort all that was ever said takes a second, and what is rare is sorted at once."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where a page ends: after the post `id`, which stands at `at_ms`."""

    at_ms: int
    id: str


class Paging(Asking):
    """Pages of posts. Raises what `Asking` says."""

    async def _latest(
        self,
        filters: Sequence[Clause],
        limit: int,
        until: datetime,
        *,
        since: datetime | None = None,
        after: Bookmark | None = None,
    ) -> list[PlacedPost]:
        """Return at most `limit` posts that stand in [`since`, `until`) behind `after`, the latest first."""
        start = instant(after.at_ms) if after else until
        if since is None or since < start - _LOOK:
            found = await self._placed(filters, limit, until, start - _LOOK, after)
            if len(found) == limit:
                return found
        return await self._placed(filters, limit, until, since, after)

    async def _placed(
        self,
        filters: Sequence[Clause],
        limit: int,
        until: datetime,
        since: datetime | None,
        after: Bookmark | None,
    ) -> list[PlacedPost]:
        behind: dict[str, Any] = {"search_after": [after.at_ms, after.id]} if after else {}

        async def standing(time_field: str, clause: Clause) -> list[PlacedPost]:
            begin: list[Clause] = [{"range": {time_field: {"gte": since.isoformat()}}}] if since else []
            answer = await self._search(
                size=limit,
                track_total_hits=False,
                query=all_of(clause, *begin, *filters),
                sort=newest(time_field),
                **behind,
            )
            return [placed(from_document(hit["_source"]), until) for hit in answer["hits"]["hits"]]

        by_date, by_collection = await asyncio.gather(
            standing("published_at", dated(until)), standing("collected_at", undated(until))
        )
        both = sorted([*by_date, *by_collection], key=lambda each: (each.at, each.post.id), reverse=True)
        return both[:limit]
