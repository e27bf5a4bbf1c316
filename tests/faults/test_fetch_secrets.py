"""Promise 25 at the way out: whatever goes wrong, no key stands in a message, a stack of calls or a log line."""

import io
import logging
import traceback
from collections.abc import Iterator

import pytest
import structlog

from tests.fakes.clock import FakeClock
from tests.fakes.servers import Behaviour, FaultyServer, answer, endless_headers, raw, redirect, silent
from watcher import log
from watcher.errors import WatcherError
from watcher.fetch import HttpFetch
from watcher.secrets import Secret

TOKEN = "pk-7f3a9"


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    log.configure(level="DEBUG", is_json=True, stream=stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


FAULTS = {
    "refused": answer(401),
    "gone": answer(404),
    "down": answer(500),
    "silent": silent(),
    "cut": raw(b""),
    "echo": raw(f"GET /?key={TOKEN} is not understood\r\n\r\n".encode()),
    "echoed header": raw(f"HTTP/1.1 200 OK\r\nbad header {TOKEN}\r\n\r\n".encode()),
    "endless": endless_headers(),
    "loop": redirect(f"/?key={TOKEN}"),
    "inside": redirect(f"http://10.0.0.1/?key={TOKEN}"),
    "password": redirect(f"http://{TOKEN}:{TOKEN}@example.org/"),
    "no port": redirect(f"http://example.org:99999/?key={TOKEN}"),
    "no address": redirect(f"http://[::/?key={TOKEN}"),
    "other scheme": redirect(f"data:text/plain,{TOKEN}"),
}


@pytest.mark.parametrize("behaviour", FAULTS.values(), ids=FAULTS.keys())
async def test_an_error_tells_no_key(behaviour: Behaviour, logged: io.StringIO) -> None:
    fetch = HttpFetch(user_agent="v", clock=FakeClock(), allow_loopback=True, total_timeout_s=0.3)
    async with fetch, FaultyServer(behaviour) as server:
        with pytest.raises(WatcherError) as caught:
            await fetch.get(
                server.url(f"/?key={TOKEN}"), params={"again": TOKEN}, secret_headers={"Authorization": Secret(TOKEN)}
            )
        structlog.get_logger().error("run_failed", exc_info=caught.value)
    assert TOKEN not in str(caught.value)
    assert TOKEN not in repr(caught.value)
    assert TOKEN not in logged.getvalue()
    assert "run_failed" in logged.getvalue()


@pytest.mark.parametrize("key", [f"{TOKEN}\n{TOKEN}", f"{TOKEN}\r\nX-Injected: 1", f"{TOKEN}\0"])
async def test_a_key_on_two_lines_is_refused_without_being_quoted_or_sent(key: str, logged: io.StringIO) -> None:
    fetch = HttpFetch(user_agent="v", clock=FakeClock(), allow_loopback=True)
    async with fetch, FaultyServer(answer()) as server:
        with pytest.raises(WatcherError, match="l'en-tête authorization est coupé") as caught:
            await fetch.get(server.url(), secret_headers={"Authorization": Secret(key)})
    assert TOKEN not in "".join(traceback.format_exception(caught.value))
    assert server.connections == 0
    assert TOKEN not in logged.getvalue()


async def test_a_whole_and_good_exchange_tells_no_key(logged: io.StringIO) -> None:
    fetch = HttpFetch(user_agent="v", clock=FakeClock(), allow_loopback=True)
    async with fetch, FaultyServer(answer(200, TOKEN.encode(), {"ETag": TOKEN})) as server:
        await fetch.get(server.url(f"/?key={TOKEN}"), secret_headers={"Authorization": Secret(TOKEN)})
    assert "answer_began" in logged.getvalue()
    assert TOKEN not in logged.getvalue()
