"""What stands before every page: who may ask, how, and what the browser is allowed to do with the answer."""

from collections.abc import Callable, Collection, Mapping

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "[::1]"})

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
    """Lets in only what is addressed to one of `names`, to read or to send a form; puts the headers on every answer.

    The check of Host defeats DNS rebinding: a site whose name suddenly leads here keeps its own name there. `stop`
    gives the answer to who may not go on for another reason.
    """

    def __init__(
        self,
        pages: ASGIApp,
        refuse: Callable[[Request, int], Response],
        names: Collection[str] = THIS_MACHINE,
        stop: Callable[[Request], Response | None] = lambda _: None,
    ) -> None:
        self._pages = pages
        self._refuse = refuse
        self._names = names
        self._stop = stop

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

        answer = self._refusal(Request(scope)) or self._pages
        await answer(scope, receive, send_guarded)

    def _refusal(self, request: Request) -> Response | None:
        if _named(request.headers.get("host", "")) not in self._names:
            return self._refuse(request, 421)
        if request.method not in {"GET", "HEAD", "POST"}:
            return self._refuse(request, 405)
        return self._stop(request)


def _named(host: str) -> str:
    name, separator, port = host.lower().rpartition(":")
    return name if separator and port.isdigit() else host.lower()
