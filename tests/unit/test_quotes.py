"""What a message that waits quotes of a post that is deleted or erased meanwhile is never sent."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.fakes.clock import NOON
from tests.fakes.journals import commit
from tests.fakes.posts import a_post
from watcher.alerts.blocks import Event, Quote, message, reply
from watcher.digest.blocks import message as digest_message
from watcher.digest.document import Digest, Item, Section
from watcher.model import Deletion
from watcher.stores.journal import Journal
from watcher.stores.journal.messages import Draft, Role
from watcher.stores.journal.outbox import Write

GONE, STAYING = a_post("1", text="mon numéro est le 06"), a_post("2", text="Le pont est fermé")
QUOTES = [Quote(post.text, None, "Presse", post.id) for post in (GONE, STAYING)]
ALERT = message(Event("#crue", "12 voix", quotes=QUOTES)).body


def waiting(journal: Journal, body: dict[str, Any]) -> str:
    """Let `body` wait in a journal that knows both posts, and give the text of what then does."""
    commit(journal, GONE, STAYING)
    journal.messages.put([Draft("crue", Role.PARENT, "C0", body)])
    return says(journal)


def says(journal: Journal) -> str:
    first = journal.messages.due(NOON)
    assert first
    return json.dumps(first.draft.body, ensure_ascii=False)


def erased(journal: Journal) -> None:
    journal.erase({GONE.id}, (), (), NOON)


def deleted(journal: Journal) -> None:
    commit(journal, deletions=[Deletion(native_id="1")])


def forgotten(journal: Journal) -> None:
    journal.forget([Write("posts-2026.11.01", GONE.id, 10**15, None)])


@pytest.mark.parametrize("leaves", [erased, deleted, forgotten])
def test_an_alert_that_waits_loses_the_quote_of_a_post_that_leaves(
    journal: Journal, leaves: Callable[[Journal], None]
) -> None:
    assert GONE.text in waiting(journal, ALERT)
    leaves(journal)
    assert GONE.text not in says(journal)
    assert GONE.id not in says(journal)
    assert "12 voix" in says(journal)
    assert STAYING.text in says(journal)


@pytest.mark.parametrize("leaves", [erased, deleted, forgotten])
def test_nobody_is_quoted_who_left_while_the_message_was_composed(
    journal: Journal, leaves: Callable[[Journal], None]
) -> None:
    commit(journal, GONE, STAYING)
    leaves(journal)
    journal.messages.put([Draft("crue", Role.PARENT, "C0", ALERT)])
    assert GONE.text not in says(journal)
    assert STAYING.text in says(journal)


def digest_of(items: list[Item]) -> dict[str, Any]:
    """Give the message of a digest two parts of which tell `items`."""
    parts = (Section("À répondre", items=items), Section("Vu", items=items))
    return digest_message(Digest("matin", "Bilan", "mardi", NOON, (), parts), "http://127.0.0.1:8470/").body


def test_a_digest_that_waits_keeps_the_lines_that_quote_nobody(journal: Journal) -> None:
    items = [Item("#crue, 12 voix", quotes=QUOTES[:1]), Item("#pont, 9 voix", quotes=QUOTES[1:])]
    assert GONE.text in waiting(journal, digest_of(items))
    erased(journal)
    assert GONE.text not in says(journal)
    assert says(journal).count("#crue, 12 voix") == says(journal).count("#pont, 9 voix") == 2


def test_no_two_blocks_of_a_message_bear_one_name() -> None:
    for body in (ALERT, digest_of([Item("#crue", quotes=QUOTES)])):
        names = [block["block_id"] for block in body["blocks"] if "block_id" in block]
        assert len(set(names)) == len(names) == 2
        assert all(len(name) <= 255 for name in names)


def test_what_quotes_nobody_of_them_waits_as_it_was(journal: Journal) -> None:
    before = waiting(journal, reply("> 12 voix").body)
    erased(journal)
    assert says(journal) == before
