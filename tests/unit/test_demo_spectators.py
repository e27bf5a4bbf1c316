"""Those who watch the demo in its Slack: what they say is read, and is missed when it is not."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from tests.fakes.clock import NOON, FakeClock
from watcher.alerts.delivery import deliver
from watcher.alerts.judging import Judging
from watcher.alerts.reactions import Listener, People
from watcher.alerts.rules import alerts
from watcher.alerts.slack import Slack
from watcher.alerts.telling import Telling, titled
from watcher.clock import SystemClock
from watcher.config import AlertRule, AlertsConfig
from watcher.demo.hindsight import heard, unheard
from watcher.demo.slack import TOKEN, FakeSlack
from watcher.demo.spectators import FIRST, OUTSIDER, SECOND, TEAM, Spectators, said
from watcher.feedback import Verdict
from watcher.fetch import HttpFetch
from watcher.handling import Deed
from watcher.privacy import Pseudonyms
from watcher.secrets import Secret
from watcher.stores.journal import Journal
from watcher.stores.trends import alert_write, trend_write
from watcher.trend import Hearing, Trend
from watcher.web.server import serving

HEARD = Hearing(NOON, 8.0, 30.0, 2.0)
TRENDS = [Trend("hashtag", tag, NOON, HEARD, HEARD) for tag in ("crue", "promo")]
TELLING = Telling(AlertsConfig("#veille", rules=(AlertRule("tout"),)), lambda _, term: f"#{term}")
ALERTS = {
    titled(each.trend, TELLING.name): each for each in alerts([(NOON, each) for each in TRENDS], NOON, TELLING.name)
}


@dataclass
class House:
    slack: FakeSlack
    spectators: Spectators
    listener: Listener
    fetch: HttpFetch
    clock: FakeClock

    async def turn(self) -> list[str]:
        """Let people react and somebody listen, and return what was not heard."""
        self.spectators.react()
        self.clock.advance(600)
        await self.listener.listen(self.fetch, self.clock)
        return unheard(self.spectators.words, heard(self.listener.judging.journal, ALERTS), ALERTS)


@pytest.fixture
async def house(journal: Journal) -> AsyncIterator[House]:
    fake, clock = FakeSlack(SystemClock().monotonic_s, apart_s=0.0), FakeClock()
    async with (
        serving(fake.app) as url,
        HttpFetch(user_agent="essai/1 (+https://x.example)", clock=SystemClock(), allow_loopback=True) as fetch,
    ):
        door = Slack(Secret(TOKEN), api=f"{url}/api")
        journal.commit_fold("e", "", b"", [*map(trend_write, TRENDS), *map(alert_write, ALERTS.values())])
        journal.messages.put(TELLING.drafts(ALERTS.values(), [], {}, [], NOON)[0])
        await deliver(journal, door, fetch, clock)
        listener = Listener(Judging(journal, ()), People(TEAM, Pseudonyms(b"une cle")), door, "#veille")
        yield House(fake, Spectators(fake, {"promo"}), listener, fetch, clock)


async def test_all_that_they_say_is_heard_changes_of_mind_included(house: House) -> None:
    assert await house.turn() == []
    assert ("Hashtag : #crue", SECOND, Verdict.NOISE) in house.spectators.words
    assert await house.turn() == []
    assert house.spectators.words == {
        ("Hashtag : #crue", FIRST, Verdict.USEFUL),
        ("Hashtag : #crue", SECOND, Verdict.USEFUL),
        ("Hashtag : #crue", OUTSIDER, Verdict.USEFUL),
        ("Hashtag : #crue", FIRST, Deed.TAKEN),
        ("Hashtag : #promo", FIRST, Verdict.NOISE),
        ("Hashtag : #promo", SECOND, Verdict.NOISE),
        ("Hashtag : #promo", OUTSIDER, Verdict.NOISE),
        ("Hashtag : #promo", FIRST, Deed.SEEN),
    }


async def test_what_nobody_may_read_is_missed(house: House) -> None:
    house.slack.scopes = frozenset({"chat:write"})
    lacks = await house.turn()
    assert len([each for each in lacks if each.startswith("réaction non lue")]) == 8


async def test_a_listener_that_misses_who_takes_is_found_out(house: House) -> None:
    class Deaf(Judging):
        def take(self, *_: object) -> None:
            return None

    house.listener = replace(house.listener, judging=Deaf(house.listener.judging.journal, ()))
    assert await house.turn() == [f"réaction non lue : {FIRST}, « prise_en_charge », sur « Hashtag : #crue »"]


def test_what_a_ring_made_is_noise() -> None:
    assert ("Hashtag : #Promo", FIRST, Verdict.NOISE) in said(
        "Hashtag : #Promo", ["promo"], is_first=True, is_new=False
    )


async def test_a_message_that_does_not_say_who_takes_it_is_told(house: House) -> None:
    assert house.slack.unsigned({"Hashtag : #crue": FIRST}) == [
        f"Slack : « Hashtag : #crue » ne dit pas que {FIRST} s'en occupe"
    ]
