"""The way in from elsewhere than this machine: through a proxy that speaks HTTPS, by one password for the team.

A session is a sealed cookie: it ends after twelve hours, with the process, and when the password changes.
"""

import asyncio
import math
import secrets
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from watcher.secrets import Secret
from watcher.web.forms import fields_of
from watcher.web.frame import SESSION, Frame, Site, keep
from watcher.web.password import is_right
from watcher.web.view import Sheet

PATH, LEAVE = "/connexion", "/sortie"
SESSION_LASTS = timedelta(hours=12)

_OPEN = (PATH, "/static/")
_WRONG = "Ce n'est pas le mot de passe de la veille."
_UNSET = "Le mot de passe de la page n'est pas réglé : lancez « watcher page password », puis relancez la veille."
_PLAIN = (
    "Cette page ne se lit qu'en HTTPS, derrière votre serveur mandataire : il doit être dans « mandataires » (sous "
    "« page », dans veille.yml), et envoyer « X-Forwarded-Proto: https » et « X-Forwarded-For »."
)


class Entrance:
    """Lets in who knows the password, whose hash is `kept`: None lets nobody in."""

    def __init__(self, kept: Secret | None, site: Site, frame: Frame) -> None:
        self._kept = kept
        self._site = site
        self._frame = frame
        self._turn = asyncio.Lock()  # a try takes 64 MiB

    @property
    def routes(self) -> list[Route]:
        """Return the addresses at which one comes in and goes out."""
        return [
            Route(PATH, self._ask, methods=["GET"]),
            Route(PATH, self._enter, methods=["POST"]),
            Route(LEAVE, self._leave, methods=["POST"]),
        ]

    def stop(self, request: Request) -> Response | None:
        """Return what is answered to who may not go on, None to who may."""
        if request.url.scheme != "https":  # as a proxy that we trust tells it
            return self._told(request, _PLAIN, 426)
        if self._kept is None:
            return self._told(request, _UNSET, 503)
        if self._is_in(request) or request.url.path.startswith(_OPEN):
            return None
        wanted = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
        return RedirectResponse(f"{PATH}?{urlencode({'retour': wanted})}", 303)

    async def _ask(self, request: Request) -> Response:
        wanted = _inside(request.query_params.get("retour", ""))
        if self._is_in(request):
            return RedirectResponse(wanted, 303)
        # Who follows a link from elsewhere does not bring the session along: asked again from here, they do.
        again = request.headers.get("sec-fetch-site") == "cross-site" and "encore" not in request.query_params
        return self._form(request, wanted, again=again)

    async def _enter(self, request: Request) -> Response:
        fields, now = await fields_of(request), self._site.now()
        address, wanted = request.client.host if request.client else "", _inside(fields.get("retour", ""))
        if self._kept is None or not self._frame.is_ours(request, fields):
            raise HTTPException(403)
        tries = self._site.memory.tries
        async with self._turn:
            if wait := tries.wait(address, now):
                return self._wait(request, wait)
            tries.count(address, now)
            if not await asyncio.to_thread(is_right, fields.get("mot_de_passe", ""), self._kept.reveal()):
                return self._form(request, wanted, trouble=_WRONG)
        tries.forget(address)
        response = RedirectResponse(wanted, 303)
        keep(response, request, SESSION, self._session(now + SESSION_LASTS), SESSION_LASTS)
        return response

    async def _leave(self, request: Request) -> Response:
        if not self._frame.is_ours(request, await fields_of(request)):
            raise HTTPException(403)
        response = RedirectResponse(PATH, 303)
        response.delete_cookie(SESSION, secure=True, httponly=True, samesite="strict")
        return response

    def _session(self, until: datetime) -> str:
        return self._site.memory.seal.close(self._purpose, f"{until.isoformat()} {secrets.token_hex(16)}")

    def _is_in(self, request: Request) -> bool:
        said = self._site.memory.seal.open(self._purpose, request.cookies.get(SESSION, ""))
        return said is not None and self._site.now() < datetime.fromisoformat(said.partition(" ")[0])

    @property
    def _purpose(self) -> str:
        return f"session of {self._kept.reveal() if self._kept else ''}"

    def _form(self, request: Request, wanted: str, trouble: str = "", *, again: bool = False) -> Response:
        retry = f"{PATH}?{urlencode({'retour': wanted, 'encore': 1})}" if again else ""
        sheet = Sheet("entrance.html", {"wanted": wanted, "trouble": trouble, "again": retry})
        return self._frame.outside(request, sheet, 403 if trouble else 200)

    def _wait(self, request: Request, wait: timedelta) -> Response:
        seconds = math.ceil(wait.total_seconds())
        told = f"Trop d'essais : attendez {math.ceil(seconds / 60)} min avant le suivant."
        response = self._told(request, told, 429)
        response.headers["Retry-After"] = str(seconds)
        return response

    def _told(self, request: Request, sentence: str, status: int) -> Response:
        return self._frame.outside(request, Sheet("error.html", {"sentence": sentence}), status)


def _inside(wanted: str) -> str:
    """Return `wanted` where it is an address of ours, the first page otherwise."""
    try:
        parts = urlsplit(wanted.replace("\\", "/"))
    except ValueError:  # a bracket that no address of IPv6 closes
        return "/"
    is_ours = not parts.scheme and not parts.netloc and parts.path.startswith("/") and not parts.path.startswith("//")
    return quote(wanted, safe="/?&=%+#-._~,") if is_ours else "/"
