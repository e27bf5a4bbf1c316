"""One Page of ours as it answers: its lists of posts, the comments under one of them, its figures."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from watcher.collectors.facebook.posts import COMMENT_FIELDS, POST_FIELDS, comments_of, listed, posts_of, times_of
from watcher.collectors.facebook.settings import PageSettings
from watcher.errors import Malformed, SourceGone
from watcher.meta_graph.followed import Listed
from watcher.meta_graph.graph import Graph, GraphPage
from watcher.meta_graph.items import Mapped
from watcher.meta_graph.refusals import Missing, RightMissing
from watcher.meta_graph.values import count_of, id_of, summed
from watcher.model import AccountFigures
from watcher.secrets import Secret
from watcher.wire import mapping_of, words_of

POSTS_A_PAGE = 50
"""Of the 100 that Meta gives at most: posts are heavy with their counts."""
MOST_POST_PAGES = 60

COMMENTS_A_PAGE = 100
MOST_COMMENT_PAGES = 100
"""Ten thousand comments: beyond, Meta itself gives up turning pages."""


class OwnPage:
    """A Page and its number, asked through `graph`: an `Account`. Raises as `Graph` does."""

    lists = ("feed", "tagged")
    """What the Page publishes and visitors write there; what others publish elsewhere that names it."""

    def __init__(self, graph: Graph, page_id: str) -> None:
        self._graph = graph
        self.id = page_id

    @classmethod
    async def open(cls, graph: Graph, settings: PageSettings) -> "OwnPage":
        """Return the Page of `settings`, asked from now on with its own token where ours is that of who manages it.

        Only a Page's own token is shown who wrote.
        """
        try:
            told = await graph.node(settings.page, {"fields": "id,access_token"})
        except Missing as error:
            raise SourceGone(
                f"Meta ne trouve pas la Page « {settings.page} » : vérifiez son nom, et que le jeton est bien le sien."
            ) from error
        page_id, token = id_of(told.get("id")), told.get("access_token")
        if page_id is None:
            raise Malformed("Meta répond autre chose qu'une Page.")
        if isinstance(token, str) and token:
            graph.speaking_as(Secret(token))
        return cls(graph, page_id)

    async def posts(self, edge: str, since: datetime, until: datetime | None = None) -> AsyncIterator[GraphPage]:
        """Yield the posts of a list since `since`: Meta gives them ranked, so the whole window is walked."""
        window = {"since": str(int(since.timestamp()))}
        if until:
            window["until"] = str(int(until.timestamp()))
        params = {"fields": POST_FIELDS, **window}
        async for page in self._graph.pages(f"{self.id}/{edge}", params, size=POSTS_A_PAGE, most=MOST_POST_PAGES):
            yield page

    def posts_of(self, items: Iterable[object], edge: str) -> Mapped:
        """Return the posts among `items`."""
        return posts_of(items, self.id)

    def listed(self, items: Iterable[object]) -> Iterator[Listed]:
        """Return what `items` say of their comments."""
        return listed(items, self.id)

    def comments_of(self, items: Iterable[object], post_id: str) -> Mapped:
        """Return the comments among `items`."""
        return comments_of(items, post_id, self.id)

    async def comments(self, post_id: str, counted: int, since: datetime | None) -> AsyncIterator[GraphPage]:
        """Yield the comments of a post with all their replies, newest first; all of them where `since` is None.

        With `since` the reading ends at a page that is older, if it is in order: else everything is read. Raises
        `RightMissing` too where comments are `counted` and none is shown, as to a token without the right.
        """
        params = {"fields": COMMENT_FIELDS, "filter": "stream", "order": "reverse_chronological"}
        edge = f"{post_id}/comments"
        is_empty = True
        async for page in self._graph.pages(edge, params, size=COMMENTS_A_PAGE, most=MOST_COMMENT_PAGES):
            is_empty = is_empty and not page.items
            yield page
            if since and _is_behind(times_of(page.items), since):
                return
        if is_empty and counted > 0:
            raise RightMissing(
                "Meta compte des commentaires et n'en montre aucun : le jeton doit être celui de la Page, avec le "
                "droit pages_read_user_content (developers.facebook.com/apps ; LISEZMOI.md, « Meta »)."
            )

    async def shows_all(self) -> bool:
        """Tell whether the token still shows posts and their comments: a lost right looks like everything deleted."""
        params = {"fields": "id,comments.filter(stream).limit(1).summary(true){id}", "limit": "25"}
        items = (await self._graph.node(f"{self.id}/feed", params)).get("data")
        edges = [mapping_of(mapping_of(item).get("comments")) for item in items] if isinstance(items, list) else []
        is_told, is_shown = any(summed(edge) for edge in edges), any(edge.get("data") for edge in edges)
        return bool(edges) and (is_shown or not is_told)

    async def counted(self) -> AccountFigures:
        """Return how many follow the Page."""
        told = await self._graph.node(self.id, {"fields": "name,followers_count,fan_count"})
        name = words_of(told.get("name")) or self.id
        followers = count_of(told.get("followers_count"))
        return AccountFigures(name, followers=count_of(told.get("fan_count")) if followers is None else followers)


def _is_behind(times: Sequence[datetime], since: datetime) -> bool:
    """Tell whether a page that is in order, newest first, reaches behind `since`."""
    return bool(times) and times[-1] < since and all(one >= other for one, other in pairwise(times))
