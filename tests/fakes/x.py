"""X on loopback, written from its documentation: pages, windows, limits, refusals, and what is billed.

    server = XServer(NOON)
    async with serving(server) as address: Collector(address.rstrip("/"))

It gives the fields that are asked for and no others, in the generation of names that `names` says, and refuses those of
the other one. What was written in its last 30 seconds is not found yet.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

TOKEN = "jeton-essai"
REGION = ("2001", "Occitanie")

_PROBLEMS = "https://api.x.com/2/problems"
_NEW_NAMES = {
    "edit_history_tweet_ids": "edit_history_post_ids",
    "note_tweet": "note_post",
    "referenced_tweets": "referenced_posts",
}
_OPERATORS = re.compile(r"^-?(?:lang|is|has|from):")
_EPOCH_MS = 1_288_834_974_657


@dataclass
class Written:
    """One post. `versions` are its ids, the oldest first; `fields` those of the wire, under their old names."""

    versions: list[str]
    author: str
    text: str
    at: datetime
    fields: dict[str, Any] = field(default_factory=dict)
    gone: str | None = None

    @property
    def id(self) -> str:
        return self.versions[-1]


class XServer:
    """`now` is the server's time, `calls_left` what its quarter of an hour allows, `credits_left` what may be sold."""

    def __init__(self, now: datetime, names: str = "tweet.fields") -> None:
        self.now = now
        self.names = names
        self.calls_left = 450
        self.credits_left = 1_000_000
        self.refusal: tuple[int, Mapping[str, Any]] | None = None
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.sold = 0
        self._posts: list[Written] = []
        self._sequence = 0
        self._app = Starlette(
            routes=[
                Route("/2/tweets/search/recent", self._recent),
                Route("/2/tweets/search/all", self._all),
                Route("/2/tweets", self._lookup),
                Route("/2/users/by/username/{name}", self._user),
                Route("/2/users/{number}/mentions", self._mentions),
                Route("/2/users/{number}/tweets", self._tweets),
            ]
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    def write(self, text: str, *, ago: timedelta = timedelta(minutes=5), author: str = "77", **fields: Any) -> Written:
        at = self.now - ago
        post = Written([self._number(at)], author, text, at, fields)
        self._posts.append(post)
        return post

    def edit(self, post: Written, text: str) -> None:
        post.text = text
        post.versions.append(self._number(self.now - timedelta(minutes=1)))

    def delete(self, post: Written, problem: str = "resource-not-found") -> None:
        post.gone = problem

    def _number(self, at: datetime) -> str:
        self._sequence += 1
        return str((round(at.timestamp() * 1000) - _EPOCH_MS << 22) + self._sequence)

    async def _recent(self, request: Request) -> JSONResponse:
        oldest = self._floor(timedelta(days=7))
        if int(request.query_params.get("since_id", oldest)) < oldest:
            return _invalid("since_id", f"'since_id' must be a tweet id created after [{oldest}]")
        return self._search(request)

    async def _all(self, request: Request) -> JSONResponse:
        return self._search(request)

    def _search(self, request: Request) -> JSONResponse:
        query = request.query_params.get("query", "")
        if not 1 <= len(query) <= 512 or "min_faves:" in query or query.count('"') % 2:
            return _invalid("query", "There were errors processing your request: Ambiguous use of the query")
        words = [word.strip('()"').lower() for word in query.split() if not _OPERATORS.match(word) and word != "OR"]
        found = [post for post in self._posts if any(word in post.text.lower() for word in words)]
        return self._page(request, found, smallest=10, largest=500 if "all" in request.url.path else 100)

    async def _mentions(self, request: Request) -> JSONResponse:
        found = [post for post in self._posts if f"@{REGION[1]}" in post.text and post.author != REGION[0]]
        return self._page(request, found, smallest=5, largest=100)

    async def _tweets(self, request: Request) -> JSONResponse:
        found = [post for post in self._posts if post.author == request.path_params["number"]]
        return self._page(request, found, smallest=5, largest=100)

    async def _lookup(self, request: Request) -> JSONResponse:
        if refused := self._refused(request):
            return refused
        ids = request.query_params["ids"].split(",")
        if len(ids) > 100:
            return _invalid(
                "ids", "The number of values in the `ids` query parameter list [101] is not between 1 and 100"
            )
        by_id = {version: post for post in self._posts for version in post.versions}
        there = [post for number in ids if (post := by_id.get(number)) and not post.gone]
        lost = {number: by_id[number].gone if number in by_id else "resource-not-found" for number in ids}
        errors = [_lost(number, problem) for number, problem in lost.items() if problem]
        data = [self._wire(post, ()) for post in there]
        self._sell(len(data))
        return JSONResponse({**({"data": data} if data else {}), **({"errors": errors} if errors else {})})

    async def _user(self, request: Request) -> JSONResponse:
        if refused := self._refused(request):
            return refused
        name = request.path_params["name"]
        if name.lower() != REGION[1].lower():
            problem = {"resource_type": "user", "parameter": "username", "title": "Not Found Error", "value": name}
            detail = f"Could not find user with username: [{name}]."
            return JSONResponse({"errors": [{**problem, "detail": detail, "type": f"{_PROBLEMS}/resource-not-found"}]})
        posts = "tweet_count" if self.names == "tweet.fields" else "post_count"
        metrics = {"followers_count": 82_000, "following_count": 900, posts: 31_000, "listed_count": 700}
        shown = {"public_metrics": metrics} if "public_metrics" in request.query_params.get("user.fields", "") else {}
        self._sell(2)
        return JSONResponse({"data": {"id": REGION[0], "name": "Région", "username": REGION[1], **shown}})

    def _page(self, request: Request, found: Iterable[Written], *, smallest: int, largest: int) -> JSONResponse:
        if refused := self._refused(request):
            return refused
        asked = dict(request.query_params)
        size = int(asked.get("max_results", "10"))
        if not smallest <= size <= largest:
            return _invalid("max_results", f"[{size}] is not between {smallest} and {largest}")
        other = "post.fields" if self.names == "tweet.fields" else "tweet.fields"
        if other in asked:
            return _invalid(other, f"The query parameter [{other}] is not one of [{self.names},expansions]")
        token = asked.pop("next_token" if "search" in request.url.path else "pagination_token", None)
        bounds = int(asked.get("since_id", "0")), int(asked.get("until_id", str(self._floor(timedelta(seconds=30)))))
        shown = sorted(
            (post for post in found if not post.gone and bounds[0] < int(post.id) < bounds[1]),
            key=lambda post: -int(post.id),
        )
        fingerprint = f"{hash(tuple(sorted(asked.items()))) & 0xFFFFFFFF:08x}"
        if token and not token.startswith(fingerprint):
            return _invalid("next_token", "The token belongs to another request")
        start = int(token[8:]) if token else 0
        page, more = shown[start : start + size], len(shown) > start + size
        following = {"next_token": f"{fingerprint}{start + size}"} if more else {}
        ids = {"newest_id": page[0].id, "oldest_id": page[-1].id} if page else {}
        data = {"data": [self._wire(post, asked.get(self.names, "").split(",")) for post in page]} if page else {}
        included = self._included(page, asked.get("expansions", ""))
        self._sell(len(page) + sum(len(each) for each in included.get("includes", {}).values()))
        return JSONResponse({**data, **included, "meta": {"result_count": len(page), **ids, **following}})

    def _wire(self, post: Written, asked: Iterable[str]) -> dict[str, Any]:
        fields = {
            "author_id": post.author,
            "conversation_id": post.versions[0],
            "created_at": f"{post.at:%Y-%m-%dT%H:%M:%S}.000Z",
            "lang": "fr",
            **post.fields,
        }
        names = _NEW_NAMES if self.names == "post.fields" else {}
        given = {names.get(key, key): value for key, value in fields.items() if names.get(key, key) in asked}
        if self.names == "post.fields":  # comes with the expansions there
            given |= {names.get(key, key): fields[key] for key in ("author_id", "referenced_tweets") if key in fields}
        history = names.get("edit_history_tweet_ids", "edit_history_tweet_ids")
        return {"id": post.id, "text": post.text, history: post.versions, **given}

    def _included(self, page: Iterable[Written], expansions: str) -> dict[str, Any]:
        if not expansions:
            return {}
        users = [{"id": number, "name": "N", "username": f"u{number}"} for number in {post.author for post in page}]
        return {"includes": {"users": users}} if users else {}

    def _refused(self, request: Request) -> JSONResponse | None:
        self.asked.append((request.url.path, dict(request.query_params)))
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return JSONResponse(
                {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}, 401
            )
        if self.refusal:
            return JSONResponse(self.refusal[1], self.refusal[0])
        if self.credits_left <= 0:
            return JSONResponse({"title": "CreditsDepleted", "detail": "Your account has no credits."}, 402)
        if self.calls_left <= 0:
            reset = str(int(self.now.timestamp()) + 600)
            body = {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}
            return JSONResponse(body, 429, {"x-rate-limit-remaining": "0", "x-rate-limit-reset": reset})
        self.calls_left -= 1
        return None

    def _sell(self, resources: int) -> None:
        self.sold += resources
        self.credits_left -= resources

    def _floor(self, ago: timedelta) -> int:
        return round((self.now - ago).timestamp() * 1000) - _EPOCH_MS << 22


def _lost(number: str, problem: str) -> dict[str, str]:
    title = "Not Found Error" if problem == "resource-not-found" else "Authorization Error"
    named = {"value": number, "resource_id": number, "resource_type": "tweet", "parameter": "ids"}
    return {**named, "title": title, "detail": f"… [{number}].", "type": f"{_PROBLEMS}/{problem}"}


def _invalid(parameter: str, message: str) -> JSONResponse:
    body = {
        "errors": [{"parameters": {parameter: ["…"]}, "message": message}],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": f"{_PROBLEMS}/invalid-request",
    }
    return JSONResponse(body, 400)
