"""`make test-real`: posts, edits and deletions made on a real Bluesky server are collected, and leave with it.

The server (npm `@atproto/dev-env`) is Bluesky's own; it has no Jetstream, so `bluesky_server.mjs` tells its firehose in
Jetstream's form. Everything runs on this machine; `make test-real` installs it under `var/bluesky-server`.
"""

import asyncio
import json
import random
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fakes.elastic_ids import stored_ids
from tests.fakes.line import PSEUDONYMS, ScriptedReader
from watcher import app, translation
from watcher.clock import SystemClock
from watcher.collectors.bluesky import BlueskySettings
from watcher.collectors.bluesky.position import Position, microseconds
from watcher.demo.jetstream import JetstreamServer
from watcher.drain import drain
from watcher.fetch import HttpFetch
from watcher.flow import Line, collect_source
from watcher.model import Outcome, RunReport, Source
from watcher.normalise import post_id
from watcher.stores.elastic import Elastic
from watcher.stores.journal import Journal

ROOT = Path(__file__).parents[2]
MODULES = ROOT / "var" / "bluesky-server" / "node_modules"
POSTS = "app.bsky.feed.post"

pytestmark = pytest.mark.slow


class Bluesky:
    """The running server, and who writes there."""

    def __init__(self, pds: str, jetstream: JetstreamServer) -> None:
        self._http = httpx.AsyncClient(base_url=f"{pds}/xrpc/", trust_env=False)
        self.jetstream = jetstream
        self.heard: list[dict[str, Any]] = []

    async def join(self, name: str) -> dict[str, str]:
        """Open an account, and return its DID and the header that writes in its name."""
        account = {"email": f"{name}@exemple.test", "handle": f"{name}.test", "password": "essai-seulement"}
        made = await self._post("com.atproto.server.createAccount", account, {})
        return {"did": made["did"], "authorization": f"Bearer {made['accessJwt']}"}

    async def write(self, who: dict[str, str], text: str, *, facets: Any = (), rkey: str | None = None) -> str:
        """Write a post, over that of `rkey` where it is given, and return its address."""
        record = {"$type": POSTS, "text": text, "langs": ["fr"], "createdAt": SystemClock().now().isoformat()}
        body = {"repo": who["did"], "collection": POSTS, "record": record | ({"facets": facets} if facets else {})}
        method = "putRecord" if rkey else "createRecord"
        made = await self._post(f"com.atproto.repo.{method}", body | ({"rkey": rkey} if rkey else {}), who)
        return str(made["uri"])

    async def delete(self, who: dict[str, str], uri: str) -> None:
        body = {"repo": who["did"], "collection": POSTS, "rkey": uri.rpartition("/")[2]}
        await self._post("com.atproto.repo.deleteRecord", body, who)

    async def leave(self, who: dict[str, str]) -> None:
        await self._post("com.atproto.server.deactivateAccount", {}, who)

    async def until_heard(self, count: int, kind: str) -> None:
        """Wait until the firehose has told `count` events of `kind`."""
        async with asyncio.timeout(20):
            while sum(event["kind"] == kind for event in self.heard) < count:
                await asyncio.sleep(0.05)

    async def _post(self, method: str, body: dict[str, Any], who: dict[str, str]) -> Any:
        headers = {"authorization": who["authorization"]} if who else {}
        answer = await self._http.post(method, json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else {}

    async def close(self) -> None:
        await self._http.aclose()


@asynccontextmanager
async def running() -> AsyncIterator[Bluesky]:
    """Start the server, and carry its firehose to a Jetstream."""
    node = shutil.which("node")
    if node is None or not MODULES.is_dir():
        pytest.skip("NON ESSAYÉ : il faut node, et « make test-real » qui installe le serveur dans var/bluesky-server")
    script = Path(__file__).with_name("bluesky_server.mjs")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(node, script, MODULES, stdin=pipe, stdout=pipe, limit=2**20)
    assert process.stdin
    assert process.stdout
    async with JetstreamServer() as jetstream:
        async with asyncio.timeout(60):
            pds = json.loads(await process.stdout.readline())["pds"]
        bluesky = Bluesky(pds, jetstream)

        async def carry(lines: asyncio.StreamReader) -> None:
            while line := await lines.readline():
                event = json.loads(line)
                await jetstream.publish(event)
                bluesky.heard.append(event)

        carrying = asyncio.create_task(carry(process.stdout))
        try:
            yield bluesky
        finally:
            await bluesky.close()
            process.stdin.close()
            with suppress(TimeoutError):
                async with asyncio.timeout(10):
                    await carrying
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
            await process.wait()


async def test_a_real_server_is_collected_from_posts_and_deletions_alike(
    tmp_path: Path, es_url: str, es_prefix: str
) -> None:
    clock, journal, elastic = SystemClock(), Journal(tmp_path / "journal.sqlite"), Elastic(es_url, prefix=es_prefix)
    collector = translation.collectors_of(app.load_config(ROOT / "config"), ROOT / "var")["bluesky"]
    hour_ago = Position(seen_us=microseconds(clock.now() - timedelta(hours=1))).cursor()
    journal.commit_page("bluesky", "bluesky", [], deletions=(), dead=(), cursor=hour_ago, now=clock.now())
    fetch = HttpFetch(user_agent="veille", clock=clock, allow_loopback=True, stream_batch_s=0.2, stream_silence_s=5)
    async with running() as bluesky, fetch:
        line = Line(fetch, journal, ScriptedReader(), PSEUDONYMS, clock)
        source = Source("bluesky", "bluesky", BlueskySettings(stream=bluesky.jetstream.url()), interval_s=60)

        async def sit() -> tuple[RunReport, set[str]]:
            report = await collect_source(source, collector, line)
            await drain(journal, elastic, clock, random.Random(1))
            return report, set(stored_ids(es_url, es_prefix))

        anna, lou, zoe = [await bluesky.join(name) for name in ("anna", "lou", "zoe")]
        text = "🌧️ L'eau monte à #Nîmes ce soir"
        start = len(text.partition("#")[0].encode())
        tag = [
            {
                "index": {"byteStart": start, "byteEnd": start + len("#Nîmes".encode())},
                "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "Nîmes"}],
            }
        ]
        stays = await bluesky.write(anna, text, facets=tag)
        edited = await bluesky.write(anna, "Le lycée de Rodez est fermé")
        erased = await bluesky.write(lou, "Train supprimé entre Béziers et Narbonne")
        closed = await bluesky.write(zoe, "Fête du vin à Gaillac")
        await bluesky.write(lou, "Bonjour Paris, quel temps !")
        await bluesky.until_heard(5, "commit")
        first, stored = await sit()
        assert (first.outcome, first.new, first.dead) == (Outcome.OK, 4, 0)
        assert stored == {post_id("bluesky", uri) for uri in (stays, edited, erased, closed)}

        accounts = sum(event["kind"] == "account" for event in bluesky.heard)
        await bluesky.write(anna, "Le lycée de Rodez est rouvert", rkey=edited.rpartition("/")[2])
        await bluesky.delete(lou, erased)
        await bluesky.leave(zoe)
        await bluesky.until_heard(7, "commit")
        await bluesky.until_heard(accounts + 1, "account")
        second, stored = await sit()
        assert (second.outcome, second.edited, second.deleted) == (Outcome.OK, 1, 2)
        assert stored == {post_id("bluesky", uri) for uri in (stays, edited)}
    await elastic.close()
    journal.close()
