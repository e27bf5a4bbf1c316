"""LinkedIn's versioned REST API on loopback: one Page, its posts, comments with replies, and who mentions it.

    linkedin = FakeLinkedIn()
    async with serving(linkedin) as address: Collector(f"{address}/rest") ...

Addresses are read as they were sent: names must be escaped, the marks of lists and intervals must not. Shapes and
error bodies are those of LinkedIn's documentation (li-lms-2026) and of answers kept in public repositories.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

TOKEN = "jeton-d-essai"
PAGE = "2414183"
OWN = f"urn:li:organization:{PAGE}"
VERSIONS = frozenset({"202606", "202609"})


@dataclass
class Comment:
    number: int
    actor: str
    text: str
    at: datetime
    parent: int | None = None
    attributes: list[Any] = field(default_factory=list)
    modified_at: datetime | None = None


@dataclass
class Post:
    """`number` names it, `activity` names it again under its comments."""

    number: int
    commentary: str
    at: datetime
    author: str = OWN
    comments: list[Comment] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def urn(self) -> str:
        return f"urn:li:share:{self.number}"

    @property
    def activity(self) -> str:
        return f"urn:li:activity:{self.number + 1_000_000}"

    def name_of(self, comment: Comment | int) -> str:
        number = comment if isinstance(comment, int) else comment.number
        return f"urn:li:comment:({self.activity},{number})"


class Refusal(Exception):
    def __init__(self, status: int, code: str, message: str, service: int) -> None:
        super().__init__(code)
        self.status = status
        self.body = {"status": status, "serviceErrorCode": service, "code": code, "message": message}


class FakeLinkedIn:
    """`allowance` is how many calls the day still allows; `may_read_mentions` a right that is granted apart."""

    def __init__(self) -> None:
        self.posts: dict[str, Post] = {}
        self.mentions: list[tuple[datetime, str, str]] = []
        self.hidden: set[str] = set()
        self.allowance = 10_000
        self.is_approved = self.may_read_mentions = True
        self.page_size = 100
        self.asked: list[str] = []

    def publish(self, post: Post) -> Post:
        self.posts[post.urn] = post
        return post

    def mention(self, post: Post, at: datetime, action: str = "SHARE_MENTION") -> Post:
        self.mentions.append((at, action, post.urn))
        return self.publish(post)

    def calls(self, part: str) -> int:
        return sum(part in asked for asked in self.asked)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        path, query = scope["raw_path"].decode().removeprefix("/rest/"), scope["query_string"].decode()
        self.asked.append(f"{path}?{query}")
        try:
            self._admit(request)
            response = JSONResponse(self._answer(path, query, request.headers.get("x-restli-method", "")))
        except Refusal as refusal:
            response = JSONResponse(refusal.body, refusal.status)
        await response(scope, receive, send)

    def _admit(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            raise Refusal(401, "INVALID_ACCESS_TOKEN", "Invalid access token", 65600)
        if request.headers.get("linkedin-version") not in VERSIONS:
            raise Refusal(426, "NONEXISTENT_VERSION", "Requested version is not active", 0)
        assert request.headers.get("x-restli-protocol-version") == "2.0.0"
        if not self.is_approved:
            raise Refusal(403, "ACCESS_DENIED", "Not enough permissions to access: partnerApiPosts", 100)
        self.allowance -= 1
        if self.allowance < 0:
            raise Refusal(429, "TOO_MANY_REQUESTS", "Resource level throttle APPLICATION DAY limit reached", 101)

    def _answer(self, path: str, query: str, method: str) -> dict[str, Any]:
        fields = dict(part.split("=", 1) for part in query.split("&")) if query else {}
        if path == "posts":
            return self._posts(fields, method)
        if path == "socialMetadata":
            counted = {name: _metadata(post) for name, post in self.posts.items()}
            return self._several(fields["ids"], counted)
        if path == "organizationalEntityNotifications":
            return self._notifications(fields)
        if path == "organizationalEntityShareStatistics":
            totals = {"likeCount": 40, "commentCount": 7, "shareCount": 3, "impressionCount": 9000, "clickCount": 1}
            return self._listed([{"organizationalEntity": OWN, "totalShareStatistics": totals}], fields)
        return self._of_one(path, fields)

    def _posts(self, fields: dict[str, str], method: str) -> dict[str, Any]:
        if "ids" in fields:
            assert method == "BATCH_GET"
            return self._several(fields["ids"], {name: _post(post) for name, post in self.posts.items()})
        assert (method, fields["q"], fields["author"]) == ("FINDER", "author", f"urn%3Ali%3Aorganization%3A{PAGE}")
        ours = [post for post in self.posts.values() if post.author == OWN]
        ours.sort(key=lambda post: post.at, reverse=True)
        return self._listed([_post(post) for post in ours], fields)

    def _of_one(self, path: str, fields: dict[str, str]) -> dict[str, Any]:
        if path.startswith("networkSizes/"):
            assert fields["edgeType"] == "COMPANY_FOLLOWED_BY_MEMBER"
            return {"firstDegreeSize": 118_204}
        if found := re.fullmatch(r"posts/([^/]+)", path):
            if unquote(found[1]) in self.hidden:
                raise Refusal(403, "ACCESS_DENIED", "Not enough permissions to access: posts", 100)
            return _post(self._known(found[1]))
        if found := re.fullmatch(r"socialActions/([^/]+)/comments(?:/(\d+))?", path):
            return self._comments(unquote(found[1]), found[2], fields)
        return self._unknown()

    def _comments(self, name: str, number: str | None, fields: dict[str, str]) -> dict[str, Any]:
        under = re.fullmatch(r"urn:li:comment:\((urn:li:activity:\d+),(\d+)\)", name)
        post = self._known(under[1] if under else name)
        known = {str(each.number): _comment(post, each) for each in post.comments}
        if "ids" in fields:
            return self._several(fields["ids"], known)
        if number:
            return known.get(number) or self._unknown()
        parent = int(under[2]) if under else None
        return self._listed([_comment(post, each) for each in post.comments if each.parent == parent], fields)

    def _known(self, name: str) -> Post:
        name = unquote(name)
        found = next((post for post in self.posts.values() if name in (post.urn, post.activity)), None)
        return found or self._unknown()

    def _unknown(self) -> Any:
        raise Refusal(404, "RESOURCE_NOT_FOUND", "Could not find entity", 0)

    def _several(self, ids: str, known: dict[str, Any]) -> dict[str, Any]:
        found = re.fullmatch(r"List\((.*)\)", ids)
        assert found, "the marks of a list must not be escaped"
        asked = [unquote(each) for each in found[1].split(",")]
        shown = {name: known[name] for name in asked if name in known and name not in self.hidden}
        refused = {name: {"status": 403 if name in self.hidden else 404} for name in asked if name not in shown}
        return {"results": shown, "errors": refused, "statuses": {}}

    def _notifications(self, fields: dict[str, str]) -> dict[str, Any]:
        if not self.may_read_mentions:
            raise Refusal(403, "ACCESS_DENIED", "Not enough permissions to access: notifications", 100)
        found = re.fullmatch(r"\(start:(\d+),end:(\d+)\)", fields["timeRange"])
        assert found, "the marks of an interval must not be escaped"
        assert int(found[2]) - int(found[1]) <= timedelta(days=60) / timedelta(milliseconds=1)
        listed = [
            {"action": action, "generatedActivity": name, "sourcePost": name, "actor": "urn:li:person:zzz"}
            for at, action, name in self.mentions
            if int(found[1]) <= _ms(at) <= int(found[2]) and action in fields["actions"]
        ]
        return self._listed(listed, fields)

    def _listed(self, elements: list[Any], fields: dict[str, str]) -> dict[str, Any]:
        start, count = int(fields.get("start", "0")), min(int(fields.get("count", "10")), self.page_size)
        end = start + count
        following = [{"rel": "next", "type": "application/json", "href": "/rest/..."}] if end < len(elements) else []
        paging = {"start": start, "count": count, "links": following}
        return {"paging": paging, "elements": json.loads(json.dumps(elements[start:end]))}


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _post(post: Post) -> dict[str, Any]:
    times = {"createdAt": _ms(post.at), "publishedAt": _ms(post.at), "lastModifiedAt": _ms(post.at) + 31}
    said = {"id": post.urn, "author": post.author, "commentary": post.commentary}
    return said | times | {"visibility": "PUBLIC", "lifecycleState": "PUBLISHED"} | post.more


def _metadata(post: Post) -> dict[str, Any]:
    top = sum(each.parent is None for each in post.comments)
    reactions = {"LIKE": {"count": 12}, "PRAISE": {"count": 3}}
    return {"commentSummary": {"count": len(post.comments), "topLevelCount": top}, "reactionSummaries": reactions}


def _comment(post: Post, comment: Comment) -> dict[str, Any]:
    replies = sum(each.parent == comment.number for each in post.comments)
    above = {"parentComment": post.name_of(comment.parent)} if comment.parent is not None else {}
    return above | {
        "$URN": post.name_of(comment),
        "id": str(comment.number),
        "actor": comment.actor,
        "object": post.activity,
        "message": {"text": comment.text, "attributes": comment.attributes},
        "created": {"actor": comment.actor, "time": _ms(comment.at)},
        "lastModified": {"time": _ms(comment.modified_at or comment.at)},
        "likesSummary": {"totalLikes": 1},
        "commentsSummary": {"totalFirstLevelComments": replies, "aggregatedTotalComments": replies},
    }
