"""A Kibana that knows one thing, the import of saved objects, and is as strict about it as the real one.

Its rules were read in Kibana's own source (`routes/import.ts`, `routes/utils.ts`, `collect_saved_objects.ts`,
`validate_references.ts`, `upgrade_pipeline.ts`); the demo and the tests push to it, since no real one can be run there.
"""

import asyncio
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from watcher.errors import WatcherError
from watcher.kibana import SavedObject
from watcher.kibana.push import Door, push
from watcher.secrets import Secret
from watcher.web.server import serving

KEY = "cle-de-demonstration"

_PATH = "/api/saved_objects/_import"
_NEWEST: Mapping[str, tuple[int, ...]] = {
    "index-pattern": (8, 0, 0),
    "search": (10, 5, 0),
    "lens": (8, 9, 0),
    "dashboard": (10, 3, 0),
}
"""The types that it knows, and the version up to which it reads each: Kibana 8.19's."""

_VERIFIED = frozenset({"index-pattern", "search"})
"""The kinds of references that an import looks for; a dashboard may name a chart that is not there."""

_Key = tuple[str, str]


@dataclass(slots=True)
class FakeKibana:
    """An application that takes imports. `spaces` holds the objects of each, by (type, id); "" is the default one."""

    spaces: dict[str, dict[_Key, Any]] = field(default_factory=lambda: {"": {}, "veille": {}})

    @property
    def app(self) -> Starlette:
        """The application to serve."""
        return Starlette(routes=[Route(path, self._take, methods=["POST"]) for path in (_PATH, f"/s/{{space}}{_PATH}")])

    async def _take(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"ApiKey {KEY}":
            return _error(401, "Unauthorized")
        if not request.headers.get("kbn-xsrf"):
            return _error(400, "Request must contain a kbn-xsrf header.")
        space = self.spaces.get(request.path_params.get("space", ""))
        if space is None:
            return _error(404, "Not Found")
        part = _file(await request.body(), request.headers["content-type"])
        if not (part.get_filename() or "").endswith(".ndjson"):
            return _error(400, "Invalid file extension")
        payload = part.get_payload(decode=True)
        lines = payload.decode().split("\n") if isinstance(payload, bytes) else []
        read = [json.loads(line) for line in lines if line.strip()]
        objects = [each for each in read if "exportedCount" not in each]
        return _imported(objects, space, overwrite=request.query_params.get("overwrite") == "true")


async def lacks(objects: Sequence[SavedObject]) -> list[str]:
    """Push `objects` twice to such a Kibana, as a team would, and return what is wrong, in French."""
    fake = FakeKibana()
    async with serving(fake.app) as url:
        door = Door(url, Secret(KEY))
        try:
            for _ in range(2):
                await asyncio.to_thread(push, objects, door)
        except WatcherError as error:
            return [f"Kibana : {error}"]
    return [] if len(fake.spaces[""]) == len(objects) else ["Kibana : des objets manquent"]


def _imported(objects: Sequence[Any], space: dict[_Key, Any], *, overwrite: bool) -> Response:
    keys = [_key(each) for each in objects]
    if len(set(keys)) != len(keys):
        return _error(400, "Non-unique import objects detected")
    if any(_version(each) > _NEWEST.get(each["type"], ()) for each in objects if each["type"] in _NEWEST):
        return _error(422, "Document belongs to a more recent version of Kibana")
    present = {*keys, *space}
    faults = {_key(each): fault for each in objects if (fault := _fault(each, present, space, overwrite=overwrite))}
    space.update({key: each for key, each in zip(keys, objects, strict=True) if key not in faults})
    errors = [{"type": kind, "id": name, "error": {"type": fault}} for (kind, name), fault in faults.items()]
    told: dict[str, Any] = {"success": not errors, "successCount": len(objects) - len(errors)}
    return JSONResponse(told | ({"errors": errors} if errors else {}))


def _fault(each: Any, present: Collection[_Key], space: Mapping[_Key, Any], *, overwrite: bool) -> str:
    if each["type"] not in _NEWEST:
        return "unsupported_type"
    if any(named["type"] in _VERIFIED and _key(named) not in present for named in each["references"]):
        return "missing_references"
    return "conflict" if _key(each) in space and not overwrite else ""


def _key(each: Any) -> _Key:
    return each["type"], each["id"]


def _version(each: Any) -> tuple[int, ...]:
    return tuple(map(int, each["typeMigrationVersion"].split(".")))


def _file(body: bytes, content_type: str) -> Message:
    """Return the part named `file` of a form, as Kibana takes it."""
    form = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    return next(part for part in form.walk() if part.get_param("name", header="content-disposition") == "file")


def _error(status: int, message: str) -> Response:
    return JSONResponse({"statusCode": status, "error": message, "message": message}, status)
