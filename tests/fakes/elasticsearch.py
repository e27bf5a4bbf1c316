"""An Elasticsearch on loopback that fails on command: what a real node cannot be made to answer.

It keeps documents under external versions as the real one does, and knows templates and bulk writes only.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from watcher.stores.elastic import SCHEMA_VERSION, TEMPLATES


@dataclass(frozen=True, slots=True)
class Fault:
    """An error, of an item or of a whole request. `is_applied`: the write was done all the same."""

    status: int
    error_type: str | None = None
    is_applied: bool = False

    @property
    def body(self) -> dict[str, Any]:
        return {"error": {"type": self.error_type, "reason": f"reason of {self.error_type}"}, "status": self.status}


CUT_AFTER_APPLYING = Fault(status=0, is_applied=True)
"""The write is done, and the connection closes without an answer."""

ItemFault = Callable[[str, int], Fault | None]
"""What happens to one item, from its document's id and the number of earlier attempts."""


class FakeElasticsearch:
    """Answers on a port of its own. `faults` meet the bulk requests in order; None lets one pass.

    `documents` holds what was stored, by index and id; `bulk_sizes` how many items each bulk request had.
    """

    def __init__(
        self,
        item_fault: ItemFault = lambda _id, _attempt: None,
        faults: tuple[Fault | None, ...] = (),
        template_version: int | None = SCHEMA_VERSION,
        max_items: int = 10_000,
    ) -> None:
        self._item_fault, self._faults = item_fault, list(faults)
        self._attempts: dict[str, int] = {}
        self.template_version = template_version
        self.max_items = max_items
        self.documents: dict[tuple[str, str], tuple[int, dict[str, Any]]] = {}
        self.bulk_sizes: list[int] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=20_000_000)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        await self._server.wait_closed()

    def ids(self) -> set[str]:
        return {doc_id for _, doc_id in self.documents}

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            method, target, _ = head.split("\r\n", 1)[0].split(" ")
            lengths = [line.split(":")[1] for line in head.lower().split("\r\n") if line.startswith("content-length:")]
            body = await reader.readexactly(int(lengths[0])) if lengths else b""
            answer = self._answer(method, target, body)
            if answer is not None:
                status, content = answer
                payload = json.dumps(content).encode()
                writer.write(
                    f"HTTP/1.1 {status} x\r\nX-Elastic-Product: Elasticsearch\r\nConnection: close\r\n"
                    f"Content-Type: application/json\r\nContent-Length: {len(payload)}\r\n\r\n".encode()
                    + payload
                )
                await writer.drain()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    def _answer(self, method: str, target: str, body: bytes) -> tuple[int, Mapping[str, Any]] | None:
        if target.startswith("/_index_template/"):
            return self._template(method, target.rsplit("-", maxsplit=1)[-1], body)
        if method == "PUT" and target.split("?", maxsplit=1)[0].endswith("/_mapping"):
            return 404, {"error": {"type": "index_not_found_exception", "reason": "no index yet"}, "status": 404}
        assert target == "/_bulk", target
        return self._bulk([json.loads(line) for line in body.splitlines()])

    def _template(self, method: str, family: str, body: bytes) -> tuple[int, Mapping[str, Any]]:
        if method == "PUT":
            self.template_version = json.loads(body)["_meta"]["schema_version"]
            return 200, {"acknowledged": True}
        if self.template_version is None:
            return 404, {"error": {"type": "resource_not_found_exception", "reason": "no template"}, "status": 404}
        template = TEMPLATES[family] | {"_meta": {"schema_version": self.template_version}}
        return 200, {"index_templates": [{"name": family, "index_template": template}]}

    def _bulk(self, lines: list[dict[str, Any]]) -> tuple[int, Mapping[str, Any]] | None:
        operations: list[tuple[str, dict[str, Any], dict[str, Any] | None]] = []
        while lines:
            ((action, target),) = lines.pop(0).items()
            operations.append((action, target, lines.pop(0) if action == "index" else None))
        self.bulk_sizes.append(len(operations))
        fault = self._faults.pop(0) if self._faults else None
        if len(operations) > self.max_items:
            fault = Fault(413)
        if fault is not None and not fault.is_applied:
            return fault.status, fault.body
        items = [{action: self._item(target, body)} for action, target, body in operations]
        return None if fault is not None else (200, {"errors": True, "items": items})

    def _item(self, target: dict[str, Any], body: dict[str, Any] | None) -> dict[str, Any]:
        key = (target["_index"], target["_id"])
        attempt = self._attempts.get(key[1], 0)
        self._attempts[key[1]] = attempt + 1
        fault = self._item_fault(key[1], attempt)
        known = self.documents.get(key)
        if fault is None and known is not None and known[0] > target["version"]:
            fault = Fault(409, "version_conflict_engine_exception")
        if fault is not None and not fault.is_applied:
            return fault.body
        if body is None:
            return {
                "status": 200 if self.documents.pop(key, None) else 404,
                "result": "deleted" if known else "not_found",
            }
        self.documents[key] = (target["version"], body)
        return fault.body if fault else {"status": 200 if known else 201, "result": "created"}
