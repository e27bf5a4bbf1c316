"""Our own account as it answers: its media, where it is tagged, the comments under one medium, its figures."""

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import datetime

from watcher.collectors.instagram.media import (
    COMMENT_FIELDS,
    MEDIA_FIELDS,
    Us,
    comments_of,
    listed,
    own_media_of,
    tagged_media_of,
    times_of,
)
from watcher.collectors.instagram.settings import InstagramSettings
from watcher.errors import AuthRefused, Refused, SourceGone
from watcher.meta_graph.followed import Listed
from watcher.meta_graph.graph import Graph, GraphPage
from watcher.meta_graph.items import Mapped
from watcher.meta_graph.refusals import Missing, RightMissing
from watcher.meta_graph.values import count_of, id_of
from watcher.model import AccountFigures
from watcher.wire import mapping_of, words_of

MEDIA_A_PAGE = 50
MOST_MEDIA_PAGES = 60
"""Three thousand media, or media that tag us: more than a year of either."""

COMMENTS_A_PAGE = 50
MOST_COMMENT_PAGES = 100


class OwnAccount:
    """Our account, asked through `graph`: an `Account`. Raises as `Graph` does."""

    lists = ("media", "tags")
    """What the account publishes; what others publish and tag it in."""

    def __init__(self, graph: Graph, us: Us) -> None:
        self._graph = graph
        self._us = us

    @classmethod
    async def open(cls, graph: Graph, settings: InstagramSettings) -> "OwnAccount":
        """Return the account that is linked to the Page of `settings`."""
        fields = "instagram_business_account{id,username}"
        try:
            told = await graph.node(settings.page, {"fields": fields})
        except Missing as error:
            raise SourceGone(
                f"Meta ne trouve pas la Page « {settings.page} » : vérifiez son nom, et les droits du jeton."
            ) from error
        account = mapping_of(told.get("instagram_business_account"))
        account_id = id_of(account.get("id"))
        if account_id is None:
            raise AuthRefused(
                f"Meta ne montre aucun compte Instagram lié à la Page « {settings.page} » : il faut un compte "
                "professionnel lié à cette Page, et le droit instagram_basic (LISEZMOI.md, « Meta »)."
            )
        return cls(graph, Us(account_id, words_of(account.get("username"))))

    @property
    def id(self) -> str:
        """The number of the account."""
        return self._us.id

    async def posts(self, edge: str, since: datetime, until: datetime | None = None) -> AsyncIterator[GraphPage]:
        """Yield the media of a list. Tags know no dates: they are walked until a whole page is older than `since`."""
        params = {"fields": MEDIA_FIELDS}
        if edge == "media":
            params["since"] = str(int(since.timestamp()))
            if until:
                params["until"] = str(int(until.timestamp()))
        by_cursor = edge == "tags"
        walk = self._graph.pages(
            f"{self.id}/{edge}", params, size=MEDIA_A_PAGE, most=MOST_MEDIA_PAGES, by_cursor=by_cursor
        )
        async for page in walk:
            yield page
            times = times_of(page.items)
            if by_cursor and times and max(times) < since:
                return

    async def comments(self, post_id: str, counted: int, since: datetime | None) -> AsyncIterator[GraphPage]:
        """Yield all comments of a medium, each with its answers: they are in no order of dates, so `since` is no help.

        Raises `RightMissing` too where comments are `counted` and none is shown, as to a token without the right.
        """
        params = {"fields": f"{COMMENT_FIELDS},replies.limit(50){{{COMMENT_FIELDS}}}"}
        is_empty = True
        async for page in self._graph.pages(
            f"{post_id}/comments", params, size=COMMENTS_A_PAGE, most=MOST_COMMENT_PAGES
        ):
            is_empty = is_empty and not page.items
            items: list[object] = []
            for comment in page.items:
                items += [comment, *[answer async for answer in self._answers(comment)]]
            yield GraphPage(tuple(items), page.is_clipped)
        if is_empty and counted > 0:
            raise RightMissing(
                "Instagram compte des commentaires et n'en montre aucun : le jeton doit avoir le droit "
                "instagram_manage_comments (developers.facebook.com/apps ; LISEZMOI.md, « Meta »)."
            )

    async def _answers(self, comment: object) -> AsyncIterator[object]:
        """Yield the answers to `comment`: those that came with it, or all where there are more, each naming it."""
        comment_id, replies = id_of(mapping_of(comment).get("id")), mapping_of(mapping_of(comment).get("replies"))
        given = replies.get("data")
        answers = list(given) if isinstance(given, list) else []
        if comment_id and mapping_of(replies.get("paging")).get("next"):
            walk = self._graph.pages(
                f"{comment_id}/replies", {"fields": COMMENT_FIELDS}, size=COMMENTS_A_PAGE, most=MOST_COMMENT_PAGES
            )
            answers = [item async for page in walk for item in page.items]
        for answer in answers:
            yield {"parent_id": comment_id, **answer} if isinstance(answer, dict) else answer

    def posts_of(self, items: Iterable[object], edge: str) -> Mapped:
        """Return the media among `items`."""
        return own_media_of(items, self._us) if edge == "media" else tagged_media_of(items, self._us)

    def listed(self, items: Iterable[object]) -> Iterator[Listed]:
        """Return what `items` say of their comments."""
        return listed(items)

    def comments_of(self, items: Iterable[object], post_id: str) -> Mapped:
        """Return the comments among `items`."""
        return comments_of(items, post_id, self._us)

    async def shows_all(self) -> bool:
        """Tell whether the token still shows media and their comments: a lost right looks like everything deleted."""
        params = {"fields": "id,comments_count,comments.limit(1){id}", "limit": "25"}
        items = (await self._graph.node(f"{self.id}/media", params)).get("data")
        media = [mapping_of(item) for item in items] if isinstance(items, list) else []
        is_told = any(count_of(item.get("comments_count")) for item in media)
        is_shown = any(mapping_of(item.get("comments")).get("data") for item in media)
        return bool(media) and (is_shown or not is_told)

    async def counted(self) -> AccountFigures:
        """Return how many follow the account, its media, and its reach, None where the token may not see it."""
        told = await self._graph.node(self.id, {"fields": "username,followers_count,media_count"})
        return AccountFigures(
            account=words_of(told.get("username")) or self.id,
            followers=count_of(told.get("followers_count")),
            posts=count_of(told.get("media_count")),
            reach=await self._reach(),
        )

    async def _reach(self) -> int | None:
        params = {"metric": "reach", "period": "day", "metric_type": "total_value"}
        try:
            told = (await self._graph.node(f"{self.id}/insights", params)).get("data")
        except (RightMissing, Refused, SourceGone):
            return None
        first = mapping_of(told[0]) if isinstance(told, list) and told else {}
        return count_of(mapping_of(first.get("total_value")).get("value"))
