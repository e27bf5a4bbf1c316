"""How `jars.sha256` is made: run `python -m watcher.stores.embedded.pinning` after changing a version below.

It resolves each root and what it needs at run time, downloads every jar anew and writes its digest. Read the
difference before committing it: this list is what every user's machine will trust.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from jgo.maven import MavenContext, Model

from watcher.stores.embedded.jars import LIST, Jar

ELASTICSEARCH = "9.2.0"
ROOTS = {
    "server": ("org.elasticsearch", "elasticsearch", ELASTICSEARCH),
    "http": ("org.elasticsearch.plugin", "transport-netty4", ELASTICSEARCH),
    "compiler": ("org.eclipse.jdt", "ecj", "3.43.0"),
}
HEADER = """\
# The jars of the embedded Elasticsearch: SHA-256, role, group:artifact:version.
# Written by: python -m watcher.stores.embedded.pinning
"""


def resolve(cache: Path) -> Iterator[Jar]:
    """Yield every jar once, under the first role that needs it."""
    repository = MavenContext(repo_cache=cache)
    seen = set()
    for role, (group, artifact, version) in ROOTS.items():
        root = repository.project(group, artifact).at_version(version)
        needed, _ = Model(root.pom(), repository).dependencies()
        for found in [root.artifact(), *(d.artifact for d in needed if d.scope in ("compile", "runtime"))]:
            if found.filename not in seen:
                seen.add(found.filename)
                digest = hashlib.sha256(found.resolve().read_bytes()).hexdigest()
                yield Jar(digest, role, found.groupId, found.artifactId, found.version)


def main() -> None:
    """Rewrite the list."""
    with tempfile.TemporaryDirectory() as cache:
        lines = [f"{jar.sha256} {jar.role} {jar.group}:{jar.artifact}:{jar.version}\n" for jar in resolve(Path(cache))]
    LIST.write_text(HEADER + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
