"""The jars of the embedded node, pinned to the byte.

`jars.sha256` is the whole truth: nothing is resolved at start, each line names one jar and its digest. `pinning.py`
rewrites it when a version changes.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from watcher.errors import Malformed

LIST = Path(__file__).with_name("jars.sha256")


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
