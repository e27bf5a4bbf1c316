"""The jars of the embedded Elasticsearch: whatever is not, byte for byte, on the committed list is refused."""

import gc
import hashlib
import socket
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from watcher.errors import Fatal, Malformed, Unreachable
from watcher.stores.embedded.download import fetch
from watcher.stores.embedded.jars import Jar, parse, pinned

GENUINE = b"a jar of the list"
JAR = Jar(hashlib.sha256(GENUINE).hexdigest(), "server", "org.example", "thing", "1.2")
ADDRESS = "/org/example/thing/1.2/thing-1.2.jar"


@dataclass
class Registry:
    """A registry of jars on this machine."""

    url: str
    asked: list[str] = field(default_factory=list)

    @property
    def repositories(self) -> Mapping[str, str]:
        return {"local": self.url}


@contextmanager
def registry(files: Mapping[str, bytes]) -> Iterator[Registry]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known.asked.append(self.path)
            body = files.get(self.path)
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            with suppress(ConnectionError):
                self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        known = Registry(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield known
        finally:
            server.shutdown()
            thread.join()


def silent(_: str) -> None:
    """Report nothing."""


def test_the_committed_list_pins_every_jar_once() -> None:
    jars = pinned()

    assert len({jar.file_name for jar in jars}) == len(jars) > 40
    assert all(len(jar.sha256) == 64 and set(jar.sha256) <= set("0123456789abcdef") for jar in jars)
    assert {jar.role for jar in jars} == {"server", "http", "compiler"}
    assert [jar.version for jar in jars if jar.artifact == "elasticsearch"] == ["9.2.0"]


def test_the_list_names_no_address() -> None:
    assert parse("# a comment\n\nabc server g:a:1\n") == (Jar("abc", "server", "g", "a", "1"),)


def test_a_jar_is_downloaded_once(tmp_path: Path) -> None:
    with registry({ADDRESS: GENUINE}) as known:
        first = fetch([JAR], tmp_path, silent, known.repositories)
        second = fetch([JAR], tmp_path, silent, known.repositories)

    assert first == second == {JAR: tmp_path / "thing-1.2.jar"}
    assert first[JAR].read_bytes() == GENUINE
    assert known.asked.count(ADDRESS) == 1


def test_each_megabyte_that_arrives_is_told(tmp_path: Path) -> None:
    body = bytes(2_500_000)
    jar = replace(JAR, sha256=hashlib.sha256(body).hexdigest())
    told: list[str] = []
    with registry({ADDRESS: body}) as known:
        fetch([jar], tmp_path, told.append, known.repositories)

    assert told == [f"Téléchargement d'Elasticsearch : {count} Mo sur 45" for count in (1, 2)]


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # as below
def test_a_download_ends_at_once_when_told_to(tmp_path: Path) -> None:
    def refuse(_: str) -> None:
        raise KeyboardInterrupt

    with registry({ADDRESS: bytes(5_000_000)}) as known, pytest.raises(KeyboardInterrupt):
        fetch([JAR], tmp_path, refuse, known.repositories)
    gc.collect()

    assert list(tmp_path.iterdir()) == []


def test_a_downloaded_jar_that_is_not_the_expected_one_is_refused_and_not_kept(tmp_path: Path) -> None:
    with (
        registry({ADDRESS: b"something else"}) as known,
        pytest.raises(Malformed, match=r"thing-1\.2\.jar n'est pas celui qui est attendu"),
    ):
        fetch([JAR], tmp_path, silent, known.repositories)

    assert list(tmp_path.iterdir()) == []


def test_a_jar_changed_in_the_cache_is_refused_at_the_next_start(tmp_path: Path) -> None:
    kept = tmp_path / JAR.file_name
    kept.write_bytes(GENUINE)
    assert fetch([JAR], tmp_path, silent) == {JAR: kept}

    kept.write_bytes(GENUINE + b"!")

    with pytest.raises(Malformed, match="supprimez"):
        fetch([JAR], tmp_path, silent)


def test_without_a_network_one_sentence_says_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(Unreachable, match="vérifiez la connexion ou le proxy") as refused:
        fetch([JAR], tmp_path, silent, {"nowhere": f"http://127.0.0.1:{port}"})

    assert "WATCHER_ELASTICSEARCH_URL" in str(refused.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # jgo leaves a refused answer to the collector
def test_a_registry_that_does_not_have_the_jar_is_told_alike(tmp_path: Path) -> None:
    with registry({}) as known, pytest.raises(Unreachable, match="n'a pas pu être téléchargé"):
        fetch([JAR], tmp_path, silent, known.repositories)
    gc.collect()


def test_two_processes_may_fetch_into_one_folder_at_once(tmp_path: Path) -> None:
    with registry({ADDRESS: GENUINE}) as known, ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: fetch([JAR], tmp_path, silent, known.repositories), range(4)))

    assert results == [{JAR: tmp_path / JAR.file_name}] * 4
    assert [path.name for path in tmp_path.iterdir()] == [JAR.file_name]


def test_a_missing_extra_names_the_command_to_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jgo.maven", None)

    with pytest.raises(Fatal, match="make install"):
        fetch([JAR], tmp_path, silent)
