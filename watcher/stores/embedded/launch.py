"""Starting a node: one that dies with this process, or one that stays until it is stopped."""

import asyncio
import os
import subprocess
from pathlib import Path

from watcher.errors import Fatal, StoreBusy
from watcher.stores.embedded.download import Progress
from watcher.stores.embedded.home import Home, java, prepare
from watcher.stores.embedded.node import Node, announced_node

PORT = 9270  # away from 9200, where a real Elasticsearch may live
HEAP_MB = 512
DEADLINE_S = 120  # 4 s on two quiet cores; a loaded or old machine takes its time
POLL_S = 0.1
LOG = Path("logs") / "node.log"
CONSOLE = Path("logs") / "start.log"
# Half the processor time at start, 220 MB less and faster bulks on two cores: deploy/decisions/001.
FRUGAL = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError")


def silent(_: str) -> None:
    """Report progress to nobody."""


async def start(
    folder: Path,
    cache: Path,
    *,
    heap_mb: int = HEAP_MB,
    port: int = PORT,
    keep_alive: bool = False,
    progress: Progress = silent,
    deadline_s: float = DEADLINE_S,
) -> Node:
    """Start a node on `folder` and return it once it can be read and written.

    It listens on `port` or the first free one of the hundred that follow. It closes when this process ends, however it
    ends, unless `keep_alive`. `cache` keeps what is downloaded and compiled. Its log is `folder/logs/node.log`.

    Raises `StoreBusy` when another node holds the folder, `Unreachable` or `Malformed` when its jars cannot be had or
    trusted, `Fatal` when it does not start.
    """
    home = await _prepared(cache, progress)
    progress("Démarrage d'Elasticsearch")
    try:
        process = _spawn(home, folder, heap_mb, port, parent=0 if keep_alive else os.getpid())
    except OSError as cause:
        raise Fatal(f"Elasticsearch n'a pas pu être lancé sur {folder} : {cause.strerror}.") from cause
    node = None
    try:
        async with asyncio.timeout(deadline_s):
            node = await _settled(process, folder)
    except TimeoutError as cause:
        raise Fatal(f"Elasticsearch n'a pas démarré en {deadline_s:.0f} s. Son journal : {folder / LOG}") from cause
    finally:
        if node is None:
            process.kill()
            process.wait()
    return node


class _UnwantedError(Exception):
    """Ends, in its thread, a preparation that nobody waits for any more."""


async def _prepared(cache: Path, progress: Progress) -> Home:
    """Prepare the home apart from the loop; when it is cancelled, a download under way ends too."""
    wanted = True

    def tell(sentence: str) -> None:
        if not wanted:
            raise _UnwantedError
        progress(sentence)

    try:
        return await asyncio.to_thread(prepare, cache, tell)
    finally:
        wanted = False


def _spawn(home: Home, folder: Path, heap_mb: int, port: int, parent: int) -> subprocess.Popen[bytes]:
    folder = folder.resolve()
    (folder / LOG).parent.mkdir(parents=True, exist_ok=True)
    command = [
        str(java()),
        f"-Xms{heap_mb}m",
        f"-Xmx{heap_mb}m",
        *FRUGAL,
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        f"-Dlog4j2.configurationFile={home.folder / 'config' / 'log4j2.properties'}",
        f"-Dwatcher.logs={(folder / LOG).parent}",
        *("-cp", home.class_path, "Launcher", str(home.folder), str(folder), str(port), str(parent)),
    ]
    with (folder / CONSOLE).open("wb") as console:
        return subprocess.Popen(  # noqa: S603 - the runtime we installed, on the jars we checked
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for us: the node must outlive the last write
        )


async def _settled(process: subprocess.Popen[bytes], folder: Path) -> Node:
    while True:
        if process.poll() is not None:
            raise _failure(folder)
        node = announced_node(folder, process)
        if node is not None and node.pid == process.pid and await asyncio.to_thread(node.is_settled):
            return node
        await asyncio.sleep(POLL_S)


def _failure(folder: Path) -> StoreBusy | Fatal:
    console = folder / CONSOLE
    if "failed to obtain node lock" in console.read_text(encoding="utf-8", errors="replace"):
        return StoreBusy(
            f"Un autre Elasticsearch utilise déjà le dossier {folder}. S'il démarre encore, attendez quelques secondes "
            "et recommencez ; sinon, arrêtez-le : watcher es stop"
        )
    return Fatal(f"Elasticsearch s'est arrêté en démarrant. Ce qu'il en dit : {console}")
