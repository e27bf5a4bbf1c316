"""Reddit on loopback: a session for an approved application, listings by full names, closed forums, limits in headers.

Shapes are those of Reddit's listings: texts in Markdown with an HTML twin, times as decimal seconds.
"""

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Receive, Scope, Send

KEY, SECRET = "cle", "secret"


@dataclass
class Thing:
    """A link, or a comment where it has a `parent`."""

    name: str
    words: str
    at: datetime
    parent: str = ""
    forum: str = "toulouse"
    author: str = "marie"
    is_deleted: bool = False


class FakeReddit:
    """`closed` forums answer with a reason. `left` is how many calls remain; `is_blocking` answers a page of HTML."""

    def __init__(self) -> None:
        self.things: list[Thing] = []
        self.closed: dict[str, str] = {}
        self.left = 600.0
        self.is_approved = True
        self.is_blocking = False
        self.asked: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        answer = await self._token(request) if scope["method"] == "POST" else self._listing(request)
        await answer(scope, receive, send)

    async def _token(self, request: Request) -> Response:
        pair = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
        if not self.is_approved or request.headers["authorization"] != f"Basic {pair}":
            return JSONResponse({"message": "Unauthorized", "error": 401}, 401)
        assert await request.body() == b"grant_type=client_credentials"
        return JSONResponse({"access_token": "jeton", "token_type": "bearer", "expires_in": 86400, "scope": "*"})

    def _listing(self, request: Request) -> Response:
        path, query = request.url.path.strip("/"), request.query_params
        self.asked.append(path)
        if self.is_blocking:
            return HTMLResponse("<html>blocked</html>", 403)
        if request.headers.get("authorization") != "bearer jeton":
            return JSONResponse({"message": "Unauthorized", "error": 401}, 401)
        limits = {"X-Ratelimit-Remaining": str(self.left), "X-Ratelimit-Reset": "123"}
        if self.left < 1:
            return JSONResponse({"message": "Too Many Requests", "error": 429}, 429, limits)
        self.left -= 1
        limits["X-Ratelimit-Remaining"] = str(self.left)
        if path == "api/info":
            found = [thing for thing in self.things if thing.name in query["id"].split(",")]
            return _page(found, None, limits)
        forum = path.split("/")[1] if path.startswith("r/") else ""
        if forum in self.closed:
            return JSONResponse({"reason": self.closed[forum], "message": "Forbidden", "error": 403}, 403)
        found = sorted(self._of(path, forum, query.get("q", "")), key=lambda thing: thing.at, reverse=True)
        names = [thing.name for thing in found]
        start = names.index(query["after"]) + 1 if "after" in query else 0
        page = found[start : start + int(query["limit"])]
        return _page(page, page[-1].name if start + len(page) < len(found) else None, limits)

    def _of(self, path: str, forum: str, words: str) -> list[Thing]:
        is_comment = path.endswith("/comments")
        return [
            thing
            for thing in self.things
            if bool(thing.parent) == is_comment and thing.forum == (forum or thing.forum) and words in thing.words
        ]


def _page(things: list[Thing], after: str | None, limits: dict[str, str]) -> JSONResponse:
    children = [{"kind": thing.name[:2], "data": _data(thing)} for thing in things]
    return JSONResponse({"kind": "Listing", "data": {"after": after, "children": children}}, headers=limits)


def _data(thing: Thing) -> dict[str, Any]:
    words = "[deleted]" if thing.is_deleted else thing.words
    shared = {
        "name": thing.name,
        "author": "[deleted]" if thing.is_deleted else thing.author,
        "permalink": f"/r/{thing.forum}/comments/{thing.name[3:]}/",
        "created_utc": thing.at.timestamp(),
        "edited": False,
        "ups": 12,
    }
    twin = f"<div><p>{words}</p></div>"
    if thing.parent:
        return shared | {"body": words, "body_html": twin, "parent_id": thing.parent, "link_id": thing.parent}
    return shared | {"title": thing.words, "selftext": words, "selftext_html": twin, "num_comments": 4, "is_self": True}
