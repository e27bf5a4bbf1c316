"""What the team reads in Slack: within every limit, whatever the posts hold, and nothing of theirs obeyed."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from watcher.alerts.blocks import (
    MAX_BLOCKS,
    MAX_CHARS,
    QUOTE_CHARS,
    SECTION_CHARS,
    Event,
    Link,
    Message,
    Quote,
    escaped,
    message,
    reply,
    sparkline,
)

SCHEMA = json.loads((Path(__file__).parents[1] / "data" / "slack" / "slack_message.schema.json").read_text("utf-8"))
"""Made from the official types, npm `@slack/types` 3.2.0, MIT."""

VALID = jsonschema.Draft7Validator(SCHEMA)
FLOOD = Event(
    "#crue",
    "34 voix en 50 min (attendu 2), surtout à Sommières (30)",
    curve=(0, 0, 2, 9, 23),
    quotes=(
        Quote("L'eau monte rue de la Paix", "https://example.org/1", "Mastodon"),
        Quote("Route coupée", "https://example.org/2", "Bluesky"),
        Quote("Vigilance rouge", None, "Presse et blogs"),
        Quote("Une quatrième", None, "Presse et blogs"),
    ),
    links=(Link("La page", "http://127.0.0.1:8470/"),),
    mentions=("U0ASTREINTE",),
    hint="👍 utile · 👎 bruit · ✅ je m'en occupe",
)


QUOTES = st.builds(Quote, st.text(max_size=10_000), st.none() | st.text(max_size=99), st.text(max_size=40))


def faults(told: Message) -> list[str]:
    """What Slack's types and Slack's own library have against a message."""
    found = [error.message for error in VALID.iter_errors(told.body)]
    for block in told.blocks:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()
    return found


def texts(told: Message) -> str:
    return json.dumps(told.blocks, ensure_ascii=False)


def test_an_event_tells_what_how_much_why_and_who_said_it() -> None:
    told = message(FLOOD)
    assert faults(told) == []
    assert told.blocks[0] == {"type": "header", "text": {"type": "plain_text", "text": "#crue", "emoji": True}}
    shown = texts(told)
    assert "<@U0ASTREINTE> 34 voix en 50 min (attendu 2)" in shown
    assert "▁▁▂▄█" in shown
    assert "> L'eau monte rue de la Paix\\n> _<https://example.org/1|Mastodon>_" in shown
    assert "<http://127.0.0.1:8470/|La page>" in shown
    assert "Une quatrième" not in shown
    assert told.text == "#crue : 34 voix en 50 min (attendu 2), surtout à Sommières (30)"


@pytest.mark.parametrize(
    "hostile",
    [
        "<!channel> regardez",
        "<@U0PATRON> et <!here>",
        "<https://mechant.example|la préfecture>",
        "&lt;!channel&gt;",
        "\u202e<!everyone>\u202c",
    ],
)
def test_a_post_calls_nobody_and_makes_no_link(hostile: str) -> None:
    told = message(Event(hostile, hostile, quotes=(Quote(hostile, "https://example.org/<!channel>|x", hostile),)))
    sections = [block for block in told.blocks if block["type"] != "header"]
    shown = json.dumps(sections, ensure_ascii=False).replace("<https://example.org/", "")
    assert "<" not in shown
    assert "\u202e" not in texts(told)
    assert faults(told) == []


def test_an_address_that_is_no_web_address_is_not_linked() -> None:
    assert "javascript" not in texts(message(Event("a", "b", quotes=(Quote("c", "javascript:alert(1)", "X"),))))


@given(st.text(alphabet="<>&;abc é\n😀", max_size=9000), st.integers(10, 3000))
def test_a_cut_never_falls_inside_an_escape(text: str, limit: int) -> None:
    told = escaped(text, limit)
    assert len(told) <= limit
    rest = told.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    assert not {"<", ">", "&"} & set(rest)


@given(
    st.builds(
        Event,
        st.text(min_size=1, max_size=400),
        st.text(min_size=1, max_size=5000),
        curve=st.lists(st.integers(0, 10_000), max_size=40),
        quotes=st.lists(
            st.builds(Quote, st.text(max_size=10_000), st.none() | st.text(max_size=99), st.text(max_size=40))
        ),
    )
)
def test_whatever_comes_is_within_the_limits(event: Event) -> None:
    told = message(event)
    assert len(told.blocks) <= MAX_BLOCKS
    assert len(texts(told)) <= MAX_CHARS + 20 * MAX_BLOCKS


def test_3000_brackets_of_a_post_are_cut_after_they_are_escaped() -> None:
    told = message(Event("a", "<" * 3000, quotes=(Quote("<" * 3000, None, "X"),)))
    assert faults(told) == []
    quote = told.blocks[2]["text"]["text"]
    assert len(quote) <= QUOTE_CHARS + len("> \n> _X_")


@pytest.mark.parametrize(("curve", "line"), [((), ""), ((0, 0), "▁▁"), ((1, 2, 4, 8), "▂▃▅█"), ((5,), "█")], ids=str)
def test_a_curve_is_drawn_in_one_line(curve: tuple[int, ...], line: str) -> None:
    assert sparkline(curve) == line


def test_what_follows_in_a_thread_is_one_sentence() -> None:
    told: Any = reply("C'est terminé : 120 voix en tout.")
    assert faults(told) == []
    assert told.text == "C'est terminé : 120 voix en tout."


def test_an_address_too_long_for_slack_is_left_out_and_the_post_still_quoted() -> None:
    quote = Quote("Un message", f"https://exemple.example.org/{'a' * 9_000}", "Mastodon")
    told = message(Event("Un titre", "é" * 9_000, quotes=[quote], mentions=["U0ASTREINTE"]))
    sections = [block["text"]["text"] for block in told.blocks if block["type"] == "section"]
    assert sections[-1] == "> Un message\n> _Mastodon_"
    assert all(len(section) <= SECTION_CHARS for section in sections)
