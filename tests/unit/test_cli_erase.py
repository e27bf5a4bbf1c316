"""`watcher erase` says what was erased, and never that something was when nothing was found."""

import asyncio
import shutil
from pathlib import Path

import pytest

from tests.fakes.journals import commit
from tests.fakes.posts import a_post
from watcher import collect
from watcher.cli import main
from watcher.stores.journal import Journal
from watcher.upkeep.examples import Examples

CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder whose journal knows one post, and the key of its pseudonyms."""
    journal = Journal(tmp_path / "journal.sqlite")
    commit(journal, a_post("1"))
    journal.close()
    (tmp_path / "pseudonymes.cle").write_text("ab" * 32, encoding="ascii")
    return tmp_path


def erase(data: Path, *words: str, config: Path = CONFIG) -> int:
    return main(["erase", *words, "--oui", "--config", str(config), "--donnees", str(data)])


def test_a_known_post_is_erased_and_its_deletion_waits(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert erase(data, "--post", a_post("1").id) == 0
    shown = capsys.readouterr().out
    assert "Effacé : 1 message(s)." in shown
    assert "1 écriture(s) attendent Elasticsearch" in shown


def test_an_author_nobody_knows_is_kept_out(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert erase(data, "--auteur", "@inconnue", "--plateforme", "rss") == 0
    assert "Aucun message de « @inconnue » n'est connu." in capsys.readouterr().out


def test_an_address_asks_for_elasticsearch(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert erase(data, "--post", "https://example.org/1") == 1
    assert "Elasticsearch est arrêté" in capsys.readouterr().err


def test_what_a_digest_quotes_goes_too(data: Path) -> None:
    (data / "bilans").mkdir()
    digest = data / "bilans" / "2026-11-24.html"
    digest.write_text("<h1>Bilan</h1><blockquote>L'eau monte.</blockquote>", encoding="utf-8")
    assert erase(data, "--post", a_post("1").id) == 0
    assert "L'eau monte" not in digest.read_text(encoding="utf-8")
    assert "<h1>Bilan</h1>" in digest.read_text(encoding="utf-8")


@pytest.fixture
def config(data: Path) -> Path:
    """A configuration in which the post is an example of a topic."""
    folder = Path(shutil.copytree(CONFIG, data / "config"))
    journal = Journal(data / "journal.sqlite")
    examples = Examples(folder, {name: found.Settings for name, found in collect.find().items()}, journal.corrections)
    asyncio.run(examples.add(a_post("1"), "Plus un seul car ce matin", ["mobilites"]))
    journal.close()
    return folder


def test_the_example_that_the_post_gave_leaves_the_team_s_file(data: Path, config: Path) -> None:
    assert "Plus un seul car ce matin" in (config / "themes.yml").read_text(encoding="utf-8")
    assert erase(data, "--post", a_post("1").id, config=config) == 0
    assert (config / "themes.yml").read_bytes() == (CONFIG / "themes.yml").read_bytes()


def test_an_example_that_cannot_leave_is_said(data: Path, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = config / "themes.yml"
    line = '- "Plus un seul car ce matin"'
    path.write_text(path.read_text(encoding="utf-8").replace(line, f"-\n        {line[2:]}"), encoding="utf-8")
    assert erase(data, "--post", a_post("1").id, config=config) == 0
    assert "1 exemple(s) tirés de messages effacés sont encore dans themes.yml" in capsys.readouterr().out
