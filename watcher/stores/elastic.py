"""Elasticsearch as the drain and the page need it: one client, the templates, bulk writes item by item.

Works alike on the embedded node and on a full cluster: it uses no script, ILM, data stream or `GET /`.
"""

import json
import logging
import re
import ssl
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from elastic_transport import HttpxAsyncHttpNode, NodeConfig, TransportError
from elasticsearch import ApiError, AsyncElasticsearch, UnsupportedProductError

from watcher.errors import Fatal, Permanent, Unreachable
from watcher.model import PostId
from watcher.ports import OutboxRow
from watcher.secrets import Secret
from watcher.stores.journal.file import milliseconds
from watcher.stores.journal.gaps import GAPS
from watcher.stores.journal.outbox import Write

POSTS = "posts"
TRENDS = "trends"
ALERTS = "alerts"
ACCOUNTS = "accounts"
SOURCES = "sources"


def _template(family: str) -> Mapping[str, Any]:
    text = files("watcher.stores").joinpath("templates", f"{family}.json").read_text(encoding="utf-8")
    template: Mapping[str, Any] = json.loads(text)
    return template


TEMPLATES: Mapping[str, Mapping[str, Any]] = {
    family: _template(family) for family in (POSTS, TRENDS, ALERTS, GAPS, ACCOUNTS, SOURCES)
}
"""What each family of indices holds, strictly. Posts have an index a month under one alias, the others one index."""

SCHEMA_VERSION: int = TEMPLATES[POSTS]["_meta"]["schema_version"]
"""One version for all families: what writes them is one program. It rises when a field is held otherwise; one that is
added changes nothing: `ensure_templates` adds it where it is missing."""

TIMEOUT_S = 20.0
"""Below the 30 s that readers of `stored_at` stay behind the present: a write that takes longer is stamped anew."""

PAGE = 1_000

_ADDRESS = re.compile(r"https?://\S+:\d{1,5}(?:/\S*)?")
_UNUSABLE = (
    "L'adresse d'Elasticsearch ne convient pas : il faut http:// ou https://, un nom de machine et un port, "
    "comme https://elasticsearch.exemple.fr:9200."
)
_UNUSABLE_KEY = (
    "La clé d'API d'Elasticsearch ne convient pas : elle contient une espace, un accent ou un retour à la ligne. "
    "Recopiez-la dans WATCHER_ELASTICSEARCH_API_KEY."
)
"""They do not quote the address or the key, nor the error that does: a password may stand in it."""

UNREACHABLE = 0
"""The status of an answer that never came: a refused or broken connection, or no answer in time."""

DOCUMENT_MISSING = "document_missing"
"""The error type of a deletion that found nothing; a 404 without it means that our set-up is wrong."""

logging.getLogger("elastic_transport.node_pool").setLevel(logging.ERROR)  # each failed try; the drain says it once


@dataclass(frozen=True, slots=True)
class Answer:
    """What Elasticsearch said of one write: an HTTP status, and the type and the reason of its error."""

    status: int
    error_type: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """One document as Elasticsearch holds it. `index` is without the instance's prefix."""

    id: PostId
    index: str
    version: int
    body: Mapping[str, Any]

    def write(self, body: Mapping[str, Any] | None, now: datetime) -> Write:
        """Return the write that puts `body` in this one's place, or deletes it where `body` is None."""
        return Write(self.index, self.id, max(milliseconds(now), self.version + 1), body)


class _DirectNode(HttpxAsyncHttpNode):
    """The library's node on httpx, deaf to the environment's proxies and to `.netrc`."""

    def __init__(self, config: NodeConfig) -> None:
        super().__init__(config)
        self.client = type(self.client)(  # httpx is imported in fetch/ only
            base_url=self.base_url,
            verify=config.ssl_context or False,
            timeout=config.request_timeout,
            trust_env=False,
        )


class Elastic:
    """One Elasticsearch, whose indices begin with `prefix`. `client` is for those who ask questions."""

    def __init__(
        self, url: str, *, prefix: str = "watcher-", api_key: Secret | None = None, ca_file: Path | None = None
    ) -> None:
        """Make the client; nothing is sent yet. Raises `Fatal` when the address or the certificate file is unusable."""
        self.prefix = prefix
        if not _ADDRESS.fullmatch(url):
            raise Fatal(_UNUSABLE)
        if api_key is not None and not _is_private(url):
            raise Fatal("La clé d'API d'Elasticsearch ne part pas en clair : l'adresse doit commencer par https://.")
        if api_key is not None and not re.fullmatch(r"[!-~]+", api_key.reveal()):
            raise Fatal(_UNUSABLE_KEY)
        try:
            self.client = AsyncElasticsearch(
                url,
                node_class=_DirectNode,
                api_key=api_key.reveal() if api_key else None,
                ssl_context=_trust(ca_file) if url.startswith("https:") else None,
                request_timeout=TIMEOUT_S,
                max_retries=0,  # the journal retries, and remembers it
                retry_on_timeout=False,
            )
        except OSError as error:
            raise Fatal(
                f"Le certificat d'Elasticsearch ({ca_file}) ne peut pas être lu : vérifiez ce fichier."
            ) from error
        except ValueError:
            raise Fatal(_UNUSABLE) from None

    @property
    def posts(self) -> str:
        """The alias under which every post is read."""
        return f"{self.prefix}{POSTS}"

    async def ensure_templates(self) -> None:
        """Install the templates that are missing, and bring those that lack fields up to date, their indices first.

        Raises `Permanent` when one is of another version, holds a field otherwise, or cannot be installed: writing
        would bury every document. Raises `Unreachable`.
        """
        for family in TEMPLATES:
            await self._ensure_template(family)

    async def _ensure_template(self, family: str) -> None:
        name = f"{self.prefix}{family}"
        with our_errors():
            found = await self.client.options(ignore_status=404).indices.get_index_template(name=name)
        if found.meta.status == 404:  # noqa: PLR2004 - HTTP's own
            await self._install(family)
            return
        installed = found["index_templates"][0]["index_template"]
        version = installed.get("_meta", {}).get("schema_version", 0)
        if version != SCHEMA_VERSION:
            raise Permanent(_wrong_version(name, version))
        if _lacks(installed.get("template", {}).get("mappings", {}), TEMPLATES[family]["template"]["mappings"]):
            await self._install(family)

    async def _install(self, family: str) -> None:
        """Add what fields the family's indices lack, and put its template: one that is there tells that they have."""
        name, template = f"{self.prefix}{family}", TEMPLATES[family]
        is_monthly = family == POSTS
        pattern = f"{name}-*" if is_monthly else name
        with our_errors():
            answer = await self.client.options(ignore_status=(400, 404)).indices.put_mapping(
                index=pattern, properties=template["template"]["mappings"]["properties"], allow_no_indices=True
            )
            if answer.meta.status == 400:  # noqa: PLR2004 - HTTP's own
                raise Permanent(_held_otherwise(pattern, answer["error"]["reason"]))
            await self.client.indices.put_index_template(
                name=name,
                index_patterns=[pattern],
                template=template["template"] | ({"aliases": {name: {}}} if is_monthly else {}),
                meta=template["_meta"],
                priority=200,
            )

    async def bulk(self, rows: Sequence[OutboxRow]) -> list[Answer]:
        """Write `rows` and return an answer for each, in order.

        Never raises for what Elasticsearch or the network does: a request that fails as a whole answers every row.
        """
        try:
            answer = await self.client.bulk(operations=list(_operations(rows, self.prefix)))
        except TransportError as error:
            return [Answer(UNREACHABLE, "unreachable", error.message)] * len(rows)
        except UnsupportedProductError as error:
            return [Answer(404, "not_elasticsearch", str(error))] * len(rows)
        except ApiError as error:
            return [_whole(error)] * len(rows)
        return [_item(next(iter(item.values()))) for item in answer["items"]]

    async def documents(self, query: Mapping[str, Any] | None = None) -> AsyncIterator[StoredDocument]:
        """Yield every post that matches `query`, in order of id, as they stood when the walk began.

        Raises `Unreachable`, and `Permanent` when Elasticsearch refuses.
        """
        with our_errors():
            point = await self.client.open_point_in_time(index=f"{self.posts}-*", keep_alive="5m")
            after: list[Any] | None = None
            while hits := await self._page(point["id"], query, after):
                for hit in hits:
                    index = str(hit["_index"]).removeprefix(self.prefix)
                    yield StoredDocument(PostId(hit["_id"]), index, hit["_version"], hit["_source"])
                after = hits[-1]["sort"]
            await self.client.close_point_in_time(id=point["id"])

    async def _page(
        self, point: str, query: Mapping[str, Any] | None, after: list[Any] | None
    ) -> list[Mapping[str, Any]]:
        answer = await self.client.search(
            pit={"id": point, "keep_alive": "5m"},
            query=query or {"match_all": {}},
            sort=[{"id": "asc"}],
            search_after=after,
            size=PAGE,
            version=True,
            track_total_hits=False,
        )
        return cast("list[Mapping[str, Any]]", answer["hits"]["hits"])

    async def refresh(self) -> None:
        """Make what was written visible to searches. Raises as `documents`."""
        with our_errors():
            await self.client.indices.refresh(index=f"{self.posts}-*")

    async def expunge(self) -> None:
        """Take deleted posts out of the files now, not at some later merge. Raises as `documents`."""
        with our_errors():
            await self.client.indices.forcemerge(index=f"{self.posts}-*", only_expunge_deletes=True)
            await self.client.indices.flush(index=f"{self.posts}-*", force=True)

    async def count(self, query: Mapping[str, Any] | None = None) -> int:
        """Return how many posts match `query`, and can be searched. Raises as `documents`."""
        with our_errors():
            return int((await self.client.count(index=f"{self.posts}-*", query=query))["count"])

    async def health(self) -> str:
        """Return `green`, `yellow` or `red`. Raises as `documents`."""
        with our_errors():
            return str((await self.client.cluster.health())["status"])

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()


def _is_private(url: str) -> bool:
    """Tell whether what is sent to `url` can be read by nobody else: encrypted, or inside this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or parts.hostname in {"localhost", "127.0.0.1", "::1"}


def _trust(ca_file: Path | None) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))


def _operations(rows: Sequence[OutboxRow], prefix: str) -> list[Mapping[str, Any]]:
    lines: list[Mapping[str, Any]] = []
    for row in rows:
        target = {
            "_index": f"{prefix}{row.index}",
            "_id": row.doc_id,
            "version": row.version,
            "version_type": "external_gte",
        }
        lines += [{"delete": target}] if row.body is None else [{"index": target}, row.body]
    return lines


def _item(item: Mapping[str, Any]) -> Answer:
    error = item.get("error")
    if error is None:
        return Answer(item["status"], DOCUMENT_MISSING if item.get("result") == "not_found" else None)
    reason = error.get("reason") or ""
    cause = (error.get("caused_by") or {}).get("reason")
    return Answer(item["status"], error.get("type"), f"{reason} ({cause})" if cause else reason)


def _whole(error: ApiError) -> Answer:
    body = error.body if isinstance(error.body, Mapping) else {}
    cause = body.get("error")
    if not isinstance(cause, Mapping):
        return Answer(error.meta.status, None, error.message)
    return Answer(error.meta.status, cause.get("type"), cause.get("reason") or error.message)


@contextmanager
def our_errors() -> Iterator[None]:
    """Raise what the library raises within the block as `Unreachable` or `Permanent`, in French."""
    try:
        yield
    except (TransportError, UnsupportedProductError, ApiError) as error:
        raise _our_error(error) from error


def _our_error(error: TransportError | UnsupportedProductError | ApiError) -> Unreachable | Permanent:
    if isinstance(error, TransportError):
        return Unreachable("Elasticsearch ne répond pas : vérifiez qu'il est démarré et que son adresse est juste.")
    if isinstance(error, UnsupportedProductError):
        return Permanent("Ce qui répond à l'adresse d'Elasticsearch n'est pas Elasticsearch.")
    answer = _whole(error)
    if answer.status == 429 or answer.status >= 500 or answer.error_type == "cluster_block_exception":  # noqa: PLR2004
        return Unreachable(f"Elasticsearch est indisponible (réponse {answer.status}).")
    return Permanent(
        f"Elasticsearch refuse (réponse {answer.status}, {answer.error_type}) : vérifiez la clé d'API et ses droits.",
        answer.status,
    )


def _lacks(mapping: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Tell whether `mapping` is without a field of `wanted`, at any depth."""
    fields = mapping.get("properties", {})
    return any(
        name not in fields or _lacks(fields[name], field) for name, field in wanted.get("properties", {}).items()
    )


def _held_otherwise(indices: str, reason: str) -> str:
    return (
        f"Un index « {indices} » tient un champ autrement que ce programme ne l'écrit ({reason}). Faites-en un "
        f"instantané si vous y tenez, puis supprimez-le (DELETE {indices}) : le programme le recréera. Rien de ce qui "
        "arrive n'est perdu : les posts attendent dans le journal."
    )


def _wrong_version(name: str, found: int) -> str:
    if found > SCHEMA_VERSION:
        cure = "mettez ce programme à jour"
    else:
        cure = f"supprimez ce modèle (DELETE _index_template/{name}), le programme remettra le sien"
    return (
        f"Le modèle d'index « {name} » est en version {found}, ce programme écrit en version {SCHEMA_VERSION} : "
        f"{cure}. Rien n'est perdu : les posts attendent dans le journal."
    )
