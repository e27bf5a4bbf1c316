"""The whole daemon on a folder of YAML that is edited while it runs, as a program that is started to be killed.

`python -m tests.fakes.edited CONFIG DATA`; there is no Elasticsearch, so that what is collected stays in the journal.
"""

import asyncio
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from watcher import app, daemon
from watcher.reloading import Edits

LOOK_S = 0.2


def start(config: Path, data: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", __name__, str(config), str(data)])


async def live(config: Path, data: Path) -> None:
    stop, edits = asyncio.Event(), Edits(config, look_every_s=LOOK_S)
    daemon.stop_on_signals(stop)
    read = replace(app.installation_of(config, data), elasticsearch_url="http://127.0.0.1:9", allow_loopback=True)
    async with app.open_house(read) as house:
        await daemon.live(house, read.config.sources, stop, port=0, ready=print, edits=edits)


if __name__ == "__main__":
    asyncio.run(live(Path(sys.argv[1]), Path(sys.argv[2])))
