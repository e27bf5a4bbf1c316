"""A Page as the Graph API gives it, on loopback.

    server = PageServer()
    post = server.publish("La ligne de Lodève rouvre")
    comment = server.comment(post, "Enfin !", by="77")
    server.comment(post, "Merci", by=PAGE, to=comment)
    async with serving(server) as address: ...

It keeps the rules that a collector stumbles on: lists are ranked, not in order; comments are top-level unless asked
for as a stream; a person's token sees posts and no comments; one id that is gone makes Meta refuse all of a call.
"""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tests.fakes.meta_graph import GONE, Door, Refusal, bearer, paged

PAGE = "112130216863063"
PAGE_TOKEN = "jeton-de-la-page"
NAME = "region.exemple"
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TOO_MUCH = Refusal(1, 0, "Please reduce the amount of data you're asking for, then retry your request", 500)


class PageServer:
    """`heaviest` is the size of page beyond which Meta asks for less; `is_hollow` puts an empty page before each list.

    `shows_comments` is False for a token without the right: comments are counted and not shown. `gives_page_token` is
    False for the token of somebody who has no role on the Page. `hides_others` refuses a post that tags us when it is
    asked for by its id, `closed_tags` the list of them.
    """

    def __init__(self) -> None:
        self.door = Door()
        self.door.tokens.add(PAGE_TOKEN)
        self.posts: dict[str, dict[str, Any]] = {}
        self.tagged: dict[str, dict[str, Any]] = {}
        self.comments: dict[str, list[dict[str, Any]]] = {}
        self.heaviest = 100
        self.is_hollow = False
        self.shows_comments = True
        self.gives_page_token = True
        self.hides_others: Refusal | None = None
        self.closed_tags: Refusal | None = None
        self.followers = 175_000
        self._next = count(1_000_000)
        self._app = Starlette(
            routes=[
                Route("/v25.0/debug_token", self.door.debug, methods=["POST"]),
                Route("/v25.0/", self._many),
                Route("/v25.0/{id}/feed", self._feed),
                Route("/v25.0/{id}/tagged", self._tagged),
                Route("/v25.0/{id}/comments", self._comments),
                Route("/v25.0/{id}", self._node),
            ]
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    def publish(self, message: str, *, by: str = PAGE, at: datetime = NOW, **fields: Any) -> str:
        """Somebody publishes on the Page: the Page itself, or a visitor."""
        post = self._written(f"{PAGE}_{next(self._next)}", message, by, at, fields)
        self.posts[post["id"]] = {"is_published": True, "updated_time": post["created_time"], **post}
        self.comments[post["id"]] = []
        return str(post["id"])

    def tag(self, message: str, *, by: str, at: datetime = NOW, **fields: Any) -> str:
        """Somebody publishes elsewhere, and names the Page."""
        post = self._written(f"{by}_{next(self._next)}", message, by, at, fields)
        self.tagged[post["id"]] = post
        return str(post["id"])

    def comment(
        self, post: str, message: str, *, by: str = "77", at: datetime = NOW, to: str | None = None, **fields: Any
    ) -> str:
        """Somebody comments on a post, or answers the comment `to`. Meta says that the post moved, but for answers."""
        made = self._written(f"{post.partition('_')[2]}_{next(self._next)}", message, by, at, fields)
        self.comments[post].append({**made, **({"parent": {"id": to}} if to else {})})
        if not to:
            self.posts[post]["updated_time"] = wire_time(at)
        return str(made["id"])

    def edit(self, comment: str, message: str) -> None:
        """Somebody edits a comment: Meta tells nowhere that it did change."""
        next(one for one in self._all_comments() if one["id"] == comment)["message"] = message

    def delete(self, native_id: str) -> None:
        """A post or a comment vanishes, and what hangs on it."""
        self.posts.pop(native_id, None)
        self.tagged.pop(native_id, None)
        self.comments.pop(native_id, None)
        for post, comments in self.comments.items():
            kept = [one for one in comments if native_id not in (one["id"], one.get("parent", {}).get("id"))]
            self.comments[post] = kept

    def _written(self, native_id: str, message: str, by: str, at: datetime, fields: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": native_id,
            "message": message,
            "created_time": wire_time(at),
            "from": {"id": by, "name": "Prénom Nom"},
            "permalink_url": f"https://www.facebook.com/{native_id}",
            **fields,
        }

    def _all_comments(self) -> list[dict[str, Any]]:
        return [comment for comments in self.comments.values() for comment in comments]

    async def _node(self, request: Request) -> JSONResponse:
        if refused := self.door.let_in(request):
            return refused
        if request.path_params["id"] not in (PAGE, NAME):
            return GONE.answer()
        told: dict[str, Any] = {"id": PAGE, "name": "Région Exemple", "followers_count": self.followers}
        if "access_token" in request.query_params["fields"] and self.gives_page_token:
            told["access_token"] = PAGE_TOKEN
        return self.door.give(told)

    async def _many(self, request: Request) -> JSONResponse:
        if refused := self.door.let_in(request):
            return refused
        ids = request.query_params["ids"].split(",")
        if self.hides_others and not self.tagged.keys().isdisjoint(ids):
            return self.hides_others.answer()
        there = {*self.posts, *self.tagged}
        if self.shows_comments:
            there |= {one["id"] for one in self._all_comments()}
        if not there.issuperset(ids):
            return GONE.answer()
        return self.door.give({one: {"id": one} for one in ids})

    async def _feed(self, request: Request) -> JSONResponse:
        return self._list(request, [*self.posts.values(), *self.tagged.values()])

    async def _tagged(self, request: Request) -> JSONResponse:
        if self.closed_tags:
            return self.door.let_in(request) or self.closed_tags.answer()
        return self._list(request, [*self.tagged.values()])

    def _list(self, request: Request, posts: list[dict[str, Any]]) -> JSONResponse:
        if refused := self.door.let_in(request):
            return refused
        since = datetime.fromtimestamp(int(request.query_params.get("since", "0")), UTC)
        until = datetime.fromtimestamp(int(request.query_params.get("until", "4000000000")), UTC)
        within = [post for post in posts if since <= datetime.fromisoformat(post["created_time"]) < until]
        ranked = sorted(within, key=lambda post: post["id"][::-1])
        return self._paged(request, [self._counted(post, request) for post in ranked])

    def _counted(self, post: dict[str, Any], request: Request) -> dict[str, Any]:
        comments = self.comments.get(post["id"], [])
        is_listed = "comments.filter(stream).limit(1)" in request.query_params["fields"]
        shown = [{"id": comments[0]["id"]}] if is_listed and comments and self._may_see_comments(request) else []
        return {
            **post,
            "reactions": {"data": [], "summary": {"total_count": 12}},
            "comments": {"data": shown, "summary": {"order": "ranked", "total_count": len(comments)}},
        }

    async def _comments(self, request: Request) -> JSONResponse:
        if refused := self.door.let_in(request):
            return refused
        if request.path_params["id"] not in self.comments:
            return GONE.answer()
        comments = self.comments[request.path_params["id"]] if self._may_see_comments(request) else []
        if request.query_params.get("filter") != "stream":
            comments = [one for one in comments if "parent" not in one]
        is_reversed = request.query_params.get("order") == "reverse_chronological"
        return self._paged(request, sorted(comments, key=lambda one: str(one["created_time"]), reverse=is_reversed))

    def _may_see_comments(self, request: Request) -> bool:
        return self.shows_comments and bearer(request) == PAGE_TOKEN

    def _paged(self, request: Request, items: list[dict[str, Any]]) -> JSONResponse:
        if int(request.query_params["limit"]) > self.heaviest:
            return TOO_MUCH.answer()
        page = paged(request, items, most=100, hollow=self.is_hollow)
        return page.answer() if isinstance(page, Refusal) else self.door.give(page)


def wire_time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S+0000")


def days(number: float) -> timedelta:
    return timedelta(days=number)
