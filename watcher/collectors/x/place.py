"""How far each timeline has been read: the collector's cursor. Pure.

X gives the newest first. What is new is read from its top down; a run that is cut on the way (a budget is spread over
the month) leaves the walk in the cursor, and nothing that was paid is read again.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict

from watcher.collectors.x.snowflake import id_at, time_of
from watcher.model import Cursor, GapCause, Unheard
from watcher.remembered import Remembered

FIRST_LOOK = timedelta(days=1)
"""What a first run brings: each post is paid, and `watcher backfill` brings more to who wants it."""

LATE = timedelta(hours=1)
"""What was written before that, and was not shown by now, will not be."""


class Stand(BaseModel):
    """Where one timeline stands: everything up to id `last` is read, which is all that was written until `heard_at`.

    Where a walk is under way, `top` is the newest id that it began from and `bottom` the oldest that it came to: what
    lies between `last` and `bottom` is still to be read, then what is above `top`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    last: int
    heard_at: AwareDatetime
    top: int | None = None
    bottom: int | None = None

    @classmethod
    def first(cls, now: datetime) -> "Stand":
        """Return where a timeline begins that nobody has read yet."""
        return cls(last=id_at(now - FIRST_LOOK), heard_at=now - FIRST_LOOK)

    def within(self, now: datetime, reach: timedelta | None) -> tuple["Stand", tuple[Unheard, ...]]:
        """Return the stand that X still reaches from `now`, and what is forgotten below it."""
        if reach is None or self.heard_at >= now - reach:
            return self, ()
        bottom_at = now if self.bottom is None else time_of(self.bottom)
        until = min(now - reach, bottom_at)
        gaps = (Unheard(until, GapCause.FORGOTTEN, since=self.heard_at),) if self.heard_at < until else ()
        if self.top is not None and until == bottom_at:
            stand, above = Stand(last=self.top, heard_at=time_of(self.top)).within(now, reach)
            return stand, (*gaps, *above)
        return self.model_copy(update={"last": id_at(until), "heard_at": until}), gaps

    def looked(self, ids: Collection[int], now: datetime, *, has_more: bool) -> "Stand":
        """Return the stand after a first page; where it `has_more`, a walk begins at its end."""
        if has_more and ids:
            return self.model_copy(update={"top": max(ids), "bottom": min(ids)})
        return Stand(last=max([self.last, id_at(now - LATE), *ids]), heard_at=now)

    def walked(self, ids: Collection[int], *, has_more: bool) -> "Stand":
        """Return the stand after another page of the walk; at its end all is read up to where it began."""
        if self.top is None or self.bottom is None:
            return self
        if has_more:
            return self.model_copy(update={"bottom": min([self.bottom, *ids])})
        return Stand(last=self.top, heard_at=time_of(self.top))


class Place(Remembered):
    """The stand of each timeline by its name, and the number of our account, which was paid."""

    stands: Mapping[str, Stand] = {}
    account: tuple[str, str] | None = None

    def stand(self, timeline: str, now: datetime) -> Stand:
        """Return where a timeline stands."""
        return self.stands.get(timeline) or Stand.first(now)

    def with_stand(self, timeline: str, stand: Stand) -> Self:
        """Return the place once `timeline` stands there."""
        return self.model_copy(update={"stands": {**self.stands, timeline: stand}})

    def only(self, timelines: Collection[str]) -> Self:
        """Return the place without the timelines that nobody reads any more."""
        return self.model_copy(
            update={"stands": {name: self.stands[name] for name in timelines if name in self.stands}}
        )

    def number_of(self, account: str | None) -> str | None:
        """Return the number of our account, None where it is not known yet."""
        return self.account[1] if self.account and self.account[0] == account else None

    def with_number(self, account: str, number: str) -> Self:
        """Return the place once the number of our account is known."""
        return self.model_copy(update={"account": (account, number)})

    def cursor(self) -> Cursor:
        """Return this place as the journal keeps it."""
        return Cursor(self.model_dump_json(exclude_none=True))
