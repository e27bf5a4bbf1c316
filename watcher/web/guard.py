"""What stands before every page: who may ask, how, and what the browser is allowed to do with the answer."""

from collections.abc import Callable, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})

# No script at all, nothing from elsewhere, in nobody's frame: https://www.w3.org/TR/CSP3/
_POLICY = (
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)

_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "; ".join(_POLICY),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # under "no-referrer", a form of ours would say that it comes from nowhere
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


_OWN = ("Content-Security-Policy",)
"""What an answer may say for itself: a file that holds its own sheet lets that in, and nothing else."""


class Guard:
    """Lets in only what is addressed to this machine, to read or to send a form, and puts the headers on every answer.

    The check of Host defeats DNS rebinding: a site whose name suddenly leads to 127.0.0.1 keeps its own name there.
    """

    def __init__(self, pages: ASGIApp, refuse: Callable[[Request, int], Response]) -> None:
        self._pages = pages
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._pages(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update({**_HEADERS, **{name: headers[name] for name in _OWN if name in headers}})
            await send(message)

        status = _refusal(scope)
        answer = self._pages if status is None else self._refuse(Request(scope), status)
        await answer(scope, receive, send_guarded)


def _refusal(scope: Scope) -> int | None:
    if not _is_this_machine(Headers(scope=scope).get("host", "")):
        return 421
    return None if scope["method"] in {"GET", "HEAD", "POST"} else 405


def _is_this_machine(host: str) -> bool:
    name, separator, port = host.lower().rpartition(":")
    return (name if separator and port.isdigit() else host.lower()) in _HOSTS
