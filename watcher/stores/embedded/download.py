"""The jars brought here: each downloaded once, and checked whenever it is about to be used."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from watcher.errors import Fatal, Unreachable
from watcher.stores.embedded.jars import Jar, check

if TYPE_CHECKING:
    from jgo.maven import MavenContext

AT_ONCE = 6  # polite to the registry, and enough to fill an ordinary line
MEGABYTE = 1_000_000

Progress = Callable[[str], None]
"""Told in French what is going on, from any thread. What it raises ends the work."""


def fetch(
    jars: Sequence[Jar], folder: Path, progress: Progress, repositories: Mapping[str, str] | None = None
) -> dict[Jar, Path]:
    """Return where each jar is in `folder`, downloading what is missing, every one checked.

    `repositories` are name → address; None means the resolver's own default. A jar gets its name in `folder` only once
    checked: two processes may fetch into one folder at once, and a killed one leaves no half of a jar there.

    Raises `Unreachable` when a jar cannot be had, `Malformed` when one is not the jar of the list.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = {jar: folder / jar.file_name for jar in jars}
    missing = [jar for jar, path in paths.items() if not path.exists()]
    if missing:
        _download(missing, folder, progress, repositories)
    for jar, path in paths.items():
        check(jar, path)
    return paths


def _download(jars: Sequence[Jar], folder: Path, progress: Progress, repositories: Mapping[str, str] | None) -> None:
    with (
        tempfile.TemporaryDirectory(dir=folder, prefix="incoming-") as staging,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        repository = _repository(Path(staging), _Meter(progress), repositories)
        arrivals = {pool.submit(_download_one, repository, jar): jar for jar in jars}
        try:
            for arrival in as_completed(arrivals):
                jar, path = arrivals[arrival], arrival.result()
                check(jar, path)
                path.replace(folder / jar.file_name)
        finally:
            pool.shutdown(cancel_futures=True)


def _repository(cache: Path, meter: "_Meter", repositories: Mapping[str, str] | None) -> "MavenContext":
    try:
        from jgo.maven import MavenContext, PythonResolver  # noqa: PLC0415 - an optional dependency
    except ImportError as missing:
        raise Fatal("L'Elasticsearch embarqué n'est pas installé. Tapez : make install") from missing
    return MavenContext(
        PythonResolver(progress_callback=meter.measure),
        repo_cache=cache,
        remote_repos=dict(repositories) if repositories else None,
    )


def _download_one(repository: "MavenContext", jar: Jar) -> Path:
    try:
        return repository.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve()
    except (OSError, RuntimeError) as cause:  # what jgo raises: requests' errors, and RuntimeError when not found
        raise Unreachable(
            f"Le composant {jar.file_name} d'Elasticsearch n'a pas pu être téléchargé ({type(cause).__name__}). Le "
            "premier démarrage a besoin d'internet (45 Mo, une seule fois) : vérifiez la connexion ou le proxy, puis "
            "recommencez. Sans internet, indiquez un Elasticsearch existant dans WATCHER_ELASTICSEARCH_URL."
        ) from cause


class _Meter:
    """Adds up what arrives on all threads, and tells each whole megabyte."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._received = 0
        self._lock = Lock()

    @contextmanager
    def measure(self, _name: str, _size: int) -> Iterator[Callable[[int], None]]:
        """Give what to call with the size of each piece of one jar."""
        yield self._add

    def _add(self, size: int) -> None:
        with self._lock:
            before, self._received = self._received, self._received + size
            megabytes = self._received // MEGABYTE
        if megabytes > before // MEGABYTE:
            self._progress(f"Téléchargement d'Elasticsearch : {megabytes} Mo sur 45")
