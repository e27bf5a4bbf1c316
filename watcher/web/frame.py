"""What is around every view: the navigation, the banner, and what became of the team's last edit."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from watcher import french, words
from watcher.stores.queries import Selection
from watcher.web import charts, choices
from watcher.web.view import Sheet, Show, View
from watcher.words import Edit

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Site:
    """Whose page this is. `banner` tells on top that it is not the everyday page (DÉMO)."""

    name: str
    now: Callable[[], datetime]
    edit: Callable[[], Edit] = Edit
    banner: str | None = None


class Frame:
    """Writes the sheets of `views` into the pages of `site`."""

    def __init__(self, site: Site, views: Sequence[View]) -> None:
        self._site = site
        self._templates = Jinja2Templates(env=_environment(site, views))

    def framed(self, view: View, show: Show) -> Callable[[Request], Awaitable[Response]]:
        """Return what answers for `show`, an address of `view`."""

        async def answer(request: Request) -> Response:
            shown = await show(request)
            return shown if isinstance(shown, Response) else self.write(request, shown, current=view.path)

        return answer

    def write(self, request: Request, sheet: Sheet, status: int = 200, current: str = "") -> Response:
        """Return the page of `sheet`. `current` is the path of its view, "" for none."""
        values = {"now": self._site.now(), "edit": self._site.edit(), "current": current, **sheet.values}
        return self._templates.TemplateResponse(request, sheet.template, values, status_code=status)

    def error(self, request: Request, status: int, sentence: str) -> Response:
        """Return the page that tells why there is no other."""
        return self.write(request, Sheet("error.html", {"sentence": sentence}), status)


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
        french.number,
        french.excerpt,
        french.readable,
        french.host,
        charts.curve,
    ):
        environment.filters[written.__name__] = written
    environment.globals |= {
        "site_name": site.name,
        "banner": site.banner,
        "navigation": [(view.path, view.name) for view in views],
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
    return environment
