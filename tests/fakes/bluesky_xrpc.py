"""A Bluesky server on loopback, as searches see it: sessions that end, and what was said, found by words.

    server = BlueskyServer()
    async with serving(server) as address: ...

Shapes and errors are those observed on a real server: an ended token is 400, a wrong password 401, cursors are opaque.
"""

import base64
import json
from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

PASSWORD = "mot-de-passe-essai"


class BlueskyServer:
    """`said` are postViews, in any order. `now` is the server's time: tokens last two hours of it."""

    def __init__(self, now: datetime, page_size: int = 100) -> None:
        self.now = now
        self.said: list[Any] = []
        self.logins = 0
        self.renewals = 0
        self.asked: list[dict[str, str]] = []
        self._page_size = page_size
        self._valid: set[str] = set()
        self._app = Starlette(
            routes=[
                Route("/xrpc/com.atproto.server.createSession", self._create, methods=["POST"]),
                Route("/xrpc/com.atproto.server.refreshSession", self._refresh, methods=["POST"]),
                Route("/xrpc/app.bsky.feed.searchPosts", self._search),
            ]
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    def forget_everybody(self) -> None:
        """Every token is refused from now on."""
        self._valid.clear()

    async def _create(self, request: Request) -> JSONResponse:
        given = await request.json()
        if given["password"] != PASSWORD:
            return _error(401, "AuthenticationRequired", "Invalid identifier or password")
        self.logins += 1
        return self._tokens()

    async def _refresh(self, request: Request) -> JSONResponse:
        if not self._knows(request, "refresh") or await request.body():
            return _error(400, "ExpiredToken", "Token has expired")
        self.renewals += 1
        return self._tokens()

    async def _search(self, request: Request) -> JSONResponse:
        if not self._knows(request, "access"):
            return _error(400, "ExpiredToken", "Token has expired")
        query = dict(request.query_params)
        self.asked.append(query)
        since = datetime.fromisoformat(query["since"])
        until = datetime.fromisoformat(query["until"]) if "until" in query else datetime.max.replace(tzinfo=UTC)
        found = [
            view
            for view in self.said
            if query["q"].lower() in view["record"]["text"].lower()
            and since <= datetime.fromisoformat(view["indexedAt"]) < until
        ]
        found.sort(key=lambda view: view["indexedAt"], reverse=True)
        start = int(query.get("cursor", "0"))
        end = start + self._page_size
        following = {"cursor": str(end)} if end < len(found) else {}
        return JSONResponse({"posts": found[start:end], **following})

    def _tokens(self) -> JSONResponse:
        ends = int(self.now.timestamp()) + 7_200
        number = self.logins + self.renewals
        tokens = {f"{kind}Jwt": _jwt({"exp": ends, "use": kind, "number": number}) for kind in ("access", "refresh")}
        self._valid |= set(tokens.values())
        return JSONResponse({"did": "did:plc:exempleecritrrrrrrrrrrrr", "handle": "veille.exemple.org", **tokens})

    def _knows(self, request: Request, use: str) -> bool:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self._valid:
            return False
        claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
        is_current = bool(claims["exp"] > self.now.astimezone(UTC).timestamp())
        return claims["use"] == use and (is_current or use == "refresh")


def _jwt(claims: dict[str, Any]) -> str:
    return ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in ({"alg": "none"}, claims, {})
    )


def _error(status: int, name: str, message: str) -> JSONResponse:
    return JSONResponse({"error": name, "message": message}, status)
