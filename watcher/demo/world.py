"""A real web server on loopback that serves the written world as sites do: validators, 304, gzip, and some sick ones.

async with serve_world(now) as world:
    world.address("tramontane")
"""

import gzip
import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from watcher.demo.scenario import Feed, Item, feeds
from watcher.model import Outcome
from watcher.web.server import serving_ports

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


@dataclass(frozen=True, slots=True)
class World:
    """The written world while it is served. Each site has a port of its own, as sites have machines of their own."""

    feeds: tuple[Feed, ...]
    ports: Mapping[str, int]

    def address(self, name: str) -> str:
        """Return the address of a site's feed, healthy or sick."""
        return f"http://127.0.0.1:{self.ports[name]}/flux/{name}"

    def link(self, feed: Feed, item: Item) -> str:
        """Return the address that the feed gives for one of its items; a browser can open it."""
        return f"{_site(feed, self.ports[feed.name])}/{item.number}"


@asynccontextmanager
async def serve_world(now: datetime) -> AsyncIterator[World]:
    """Serve the world as it stands at `now`, on free ports of this machine, while the block runs."""
    written = feeds(now)
    names = [*(feed.name for feed in written), *SICK]
    async with serving_ports(_site_of_sites(written, now), len(names)) as ports:
        yield World(written, dict(zip(names, ports, strict=True)))


def _site_of_sites(written: tuple[Feed, ...], now: datetime) -> Starlette:
    by_name = {feed.name: feed for feed in written}
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "wire"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["mail_date"] = lambda moment: format_datetime(moment, usegmt=True)

    async def flux(request: Request) -> Response:
        name = request.path_params["name"]
        if name in by_name:
            return _fresh(request, by_name[name], templates, now)
        return _sick(name)

    async def article(request: Request) -> Response:
        feed = by_name.get((request.url.hostname or "").removesuffix(".localhost"))
        number = request.path_params["number"]
        if feed is None or not 1 <= number <= len(feed.items):
            return HTMLResponse("<h1>Page introuvable</h1>", 404)
        return HTMLResponse(templates.get_template("article.html").render(feed=feed, item=feed.items[number - 1]))

    return Starlette(routes=[Route("/flux/{name}", flux), Route("/{number:int}", article)])


def _sick(name: str) -> Response:
    match SICK.get(name):
        case Outcome.AUTH_REFUSED:
            return HTMLResponse(_LOGIN_PAGE)
        case Outcome.RATE_LIMITED:
            return PlainTextResponse("Trop de demandes", 429, {"Retry-After": str(RETRY_AFTER_S)})
        case _:
            return HTMLResponse("<!DOCTYPE html><html><body><h1>404 : page introuvable</h1></body></html>", 404)


def _fresh(request: Request, feed: Feed, templates: Environment, now: datetime) -> Response:
    body = _body(feed, _site(feed, request.url.port), templates, now)
    latest = _latest(feed, now)
    headers = {
        "ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"',
        "Last-Modified": format_datetime(latest, usegmt=True),
        "Vary": "Accept-Encoding",
    }
    if _is_known(request, headers["ETag"], latest):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = gzip.compress(body, mtime=0), "gzip"
    return Response(body, headers=headers, media_type=_TYPES.get(feed.format, "application/feed+json"))


def _is_known(request: Request, etag: str, latest: datetime) -> bool:
    """Return whether the caller holds this version already; the tag decides where both are sent (RFC 9110, 13.2.2)."""
    tag, since = request.headers.get("if-none-match"), request.headers.get("if-modified-since")
    if tag is not None:
        return etag in tag
    return since is not None and parsedate_to_datetime(since) >= latest


def _body(feed: Feed, site: str, templates: Environment, now: datetime) -> bytes:
    if feed.format == "json":
        return _json_feed(feed, site)
    template = templates.get_template(f"{feed.format}.xml")
    return template.render(feed=feed, site=site, latest=_latest(feed, now)).encode()


def _json_feed(feed: Feed, site: str) -> bytes:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": f"{site}/",
        "items": [
            {
                "id": f"demonstration:{feed.name}:{item.number}",
                "url": f"{site}/{item.number}",
                "title": item.title,
                "content_text": item.text,
                "authors": [{"name": item.author}],
                **({"date_published": item.published_at.isoformat()} if item.published_at else {}),
            }
            for item in feed.items
        ],
    }
    return json.dumps(document, ensure_ascii=False).encode()


def _latest(feed: Feed, now: datetime) -> datetime:
    dates = [item.published_at for item in feed.items if item.published_at is not None and item.published_at <= now]
    return max(dates)


def _site(feed: Feed, port: int | None) -> str:
    """Return the address of a feed's site: a name under `localhost` leads to this machine (RFC 6761, 6.3)."""
    return f"http://{feed.name}.localhost:{port}"
