"""A page with a password, as a browser sees it through the proxy that stands before it."""

from collections.abc import Sequence
from datetime import datetime

import httpx
from starlette.requests import Request
from starlette.types import ASGIApp

from watcher.secrets import Secret
from watcher.web.app import Access, create_app
from watcher.web.frame import Site
from watcher.web.memory import Memory
from watcher.web.password import hashed
from watcher.web.view import Done, Form, Sheet, View

NAME = "veille.example.org"
HERE = f"https://{NAME}"
PASSWORD = "le canal déborde à Sète"
KEPT = Secret(hashed(PASSWORD))


class Hands:
    """A clock that a test sets."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def private_page(
    clock: Hands, kept: Secret | None = KEPT, memory: Memory | None = None, names: Sequence[str] = (NAME,)
) -> ASGIApp:
    """Return a page of one view, which shows « Qui êtes-vous ? » and takes a form."""

    async def show(_: Request) -> Sheet:
        return Sheet("people.html", {})

    async def take(_: Form) -> Done:
        return Done("/", "C'est noté.")

    site = Site("Veille d'essai", clock, team=["Anne"], memory=memory or Memory(), is_private=True)
    view = View("/", "Essai", show, takes={"/garder": take})
    return create_app([view], site, Access(frozenset(names), kept))


def browsing(app: ASGIApp, address: str = "203.0.113.9", origin: str = HERE) -> httpx.AsyncClient:
    """Return a browser at `address`."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 50_000))
    headers = {"Origin": origin, "Sec-Fetch-Site": "same-origin"}
    return httpx.AsyncClient(transport=transport, base_url=origin, headers=headers)
