"""A Lemmy instance on loopback, of before (0.19, /api/v3) or since version 1.0 (/api/v4).

Shapes are those of the types of lemmy-js-client 0.19.9 and 1.0.0: dates and counters stand in other places, enums are
written otherwise, optional keys are left out; searches before 1.0 page by number, lists by a token.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send


@dataclass
class Said:
    """A post, or a comment where it has a `path`; `post` is the number of the post above."""

    number: int
    text: str
    at: datetime
    author: str = "marie"
    path: str = ""
    post: int = 0
    community: str = "france"
    is_deleted: bool = False
    updated_at: datetime | None = None


class FakeLemmy:
    """`speaks` is "v3" or "v4". `base` is told once it is served."""

    def __init__(self, speaks: str = "v3", page_size: int = 50) -> None:
        self.base = ""
        self.speaks = speaks
        self.said: list[Said] = []
        self.allowance = 10_000
        self.purged: set[int] = set()
        self.asked: list[tuple[str, dict[str, str]]] = []
        self._page_size = page_size

    def say(self, said: Said) -> Said:
        self.said.append(said)
        return said

    def address(self, said: Said) -> str:
        return f"{self.base}/{'comment' if said.path else 'post'}/{said.number}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._answer(Request(scope))(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        _, version, resource = request.url.path.strip("/").split("/", 2)
        query = dict(request.query_params)
        self.asked.append((resource, query))
        self.allowance -= 1
        if self.allowance < 0:
            return JSONResponse({"error": "rate_limit_error"}, 400)
        if version != self.speaks:
            return Response(status_code=404)
        if resource == "site":
            languages = [{"id": 0, "code": "und"}, {"id": 47, "code": "fr"}]
            return JSONResponse({"version": "0.19.9" if version == "v3" else "1.0.0", "all_languages": languages})
        if "id" in query:
            return self._one(resource, int(query["id"]))
        return JSONResponse(self._listed(resource, query))

    def _one(self, resource: str, number: int) -> Response:
        kind = [each for each in self.said if bool(each.path) == (resource == "comment")]
        found = next((each for each in kind if each.number == number and number not in self.purged), None)
        if found is None:
            return JSONResponse({"error": f"couldnt_find_{resource}"}, 404)
        return JSONResponse({f"{resource}_view": self._view(found)})

    def _listed(self, resource: str, query: dict[str, str]) -> dict[str, Any]:
        is_old = self.speaks == "v3"
        assert query["sort"] == ("New" if is_old else "new")
        assert query["type_"] == ("All" if is_old else "all")
        assert int(query["limit"]) <= 50
        words = query.get("q" if is_old else "search_term", "").casefold()
        name = query.get("community_name", "")
        chosen = [each for each in self.said if words in each.text.casefold() and name in ("", each.community)]
        chosen = [each for each in chosen if each.number not in self.purged]
        chosen.sort(key=lambda each: each.at, reverse=True)
        posts, comments = [one for one in chosen if not one.path], [one for one in chosen if one.path]
        start = int(query.get("page_cursor", 0)) or (int(query.get("page", 1)) - 1) * self._page_size
        end = start + self._page_size
        if resource == "search":
            following = {} if is_old else self._following(end, max(len(posts), len(comments)))
            return {"posts": self._views(posts[start:end]), "comments": self._views(comments[start:end])} | following
        listed = posts if resource == "post/list" else comments
        key = "items" if not is_old else resource.split("/", maxsplit=1)[0] + "s"
        following = {} if key == "comments" else self._following(end, len(listed))
        return {key: self._views(listed[start:end])} | following

    def _following(self, end: int, total: int) -> dict[str, Any]:
        return {"next_page": str(end)} if end < total else {}

    def _views(self, said: Sequence[Said]) -> list[Any]:
        return [self._view(one) for one in said]

    def _view(self, said: Said) -> dict[str, Any]:
        above = next((each for each in self.said if not each.path and each.number == said.post), said)
        creator = {"id": 2, "name": said.author, "display_name": "Quelqu'un", "bot_account": said.author == "robot"}
        home = "actor_id" if self.speaks == "v3" else "ap_id"
        view: dict[str, Any] = {"creator": creator | {home: f"https://jlai.lu/u/{said.author}"}}
        view |= {"post": self._post(above if said.path else said)}
        counts = {"score": 10, "upvotes": 11, "downvotes": 1}
        counts |= {"child_count": 2} if said.path else {"comments": 4}
        if said.path:
            view["comment"] = self._common(said) | {"content": said.text, "path": said.path}
        if self.speaks == "v3":
            return view | {"counts": counts}
        view["comment" if said.path else "post"] |= counts
        return view

    def _post(self, said: Said) -> dict[str, Any]:
        return self._common(said) | {"name": said.text, "body": "**Un corps**"}

    def _common(self, said: Said) -> dict[str, Any]:
        dates = ("published", "updated") if self.speaks == "v3" else ("published_at", "updated_at")
        written = {dates[0]: _wire(said.at)} | ({dates[1]: _wire(said.updated_at)} if said.updated_at else {})
        names = {"id": said.number, "ap_id": self.address(said), "language_id": 47}
        return names | written | {"deleted": said.is_deleted, "removed": False}


def _wire(at: datetime) -> str:
    return (at + timedelta(microseconds=123456)).isoformat().replace("+00:00", "Z")
