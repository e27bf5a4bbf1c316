"""What is around every view: the navigation, who reads, what was just done, and what became of the team's last edit.

It writes what views show, and lets no form reach them that a page of ours did not send.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote, unquote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.templating import Jinja2Templates

from watcher import french, words
from watcher.web import charts
from watcher.web.forms import TOKEN, fields_of
from watcher.web.memory import Memory
from watcher.web.view import Form, Sheet, Show, Take, View
from watcher.words import Edit

_TEMPLATES = Path(__file__).parent / "templates"


SESSION = "__Host-veille-session"
"""The cookie of who came in by the password; the forms that they are shown are for that session alone."""

_PERSON, _TOLD = "veille-personne", "veille-dit"
_PERSON_KEPT, _TOLD_KEPT = timedelta(days=180), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Site:
    """Whose page this is. `banner` tells on top that it is not the everyday page (DÉMO).

    One that `is_private` is read from elsewhere, by who knows its password.
    """

    name: str
    now: Callable[[], datetime]
    edit: Callable[[], Edit] = Edit
    banner: str | None = None
    team: Sequence[str] = ()
    memory: Memory = field(default_factory=Memory)
    is_private: bool = False


class Frame:
    """Writes the sheets of `views` into the pages of `site`, and brings them its forms."""

    def __init__(self, site: Site, views: Sequence[View]) -> None:
        self._site = site
        self._templates = Jinja2Templates(env=_environment(site, views))

    def showing(self, view: View, show: Show) -> Callable[[Request], Awaitable[Response]]:
        """Return what answers for `show`, an address of `view`."""

        async def answer(request: Request) -> Response:
            shown = await show(request)
            return shown if isinstance(shown, Response) else self.write(request, shown, current=view.path)

        return answer

    def taking(self, take: Take) -> Callable[[Request], Awaitable[Response]]:
        """Return what answers for `take`. It raises `HTTPException` for a form that is not of ours."""

        async def answer(request: Request) -> Response:
            fields = await fields_of(request)
            if not self.is_ours(request, fields):
                raise HTTPException(403)
            done = await take(Form(fields, self._person(request) or ""))
            response = RedirectResponse(done.address, 303)
            keep(response, request, _TOLD, self._site.memory.seal.close(_TOLD, done.sentence), _TOLD_KEPT)
            if done.person is not None:
                keep(response, request, _PERSON, quote(done.person), _PERSON_KEPT)
            return response

        return answer

    def write(self, request: Request, sheet: Sheet, status: int = 200, current: str = "") -> Response:
        """Return the page of `sheet`. `current` is the path of its view, "" for none."""
        site, told = self._site, request.cookies.get(_TOLD)
        values = {
            "now": site.now(),
            "edit": site.edit(),
            "current": current,
            "token": site.memory.seal.mark(TOKEN, request.cookies.get(SESSION, "")),
            "team": site.team,
            "person": self._person(request),
            "is_inside": True,
            "told": site.memory.seal.open(_TOLD, told) if told else None,
            **sheet.values,
        }
        response = self._templates.TemplateResponse(request, sheet.template, values, status_code=status)
        if told:
            response.delete_cookie(_TOLD)
        return response

    def is_ours(self, request: Request, fields: Mapping[str, str]) -> bool:
        """Tell whether a page that we showed to this very reader sends `fields`."""
        session = request.cookies.get(SESSION, "")
        return self._site.memory.seal.is_mark(TOKEN, session, fields.get(TOKEN, ""))

    def outside(self, request: Request, sheet: Sheet, status: int) -> Response:
        """Return the page of `sheet` for who is not let in: it tells nothing of ours."""
        return self.write(request, replace(sheet, values={**sheet.values, "is_inside": False}), status)

    def error(self, request: Request, status: int, sentence: str) -> Response:
        """Return the page that tells why there is no other."""
        return self.write(request, Sheet("error.html", {"sentence": sentence}), status)

    def _person(self, request: Request) -> str | None:
        """Return who this browser's reader said they are, "" for who only looks, None when they have not said."""
        said = request.cookies.get(_PERSON)
        person = None if said is None else unquote(said)
        return person if person == "" or person in self._site.team else None


def keep(response: Response, request: Request, name: str, value: str, long: timedelta) -> None:
    """Have the browser keep `value` so `long`, for our own pages alone, and for no script."""
    response.set_cookie(
        name,
        value,
        max_age=int(long.total_seconds()),
        httponly=True,
        secure=request.url.scheme == "https",
        samesite="strict",
    )


def _environment(site: Site, views: Sequence[View]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for written in (
        french.hour,
        french.moment,
        french.machine_time,
        french.date_of,
        french.age,
        french.number,
        french.excerpt,
        french.readable,
        french.host,
    ):
        environment.filters[written.__name__] = written
    environment.globals |= {
        "site_name": site.name,
        "banner": site.banner,
        "is_private": site.is_private,
        "navigation": [(view.path, view.name) for view in views if view.name],
        "plural": french.plural,
        "charts": charts,
        "platforms": words.PLATFORMS,
        "relevances": words.RELEVANCES,
        "intents": words.INTENTS,
        "trend_states": words.TREND_STATES,
        "gap_causes": words.GAP_CAUSES,
        "fates": words.FATES,
    }
    return environment
