"""How long each view of the page takes over a million posts, with filters of every kind: `make bench-views`, as JSON.

The real page is asked over HTTP on this machine, one address at a time, beside the embedded Elasticsearch. Times are of
the clock; `…_cpu_ms` is what an answer costs each of the two processes, whatever else the machine does.
"""

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

import httpx

from tests.bench.stock import END, PLATFORMS, PREFIX, stocked
from tests.fakes.clock import FakeClock
from watcher import app
from watcher.app import House
from watcher.config import DEPARTEMENTS
from watcher.flow import Line
from watcher.page import page
from watcher.privacy import Pseudonyms
from watcher.stores.elastic import Elastic
from watcher.stores.journal import Journal
from watcher.web.server import serving
from watcher.words import INTENTS, RELEVANCES

if TYPE_CHECKING:
    from watcher.ports import Fetch, Reader

COUNT = 1_000_000
ASKED = 60
WARM_UP = 20
GOAL_MS = 300.0
WORDS = ("lycée", "train", "bus en retard", '"à l\'internat"', "canicule -plage", "cantine|internat", "aide", "")


def addresses(view: str, topics: Sequence[str], rng: random.Random) -> Iterator[str]:
    """Yield addresses of `view`, each with other filters."""
    while True:
        since = END - timedelta(days=rng.randrange(8, 720))
        narrowed = {"theme": rng.choice(topics), "departement": rng.choice(list(DEPARTEMENTS))}
        search = {
            "mots": rng.choice(WORDS),
            "du": since.date().isoformat(),
            "au": (since + timedelta(days=rng.choice((7, 30, 90, 365)))).date().isoformat(),
            "plateforme": rng.choice(list(PLATFORMS)),
            "theme": narrowed["theme"],
            "departement": narrowed["departement"],
            "intention": rng.choice(list(INTENTS)),
            "pertinence": rng.choice(list(RELEVANCES)),
        }
        given = {
            "/": narrowed,
            "/a-repondre": narrowed,
            "/explorer": search,
            "/plateformes": {"jours": rng.choice(("7", "30", "90"))},
        }.get(view, {})
        chosen = rng.sample(sorted(given), k=rng.randrange(len(given) + 1))
        yield f"{view}?{urlencode({key: given[key] for key in chosen})}"


async def asked(client: httpx.AsyncClient, elastic: Elastic, view: str, topics: Sequence[str]) -> dict[str, object]:
    """Ask `view` again and again, and return what it took."""
    found = addresses(view, topics, random.Random(view))
    for _ in range(WARM_UP):
        await client.get(next(found))
    took: list[tuple[float, str]] = []
    began_page, began_node = process_time() * 1000, await _node_cpu_ms(elastic)
    for address in (next(found) for _ in range(ASKED)):
        began_s = perf_counter()
        answer = await client.get(address)
        took.append(((perf_counter() - began_s) * 1000, address))
        assert answer.status_code == 200, (address, answer.text)
        assert "notice bad" not in answer.text, (address, answer.text)
    page_ms, node_ms = process_time() * 1000 - began_page, await _node_cpu_ms(elastic) - began_node
    times = [took_ms for took_ms, _ in took]
    longest, slowest = max(took)
    return {
        "asked": ASKED,
        "p50_ms": round(median(times)),
        "p95_ms": round(quantiles(times, n=20)[-1]),
        "max_ms": round(longest),
        "page_cpu_ms": round(page_ms / ASKED),
        "elasticsearch_cpu_ms": round(node_ms / ASKED),
        "slowest": slowest,
    }


async def bench(count: int, views: Sequence[str]) -> dict[str, object]:
    """Return the figures of `views` over `count` posts, and what they were measured on."""
    with tempfile.TemporaryDirectory() as folder:
        installation = app.installation_of(Path("config"), Path(folder))
        async with stocked(count, installation.config.instance.elasticsearch.heap_mb) as elastic:
            journal = Journal(Path(folder) / "journal.sqlite")
            # Nothing is collected nor read while views are asked.
            line = Line(cast("Fetch", None), journal, cast("Reader", None), Pseudonyms(b"x"), FakeClock(END))
            house = House(installation, line, journal, elastic, {})
            topics = [theme.id for theme in installation.config.themes]
            async with serving(page(house)) as url, httpx.AsyncClient(base_url=url, timeout=60) as client:
                found = {view: await asked(client, elastic, view, topics) for view in views}
            machine = await _machine(elastic)
            journal.close()
    return {"posts": count, "goal_p95_ms": GOAL_MS, "views": found, "machine": machine}


async def _node_cpu_ms(elastic: Elastic) -> float:
    answer = await elastic.client.nodes.stats(metric="process")
    return float(sum(node["process"]["cpu"]["total_in_millis"] for node in answer["nodes"].values()))


async def _machine(elastic: Elastic) -> dict[str, Any]:
    stats = await elastic.client.nodes.stats(metric="jvm")
    (node,) = stats["nodes"].values()
    sizes = await elastic.client.indices.stats(index=f"{PREFIX}*", metric="store")
    return {
        "processors": os.cpu_count(),
        "model": _told("/proc/cpuinfo", "model name"),
        "memory": _told("/proc/meminfo", "MemTotal"),
        "heap_mb": node["jvm"]["mem"]["heap_max_in_bytes"] >> 20,
        "index_mb": sizes["_all"]["total"]["store"]["size_in_bytes"] >> 20,
        "load_average": [round(load, 1) for load in os.getloadavg()],
    }


def _told(path: str, name: str) -> str:
    lines = Path(path).read_text(encoding="utf-8").splitlines() if Path(path).exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "unknown")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures as JSON; return 1 when a view is slower than it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=COUNT)
    parser.add_argument("--views", nargs="*", default=["/", "/a-repondre", "/explorer", "/plateformes", "/sources"])
    options = parser.parse_args(arguments)
    figures = asyncio.run(bench(options.posts, options.views))
    print(json.dumps(figures, indent=2, ensure_ascii=False))  # noqa: T201 - a program's output
    views = cast("dict[str, dict[str, float]]", figures["views"])
    return int(any(view["p95_ms"] > GOAL_MS for view in views.values()))


if __name__ == "__main__":
    sys.exit(main())
