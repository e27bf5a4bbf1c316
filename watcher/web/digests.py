"""The view of the digests: which there are, and each as the file that it is."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Protocol

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from watcher.french import date_of, month_of
from watcher.stores.digests import day_of, policy_of
from watcher.web.choices import UnknownChoice
from watcher.web.view import Sheet, View

PATH = "/bilans"

_WEEK = "semaine"
_TO_SUNDAY = timedelta(days=6)


class Files(Protocol):
    """What the view stands on: see `stores.digests.DigestFiles`."""

    def names(self) -> list[str]:
        """Return the names of all digests, the latest day first."""
        ...

    def read(self, name: str) -> str | None:
        """Return the page called `name`, None where there is none."""
        ...


def digests_view(files: Files) -> View:
    """Return the view of `files`."""

    async def show(_: Request) -> Sheet:
        return Sheet("digests.html", {"months": months(files.names()), "path": PATH})

    async def read(request: Request) -> Response:
        page = files.read(request.path_params["name"])
        if page is None:
            raise UnknownChoice("Ce bilan n'existe pas, ou n'est plus gardé.")
        return HTMLResponse(page, headers={"Content-Security-Policy": f"{policy_of(page)}; frame-ancestors 'none'"})

    return View(PATH, "Bilans", show, beside={f"{PATH}/{{name}}.html": read})


def months(names: Sequence[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the digests called `names` by the month of their last day: their names, and what people call them."""
    days = [(name, day) for name in names if (day := day_of(name))]
    return [
        (month, [(name, _called(name, day)) for name, day in of_month])
        for month, of_month in groupby(days, key=lambda each: month_of(each[1]))
    ]


def _called(name: str, last: date) -> str:
    if _WEEK not in name:
        return f"Matin du {date_of(last)}"
    return f"Semaine {last.isocalendar().week}, du {date_of(last - _TO_SUNDAY)} au {date_of(last)}"
