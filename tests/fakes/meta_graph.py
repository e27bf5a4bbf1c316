"""What the fakes of Meta's platforms share: who may ask, how much, how pages turn and how it refuses.

Written from Meta's guides on errors, rate limits and paging: a limit is a 400 or a 403 with a code, `next` holds the
token, an empty page may have a `next`, and nothing is ever a 429.
"""

import base64
import json
from collections import deque
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse

TOKEN = "jeton-essai"

PERMISSION = (
    "(#10) This endpoint requires the 'pages_read_engagement' permission or the 'Page Public Content Access' feature."
)
UNSUPPORTED = (
    "Unsupported get request. Object with ID '1' does not exist, cannot be loaded due to missing permissions, or does "
    "not support this operation."
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An `error` of Meta's, and the headers that come with it."""

    code: int
    subcode: int = 0
    message: str = ""
    status: int = 400
    headers: tuple[tuple[str, str], ...] = ()

    def answer(self) -> JSONResponse:
        error = {"message": self.message or f"(#{self.code})", "type": "OAuthException", "code": self.code}
        if self.subcode:
            error["error_subcode"] = self.subcode
        return JSONResponse({"error": {**error, "fbtrace_id": "AexempleTrace"}}, self.status, dict(self.headers))


def business_usage(percent: int, minutes: int) -> tuple[tuple[str, str], ...]:
    """Return the header that tells how much of a business's limit is used, and for how long it is blocked."""
    use = {"type": "pages", "call_count": percent, "total_cputime": 1, "total_time": 1}
    told = {"112130216863063": [{**use, "estimated_time_to_regain_access": minutes}]}
    return (("X-Business-Use-Case-Usage", json.dumps(told)),)


GONE = Refusal(100, 33, UNSUPPORTED)


class Door:
    """Lets in whoever bears one of `tokens`; `refusals` are given first, in turn; None lets a call pass.

    `usage` comes with each answer; `asked` are the paths and parameters of the calls.
    """

    def __init__(self) -> None:
        self.tokens = {TOKEN}
        self.refusals: deque[Refusal | None] = deque()
        self.usage: tuple[tuple[str, str], ...] = ()
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.expires_at = 0

    def let_in(self, request: Request) -> JSONResponse | None:
        """Return why `request` is not answered, None where it is."""
        params = dict(request.query_params)
        self.asked.append(("/" + request.url.path.split("/", 2)[2], params))
        assert "access_token" not in params, "a token stood in an address"
        if self.refusals and (refusal := self.refusals.popleft()):
            return refusal.answer()
        if bearer(request) not in self.tokens:
            return Refusal(190, 463, "Error validating access token: Session has expired").answer()
        return None

    def give(self, document: object) -> JSONResponse:
        return JSONResponse(document, headers=dict(self.usage))

    async def debug(self, request: Request) -> JSONResponse:
        """Answer `debug_token`, asked for by a POST whose body says GET."""
        body = await request.json()
        assert body["method"] == "GET"
        is_valid = body["input_token"] in self.tokens
        return self.give({"data": {"is_valid": is_valid, "expires_at": self.expires_at, "data_access_expires_at": 0}})


def bearer(request: Request) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ")


def paged(
    request: Request, items: list[Any], *, most: int, default: int = 25, hollow: bool = False, has_next: bool = True
) -> dict[str, Any] | Refusal:
    """Return the page of `items` that `request` asks for. `hollow` puts an empty page before the first.

    `has_next` is False for the edges that give cursors and no `next`. A `limit` above `most` is refused.
    """
    params = dict(request.query_params)
    limit = int(params.get("limit", default))
    if limit > most:
        return Refusal(100, 0, f"(#100) The limit should not exceed {most}")
    place = base64.b64decode(params["after"]).decode() if "after" in params else ("" if hollow else "0")
    if place == "":
        following, shown = "0", []
    else:
        start = int(place)
        shown = items[start : start + limit]
        following = str(start + limit) if start + limit < len(items) or not has_next else ""
    paging: dict[str, Any] = {}
    if following and (shown or hollow):
        after = base64.b64encode(following.encode()).decode()
        paging["cursors"] = {"before": "x", "after": after}
        if has_next:
            query = urlencode({**params, "access_token": bearer(request), "after": after})
            paging["next"] = f"https://graph.facebook.com{request.url.path}?{query}"
    return {"data": shown, **({"paging": paging} if paging else {})}
