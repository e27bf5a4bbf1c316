"""What a YAML file says, and where it says it: between `load` (which reads YAML) and the models (which judge it)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from watcher.errors import Mistake

Tree: TypeAlias = "str | list[Tree] | dict[str, Tree] | None"
"""Scalars stay the text that the team wrote (`09`, `oui`, `no`): the models give them their type. Nothing is None."""

Path: TypeAlias = tuple[str | int, ...]
"""Keys and positions from the root: `("sources", 0, "nom")`."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file; both figures count from 1, as editors do."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Document:
    """One file of the configuration. `tree` is None where nothing could be read; `mistakes` are those of its writing.

    `keys` says where the key of a path stands, `values` where its value starts.
    """

    file: str
    tree: Tree
    keys: Mapping[Path, Mark]
    values: Mapping[Path, Mark]
    mistakes: tuple[Mistake, ...] = ()

    def mark(self, path: Path, *, of_key: bool = False) -> Mark:
        """Return where `path` is written or, where it is not, the nearest group around it."""
        first, second = (self.keys, self.values) if of_key else (self.values, self.keys)
        for length in range(len(path), -1, -1):
            around = path[:length]
            found = first.get(around) or second.get(around)
            if found:
                return found
        return Mark(1, 1)


def breadcrumb(path: Path) -> str:
    """Return `path` for a reader: `sources › 1 › nom`, positions counted from 1."""
    return " › ".join(str(step + 1) if isinstance(step, int) else step for step in path)
