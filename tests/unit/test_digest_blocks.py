"""A digest in Slack: within every limit, whatever the posts hold, and nothing of theirs obeyed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.clock import NOON
from tests.fakes.digests import CALLS, GAP, a_source, asked, morning_facts, week_facts
from tests.fakes.page import LABELS
from tests.unit.test_alert_blocks import faults
from watcher.alerts.blocks import MAX_BLOCKS, MAX_CHARS, SECTION_CHARS, Message, Paragraph, Quote, report
from watcher.digest.blocks import message
from watcher.digest.document import Digest, Figure, Item, Row, Section, Table
from watcher.digest.morning import morning
from watcher.digest.week import week
from watcher.health import Condition

ADDRESS = "http://127.0.0.1:8470/bilans/2026-11-24.html"
MORNING = morning(morning_facts(), LABELS.named)
WEEK = week(week_facts(), LABELS.topics)


def texts(told: Message) -> list[str]:
    return [block["text"]["text"] for block in told.blocks if "text" in block]


@pytest.mark.parametrize("digest", [MORNING, WEEK], ids=["morning", "week"])
def test_slack_takes_it_and_it_leads_to_the_whole(digest: Digest) -> None:
    told = message(digest, ADDRESS)
    assert faults(told) == []
    assert told.blocks[-1]["elements"][0]["text"] == f"<{ADDRESS}|Le bilan entier, à lire ou à imprimer>"
    assert told.text == f"{digest.title} : {digest.summary}. {ADDRESS}"


def test_the_morning_names_what_rose_who_waits_and_which_source_is_ill() -> None:
    said = "\n".join(texts(message(MORNING, ADDRESS)))
    for told in (
        "#crue",
        "▁",
        "Bloqués à l'étage",
        "<https://gazette.example.org/0|",
        "mairie-fermee",
        "*bluesky*"[1:-1],
    ):
        assert told in said


def test_a_line_says_the_whole_row_and_the_notes_say_why() -> None:
    said = "\n".join(texts(message(WEEK, ADDRESS)))
    assert "• Presse et blogs : 820" in said
    assert "_Bluesky, comparaison prudente : bluesky non écouté mardi 17" in said


def test_what_is_too_much_for_a_message_is_counted() -> None:
    rows = [Row(f"thème {n}", (), said=f"thème {n} : 4") for n in range(12)]
    digest = Digest("w", "Bilan", "", NOON, (), (Section("Par thème", table=Table(("Thème",), rows)),))
    assert "… et 7 de plus dans le bilan entier." in texts(message(digest, ADDRESS))[-1]


def sections_of(words: list[str], times: int, count: int) -> Iterator[Section]:
    """Yield so many sections of `words`, each said so many times over."""
    told = cycle([word * times for word in words])
    for _ in range(count):
        items = [Item(next(told), next(told), quotes=(Quote(next(told), next(told), next(told)),)) for _ in range(6)]
        yield Section(next(told), next(told), items, notes=[next(told)] * 4)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=5), st.integers(1, 200), st.integers(0, 24))
def test_no_digest_passes_a_limit_or_calls_anybody(words: list[str], times: int, count: int) -> None:
    value = words[0] * times
    sections = list(sections_of(words, times, count))
    told = message(Digest("d", f"Bilan {value}", value, NOON, (Figure(value, "voix"),), sections), ADDRESS)
    assert len(told.blocks) <= MAX_BLOCKS
    assert sum(len(str(block)) for block in told.blocks) <= MAX_CHARS
    assert all(len(text) <= SECTION_CHARS for text in texts(told))
    assert ADDRESS in str(told.blocks[-1])
    for text in texts(told)[1:]:
        assert "<!" not in text
        assert "<@" not in text


@pytest.mark.parametrize("length", range(380, 460, 4))
def test_what_leads_to_the_whole_has_its_room_however_much_is_above(length: int) -> None:
    told = report("Bilan", [Paragraph("a" * length)] * 30, [f"<{ADDRESS}|Le bilan entier>"], "Bilan")
    assert sum(len(str(block)) for block in told.blocks) <= MAX_CHARS
    assert len(told.blocks) <= MAX_BLOCKS
    assert told.blocks[-1]["type"] == "context"


def test_the_longest_morning_that_there_is_still_names_its_sources() -> None:
    long = "Quelqu'un peut-il m'aider ? " * 40
    sources = [
        a_source(f"source-{n}", Condition.BROKEN, "Le site ne répond pas. " * 5, "Essayez. " * 9) for n in range(30)
    ]
    calls = [*CALLS, *(asked(str(n), "demande_aide", timedelta(hours=n), long) for n in range(40))]
    facts = replace(
        morning_facts(), asked=calls, sources=sources, gaps=[replace(GAP, since=NOON - timedelta(days=1))] * 30
    )
    told = message(morning(facts, LABELS.named), ADDRESS)
    assert faults(told) == []
    assert "source-0" in str(told.blocks)
