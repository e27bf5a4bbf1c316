"""PeerTube on loopback: an index that is searched, and the instance where its videos are at home, in one.

Shapes are those of PeerTube 8.1 (@peertube/peertube-types); errors are RFC 7807. A deleted comment stays, emptied.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send


@dataclass
class Comment:
    number: int
    author: str
    text: str
    at: datetime
    above: int | None = None
    is_deleted: bool = False


@dataclass
class Video:
    number: int
    name: str
    at: datetime
    comments: list[Comment] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def uuid(self) -> str:
        return f"9c9de5e8-0a1e-484a-b099-{self.number:012d}"


class FakePeerTube:
    """`index` is what the search knows, which lags; `videos` what is at home. `base` is told once it is served."""

    def __init__(self) -> None:
        self.base = ""
        self.videos: dict[str, Video] = {}
        self.index: dict[str, tuple[Video, int]] = {}
        self.allowance = 10_000
        self.asked: list[str] = []
        prefix = "/api/v1/videos/{uuid}"
        self._app = Starlette(
            routes=[
                Route("/api/v1/search/videos", self._search),
                Route(prefix, self._video),
                Route(f"{prefix}/comment-threads", self._threads),
                Route(f"{prefix}/comment-threads/{{number:int}}", self._thread),
            ]
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(scope["path"].removeprefix("/api/v1/"))
        self.allowance -= 1
        if self.allowance < 0:
            return await _problem(429, "rate_limit", {"Retry-After": "7"})(scope, receive, send)
        return await self._app(scope, receive, send)

    def publish(self, video: Video) -> str:
        self.videos[video.uuid] = video
        self.refresh()
        return self.address(video)

    def refresh(self) -> None:
        self.index |= {uuid: (video, len(video.comments)) for uuid, video in self.videos.items()}

    def address(self, video: Video, comment: Comment | None = None) -> str:
        return f"{self.base}/videos/watch/{video.uuid}" + (f"/comments/{comment.number}" if comment else "")

    async def _search(self, request: Request) -> JSONResponse:
        query = request.query_params
        assert query["sort"] == "-publishedAt"
        since, until = datetime.fromisoformat(query["startDate"]), datetime.fromisoformat(query["endDate"])
        count = int(query["count"])
        if count > 100:
            return _problem(400, "invalid_params")
        found = [
            (video, comments)
            for video, comments in self.index.values()
            if query["search"].casefold() in video.name.casefold() and since <= video.at <= until
        ]
        found.sort(key=lambda each: each[0].at, reverse=True)
        start = int(query["start"])
        data = [self._wire(video, comments) for video, comments in found[start : start + count]]
        return JSONResponse({"total": len(found), "data": data})

    async def _video(self, request: Request) -> JSONResponse:
        video = self.videos.get(request.path_params["uuid"])
        return JSONResponse(self._wire(video, len(video.comments))) if video else _problem(404, "video_not_found")

    async def _threads(self, request: Request) -> JSONResponse:
        video = self.videos.get(request.path_params["uuid"])
        if video is None:
            return _problem(404, "video_not_found")
        start, count = int(request.query_params["start"]), int(request.query_params["count"])
        tops = [comment for comment in video.comments if comment.above is None]
        data = [self._comment(video, comment) for comment in tops[start : start + count]]
        return JSONResponse({"total": len(tops), "totalNotDeletedComments": len(tops), "data": data})

    async def _thread(self, request: Request) -> JSONResponse:
        video = self.videos[request.path_params["uuid"]]
        return JSONResponse(self._tree(video, request.path_params["number"]))

    def _tree(self, video: Video, number: int) -> dict[str, Any]:
        top = next(each for each in video.comments if each.number == number)
        below = [self._tree(video, each.number) for each in video.comments if each.above == number]
        return {"comment": self._comment(video, top), "children": below}

    def _wire(self, video: Video, comments: int) -> dict[str, Any]:
        return {
            "id": video.number,
            "uuid": video.uuid,
            "url": self.address(video),
            "name": video.name,
            "description": "Une **description**",
            "truncatedDescription": "Une",
            "publishedAt": video.at.isoformat().replace("+00:00", "Z"),
            "language": {"id": "fr", "label": "French"},
            "privacy": {"id": 1, "label": "Public"},
            "views": 10,
            "likes": 1,
            "dislikes": 0,
            "comments": comments,
            "account": {"id": 3, "name": "tele", "displayName": "Télé", "host": "peer.example"},
            "tags": ["occitanie"],
        } | video.more

    def _comment(self, video: Video, comment: Comment) -> dict[str, Any]:
        account = {"name": comment.author, "host": "peer.example", "displayName": "Quelqu'un"}
        below = [each for each in video.comments if each.above == comment.number]
        return {
            "id": comment.number,
            "url": self.address(video, comment),
            "text": "" if comment.is_deleted else f"<p>{comment.text}</p>",
            "threadId": comment.number if comment.above is None else comment.above,
            "inReplyToCommentId": comment.above,
            "createdAt": comment.at.isoformat().replace("+00:00", "Z"),
            "isDeleted": comment.is_deleted,
            "totalReplies": len(below),
            "account": None if comment.is_deleted else account,
        }


def _problem(status: int, code: str, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"status": status, "code": code, "detail": code}, status, headers)
