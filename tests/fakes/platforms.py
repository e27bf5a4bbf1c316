"""What the view of platforms asks, answered with what it is given."""

from dataclasses import dataclass, field
from datetime import datetime

from watcher.errors import WatcherError
from watcher.stores.queries.platforms import Compared


@dataclass
class FakePlatforms:
    """Answers with `found`, or raises `trouble`; `asked` keeps the periods."""

    found: Compared = field(default_factory=Compared)
    trouble: WatcherError | None = None
    asked: list[tuple[datetime, datetime]] = field(default_factory=list)

    async def compared(self, since: datetime, until: datetime) -> Compared:
        self.asked.append((since, until))
        if self.trouble is not None:
            raise self.trouble
        return self.found
