"""Instagram: our own account, its comments with their answers, who tags it; or hashtags asked for in its name.

    lists of media (account) → posts → those whose comments are due (meta_graph/followed) → comments → posts
    hashtags → posts without authors

Mentions in the captions and comments of others are pushed to a webhook and can never be asked for: the gap ledger says
so. See deploy/decisions/014-meta.md.
"""

from collections.abc import AsyncIterator, Collection, Mapping
from datetime import datetime
from typing import ClassVar

from watcher.budget import Cost
from watcher.collectors.instagram.account import OwnAccount
from watcher.collectors.instagram.hashtags import hashtag_pages
from watcher.collectors.instagram.settings import InstagramSettings
from watcher.errors import BudgetSpent, Permanent, Transient
from watcher.meta_graph.account import CALLS_A_RUN, present_pages
from watcher.meta_graph.gone import calls_of, gone_among
from watcher.meta_graph.graph import ADDRESS, Graph, expires_at
from watcher.meta_graph.past import past_pages
from watcher.model import AccountFigures, Cursor, GapCause, Page, Unheard
from watcher.ports import Fetch, Response


class Collector:
    """Reads our account, or hashtags, a source. `address` is where Meta answers, without the version."""

    name: ClassVar[str] = "instagram"
    Settings: ClassVar[type[InstagramSettings]] = InstagramSettings

    def __init__(self, address: str = ADDRESS, calls_a_run: int = CALLS_A_RUN) -> None:
        self._address = address
        self._calls_a_run = calls_a_run

    async def pages(
        self, fetch: Fetch, settings: InstagramSettings, cursor: Cursor | None, now: datetime
    ) -> AsyncIterator[Page]:
        """Yield the media of the followed days, then the comments that are due; or what each hashtag that is due gives.

        Raises what `Graph` raises, and `Refused` for hashtags that Instagram does not let through, once the others are
        read.
        """
        graph = self._graph(fetch, settings)
        account = await OwnAccount.open(graph, settings)
        if settings.hashtags:
            async for given in hashtag_pages(graph, account.id, settings.hashtags, cursor, now):
                yield given
            return
        mentions = Unheard(now, GapCause.CLOSED)
        async for given in present_pages(
            account, cursor, settings.days, now, is_enough=lambda: graph.asked >= self._calls_a_run, never=(mentions,)
        ):
            yield given

    async def backfill(
        self, fetch: Fetch, settings: InstagramSettings, since: datetime, until: datetime, cursor: Cursor | None
    ) -> AsyncIterator[Page]:
        """Yield the media and comments of [`since`, `until`); of hashtags, that nothing can be heard of then.

        Raises what `Graph` raises.
        """
        if settings.hashtags:
            yield Page((), Cursor("{}"), is_unchanged=True, unheard=(Unheard(until, GapCause.FORGOTTEN, since),))
            return
        account = await OwnAccount.open(self._graph(fetch, settings), settings)
        async for given in past_pages(account, since, until, settings.days, cursor):
            yield given

    async def still_there(self, fetch: Fetch, settings: InstagramSettings, ids: Collection[str]) -> frozenset[str]:
        """Return those of `ids` that are gone. Meta says the same of what a token may not see: nothing is, then.

        A hashtag's media cannot be asked for again.
        """
        if settings.hashtags:
            return frozenset()
        try:
            graph = self._graph(fetch, settings)
            account = await OwnAccount.open(graph, settings)
            if not ids or not await account.shows_all():
                return frozenset()
            return await gone_among(graph, ids, f"{account.id}/tags", by_cursor=True)
        except BudgetSpent:
            raise
        except (Transient, Permanent):
            return frozenset()

    async def figures(self, fetch: Fetch, settings: InstagramSettings, now: datetime) -> tuple[AccountFigures, ...]:
        """Return the figures of our account, none of hashtags. Raises what `Graph` raises."""
        if settings.hashtags:
            return ()
        account = await OwnAccount.open(self._graph(fetch, settings), settings)
        return (await account.counted(),)

    async def expires_at(self, fetch: Fetch, settings: InstagramSettings, now: datetime) -> datetime | None:
        """Return when the token, or its right to read, ends. Raises what `Graph` raises."""
        return await expires_at(self._graph(fetch, settings), settings.token)

    def price(self, settings: InstagramSettings, url: str, params: Mapping[str, str]) -> Cost:
        """Return the calls that Meta counts for one of ours."""
        return Cost(calls=calls_of(params))

    def paid(self, settings: InstagramSettings, url: str, params: Mapping[str, str], answer: Response) -> Cost:
        """Return what was said before: Meta counts calls, whatever they bring."""
        return self.price(settings, url, params)

    def _graph(self, fetch: Fetch, settings: InstagramSettings) -> Graph:
        return Graph(fetch, f"{self._address}/{settings.version}", settings.token)
