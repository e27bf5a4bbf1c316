"""The files of the digests, without a disk."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class FakeDigestFiles:
    """Holds `pages` by name, the latest first."""

    pages: Mapping[str, str] = field(default_factory=dict)

    def names(self) -> list[str]:
        return list(self.pages)

    def read(self, name: str) -> str | None:
        return self.pages.get(name)
