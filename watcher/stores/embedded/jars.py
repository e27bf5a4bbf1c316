"""The jars of the embedded node: pinned to the byte, fetched once, checked at every start.

`jars.sha256` is the whole truth: nothing is resolved at start, each line names one jar and its digest. `pinning.py`
rewrites it when a version changes.
"""

import hashlib
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from watcher.errors import Fatal, Malformed, Unreachable

if TYPE_CHECKING:
    from jgo.maven import MavenContext

LIST = Path(__file__).with_name("jars.sha256")
AT_ONCE = 6  # polite to the registry, and enough to fill an ordinary line

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Jar:
    """One jar. `role` says where it goes: `server` on the class path, `http` in its module, `compiler` apart."""

    sha256: str
    role: str
    group: str
    artifact: str
    version: str

    @property
    def file_name(self) -> str:
        """Return the name under which the registry and our cache keep it."""
        return f"{self.artifact}-{self.version}.jar"


def parse(text: str) -> tuple[Jar, ...]:
    """Return the jars of a list: `sha256 role group:artifact:version` a line, `#` for comments."""
    lines = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return tuple(Jar(sha256, role, *coordinate.split(":")) for sha256, role, coordinate in lines)


def pinned() -> tuple[Jar, ...]:
    """Return the jars of the committed list."""
    return parse(LIST.read_text(encoding="utf-8"))


def fetch(
    jars: Sequence[Jar], folder: Path, progress: Progress, repositories: Mapping[str, str] | None = None
) -> dict[Jar, Path]:
    """Return where each jar is in `folder`, downloading what is missing, every one checked.

    `repositories` are name → address; None means the resolver's own default. A download lands under its final name
    only once checked, so two processes may fetch into one folder at once, and a killed one leaves nothing half-written.

    Raises `Unreachable` when a jar cannot be had, `Malformed` when one is not the jar of the list.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = {jar: folder / jar.file_name for jar in jars}
    missing = [jar for jar, path in paths.items() if not path.exists()]
    if missing:
        download(missing, folder, progress, repositories)
    for jar, path in paths.items():
        check(jar, path)
    return paths


def download(
    jars: Sequence[Jar], folder: Path, progress: Progress, repositories: Mapping[str, str] | None = None
) -> None:
    """Bring `jars` into `folder`. Raises as `fetch`."""
    with (
        tempfile.TemporaryDirectory(dir=folder, prefix="incoming-") as staging,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        repository = _repository(Path(staging), repositories)
        arrivals = {pool.submit(_download_one, repository, jar): jar for jar in jars}
        try:
            for count, arrival in enumerate(as_completed(arrivals), start=1):
                jar, path = arrivals[arrival], arrival.result()
                check(jar, path)
                path.replace(folder / jar.file_name)
                progress(f"Téléchargement des composants d'Elasticsearch ({count}/{len(jars)})")
        finally:
            pool.shutdown(cancel_futures=True)


def check(jar: Jar, path: Path) -> None:
    """Raise `Malformed` unless the file at `path` is, byte for byte, the jar of the list."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != jar.sha256:
        raise Malformed(
            f"Le composant {jar.file_name} n'est pas celui qui est attendu (empreinte SHA-256 {found[:12]}… au lieu de "
            f"{jar.sha256[:12]}…) : il est refusé. Fichier abîmé ou modifié : supprimez {path} puis recommencez ; si "
            "le refus revient, prévenez l'informatique."
        )


def _repository(cache: Path, repositories: Mapping[str, str] | None) -> "MavenContext":
    try:
        from jgo.maven import MavenContext  # noqa: PLC0415 - an optional dependency
    except ImportError as missing:
        raise Fatal("Elasticsearch embarqué n'est pas installé. Tapez : make install") from missing
    return MavenContext(repo_cache=cache, remote_repos=dict(repositories) if repositories else None)


def _download_one(repository: "MavenContext", jar: Jar) -> Path:
    try:
        return repository.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve()
    except (OSError, RuntimeError) as cause:  # what jgo raises: requests' errors, and RuntimeError when not found
        raise Unreachable(
            f"Le composant {jar.file_name} d'Elasticsearch n'a pas pu être téléchargé ({type(cause).__name__}). Le "
            "premier démarrage a besoin d'internet (45 Mo, une seule fois) : vérifiez la connexion ou le proxy, puis "
            "recommencez. Sans internet, indiquez un Elasticsearch existant dans WATCHER_ELASTICSEARCH_URL."
        ) from cause
