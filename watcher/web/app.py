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

from watcher.errors import Transient
from watcher.web.choices import UnknownChoice
from watcher.web.frame import Frame, Site
from watcher.web.guard import Guard
from watcher.web.people import people_view
from watcher.web.view import View

_STATIC = Path(__file__).parent / "static"

_SENTENCES = {
    400: "Ce formulaire ne peut pas être lu. Revenez en arrière, puis recommencez.",
    403: "Rien n'a été changé : ce formulaire date d'avant un redémarrage, ou ne vient pas de cette page. "
    "Revenez à la veille, puis recommencez.",
    404: "Cette page n'existe pas.",
    405: "Rien ne s'envoie à cette adresse : elle se lit seulement.",
    413: "Rien n'a été changé : ce formulaire est trop long. Raccourcissez-le, puis recommencez.",
    415: "Rien n'a été changé : cette adresse ne prend que les formulaires de cette page.",
    421: "Cette page ne s'ouvre que depuis cette machine, à l'adresse http://127.0.0.1 suivie de son port.",
    500: "Une erreur du logiciel a empêché d'écrire cette page. Le détail est dans le journal d'exécution.",
}


def create_app(places: Sequence[View], site: Site) -> ASGIApp:
    """Return the page of `site`, whose navigation leads to `places` in their order."""
    views = [*places, people_view(site.team)]
    frame = Frame(site, views)

    def error_page(request: Request, status: int) -> Response:
        return frame.error(request, status, _SENTENCES.get(status, "Cette demande est refusée."))

    async def unknown(request: Request, error: Exception) -> Response:
        return frame.error(request, 404, str(error))

    async def refused(request: Request, error: Exception) -> Response:
        return error_page(request, error.status_code if isinstance(error, HTTPException) else 500)

    async def failed(request: Request, error: Exception) -> Response:
        return frame.error(request, 503, f"{error} Réessayez dans un moment.")

    pages = Starlette(
        routes=[*_routes(frame, views), Mount("/static", StaticFiles(directory=_STATIC))],
        exception_handlers={UnknownChoice: unknown, Transient: failed, HTTPException: refused, 500: refused},
    )
    return Guard(pages, error_page)


def _routes(frame: Frame, views: Sequence[View]) -> Iterator[Route]:
    for view in views:
        for path, show in {view.path: view.show, **view.beside}.items():
            yield Route(path, frame.showing(view, show), methods=["GET"])
        for path, take in view.takes.items():
            yield Route(path, frame.taking(take), methods=["POST"])
