"""An instance that answers like Mastodon 4.5, written from its documentation: an ASGI application for a real server.

    async with instances("home.example", "other.example") as (home, other):
        post = home.write("marie", "<p>La crue</p>", tags=["lodeve"])
        other.receive(post)

Ids are each instance's own, the `uri` is the same everywhere. What the documentation calls a closed timeline comes in
its three forms: an empty list, 401, 422.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from itertools import count
from typing import Any, Literal

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from watcher.web.server import serving

Door = Literal["open", "silent", "refused", "user_only"]

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
FIRST_ID = 115_600_000_000_000_000
ID_STEP = 65_536
LONGEST_PAGE = 40
WINDOW = timedelta(minutes=5)


@dataclass(slots=True)
class FediversePost:
    """What travels between instances. `author` is a full handle; `mentions` are (handle, address of the profile)."""

    uri: str
    author: str
    content: str
    tags: tuple[str, ...] = ()
    created_at: datetime = NOON
    edited_at: datetime | None = None
    visibility: str = "public"
    language: str | None = "fr"
    spoiler_text: str = ""
    mentions: tuple[tuple[str, str], ...] = ()
    reply_to: "FediversePost | None" = None
    boost_of: "FediversePost | None" = None
    account: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)


async def on_this_machine(_host: str, _port: int) -> list[IPv4Address]:
    """Resolve the name of any instance: they all are on this machine."""
    return [IPv4Address("127.0.0.1")]


@asynccontextmanager
async def instances(*hosts: str) -> AsyncIterator[list["MastodonInstance"]]:
    """Serve instances of these names, each on a port of its own."""
    made = [MastodonInstance(host) for host in hosts]
    async with AsyncExitStack() as stack:
        for one in made:
            port = (await stack.enter_async_context(serving(one))).rpartition(":")[2]
            one.address = f"http://{one.host}:{port}"
        yield made


class MastodonInstance:
    """`asked` keeps the path and query of each request; `before` is called with each, before it is answered.

    `allowance` is what is left of the rate limit, `tokens` are those of users.
    """

    def __init__(self, host: str, *, now: datetime = NOON) -> None:
        self.host = host
        self.address = f"https://{host}"
        self.door: Door = "open"
        self.tokens: set[str] = set()
        self.allowance = 300
        self.knows_batches = True
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.before: Callable[[str], None] = lambda _: None
        self._now = now
        self._posts: dict[str, FediversePost] = {}
        self._next = count(1)
        self._app = Starlette(
            routes=[
                Route("/api/v1/timelines/tag/{tag}", self._tag),
                Route("/api/v1/accounts/lookup", self._lookup),
                Route("/api/v1/accounts/{id}/statuses", self._account),
                Route("/api/v1/statuses", self._batch),
                Route("/api/v1/statuses/{id}", self._status),
                Route("/api/v2/search", self._search),
                Route("/api/v2/instance", self._instance),
            ]
        )

    def write(self, author: str, content: str, *, id_: int | None = None, **fields: Any) -> FediversePost:
        """A member of this instance writes."""
        number = str(FIRST_ID + next(self._next) * ID_STEP if id_ is None else id_)
        uri = f"{self.address}/users/{author}/statuses/{number}"
        post = FediversePost(uri, f"{author}@{self.host}", content, **fields)
        self._posts[number] = post
        return post

    def boost(self, author: str, post: FediversePost) -> FediversePost:
        """A member of this instance shares what somebody wrote."""
        return self.write(author, post.content, boost_of=post)

    def receive(self, post: FediversePost, *, late: bool = False) -> None:
        """The post of another instance arrives. What is fetched `late` gets an id of the time it was written."""
        number = FIRST_ID + next(self._next) * ID_STEP
        if late:
            number = int(min(self._posts, key=int)) + 1
        self._posts[str(number)] = post

    def delete(self, post: FediversePost) -> None:
        """The post is gone from this instance."""
        self._posts = {number: kept for number, kept in self._posts.items() if kept is not post}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope)
        self.asked.append((request.url.path, dict(request.query_params)))
        self.before(request.url.path)
        answer: Response | Starlette = self._app
        self.allowance -= 1
        if self.allowance < 0:
            answer = JSONResponse({"error": "Too many requests"}, 429)

        async def with_limits(message: Any) -> None:
            if message["type"] == "http.response.start":
                reset = (self._now + WINDOW).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
                figures = {"Limit": "300", "Remaining": str(max(0, self.allowance)), "Reset": reset}
                message["headers"] += [(f"x-ratelimit-{k.lower()}".encode(), v.encode()) for k, v in figures.items()]
            await send(message)

        await answer(scope, receive, with_limits)

    # --- what it answers

    async def _tag(self, request: Request) -> Response:
        refusal = self._refusal(request)
        if refusal:
            return refusal
        tag = request.path_params["tag"].casefold()
        return self._page(request, lambda post: tag in post.tags and post.visibility == "public" and not post.boost_of)

    async def _account(self, request: Request) -> Response:
        author = self._author(request.path_params["id"])
        without_boosts = request.query_params.get("exclude_reblogs") == "true"
        return self._page(
            request,
            lambda post: (
                post.author == author
                and post.visibility in ("public", "unlisted")
                and not (without_boosts and post.boost_of)
            ),
        )

    def _page(self, request: Request, is_wanted: Callable[[FediversePost], bool]) -> Response:
        query = request.query_params
        limit = min(int(query.get("limit", 20)), LONGEST_PAGE)
        numbers = sorted((int(n) for n, post in self._posts.items() if is_wanted(post)), reverse=True)
        if "max_id" in query:
            numbers = [n for n in numbers if n < int(query["max_id"])]
        if "min_id" in query:
            numbers = [n for n in numbers if n > int(query["min_id"])][-limit:]
        if "since_id" in query:
            numbers = [n for n in numbers if n > int(query["since_id"])]
        numbers = numbers[:limit]
        path = f"{self.address}{request.url.path}?limit={limit}"
        link = f'<{path}&max_id={numbers[-1]}>; rel="next", <{path}&min_id={numbers[0]}>; rel="prev"' if numbers else ""
        headers = {"Link": link} if link else None
        return JSONResponse([self.wire(str(n), self._posts[str(n)]) for n in numbers], headers=headers)

    async def _status(self, request: Request) -> Response:
        post = self._posts.get(request.path_params["id"])
        if post is None or post.visibility not in ("public", "unlisted"):
            return JSONResponse({"error": "Record not found"}, 404)
        return JSONResponse(self.wire(request.path_params["id"], post))

    async def _batch(self, request: Request) -> Response:
        if not self.knows_batches:
            return JSONResponse({"error": "Record not found"}, 404)
        ids = [n for n in request.query_params.getlist("id[]") if n in self._posts]
        return JSONResponse([self.wire(n, self._posts[n]) for n in ids])

    async def _lookup(self, request: Request) -> Response:
        acct = request.query_params["acct"]
        full = acct if "@" in acct else f"{acct}@{self.host}"
        if not any(post.author == full for post in self._posts.values()):
            return JSONResponse({"error": "Record not found"}, 404)
        return JSONResponse(self.account_wire(full, {}))

    async def _search(self, request: Request) -> Response:
        statuses = []
        if self._is_known(request):
            words = request.query_params["q"].casefold()
            found = [(n, post) for n, post in self._posts.items() if words in post.content.casefold()]
            statuses = [self.wire(n, post) for n, post in found]
        return JSONResponse({"accounts": [], "hashtags": [], "statuses": statuses})

    async def _instance(self, request: Request) -> Response:
        access = "public" if self.door == "open" else "authenticated"
        feeds = {"local": "public", "remote": access}
        return JSONResponse({"domain": self.host, "configuration": {"timelines_access": {"hashtag_feeds": feeds}}})

    # --- its words

    def _refusal(self, request: Request) -> Response | None:
        if "authorization" in request.headers and not self._is_known(request):
            return JSONResponse({"error": "The access token is invalid"}, 401)
        if self._is_known(request):
            return None
        match self.door:
            case "silent":
                return JSONResponse([])
            case "refused":
                return JSONResponse({"error": "This API requires an authenticated user"}, 401)
            case "user_only":
                return JSONResponse({"error": "This method requires an authenticated user"}, 422)
        return None

    def _is_known(self, request: Request) -> bool:
        return request.headers.get("authorization", "").removeprefix("Bearer ") in self.tokens

    def _author(self, account_id: str) -> str:
        authors = {post.author for post in self._posts.values()}
        return next((author for author in authors if self.account_wire(author, {})["id"] == account_id), "")

    def account_wire(self, handle: str, changes: dict[str, Any]) -> dict[str, Any]:
        """Return an account as this instance writes it."""
        name, _, host = handle.partition("@")
        return {
            "id": str(sum(handle.encode())),
            "username": name,
            "acct": name if host == self.host else handle,
            "display_name": name.title(),
            "locked": False,
            "bot": False,
            "discoverable": True,
            "indexable": False,
            "noindex": False,
            "group": False,
            "note": "<p>Bonjour</p>",
            "url": f"https://{host}/@{name}",
            "followers_count": 10,
            "emojis": [],
            "fields": [],
        } | changes

    def wire(self, number: str, post: FediversePost) -> dict[str, Any]:
        """Return a status as this instance writes it."""
        name, _, host = post.author.partition("@")
        parent = next((n for n, known in self._posts.items() if known is post.reply_to), None)
        return {
            "id": number,
            "created_at": post.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "edited_at": post.edited_at.isoformat().replace("+00:00", "Z") if post.edited_at else None,
            "in_reply_to_id": parent,
            "in_reply_to_account_id": None,
            "sensitive": bool(post.spoiler_text),
            "spoiler_text": post.spoiler_text,
            "visibility": post.visibility,
            "language": post.language,
            "uri": post.uri,
            "url": f"https://{host}/@{name}/{post.uri.rpartition('/')[2]}",
            "replies_count": 5,
            "reblogs_count": 6,
            "favourites_count": 11,
            "quotes_count": 2,
            "content": post.content,
            "reblog": self.wire(number, post.boost_of) if post.boost_of else None,
            "account": self.account_wire(post.author, post.account),
            "media_attachments": [],
            "mentions": [
                {
                    "id": "9",
                    "username": handle.partition("@")[0],
                    "url": address,
                    "acct": handle.removesuffix(f"@{self.host}"),
                }
                for handle, address in post.mentions
            ],
            "tags": [{"name": tag, "url": f"{self.address}/tags/{tag}"} for tag in post.tags],
            "emojis": [],
            "card": None,
            "poll": None,
        } | post.changes
