"""`watcher once`, then `watcher status`, typed as the team types them: tables, exit status, nothing stored twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.broken_config import folder_with
from tests.fakes.elastic_ids import stored_ids
from tests.fakes.feeds import FeedServer
from watcher.cli import main

ITEM = "<item><guid>https://example.org/{0}</guid><title>Marché de Lodève, étal {0}</title></item>"
SOURCE = "  - nom: {0}\n    plateforme: rss\n    adresse: {1}\n"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[FeedServer]:
    served = tmp_path / "served"
    served.mkdir()
    items = "".join(map(ITEM.format, range(3)))
    (served / "etals.rss").write_text(f'<rss version="2.0"><channel>{items}</channel></rss>', encoding="utf-8")
    with FeedServer(served) as running:
        yield running


@pytest.fixture
def options(tmp_path: Path, es_url: str, es_prefix: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The words that name a configuration and a data folder of the test's own."""
    monkeypatch.setenv("WATCHER_ALLOW_LOOPBACK", "1")
    monkeypatch.setenv("WATCHER_ELASTICSEARCH_URL", es_url)
    config = tmp_path / "config"
    folder_with(
        "veille.yml", f"nom: Essai\ncontact: a@example.org\nelasticsearch:\n  prefixe: {es_prefix}\n".encode(), config
    )
    return ["--config", str(config), "--donnees", str(tmp_path / "var")]


def listen(options: list[str], *sources: str) -> None:
    Path(options[1], "sources.yml").write_text("sources:\n" + "".join(sources), encoding="utf-8")


def test_once_collects_stores_and_says_so_and_a_second_time_brings_nothing(
    server: FeedServer, options: list[str], es_url: str, es_prefix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    listen(options, SOURCE.format("etals", server.url("etals.rss")))
    assert main(["once", *options]) == 0
    assert "lue" in capsys.readouterr().out
    assert main(["once", *options]) == 0
    assert "inchangée" in capsys.readouterr().out
    assert len(stored_ids(es_url, es_prefix)) == 3

    assert main(["status", *options]) == 0
    shown = capsys.readouterr().out
    assert "en marche, 3 messages rangés" in shown
    assert "En attente d'Elasticsearch : 0." in shown


def test_once_says_which_source_fails_and_why_and_status_after_it(
    server: FeedServer, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    listen(options, SOURCE.format("etals", server.url("etals.rss")), SOURCE.format("partie", server.url("non.rss")))
    assert main(["once", *options]) == 1
    assert "404" in capsys.readouterr().out
    assert main(["status", *options]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "en panne" in shown
    assert "config/sources.yml" in shown


def test_once_of_a_source_that_is_not_there_names_the_nearest(
    server: FeedServer, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    listen(options, SOURCE.format("etals", server.url("etals.rss")))
    assert main(["once", "--sources", "etal", *options]) == 1
    assert "etals" in " ".join(capsys.readouterr().err.split())
