"""Finding a living node again by its data folder, and stopping it."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from watcher.stores.embedded.node import Node, find, state_file

PID = 4242


@contextmanager
def answering(body: bytes) -> Iterator[int]:
    """Give the port of a program that answers `body` to everything."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def announce(folder: Path, port: int, pid: int = PID) -> None:
    state_file(folder).write_text(json.dumps({"pid": pid, "port": port}))


def local_node(folder: Path, pid: int = PID) -> bytes:
    node = {"process": {"id": pid}, "settings": {"path": {"data": [str(folder / "data")]}}}
    return json.dumps({"nodes": {"abc": node}}).encode()


def test_a_folder_without_state_has_no_node(tmp_path: Path) -> None:
    assert find(tmp_path) is None


@pytest.mark.parametrize("state", ["", "{", "[]", "null", '{"pid": 1}', '{"pid": "x", "port": 9}', "\x00"])
def test_an_unreadable_state_counts_for_nothing(tmp_path: Path, state: str) -> None:
    state_file(tmp_path).write_text(state)

    assert find(tmp_path) is None


def test_the_announced_node_that_answers_is_found(tmp_path: Path) -> None:
    with answering(local_node(tmp_path)) as port:
        announce(tmp_path, port)

        assert find(tmp_path) == Node(tmp_path, PID, port)


def test_a_state_left_by_a_killed_node_counts_for_nothing(tmp_path: Path) -> None:
    with answering(b"") as port:
        pass
    announce(tmp_path, port)

    assert find(tmp_path) is None


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"nodes": {}}', b'{"nodes": {"a": {}}}'])
def test_another_program_on_the_port_is_not_taken_for_the_node(tmp_path: Path, body: bytes) -> None:
    with answering(body) as port:
        announce(tmp_path, port)

        assert find(tmp_path) is None


@pytest.mark.parametrize("change", ["pid", "folder"])
def test_another_elasticsearch_on_the_port_is_not_taken_for_the_node(tmp_path: Path, change: str) -> None:
    body = local_node(tmp_path, PID + 1) if change == "pid" else local_node(tmp_path / "other")
    with answering(body) as port:
        announce(tmp_path, port)

        assert find(tmp_path) is None


@pytest.mark.parametrize(
    ("health", "settled"),
    [({"timed_out": False, "status": "green"}, True), ({"timed_out": True, "status": "red"}, False), ({}, False)],
)
def test_a_node_is_settled_once_its_health_says_so(
    tmp_path: Path, health: Mapping[str, object], *, settled: bool
) -> None:
    with answering(json.dumps(health).encode()) as port:
        assert Node(tmp_path, PID, port).is_settled() is settled


def test_a_node_that_does_not_close_is_killed(tmp_path: Path) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        announce(tmp_path, 1, process.pid)

        Node(tmp_path, process.pid, 1, process).stop(patience_s=0.2)

        assert process.returncode == -signal.SIGKILL
    assert not state_file(tmp_path).exists()


def test_stopping_a_node_that_is_gone_only_clears_its_state(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    announce(tmp_path, 1, process.pid)

    Node(tmp_path, process.pid, 1).stop()

    assert not state_file(tmp_path).exists()
