"""Threads on loopback, written from its documentation: our account, and everything public.

    server = ThreadsServer(NOW)
    post = server.publish("La ligne de Lodève rouvre")
    server.say("Enfin !", by="marie", to=post)
    server.say("La crue à Lodève", by="paul")
    async with serving(server) as address: ...

It keeps the rules that a collector stumbles on: without the right to search it searches our own posts and says nothing;
results are in no order; lists give cursors and no next; a sensitive word finds nothing; empty searches are not counted.
"""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tests.fakes.meta_graph import GONE, Door, Refusal, paged

NAME, NUMBER = "region.exemple", "9001"
SENSITIVE = "interdit"

FULL = Refusal(613, 0, "Calls to this api have exceeded the rate limit")
LATER = Refusal(100, 0, "(#100) The parameter until must be less than or equal to the current timestamp")
NOT_ALLOWED = "(#10) Application does not have permission for this action: {} is required"


class ThreadsServer:
    """`now` is the server's time. `is_approved`: searches show what others write; `rights` are those of the token.

    `turns_pages` is False where searches give no cursor; `shows_others` where a post of others is not shown by its id.
    """

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.door = Door()
        self.is_approved = True
        self.rights = {"threads_read_replies", "threads_manage_mentions", "threads_manage_insights"}
        self.turns_pages = False
        self.shows_others = True
        self.searches_left = 2_200
        self.posts: dict[str, dict[str, Any]] = {}
        self._next = count(17_000)
        self._app = Starlette(
            routes=[
                Route("/v1.0/debug_token", self.door.debug, methods=["POST"]),
                Route("/v1.0/keyword_search", self._search),
                Route("/v1.0/{id}/threads", self._threads),
                Route("/v1.0/{id}/replies", self._replies),
                Route("/v1.0/{id}/mentions", self._mentions),
                Route("/v1.0/{id}/conversation", self._conversation),
                Route("/v1.0/{id}/threads_insights", self._insights),
                Route("/v1.0/{id}", self._node),
            ]
        )
        self.say("bonjour à tous", by="jeanne")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    def publish(self, text: str, **fields: Any) -> str:
        return self.say(text, by=NAME, **fields)

    def say(
        self, text: str, *, by: str, ago: timedelta = timedelta(minutes=5), to: str | None = None, **fields: Any
    ) -> str:
        """Somebody publishes, or answers the post `to`."""
        number = str(next(self._next))
        parent = self.posts.get(to or "", {})
        root = parent.get("root_post", {"id": to}) if to else None
        post = {
            "id": number,
            "text": text,
            "username": by,
            "permalink": f"https://www.threads.net/@{by}/post/C{number}",
            "shortcode": f"C{number}",
            "timestamp": f"{self.now - ago:%Y-%m-%dT%H:%M:%S+0000}",
            "media_type": "TEXT_POST",
            "is_reply": to is not None,
            "has_replies": False,
        }
        self.posts[number] = post | ({"replied_to": {"id": to}, "root_post": root} if to else {}) | fields
        for answered in (to, (root or {}).get("id")):
            if answered in self.posts:
                self.posts[answered]["has_replies"] = True
        return number

    def delete(self, number: str) -> None:
        del self.posts[number]

    async def _search(self, request: Request) -> JSONResponse:
        query = request.query_params
        word = query["q"].casefold()
        found = [
            post
            for post in self.posts.values()
            if word in (post.get("topic_tag", "") if query.get("search_mode") == "TAG" else post["text"]).casefold()
            and (self.is_approved or post["username"] == NAME)
            and word != SENSITIVE
        ]
        if not self.searches_left and not self.door.refusals:
            self.door.refusals.append(FULL)
        answer = self._listed(request, found, turns_pages=self.turns_pages)
        if answer.status_code == 200 and answer.body[:10] != b'{"data":[]':
            self.searches_left -= 1
        return answer

    async def _threads(self, request: Request) -> JSONResponse:
        return self._listed(request, [post for post in self._of(NAME) if not post["is_reply"]])

    async def _replies(self, request: Request) -> JSONResponse:
        return self._listed(request, [post for post in self._of(NAME) if post["is_reply"]], "threads_read_replies")

    async def _mentions(self, request: Request) -> JSONResponse:
        found = [post for post in self.posts.values() if f"@{NAME}" in post["text"]]
        return self._listed(request, found, "threads_manage_mentions")

    async def _conversation(self, request: Request) -> JSONResponse:
        root = request.path_params["id"]
        if root not in self.posts or self.posts[root]["username"] != NAME:
            return self.door.let_in(request) or GONE.answer()
        found = [post for post in self.posts.values() if post.get("root_post") == {"id": root}]
        return self._listed(
            request, sorted(found, key=lambda post: str(post["timestamp"]), reverse=True), "threads_read_replies"
        )

    async def _insights(self, request: Request) -> JSONResponse:
        if refused := self._refused(request, "threads_manage_insights"):
            return refused
        if request.query_params["metric"] == "followers_count":
            followers = {"name": "followers_count", "period": "day", "total_value": {"value": 12_000}}
            return self.door.give({"data": [followers]})
        views = {"name": "views", "period": "day", "values": [{"value": 300}, {"value": 40}]}
        likes = {"name": "likes", "period": "day", "total_value": {"value": 12}}
        return self.door.give({"data": [views, likes]})

    async def _node(self, request: Request) -> JSONResponse:
        if refused := self._refused(request):
            return refused
        number = request.path_params["id"]
        if number in {"me", NUMBER}:
            return self.door.give({"id": NUMBER, "username": NAME})
        post = self.posts.get(number)
        if post is None or (post["username"] != NAME and not self.shows_others):
            return GONE.answer()
        return self.door.give({"id": number})

    def _of(self, name: str) -> list[dict[str, Any]]:
        return [post for post in self.posts.values() if post["username"] == name]

    def _listed(
        self, request: Request, found: list[dict[str, Any]], right: str | None = None, *, turns_pages: bool = True
    ) -> JSONResponse:
        if refused := self._refused(request, right):
            return refused
        query = request.query_params
        since, until = int(query.get("since", "1688540400")), int(query.get("until", str(int(self.now.timestamp()))))
        if not 1_688_540_400 <= since < until <= self.now.timestamp():
            return LATER.answer()
        within = [post for post in found if since <= datetime.fromisoformat(post["timestamp"]).timestamp() <= until]
        if "keyword_search" in request.url.path:
            within.sort(key=lambda post: str(post["id"])[::-1])
        page = paged(request, within, most=100, has_next=False)
        if isinstance(page, Refusal):
            return page.answer()
        return self.door.give(page if turns_pages else {"data": page["data"]})

    def _refused(self, request: Request, right: str | None = None) -> JSONResponse | None:
        if refused := self.door.let_in(request):
            return refused
        if right and right not in self.rights:
            return Refusal(10, 0, NOT_ALLOWED.format(right), 403).answer()
        return None
