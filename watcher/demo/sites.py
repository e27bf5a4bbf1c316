"""The web servers of the written sites: feeds with validators, 304 and gzip, an article each, and some sick sites."""

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from watcher.demo.press import Site
from watcher.demo.scenario import Scripted
from watcher.model import Outcome
from watcher.ports import Clock

SICK: Mapping[str, Outcome] = {
    "mairie-fermee": Outcome.GONE,
    "intranet-associatif": Outcome.AUTH_REFUSED,
    "radio-pressee": Outcome.RATE_LIMITED,
}
"""The sites that do not answer as they should, and how a run of each must end."""

RETRY_AFTER_S = 1800

_LOGIN_PAGE = (
    "<!DOCTYPE html><html lang='fr'><head><title>Connexion</title></head><body><h1>Connexion</h1>"
    "<form method='post'><input name='login'><input type=\"password\" name='password'></form></body></html>"
)
_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "rdf": "application/rdf+xml"}


def home(site: str, port: int | None) -> str:
    """Return the address of a site: a name under `localhost` leads to this machine (RFC 6761, 6.3)."""
    return f"http://{site}.localhost:{port}"


def sites_app(sites: Sequence[Site], posts: Sequence[Scripted], clock: Clock) -> Starlette:
    """Return the application that is all the sites: each shows what appeared on it before the clock's time."""
    by_name = {site.name: site for site in sites}
    templates = _templates()

    def shown(site: str) -> list[Scripted]:
        return [post for post in posts if post.site == site and post.at <= clock.now()]

    async def flux(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in by_name:
            return _sick(name)
        return _fresh(request, by_name[name], shown(name)[::-1], templates, clock.now())

    async def article(request: Request) -> Response:
        site = (request.url.hostname or "").removesuffix(".localhost")
        number = request.path_params["number"]
        post = next((post for post in shown(site) if post.number == number), None)
        if post is None:
            return HTMLResponse("<h1>Page introuvable</h1>", 404)
        title = by_name[site].title if site in by_name else f"{site} (démonstration)"
        return HTMLResponse(templates.get_template("article.html").render(title=title, post=post))

    return Starlette(routes=[Route("/flux/{name}", flux), Route("/{number:int}", article)])


def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "wire"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["mail_date"] = lambda moment: format_datetime(moment, usegmt=True)
    return templates


def _sick(name: str) -> Response:
    match SICK.get(name):
        case Outcome.AUTH_REFUSED:
            return HTMLResponse(_LOGIN_PAGE)
        case Outcome.RATE_LIMITED:
            return PlainTextResponse("Trop de demandes", 429, {"Retry-After": str(RETRY_AFTER_S)})
        case _:
            return HTMLResponse("<!DOCTYPE html><html><body><h1>404 : page introuvable</h1></body></html>", 404)


def _fresh(request: Request, site: Site, posts: list[Scripted], templates: Environment, now: datetime) -> Response:
    latest = posts[0].at if posts else now
    body = _body(site, posts, home(site.name, request.url.port), latest, templates)
    headers = {
        "ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"',
        "Last-Modified": format_datetime(latest.replace(microsecond=0), usegmt=True),
        "Vary": "Accept-Encoding",
    }
    if _is_known(request, headers["ETag"], latest):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = gzip.compress(body, mtime=0), "gzip"
    return Response(body, headers=headers, media_type=_TYPES.get(site.format, "application/feed+json"))


def _is_known(request: Request, etag: str, latest: datetime) -> bool:
    """Return whether the caller holds this version already; the tag decides where both are sent (RFC 9110, 13.2.2)."""
    tag, since = request.headers.get("if-none-match"), request.headers.get("if-modified-since")
    if tag is not None:
        return etag in tag
    return since is not None and parsedate_to_datetime(since) >= latest


def _body(site: Site, posts: list[Scripted], address: str, latest: datetime, templates: Environment) -> bytes:
    if site.format == "json":
        return _json_feed(site, posts, address)
    template = templates.get_template(f"{site.format}.xml")
    return template.render(feed=site, items=posts, site=address, latest=latest).encode()


def _json_feed(site: Site, posts: list[Scripted], address: str) -> bytes:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": site.title,
        "home_page_url": f"{address}/",
        "items": [
            {
                "id": f"demonstration:{site.name}:{post.number}",
                "url": f"{address}/{post.number}",
                "title": post.title,
                "content_text": post.text,
                "authors": [{"name": post.author}],
                **({"date_published": post.dated_at.isoformat()} if post.dated_at else {}),
            }
            for post in posts
        ],
    }
    return json.dumps(document, ensure_ascii=False).encode()
