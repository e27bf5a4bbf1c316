"""Our Instagram account as the Graph API gives it, on loopback, and the hashtags that it may ask for.

    server = AccountServer()
    medium = server.publish("La ligne de Lodève rouvre")
    comment = server.comment(medium, "Enfin !", by="passante")
    server.comment(medium, "Merci", by=US, to=comment)
    server.hashtag("occitanie", [medium_of_somebody(NOW)])
    async with serving(server) as address: ...

It keeps the rules that a collector stumbles on: comments are top-level and their answers come inside, a few at a time;
tags have cursors and no `next`; a hashtag shows the last 24 hours in no strict order, without authors, and its cursor
stays the same; thirty hashtags in seven days, then a refusal; no medium of somebody else's is found by its id.
"""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tests.fakes.facebook import NAME, NOW, PAGE, wire_time
from tests.fakes.meta_graph import GONE, Door, Refusal, paged

ACCOUNT = "17841406338772941"
US = "region.exemple"
QUOTA = Refusal(18, 2207034, "This API call could not be completed due to resource limits")
CURSOR = "NTAyYmE4"
UNKNOWN = Refusal(24, 2207024, "The requested resource does not exist")


class AccountServer:
    """`now` is the server's time. `answers_inside` is how many answers come with a comment; the others are an edge's.

    `shows_comments` and `shows_reach` are False for a token without the right, `is_linked` for a Page without account.
    """

    def __init__(self) -> None:
        self.now = NOW
        self.door = Door()
        self.media: dict[str, dict[str, Any]] = {}
        self.tagged: dict[str, dict[str, Any]] = {}
        self.comments: dict[str, list[dict[str, Any]]] = {}
        self.hashtags: dict[str, list[dict[str, Any]]] = {}
        self.searched: dict[str, datetime] = {}
        self.answers_inside = 25
        self.shows_comments = True
        self.is_linked = True
        self.shows_reach = True
        self._turned = 0
        self._next = count(17_900_000_000_000_000)
        self._app = Starlette(
            routes=[
                Route("/v25.0/debug_token", self.door.debug, methods=["POST"]),
                Route("/v25.0/ig_hashtag_search", self._search),
                Route("/v25.0/", self._many),
                Route("/v25.0/{id}/media", self._media),
                Route("/v25.0/{id}/tags", self._tags),
                Route("/v25.0/{id}/comments", self._comments),
                Route("/v25.0/{id}/replies", self._replies),
                Route("/v25.0/{id}/insights", self._insights),
                Route("/v25.0/{id}/recent_media", self._recent),
                Route("/v25.0/{id}", self._node),
            ]
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    def publish(self, caption: str, *, at: datetime = NOW) -> str:
        """We publish a medium."""
        medium = self._written({"caption": caption, "username": US, "media_type": "IMAGE"}, at)
        self.media[medium["id"]] = medium
        self.comments[medium["id"]] = []
        return str(medium["id"])

    def tag(self, caption: str, *, by: str, at: datetime = NOW) -> str:
        """Somebody publishes a medium and tags us in it."""
        medium = self._written({"caption": caption, "username": by, "media_type": "IMAGE"}, at)
        self.tagged[medium["id"]] = medium
        return str(medium["id"])

    def comment(self, medium: str, text: str, *, by: str, at: datetime = NOW, to: str | None = None) -> str:
        """Somebody comments on a medium of ours, or answers the comment `to`."""
        made = self._written({"text": text, "username": by, "like_count": 1}, at)
        self.comments[medium].append({**made, **({"parent_id": to} if to else {})})
        return str(made["id"])

    def hashtag(self, name: str, captions: list[tuple[str, datetime]]) -> None:
        """Strangers publish under a hashtag."""
        self.hashtags[name] = [
            self._written({"caption": caption, "like_count": 3, "comments_count": 2}, at) for caption, at in captions
        ]

    def delete(self, native_id: str) -> None:
        """A medium or a comment vanishes, and what hangs on it."""
        self.media.pop(native_id, None)
        self.tagged.pop(native_id, None)
        self.comments.pop(native_id, None)
        for medium, comments in self.comments.items():
            self.comments[medium] = [one for one in comments if native_id not in (one["id"], one.get("parent_id"))]

    def _written(self, fields: dict[str, Any], at: datetime) -> dict[str, Any]:
        number = str(next(self._next))
        return {
            "id": number,
            "timestamp": wire_time(at),
            "permalink": f"https://www.instagram.com/p/{number}/",
            **fields,
        }

    def _all_comments(self) -> list[dict[str, Any]]:
        return [comment for comments in self.comments.values() for comment in comments] if self.shows_comments else []

    async def _node(self, request: Request) -> JSONResponse:
        if refused := self.door.let_in(request):
            return refused
        if request.path_params["id"] in (PAGE, NAME):
            linked = {"instagram_business_account": {"id": ACCOUNT, "username": US}} if self.is_linked else {}
            return self.door.give({"id": PAGE, **linked})
        if request.path_params["id"] == ACCOUNT:
            return self.door.give({"id": ACCOUNT, "username": US, "followers_count": 99_000, "media_count": 427})
        return GONE.answer()

    async def _many(self, request: Request) -> JSONResponse:
        if refused := self.door.let_in(request):
            return refused
        ids = request.query_params["ids"].split(",")
        ours = {*self.media, *(one["id"] for one in self._all_comments())}
        return self.door.give({one: {"id": one} for one in ids}) if ours.issuperset(ids) else GONE.answer()

    async def _media(self, request: Request) -> JSONResponse:
        since = datetime.fromtimestamp(int(request.query_params.get("since", "0")), UTC)
        until = datetime.fromtimestamp(int(request.query_params.get("until", "4000000000")), UTC)
        within = [one for one in self.media.values() if since <= datetime.fromisoformat(one["timestamp"]) < until]
        return self._paged(request, [self._counted(one) for one in reversed(within)])

    def _counted(self, medium: dict[str, Any]) -> dict[str, Any]:
        comments = self.comments[medium["id"]]
        shown = {"comments": {"data": [{"id": comments[0]["id"]}]}} if comments and self.shows_comments else {}
        return {**medium, "like_count": 7, "comments_count": len(comments), **shown}

    async def _tags(self, request: Request) -> JSONResponse:
        newest_first = sorted(self.tagged.values(), key=lambda one: str(one["timestamp"]), reverse=True)
        return self._paged(request, newest_first, has_next=False)

    async def _comments(self, request: Request) -> JSONResponse:
        medium = request.path_params["id"]
        if medium not in self.comments:
            return self.door.let_in(request) or GONE.answer()
        comments = self.comments[medium] if self.shows_comments else []
        top = [self._with_answers(one, comments) for one in reversed(comments) if "parent_id" not in one]
        return self._paged(request, top)

    def _with_answers(self, comment: dict[str, Any], comments: list[dict[str, Any]]) -> dict[str, Any]:
        answers = [{k: v for k, v in one.items() if k != "parent_id"} for one in _answers(comment["id"], comments)]
        if not answers:
            return comment
        paging = {"paging": {"next": "https://graph.facebook.com/"}} if len(answers) > self.answers_inside else {}
        return {**comment, "replies": {"data": answers[: self.answers_inside], **paging}}

    async def _replies(self, request: Request) -> JSONResponse:
        return self._paged(request, _answers(request.path_params["id"], self._all_comments()))

    async def _insights(self, request: Request) -> JSONResponse:
        if refused := self.door.let_in(request):
            return refused
        if not self.shows_reach:
            return Refusal(10, 0, "requires the 'instagram_manage_insights' permission").answer()
        return self.door.give({"data": [{"name": "reach", "period": "day", "total_value": {"value": 4_321}}]})

    async def _search(self, request: Request) -> JSONResponse:
        if refused := self.door.let_in(request):
            return refused
        assert request.query_params["user_id"] == ACCOUNT
        name = request.query_params["q"]
        if name not in self.hashtags:
            return UNKNOWN.answer()
        return self.door.give({"data": [{"id": self._number(name)}]})

    async def _recent(self, request: Request) -> JSONResponse:
        name = next(one for one in self.hashtags if self._number(one) == request.path_params["id"])
        assert request.query_params["user_id"] == ACCOUNT
        assert "username" not in request.query_params["fields"], "a hashtag's media have no author"
        self.searched = {one: at for one, at in self.searched.items() if at > self.now - timedelta(days=7)}
        if name not in self.searched and len(self.searched) >= 30:
            return self.door.let_in(request) or QUOTA.answer()
        if refused := self.door.let_in(request):
            return refused
        self.searched.setdefault(name, self.now)
        oldest = self.now - timedelta(days=1)
        recent = [one for one in self.hashtags[name] if datetime.fromisoformat(one["timestamp"]) > oldest]
        start = self._turned if "after" in request.query_params else 0
        self._turned = start + int(request.query_params["limit"])
        following = f"https://graph.facebook.com{request.url.path}?access_token=x&after={CURSOR}"
        paging = {"cursors": {"after": CURSOR}, **({"next": following} if self._turned < len(recent) else {})}
        return self.door.give({"data": recent[start : self._turned], "paging": paging})

    @staticmethod
    def _number(name: str) -> str:
        return "178" + "".join(str(ord(letter)) for letter in name)

    def _paged(self, request: Request, items: list[dict[str, Any]], *, has_next: bool = True) -> JSONResponse:
        if refused := self.door.let_in(request):
            return refused
        page = paged(request, items, most=50, has_next=has_next)
        return page.answer() if isinstance(page, Refusal) else self.door.give(page)


def _answers(comment: str, comments: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in comments if one.get("parent_id") == comment]
