"""The local page as an ASGI application: its addresses, its error pages, and the guard in front of them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates
from starlette.types import ASGIApp

from watcher import french, words
from watcher.gaps import Gap
from watcher.health import Standing
from watcher.stores.queries import Selection
from watcher.web import charts, choices
from watcher.web.choices import UnknownChoice
from watcher.web.guard import Guard
from watcher.web.trials import TrialPage, Try
from watcher.web.views import Deliveries, Foundations, PageQueries, front_page
from watcher.words import Edit, Labels

_HERE = Path(__file__).parent

_SENTENCES = {
    404: "Cette page n'existe pas.",
    405: "Cette page se lit seulement : elle ne reçoit rien.",
    421: "Cette page ne s'ouvre que depuis cette machine, à l'adresse http://127.0.0.1 suivie de son port.",
    500: "Une erreur du logiciel a empêché d'écrire cette page. Le détail est dans le journal d'exécution.",
}


def create_app(
    *,
    queries: PageQueries,
    standings: Callable[[], Sequence[Standing]],
    gaps: Callable[[], Sequence[Gap]],
    deliveries: Callable[[], Deliveries],
    labels: Labels,
    edit: Callable[[], Edit] = Edit,
    try_words: Try,
    now: Callable[[], datetime],
    name: str = "Veille",
    banner: str | None = None,
) -> ASGIApp:
    """Return the page under the team's `name`. `banner` tells on top that this is not the everyday page (DÉMO)."""
    foundations = Foundations(queries, standings, gaps, deliveries, labels, now, edit)
    templates = _templates(name, banner)

    async def front(request: Request) -> Response:
        return await front_page(request, foundations, templates)

    trial_page = TrialPage(try_words, labels, templates)

    async def trial(request: Request) -> Response:
        return await trial_page(request)

    def error_page(request: Request, status: int, sentence: str = "") -> Response:
        told = sentence or _SENTENCES.get(status, "Cette demande est refusée.")
        return templates.TemplateResponse(request, "error.html", {"sentence": told}, status_code=status)

    async def unknown(request: Request, error: Exception) -> Response:
        return error_page(request, 404, str(error))

    async def refused(request: Request, error: Exception) -> Response:
        return error_page(request, error.status_code if isinstance(error, HTTPException) else 500)

    pages = Starlette(
        routes=[
            Route("/", front, methods=["GET"]),
            Route("/essai", trial, methods=["GET"]),
            Mount("/static", StaticFiles(directory=_HERE / "static")),
        ],
        exception_handlers={UnknownChoice: unknown, HTTPException: refused, 500: refused},
    )
    return Guard(pages, error_page)


def _templates(name: str, banner: str | None) -> Jinja2Templates:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for written in (
        french.hour,
        french.moment,
        french.machine_time,
        french.number,
        french.excerpt,
        french.readable,
        french.host,
        charts.curve,
    ):
        environment.filters[written.__name__] = written
    environment.globals |= {
        "site_name": name,
        "banner": banner,
        "plural": french.plural,
        "charts": charts,
        "platforms": words.PLATFORMS,
        "relevances": words.RELEVANCES,
        "intents": words.INTENTS,
        "trend_states": words.TREND_STATES,
        "gap_causes": words.GAP_CAUSES,
        "fates": words.FATES,
        "topic_address": lambda topic: choices.address(Selection(topic=topic)),
    }
    return Jinja2Templates(env=environment)
