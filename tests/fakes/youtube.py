"""YouTube Data API v3 on loopback: channels, videos, threads of comments, searches, and the quotas of one project.

    youtube = FakeYouTube()
    async with serving(youtube) as address: Collector(address) ...

Parameters, limits, shapes and error bodies are those of the discovery document youtube.v3 (revision 20261104) and of
answers kept in public repositories. Search titles are escaped, counts of videos are strings, a thread brings five of
its replies, an unknown id is missing from a list, and a spent quota is a 403 without any header.
"""

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

KEY = "cle-d-essai"
MOST = {"search": 50, "videos": 50, "playlistItems": 50, "commentThreads": 100, "comments": 100, "channels": 50}
QUOTA_TEXT = (
    "The request cannot be completed because you have exceeded your"
    ' <a href="/youtube/v3/getting-started#quota">quota</a>.'
)


@dataclass
class Comment:
    id: str
    author: str
    text: str
    at: datetime
    updated_at: datetime | None = None
    parent: str | None = None


@dataclass
class Video:
    id: str
    channel: str
    title: str
    at: datetime
    description: str = ""
    is_for_children: bool = False
    comments_closed: bool = False
    comments: list[Comment] = field(default_factory=list)


class Refusal(Exception):
    def __init__(self, status: int, reason: str, message: str = "", domain: str = "youtube") -> None:
        super().__init__(reason)
        self.status = status
        said = {"message": message or reason, "domain": domain, "reason": reason}
        self.body = {"error": {"code": status, "message": message or reason, "errors": [said]}}


class FakeYouTube:
    """`handles` are channels by @name. `asked` are the calls in order, the key left out."""

    def __init__(self) -> None:
        self.handles: dict[str, str] = {}
        self.videos: dict[str, Video] = {}
        self.searches_left, self.units_left = 100, 10_000
        self.page_sizes: dict[str, int] = {}
        self.repeats_pages = False
        self.asked: list[tuple[str, dict[str, str]]] = []
        lists: dict[str, Callable[[Mapping[str, str]], list[Any]]] = {
            "search": self._search,
            "videos": self._videos,
            "playlistItems": self._uploads,
            "commentThreads": self._threads,
            "comments": self._comments,
            "channels": self._channels,
        }
        self._lists = lists
        self._app = Starlette(routes=[Route(f"/{resource}", self._answer) for resource in lists])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    def publish(self, video: Video) -> Video:
        self.videos[video.id] = video
        return video

    def calls(self, resource: str) -> int:
        return [asked for asked, _ in self.asked].count(resource)

    async def _answer(self, request: Request) -> JSONResponse:
        resource, params = request.url.path.strip("/"), dict(request.query_params)
        self.asked.append((resource, params))
        try:
            self._check(request.headers.get("x-goog-api-key"), params)
            self._spend(resource)
            return JSONResponse(self._page(resource, params, self._lists[resource](params)))
        except Refusal as refusal:
            return JSONResponse(refusal.body, refusal.status)

    def _check(self, key: str | None, params: Mapping[str, str]) -> None:
        if key != KEY or "key" in params:
            raise Refusal(400, "badRequest", "API key not valid. Please pass a valid API key.", "global")
        if "part" not in params:
            raise Refusal(400, "missingRequiredParameter", "No filter selected.")

    def _spend(self, resource: str) -> None:
        if resource == "search":
            self.searches_left -= 1
        else:
            self.units_left -= 1
        if min(self.searches_left, self.units_left) < 0:
            raise Refusal(403, "quotaExceeded", QUOTA_TEXT, "youtube.quota")

    def _page(self, resource: str, params: Mapping[str, str], items: Sequence[Any]) -> dict[str, Any]:
        size = min(int(params.get("maxResults", "5")), MOST[resource], self.page_sizes.get(resource, 100))
        if "id" in params:
            size = 50
        token = params.get("pageToken", "page0")
        if not token.removeprefix("page").isdigit():
            raise Refusal(400, "invalidPageToken", "The request specifies an invalid page token.")
        start = 0 if self.repeats_pages else int(token.removeprefix("page"))
        following = {"nextPageToken": f"page{start + size}"} if start + size < len(items) else {}
        info = {"totalResults": 1_000_000, "resultsPerPage": size}
        answer = {"kind": f"youtube#{resource.removesuffix('s')}ListResponse", "etag": "x", "pageInfo": info}
        return answer | following | ({"items": items[start : start + size]} if items else {})

    def _search(self, params: Mapping[str, str]) -> list[Any]:
        assert params["type"] == "video"
        found = [
            video
            for video in self._newest_first()
            if params["q"].casefold() in video.title.casefold()
            and _wire(video.at) >= params.get("publishedAfter", "")
            and _wire(video.at) < params.get("publishedBefore", "9")
        ]
        return [
            {"kind": "youtube#searchResult", "id": {"kind": "youtube#video", "videoId": video.id}, "snippet": snippet}
            for video in found
            for snippet in [_snippet(video) | {"title": html.escape(video.title), "description": "coupée ..."}]
        ]

    def _videos(self, params: Mapping[str, str]) -> list[Any]:
        asked = params["id"].split(",")
        assert len(asked) <= 50
        assert "maxResults" not in params
        parts = params["part"].split(",")
        return [_video(self.videos[one], parts) for one in asked if one in self.videos]

    def _uploads(self, params: Mapping[str, str]) -> list[Any]:
        channel = f"UC{params['playlistId'].removeprefix('UU')}"
        own = [video for video in self._newest_first() if video.channel == channel]
        if not own:
            raise Refusal(404, "playlistNotFound", "The playlist cannot be found.", "youtube.playlistItem")
        return [
            {"id": f"entry-{video.id}", "snippet": _snippet(video) | {"resourceId": {"videoId": video.id}}}
            for video in own
        ]

    def _threads(self, params: Mapping[str, str]) -> list[Any]:
        if "videoId" in params:
            if params["videoId"] not in self.videos:
                raise Refusal(404, "videoNotFound", "The video cannot be found.", "youtube.commentThread")
            videos = [self.videos[params["videoId"]]]
        else:
            channel = params["allThreadsRelatedToChannelId"]
            videos = [video for video in self.videos.values() if video.channel == channel]
        if any(video.comments_closed for video in videos):
            raise Refusal(403, "commentsDisabled", "The video has disabled comments.", "youtube.commentThread")
        opened = [(video, top) for video in videos for top in video.comments if top.parent is None]
        opened.sort(key=lambda pair: pair[1].at, reverse=True)
        return [_thread(video, top, params.get("textFormat", "html")) for video, top in opened]

    def _comments(self, params: Mapping[str, str]) -> list[Any]:
        everything = [(video, comment) for video in self.videos.values() for comment in video.comments]
        if "parentId" in params:
            chosen = [pair for pair in everything if pair[1].parent == params["parentId"]]
            chosen.reverse()
        else:
            asked = params["id"].split(",")
            assert len(asked) <= 50
            chosen = [pair for pair in everything if pair[1].id in asked]
        return [_comment(video, comment, params.get("textFormat", "html")) for video, comment in chosen]

    def _channels(self, params: Mapping[str, str]) -> list[Any]:
        known = {channel: handle for handle, channel in self.handles.items()}
        channel = self.handles.get(params.get("forHandle", "")) or params.get("id", "")
        if channel not in known:
            return []
        statistics = {"viewCount": "120000", "subscriberCount": "8210", "hiddenSubscriberCount": False}
        counts = statistics | {"videoCount": str(len(self.videos))}
        return [{"id": channel, "snippet": {"title": "Région", "customUrl": known[channel]}, "statistics": counts}]

    def _newest_first(self) -> list[Video]:
        return sorted(self.videos.values(), key=lambda video: video.at, reverse=True)


def _wire(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _snippet(video: Video) -> dict[str, Any]:
    said = {"title": video.title, "description": video.description}
    return said | {"publishedAt": _wire(video.at), "channelId": video.channel, "channelTitle": "Région"}


def _video(video: Video, parts: Sequence[str]) -> dict[str, Any]:
    everything = {
        "snippet": _snippet(video),
        "statistics": {"viewCount": "1234", "likeCount": "56", "commentCount": str(len(video.comments))},
        "status": {"privacyStatus": "public", "madeForKids": video.is_for_children},
    }
    return {"kind": "youtube#video", "id": video.id} | {part: everything[part] for part in parts if part != "id"}


def _thread(video: Video, top: Comment, form: str) -> dict[str, Any]:
    replies = [each for each in video.comments if each.parent == top.id]
    snippet = {
        "channelId": video.channel,
        "videoId": video.id,
        "topLevelComment": _comment(video, top, form),
        "canReply": True,
        "totalReplyCount": len(replies),
        "isPublic": True,
    }
    shown = {"replies": {"comments": [_comment(video, each, form) for each in replies[-5:]]}} if replies else {}
    return {"kind": "youtube#commentThread", "id": top.id, "snippet": snippet} | shown


def _comment(video: Video, comment: Comment, form: str) -> dict[str, Any]:
    display = html.escape(comment.text).replace("\n", "<br>") if form == "html" else comment.text
    snippet = {
        "textDisplay": display,
        "authorDisplayName": f"@{comment.author}",
        "authorChannelId": {"value": comment.author},
        "videoId": video.id,
        "likeCount": 3,
        "publishedAt": _wire(comment.at),
        "updatedAt": _wire(comment.updated_at or comment.at),
    }
    above = {"parentId": comment.parent} if comment.parent else {}
    return {"kind": "youtube#comment", "id": comment.id, "snippet": snippet | above}
