"""`watcher preview` on a real Elasticsearch: a draft is read from where it is, and its effect is told day by day."""

import asyncio
import random
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.journals import commit
from tests.fakes.posts import READING, a_post
from watcher.cli import main
from watcher.clock import SystemClock
from watcher.drain import drain
from watcher.stores.elastic import Elastic
from watcher.stores.journal import Journal

DRAFT = "themes: {marches: {nom: Marchés, mots: [marché]}, lycees: {nom: Lycées, mots: [lycée]}}"


@pytest.fixture
def folder(tmp_path: Path, es_url: str, es_prefix: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration, an empty data folder and a draft; Elasticsearch holds a post that was stored yesterday."""
    config = tmp_path / "config"
    shutil.copytree(Path(__file__).parents[2] / "config", config)
    veille = config / "veille.yml"
    veille.write_text(veille.read_text(encoding="utf-8").replace("prefixe: watcher-", f"prefixe: {es_prefix}"), "utf-8")
    (tmp_path / "brouillon.yml").write_text(DRAFT, encoding="utf-8")
    monkeypatch.setenv("WATCHER_ELASTICSEARCH_URL", es_url)
    yesterday = SystemClock().now() - timedelta(days=1)

    async def store() -> None:
        journal, elastic = Journal(tmp_path / "journal.sqlite"), Elastic(es_url, prefix=es_prefix)
        commit(
            journal,
            a_post("1", text="Le marché de Lunel change de place.", collected_at=yesterday, reading=READING),
            a_post("2", text="Le lycée de Lunel est fermé.", collected_at=yesterday, reading=READING),
        )
        await drain(journal, elastic, FakeClock(yesterday), random.Random(1))
        await elastic.refresh()
        await elastic.close()
        journal.close()

    asyncio.run(store())
    return tmp_path


def preview(folder: Path, *words: str) -> int:
    return main(["preview", *words, "--config", str(folder / "config"), "--donnees", str(folder)])


def test_a_draft_tells_what_it_would_have_caught(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert preview(folder, f"{folder / 'brouillon.yml'}#marches", "--days", "2") == 0
    shown = capsys.readouterr().out
    assert "2\u00a0messages relus" in shown
    assert "Ce qui serait trouvé et ne l'était pas" in shown
    assert "Le marché de Lunel change de place." in shown
    assert "lycée" not in shown


def test_without_a_topic_all_are_compared(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert preview(folder, "themes.yml") == 0
    assert "Lycées" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("draft", "says"),
    [
        ("themes.yml#lycee", "vouliez-vous dire « lycees » ?"),
        ("absent.yml", "« absent.yml » n'existe ni ici, ni dans"),
    ],
)
def test_what_does_not_exist_is_told(tmp_path: Path, draft: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    config = str(Path(__file__).parents[2] / "config")
    assert main(["preview", draft, "--config", config, "--donnees", str(tmp_path)]) == 2
    assert says in " ".join(capsys.readouterr().err.split())
