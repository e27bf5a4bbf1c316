"""The play: fifteen days load as history, day by day, then the last three hours pass tick by tick."""

import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from watcher import daemon
from watcher.alerts.delivery import deliver
from watcher.alerts.reactions import Listener
from watcher.alerts.retelling import retell
from watcher.alerts.slack import Slack
from watcher.app import House, stand
from watcher.clock import SteppedClock
from watcher.demo.scenario import HISTORY, LIVE, TICK, folded
from watcher.demo.slack import TOKEN
from watcher.demo.spectators import Spectators
from watcher.demo.stories import stories
from watcher.demo.world import World
from watcher.digest.desk import publish
from watcher.digest.document import Digest
from watcher.digest.edition import Morning
from watcher.drain import drain
from watcher.french import paris
from watcher.jobs import listener_of
from watcher.model import RunReport
from watcher.newsroom import desk_of
from watcher.secrets import Secret
from watcher.trend import Alert
from watcher.trends.watch import Stand, watch

_DAY = timedelta(days=1)  # the trend job believes no date that is older than this when it is collected

_SECOND = timedelta(seconds=1)

_rng = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class Turn:
    """One step: what the clock said at its end, what each source gave, and what the team was told."""

    at: datetime
    runs: tuple[RunReport, ...]
    alerts: tuple[Alert, ...] = ()


@dataclass(frozen=True, slots=True)
class Play:
    """A house in a written world, both on `clock`, which stands fifteen days before the end when it begins."""

    house: House
    world: World
    clock: SteppedClock
    stand: Stand
    listener: Listener
    spectators: Spectators

    @classmethod
    def in_house(cls, house: House, world: World, clock: SteppedClock) -> Self:
        """Return the play in `house`, which lives by `clock` from now on."""
        house = replace(house, line=replace(house.line, clock=clock))
        listener = listener_of(house, Slack(Secret(TOKEN), world.slack_api))
        rings = {folded(story.tag) for story in stories() if story.accounts}
        return cls(house, world, clock, stand(house), listener, Spectators(world.slack, rings))

    @property
    def days(self) -> int:
        """How many turns the history takes."""
        return 1 + -(-(HISTORY - LIVE) // _DAY)

    async def history(self) -> AsyncIterator[Turn]:
        """Load what was written before the live part. It raises no alert: news are of the last half an hour."""
        yield await self._turn(timedelta())
        left = HISTORY - LIVE
        while left:
            step = min(_DAY, left)
            left -= step
            yield await self._turn(step)

    async def live(self) -> AsyncIterator[Turn]:
        """Play the last hours, a tick a turn."""
        opens_at = self.clock.now()
        for tick in range(1, LIVE // TICK + 1):
            yield await self._turn(opens_at + tick * TICK - self.clock.now())  # telling takes seconds

    async def morning(self) -> Digest:
        """Make the digest of the day that ends now, tell it, and return it."""
        house, now = self.house, self.clock.now()
        edition = Morning(paris(now).date(), paris(now).time())
        digest = await publish(desk_of(house.installation, house.journal, house.elastic), edition, now)
        await self._tell()
        return digest

    async def _turn(self, by: timedelta) -> Turn:
        """Let `by` pass, then collect every source once, deliver, and look for trends."""
        house = self.house
        self.clock.advance(by)
        await self.world.publish()
        once = await daemon.once(house, house.installation.config.sources, done=lambda _: None)
        await house.elastic.refresh()
        watched = await watch(self.stand, self.clock.now())
        turn = Turn(self.clock.now(), once.runs, watched.alerts)
        await self._tell()
        self.spectators.react()
        await self.listener.listen(house.line.fetch, self.clock)
        await self._tell()
        await drain(house.journal, house.elastic, self.clock, _rng)
        return turn

    async def _tell(self) -> None:
        """Send what waits, and what is to be told anew, as fast as Slack takes it."""
        journal, fetch = self.house.journal, self.house.line.fetch
        if self.stand.telling:
            await retell(journal, self.house.elastic, self.stand.telling, self.clock.now())
        while journal.messages.due(self.clock.now()):
            await deliver(journal, self.listener.door, fetch, self.clock)
            self.clock.advance(_SECOND)
