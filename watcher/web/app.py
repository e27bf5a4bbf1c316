"""The local page as an ASGI application: its addresses, its error pages, and the guard in front of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from watcher.errors import Transient
from watcher.secrets import Secret
from watcher.web.choices import UnknownChoice
from watcher.web.entrance import Entrance
from watcher.web.frame import Frame, Site
from watcher.web.guard import Guard
from watcher.web.people import people_view
from watcher.web.view import Sheet, View

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

_MISDIRECTED = 421
_UNKNOWN_NAME = "Ce nom ne mène pas à la veille : ajoutez-le à « noms », sous « page », dans veille.yml."


@dataclass(frozen=True, slots=True)
class Access:
    """How the page is read from elsewhere: by which names, and the hash of its password, None while there is none."""

    names: frozenset[str]
    password: Secret | None


def create_app(places: Sequence[View], site: Site, access: Access | None = None) -> ASGIApp:
    """Return the page of `site`, whose navigation leads to `places` in order; without `access`, for here alone."""
    views = [*places, people_view(site.team)]
    frame = Frame(site, views)
    entrance = Entrance(access.password, site, frame) if access else None

    def error_page(request: Request, status: int) -> Response:
        return frame.error(request, status, _SENTENCES.get(status, "Cette demande est refusée."))

    def turned_away(request: Request, status: int) -> Response:
        told = _UNKNOWN_NAME if access and status == _MISDIRECTED else _SENTENCES[status]
        return frame.outside(request, Sheet("error.html", {"sentence": told}), status)

    async def unknown(request: Request, error: Exception) -> Response:
        return frame.error(request, 404, str(error))

    async def refused(request: Request, error: Exception) -> Response:
        return error_page(request, error.status_code if isinstance(error, HTTPException) else 500)

    async def failed(request: Request, error: Exception) -> Response:
        return frame.error(request, 503, f"{error} Réessayez dans un moment.")

    pages = Starlette(
        routes=[
            *_routes(frame, views),
            *(entrance.routes if entrance else ()),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ],
        exception_handlers={UnknownChoice: unknown, Transient: failed, HTTPException: refused, 500: refused},
    )
    if access is None or entrance is None:
        return Guard(pages, turned_away)
    return Guard(pages, turned_away, access.names, entrance.stop)


def _routes(frame: Frame, views: Sequence[View]) -> Iterator[Route]:
    for view in views:
        for path, show in {view.path: view.show, **view.beside}.items():
            yield Route(path, frame.showing(view, show), methods=["GET"])
        for path, take in view.takes.items():
            yield Route(path, frame.taking(take), methods=["POST"])
