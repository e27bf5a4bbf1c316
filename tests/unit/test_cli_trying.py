"""`watcher try` reads an address with no configuration, shows ten posts, and says in French what is wrong with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.feeds import FeedServer
from watcher.cli import main

ITEM = "<item><guid>{0}</guid><title>Marché de Lodève, étal {0}</title></item>"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FeedServer]:
    items = "".join(map(ITEM.format, range(900_100, 900_130)))
    (tmp_path / "etals.rss").write_text(f'<rss version="2.0"><channel>{items}</channel></rss>', encoding="utf-8")
    (tmp_path / "page.html").write_text("<html><title>Bonjour</title></html>", encoding="utf-8")
    monkeypatch.setenv("WATCHER_ALLOW_LOOPBACK", "1")
    with FeedServer(tmp_path) as running:
        yield running


def test_the_first_ten_posts_are_read_and_shown(server: FeedServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["try", server.url("etals.rss")]) == 0
    shown = capsys.readouterr().out
    assert "30 messages" in shown
    assert [number for number in range(900_100, 900_130) if f"{number}" in shown] == list(range(900_100, 900_110))
    assert "Territoire" in " ".join(shown.split())
    assert f"watcher sources add {server.url('etals.rss')}" in shown


@pytest.mark.parametrize(("name", "says"), [("page.html", "une page web intitulée « Bonjour »"), ("absent.rss", "404")])
def test_what_is_no_feed_is_told(server: FeedServer, capsys: pytest.CaptureFixture[str], name: str, says: str) -> None:
    assert main(["try", server.url(name)]) == 1
    assert says in " ".join(capsys.readouterr().out.split())
