"""The local page as an ASGI application: its addresses, its error pages, and the guard in front of them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from watcher.web.choices import UnknownChoice
from watcher.web.frame import Frame, Site
from watcher.web.guard import Guard
from watcher.web.view import View

_STATIC = Path(__file__).parent / "static"

_SENTENCES = {
    404: "Cette page n'existe pas.",
    405: "Cette page se lit seulement : elle ne reçoit rien.",
    421: "Cette page ne s'ouvre que depuis cette machine, à l'adresse http://127.0.0.1 suivie de son port.",
    500: "Une erreur du logiciel a empêché d'écrire cette page. Le détail est dans le journal d'exécution.",
}


def create_app(views: Sequence[View], site: Site) -> ASGIApp:
    """Return the page of `site`, whose navigation leads to `views` in their order."""
    frame = Frame(site, views)

    def error_page(request: Request, status: int) -> Response:
        return frame.error(request, status, _SENTENCES.get(status, "Cette demande est refusée."))

    async def unknown(request: Request, error: Exception) -> Response:
        return frame.error(request, 404, str(error))

    async def refused(request: Request, error: Exception) -> Response:
        return error_page(request, error.status_code if isinstance(error, HTTPException) else 500)

    pages = Starlette(
        routes=[*_routes(frame, views), Mount("/static", StaticFiles(directory=_STATIC))],
        exception_handlers={UnknownChoice: unknown, HTTPException: refused, 500: refused},
    )
    return Guard(pages, error_page)


def _routes(frame: Frame, views: Sequence[View]) -> Iterator[Route]:
    for view in views:
        for path, show in {view.path: view.show, **view.beside}.items():
            yield Route(path, frame.framed(view, show), methods=["GET"])
