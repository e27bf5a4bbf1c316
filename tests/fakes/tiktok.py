"""TikTok on loopback: tokens that are renewed and rotate, our videos by pages of twenty, searches of thirty days.

Shapes are those of the documentation of the Display API and of the Research API.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

KEY, SECRET, RENEWAL = "cle", "secret", "rft.0"


@dataclass
class Video:
    number: int
    words: str
    at: datetime
    more: dict[str, Any] = field(default_factory=dict)


class FakeTikTok:
    """`refusal` is the status and code that everything but tokens is answered, None for none."""

    def __init__(self) -> None:
        self.videos: list[Video] = []
        self.refusal: tuple[int, str] | None = None
        self.renewals = 0
        self.asked: list[str] = []
        self._app = Starlette(
            routes=[
                Route("/v2/oauth/token/", self._token, methods=["POST"]),
                Route("/v2/video/list/", self._list, methods=["POST"]),
                Route("/v2/video/query/", self._query, methods=["POST"]),
                Route("/v2/user/info/", self._user),
                Route("/v2/research/video/query/", self._search, methods=["POST"]),
            ]
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix("/v2/")
        self.asked.append(path)
        if path != "oauth/token/":
            if Request(scope).headers.get("authorization") != f"Bearer act.{self.renewals}":
                return await _refused(401, "access_token_invalid")(scope, receive, send)
            if self.refusal:
                return await _refused(*self.refusal)(scope, receive, send)
        return await self._app(scope, receive, send)

    async def _token(self, request: Request) -> JSONResponse:
        assert request.headers["content-type"] == "application/x-www-form-urlencoded"
        form = dict(parse_qsl((await request.body()).decode()))
        is_known = (form["client_key"], form["client_secret"]) == (KEY, SECRET)
        given = form.get("refresh_token", f"rft.{self.renewals}")
        if not is_known or given != f"rft.{self.renewals}":
            return JSONResponse({"error": "invalid_grant", "error_description": "…", "log_id": "…"}, 400)
        self.renewals += 1
        body: dict[str, Any] = {"access_token": f"act.{self.renewals}", "expires_in": 86400, "token_type": "Bearer"}
        if form["grant_type"] == "refresh_token":
            body |= {"refresh_token": f"rft.{self.renewals}", "refresh_expires_in": 31_536_000, "open_id": "…"}
        return JSONResponse(body)

    async def _list(self, request: Request) -> JSONResponse:
        asked = await request.json()
        if asked["max_count"] > 20:
            return _refused(400, "invalid_params")
        before = asked.get("cursor")
        newest = sorted(self.videos, key=lambda video: video.at, reverse=True)
        left = [video for video in newest if before is None or video.at.timestamp() * 1000 < before]
        page = left[: asked["max_count"]]
        cursor = int(page[-1].at.timestamp() * 1000) if page else 0
        return _data(videos=[_own(video) for video in page], cursor=cursor, has_more=len(left) > len(page))

    async def _query(self, request: Request) -> JSONResponse:
        ids = (await request.json())["filters"]["video_ids"]
        if len(ids) > 20:
            return _refused(400, "invalid_params")
        return _data(videos=[{"id": str(video.number)} for video in self.videos if str(video.number) in ids])

    async def _user(self, request: Request) -> JSONResponse:
        user = {"display_name": "Région", "username": "region", "follower_count": 9, "likes_count": 40}
        return _data(user=user | {"video_count": len(self.videos)})

    async def _search(self, request: Request) -> JSONResponse:
        asked = await request.json()
        start, end = (datetime.strptime(f"{asked[key]}+0000", "%Y%m%d%z") for key in ("start_date", "end_date"))
        if (end - start).days > 30:
            return _refused(400, "invalid_params")
        words = asked["query"]["and"][1]["field_values"][0]
        found = [each for each in self.videos if words in each.words and start.date() <= each.at.date() <= end.date()]
        found.sort(key=lambda video: video.number, reverse=True)
        place = asked.get("cursor", 0)
        if place and asked.get("search_id") != "72":
            return _refused(400, "invalid_params")
        # What was deleted is left out after the page was cut: the first is empty, and another follows.
        page = found[place - 100 :][:100] if place else []
        has_more = place < len(found)
        return _data(videos=list(map(_research, page)), cursor=place + 100, search_id="72", has_more=has_more)


def _own(video: Video) -> dict[str, Any]:
    return {
        "id": str(video.number),
        "title": video.words[:20],
        "video_description": video.words,
        "create_time": int(video.at.timestamp()),
        "share_url": f"https://www.tiktok.com/@region/video/{video.number}?utm_campaign=x",
        "view_count": 100,
        "like_count": 7,
        "comment_count": 2,
        "share_count": 1,
    } | video.more


def _research(video: Video) -> dict[str, Any]:
    return {
        "id": video.number,
        "username": "marie",
        "region_code": "FR",
        "create_time": int(video.at.timestamp()),
        "video_description": video.words,
        "hashtag_names": ["lodeve"],
        "view_count": 1050,
    }


def _data(**data: Any) -> JSONResponse:
    return JSONResponse({"data": data, "error": {"code": "ok", "message": "", "log_id": "…"}})


def _refused(status: int, code: str) -> JSONResponse:
    return JSONResponse({"data": {}, "error": {"code": code, "message": "…", "log_id": "…"}}, status)
