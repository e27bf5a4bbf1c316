"""The whole daemon on a few feeds of this machine, as a program.

`python -m tests.fakes.daemon FOLDER ES_URL PREFIX FEED…`; it is started to be killed. Everything is real but the feeds,
which `tests/fakes/gazettes.py` writes.
"""

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from watcher import app, daemon
from watcher.collectors.rss import FeedSettings
from watcher.config import Config, ElasticsearchConfig, Instance, InstitutionConfig, TerritoryConfig
from watcher.model import Source

INTERVAL_S = 1.0


def installation(folder: Path, es_url: str, prefix: str, feeds: Sequence[str]) -> app.Installation:
    sources = tuple(
        Source(Path(feed).name.replace(".", "-"), "rss", FeedSettings(address=feed), INTERVAL_S, author_kind="media")
        for feed in feeds
    )
    instance = Instance("essai", "https://veille.example.org/", elasticsearch=ElasticsearchConfig(prefix=prefix))
    config = Config(instance, sources, (), (), TerritoryConfig(InstitutionConfig()))
    return app.Installation(config, folder, elasticsearch_url=es_url, allow_loopback=True)


def start(folder: Path, es_url: str, prefix: str, feeds: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", __name__, str(folder), es_url, prefix, *feeds])


async def live(folder: Path, es_url: str, prefix: str, feeds: Sequence[str]) -> None:
    stop = asyncio.Event()
    daemon.stop_on_signals(stop)
    async with app.open_house(installation(folder, es_url, prefix, feeds)) as house:
        sources = house.installation.config.sources
        await daemon.live(house, sources, stop, port=0, ready=print)


if __name__ == "__main__":
    asyncio.run(live(Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4:]))
