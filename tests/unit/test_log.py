"""Promises 25 and 26: every line is one JSON object that a terminal may show, and no secret is in it."""

import io
import json
import logging
import random
from typing import Any

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher import log
from watcher.secrets import Secret

TOKEN = "pk-7f3a/9+Zz"
ESCAPED_TOKEN = "pk-7f3a%2F9%2BZz"
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.fixture(autouse=True)
def _alone() -> None:
    logging.getLogger().handlers.clear()


def told(*, is_json: bool | None = True, level: str = "DEBUG") -> io.StringIO:
    stream = io.StringIO()
    log.configure(level=level, is_json=is_json, secrets=[Secret(TOKEN)], stream=stream)
    return stream


def objects(stream: io.StringIO) -> list[dict[str, Any]]:
    def refuse(constant: str) -> None:
        raise ValueError(constant)

    return [json.loads(line, parse_constant=refuse) for line in stream.getvalue().splitlines()]


def test_a_line_says_when_who_how_and_what() -> None:
    stream = told()
    with structlog.contextvars.bound_contextvars(source="presse", run_id=7):
        structlog.get_logger("watcher.flow").info("posts_stored", new=3, outcome=None, took_s=0.5)
    [line] = objects(stream)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "posts_stored",
        "level": "info",
        "logger": "watcher.flow",
        "source": "presse",
        "run_id": 7,
        "new": 3,
        "outcome": None,
        "took_s": 0.5,
    }


HOSTILE = "\x00\x07\t\n\r\x1b[31m\x7f\x85\u2028\u2029\ufeff\ud800\udfff?=&:/@\"'\\{}aé😀" + BIDI
TEXTS = st.text(max_size=30) | st.text(alphabet=HOSTILE, max_size=30)
VALUES = st.recursive(
    TEXTS | st.none() | st.booleans() | st.integers() | st.floats() | st.binary() | st.datetimes() | st.sets(TEXTS),
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS | st.integers() | st.tuples(TEXTS), inner),
    max_leaves=5,
)


def test_ten_thousand_hostile_texts_in_every_place_give_one_json_object_a_line() -> None:
    stream, chance = told(), random.Random(26)
    for _ in range(1_000):
        event, key, value, error, *inner = (
            "".join(chance.choices(HOSTILE, k=chance.randint(0, 40))) for _ in range(10)
        )
        structlog.get_logger().info(event, **{"x" + key: value}, inner={key: inner}, error=ValueError(error))
    assert len(objects(stream)) == stream.getvalue().count("\n") == 1_000
    assert not set(stream.getvalue()) & set("\x1b\r\u2028" + BIDI)


@given(value=VALUES)
@settings(deadline=None)
def test_any_value_is_json_for_every_language(value: object) -> None:
    stream = told()
    structlog.get_logger().info("told", value=value)
    assert len(objects(stream)) == 1
    assert stream.getvalue().isascii()


@given(event=TEXTS, value=TEXTS)
@settings(deadline=None)
def test_a_terminal_is_given_one_line_and_nothing_to_obey(event: str, value: str) -> None:
    stream = told(is_json=False)
    structlog.get_logger().info(event, value=value)
    assert stream.getvalue().count("\n") == 1
    colours = stream.getvalue().replace("\x1b[", "")
    assert not set(colours) & set("\x1b\r\u2028" + BIDI)


def test_what_is_too_long_or_too_deep_is_cut() -> None:
    stream = told()
    deep: list[Any] = []
    for _ in range(5_000):
        deep = [deep]
    structlog.get_logger().info("big", text="x" * 1_000_000, deep=deep, huge=10**5_000)
    [line] = objects(stream)
    assert len(stream.getvalue()) < 20_000
    assert line["text"].endswith("x…")


PLANTED = {
    "query": f"https://api.example.org/search?q=liO&access_token={TOKEN}",
    "other query": "https://api.example.org/search?sig=pk-other-token",
    "password": "https://moi:pk-other-token@example.org/feed",
    "webhook": "POST https://hooks.slack.com/services/T0/B0/pk-other-token failed",
    "header": "headers: {'Authorization': 'Bearer pk-other-token'}",
    "basic": "authorization: basic pk-other-token",
    "alone": f"la clé {TOKEN} est refusée",
    "escaped": f"GET /v1/{ESCAPED_TOKEN}/posts",
}


@pytest.mark.parametrize("is_json", [True, False])
@pytest.mark.parametrize("text", PLANTED.values(), ids=PLANTED.keys())
def test_a_planted_token_is_nowhere(text: str, *, is_json: bool) -> None:
    stream = told(is_json=is_json)
    logger = structlog.get_logger()
    for tell in (logger.debug, logger.info, logger.warning, logger.error, logger.critical):
        tell("told", text=text, nested={"list": [text], text: 1}, error=ValueError(text))
        tell("told", **{text: 1})
    logging.getLogger("library").error("failed: %s", text)
    try:
        int(text)
    except ValueError:
        logger.exception("crashed", stack_info=True)
        logging.getLogger("library").exception("crashed")
    assert stream.getvalue().count("crashed") >= 2
    for planted in (TOKEN, ESCAPED_TOKEN, "pk-other-token"):
        assert planted not in stream.getvalue()


@pytest.mark.parametrize(
    "key", ["token", "access_token", "X-Api-Key", "api_key", "set-cookie", "Authorization", "slack_webhook"]
)
def test_a_key_that_names_a_secret_hides_its_value_at_any_depth(key: str) -> None:
    stream = told()
    structlog.get_logger().info("told", **{key: "pk-other-token", "headers": {key: ["pk-other-token"]}})
    [line] = objects(stream)
    assert line[key] == line["headers"][key] == "***"


def test_a_secret_object_shows_nothing() -> None:
    stream = told()
    structlog.get_logger().info("told", value=Secret("pk-other-token"), held=[Secret("pk-other-token")])
    assert "pk-other-token" not in stream.getvalue()


def test_local_variables_are_not_shown_with_an_exception() -> None:
    stream = told(is_json=False)
    local = "pk-local-token"
    try:
        len(local) / 0
    except ZeroDivisionError:
        structlog.get_logger().exception("crashed")
    assert "ZeroDivisionError" in stream.getvalue()
    assert stream.getvalue().count(local) == 0
    assert stream.getvalue().count("\n") > 3


def test_innocent_texts_stay_as_they_are() -> None:
    stream = told()
    text = "Sète : 3 posts ? oui, à 12:00 (https://example.org/feed/rss.xml)"
    structlog.get_logger().info("told", text=text, tokens_spent=12)
    [line] = objects(stream)
    assert (line["text"], line["tokens_spent"]) == (text, 12)


@pytest.mark.parametrize(
    "library", ["httpx", "httpcore.connection", "elastic_transport.transport", "apscheduler.executors"]
)
def test_talkative_libraries_are_heard_from_warnings_up(library: str) -> None:
    stream = told()
    logging.getLogger(library).info("HTTP Request: GET https://example.org")
    logging.getLogger(library).warning("careful")
    assert [line["event"] for line in objects(stream)] == ["careful"]


def test_the_level_holds_and_a_second_call_replaces_the_first() -> None:
    first, second = told(), told(level="WARNING")
    structlog.get_logger().info("quiet")
    structlog.get_logger().warning("loud")
    assert [line["event"] for line in objects(second)] == ["loud"]
    assert first.getvalue() == ""


def test_a_pipe_gets_json_and_a_terminal_columns() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    pipe, terminal = io.StringIO(), Terminal()
    for stream in (pipe, terminal):
        log.configure(stream=stream)
        structlog.get_logger().info("started")
    assert pipe.getvalue().startswith("{")
    assert not terminal.getvalue().startswith("{")
