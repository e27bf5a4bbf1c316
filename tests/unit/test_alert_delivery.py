"""From the journal to Slack: in order, in threads, once; and what happens when it does not go well."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.servers import FaultyServer, answer
from watcher.alerts.blocks import reply
from watcher.alerts.delivery import REPEATED, Delivered, deliver
from watcher.alerts.slack import Door, Slack, Webhook
from watcher.clock import SystemClock
from watcher.demo.slack import TOKEN, FakeSlack
from watcher.fetch import HttpFetch
from watcher.ports import Fetch
from watcher.secrets import Secret
from watcher.stores.journal import Journal
from watcher.stores.journal.messages import Draft, Role
from watcher.web.server import serving


def draft(role: Role, text: str, *, event: str = "crue", channel: str = "#veille") -> Draft:
    return Draft(event, role, channel, reply(text).body)


@asynccontextmanager
async def a_fetch() -> AsyncIterator[HttpFetch]:
    async with HttpFetch(
        user_agent="essai/1 (+https://region.example)", clock=SystemClock(), allow_loopback=True
    ) as fetch:
        yield fetch


async def sent(journal: Journal, door: Door, clock: FakeClock | None = None) -> Delivered:
    async with a_fetch() as fetch:
        return await deliver(journal, door, fetch, clock or FakeClock())


@asynccontextmanager
async def slack(apart_s: float = 0.0) -> AsyncIterator[tuple[FakeSlack, Slack]]:
    fake = FakeSlack(SystemClock().monotonic_s, apart_s=apart_s)
    async with serving(fake.app) as url:
        yield fake, Slack(Secret(TOKEN), api=f"{url}/api")


async def test_an_event_is_one_message_and_what_follows_is_in_its_thread(journal: Journal) -> None:
    journal.messages.put([draft(Role.PARENT, "12 voix"), draft(Role.REPLY, "40 voix"), draft(Role.UPDATE, "40 voix")])
    async with slack() as (fake, door):
        assert await sent(journal, door) == Delivered(sent=3)
    [(key, parent)] = [(key, said) for key, said in fake.said.items() if "thread_ts" not in said]
    assert parent["text"] == "40 voix"
    assert [said["text"] for said in fake.thread(key[1])] == ["40 voix"]
    assert journal.messages.count() == 0


async def test_what_comes_later_finds_the_thread_again(journal: Journal) -> None:
    async with slack() as (fake, door):
        journal.messages.put([draft(Role.PARENT, "12 voix")])
        await sent(journal, door)
        journal.messages.put([draft(Role.REPLY, "terminé")])
        await sent(journal, door)
    assert len([said for said in fake.said.values() if "thread_ts" in said]) == 1


def test_of_two_updates_that_wait_the_last_is_kept(journal: Journal) -> None:
    journal.messages.put([draft(Role.PARENT, "12 voix"), draft(Role.UPDATE, "20 voix"), draft(Role.UPDATE, "30 voix")])
    assert journal.messages.count() == 2


def test_an_update_that_did_not_arrive_leaves_its_place_to_the_one_that_came_meanwhile(journal: Journal) -> None:
    journal.messages.put([draft(Role.UPDATE, "20 voix")])
    waiting = journal.messages.due(NOON)
    assert waiting
    journal.messages.begin(waiting)
    journal.messages.put([draft(Role.UPDATE, "30 voix")])
    journal.messages.postpone(waiting, NOON + timedelta(minutes=1))
    left = journal.messages.due(NOON)
    assert left
    assert (left.draft.body["text"], journal.messages.count()) == ("30 voix", 1)


async def test_posts_are_neither_unfolded_nor_let_call_people(journal: Journal) -> None:
    journal.messages.put([draft(Role.PARENT, "12 voix")])
    async with slack() as (fake, door):
        await sent(journal, door)
    [said] = fake.said.values()
    assert (said["unfurl_links"], said["unfurl_media"], said["link_names"]) == (False, False, False)


# ---- when it does not go well


async def test_a_429_is_waited_for_and_loses_nothing(journal: Journal) -> None:
    clock = FakeClock()
    journal.messages.put([draft(Role.PARENT, "un", event="a"), draft(Role.PARENT, "deux", event="b")])
    async with slack(apart_s=1.0) as (fake, door):
        first = await sent(journal, door, clock)
        assert (first.sent, journal.messages.count()) == (1, 1)
        clock.advance(0.5)
        assert await sent(journal, door, clock) == Delivered()
        clock.advance(1)
        await asyncio.sleep(1)
        assert await sent(journal, door, clock) == Delivered(sent=1)
    assert [said["text"] for said in fake.said.values()] == ["un", "deux"]


@pytest.mark.parametrize(
    ("channel", "token", "words"),
    [("#ailleurs", TOKEN, "ce canal n'existe pas"), ("#veille", "xoxb-autre", "WATCHER_SLACK_TOKEN")],
    ids=["no such channel", "wrong key"],
)
async def test_what_slack_refuses_is_told_kept_apart_and_not_tried_again(
    journal: Journal, channel: str, token: str, words: str
) -> None:
    journal.messages.put([draft(Role.PARENT, "un", channel=channel), draft(Role.REPLY, "suite", channel=channel)])
    async with slack() as (_, door):
        told = await sent(journal, Slack(Secret(token), api=door.api))
    assert told.refused == 1
    assert words in told.message
    [letter] = journal.dead_letters.letters()
    assert (letter.letter.step, letter.letter.payload) == ("send", "un")
    assert journal.messages.count() == 0
    assert journal.dead_letters.replay([letter], NOON) == 0


async def test_an_outage_is_waited_for_longer_each_time(journal: Journal) -> None:
    clock = FakeClock()
    journal.messages.put([draft(Role.PARENT, "un")])
    async with FaultyServer(answer(503)) as server:
        door, waits = Slack(Secret(TOKEN), api=server.url("/api")), []
        for _ in range(3):
            await sent(journal, door, clock)
            waited = 0
            while journal.messages.due(clock.now()) is None:
                clock.advance(1)
                waited += 1
            waits.append(waited)
    assert waits == [10, 20, 40]


class Dying:
    """A door behind which the daemon dies: what was sent may have arrived."""

    secret = Secret("")

    async def send(self, fetch: Fetch, role: Role, channel: str, body: Mapping[str, Any], ts: str | None) -> str | None:
        raise KeyboardInterrupt


async def test_what_a_crash_finds_on_its_way_is_sent_once_more_and_says_so(journal: Journal, tmp_path: Path) -> None:
    journal.messages.put([draft(Role.PARENT, "un")])
    with pytest.raises(KeyboardInterrupt):
        await deliver(journal, Dying(), None, FakeClock())  # type: ignore[arg-type]
    reopened = Journal(tmp_path / "journal.db")
    async with slack() as (fake, door):
        assert await sent(reopened, door) == Delivered(sent=1)
        assert await sent(reopened, door) == Delivered()
    reopened.close()
    [said] = fake.said.values()
    assert said["text"] == f"{REPEATED}un"


async def test_a_token_is_in_no_error(journal: Journal) -> None:
    journal.messages.put([draft(Role.PARENT, "un")])
    told = await sent(journal, Slack(Secret(TOKEN), api="http://127.0.0.1:9/api"))
    assert told.message
    assert TOKEN not in told.message


# ---- webhooks


@pytest.mark.parametrize("takes_blocks", [True, False], ids=["slack", "mattermost"])
async def test_a_webhook_gets_each_message_once_and_no_update(journal: Journal, *, takes_blocks: bool) -> None:
    journal.messages.put([draft(Role.PARENT, "un"), draft(Role.REPLY, "suite"), draft(Role.UPDATE, "un, corrigé")])
    async with FaultyServer(answer(200, b"ok")) as server:
        door = Webhook(Secret(server.url("/services/T0/B0/cle")), takes_blocks=takes_blocks)
        assert (await sent(journal, door)).sent == 3
    assert len(server.requests) == 2
    assert all((b'"blocks"' in request.body) is takes_blocks for request in server.requests)


@pytest.mark.parametrize("door", ["slack", "webhook"])
async def test_a_web_page_in_place_of_the_service_is_waited_for_and_loses_nothing(journal: Journal, door: str) -> None:
    journal.messages.put([draft(Role.PARENT, "un")])
    async with FaultyServer(answer(200, b"<html>Connexion</html>")) as server:
        address = server.url("/api")
        told = await sent(journal, Slack(Secret(TOKEN), api=address) if door == "slack" else Webhook(Secret(address)))
    assert (told.sent, told.refused, journal.messages.count()) == (0, 0, 1)
    assert "répond autre chose" in told.message


async def test_the_address_of_a_webhook_is_in_no_error(journal: Journal) -> None:
    journal.messages.put([draft(Role.PARENT, "un")])
    told = await sent(journal, Webhook(Secret("http://127.0.0.1:9/services/T0/B0/cle")))
    assert "cle" not in told.message


def test_threads_are_forgotten_with_time(journal: Journal) -> None:
    journal.messages.put([draft(Role.PARENT, "un")])
    [waiting] = [journal.messages.due(NOON)]
    assert waiting is not None
    journal.messages.sent(waiting, "C1", "1.0", NOON)
    assert [thread.ts for thread in journal.messages.opened_since(NOON)] == ["1.0"]
    journal.messages.prune(NOON + timedelta(seconds=1))
    assert journal.messages.threads(["crue"]) == {}
