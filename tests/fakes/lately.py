"""What the view of sources asks, answered with what it is given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from watcher.errors import WatcherError
from watcher.stores.queries import PlacedPost


@dataclass
class FakeLately:
    """Answers with `found`, or raises `trouble`."""

    found: Mapping[str, PlacedPost] = field(default_factory=dict)
    trouble: WatcherError | None = None

    async def by_source(self, until: datetime) -> Mapping[str, PlacedPost]:
        if self.trouble is not None:
            raise self.trouble
        return self.found
